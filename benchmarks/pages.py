"""Client reports with full content: our renderer against plain WeasyPrint, the same visible pages, and memory over 500 renders.

    python -m benchmarks.pages --out OUT --night 2015-06-30 --clients 6 --repeats 5 --cjk FOLDER

Reads the restart material of a published night (`bellwether demo --out OUT` makes one; no pages are needed). `--cjk`: a folder with
Debian's fonts-noto-cjk, unpacked (`apt-get download`, `dpkg -x`), which a newcomer's page would be set in; without it
the plain pages too are set in the fonts we ship. Needs pdftoppm (poppler-utils).

Each contestant is a process of its own that renders one document when asked and tells its seconds on a processor; they are
asked in turns, so that a pair is rendered within a second. Before any time counts, pages are compared as pictures.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.measure import ROOT, table

LOCALES = ("en", "zh")
KINDS = ("risk", "maintenance")
TARGET = {"en": 1.4, "zh": 1.8}  # times as fast as plain
GROWTH, RENDERS = 100 * 2**20, 500
OFF, SHIFTED = (
    0.02,
    0.02,
)  # a pixel's mean difference, and the share of clearly other pixels, of pages that look the same
ROW = re.compile(r"<td>((?:\u3000|<b> )\d\d .*?)</td>(?=</tr>)")
MARK = re.compile(r"(?:\u3000|(<b>) )(\d\d) ([^\u3000<]+)")
CELLS = """.cells td { color: #555; padding: .25mm .8mm; white-space: nowrap } .cells td:first-child { width: 17.5%; color: #1a1a1a }
.cells td:nth-child(2) { width: 4% } .cells b { font-weight: 400; color: #1a1a1a }
.cells .found, .cells .found b { color: #1a1a1a; font-weight: 700 } .cells .found { background: #e6e6e6 }"""
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{folder}</dir>
<cachedir>{folder}/cache</cachedir>
<alias binding="same"><family>Noto Sans SC</family><prefer><family>Noto Sans CJK SC</family></prefer></alias></fontconfig>"""


@dataclass(frozen=True)
class Page:
    """A document to render: its HTML without style, its style sheet, what is attached."""

    kind: str
    html: str
    css: str
    findings: str

    def whole(self) -> str:
        """As one would write it at first: the style in the page, a cell for each mark of the map, a tag for each new line."""
        html = ROW.sub(cells, self.html.replace('<table class="map">', '<table class="cells">')).replace(
            "&#10;", "<br>"
        )
        return html.replace("</head>", f"<style>{self.css}{CELLS}</style></head>", 1)


def cells(row: re.Match[str]) -> str:
    """The cells of a row of the map of signals, which in our pages is one text."""
    marks = MARK.findall(row[1])
    made = [f"<td{' class=found' if tag else ''}>{number} <b>{mark}</b></td>" for tag, number, mark in marks]
    return "".join(made) + (f"<td colspan={15 - len(marks)}></td>" if len(marks) < 15 else "")


def ours() -> Any:
    """How a night renders."""
    from reports.render import renderer

    made = renderer()

    def render(page: Page) -> bytes:
        attached = [("findings.json", page.findings.encode(), "findings")] if page.kind == "risk" else []
        return made.pdf(page.html, attached, date(2015, 6, 30), page.kind)

    return render


def plain() -> Any:
    """What WeasyPrint's first page of documentation says."""
    if "FONTCONFIG_FILE" not in os.environ:
        from reports import fonts

        fonts.configure()
    import weasyprint

    return lambda page: weasyprint.HTML(string=page.whole()).write_pdf()


def contestant(name: str, jobs: Path) -> None:
    """Render the document of each number read, into the file named beside it; tell seconds on a processor and bytes held."""
    pages = [Page(**page) for page in json.loads(jobs.read_text())]
    render = {"ours": ours, "plain": plain}[name]()
    for line in sys.stdin:
        number, _, file = line.strip().partition(" ")
        began = time.process_time()
        made = render(pages[int(number)])
        spent = time.process_time() - began
        if file:
            Path(file).write_bytes(made)
        print(json.dumps({"cpu": spent, "held": _held(), "size": len(made)}), flush=True)


def _held() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Worker:
    """A contestant in its process."""

    def __init__(self, name: str, jobs: Path, env: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "benchmarks.pages", "--contestant", name, "--jobs", str(jobs)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, **pipes)

    def ask(self, number: int, file: Path | None = None) -> dict[str, Any]:
        """What the contestant tells of a document."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{number} {file or ''}\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


@contextmanager
def working(name: str, jobs: Path, **env: str) -> Iterator[Worker]:
    """A contestant, ended at the end."""
    worker = Worker(name, jobs, env)
    try:
        yield worker
    finally:
        assert worker.process.stdin
        worker.process.stdin.close()
        worker.process.wait()


def documents(out: Path, night: date, locale: str, clients: int) -> list[Page]:
    """Both reports of the clients with most findings."""
    import polars as pl

    from flows import nights, paper
    from reports.documents import style

    read = nights.read(out, night)
    findings = pl.read_parquet(read.file("findings.parquet")).group_by("client_id").len()
    chosen = findings.sort("len", "client_id", descending=[True, False])["client_id"].head(clients)
    pages = []
    for client in chosen:
        for kind in KINDS:
            made, facts = paper.again(read, client, kind, locale)
            pages.append(Page(kind, made.html(night), style(kind), paper._findings(facts).decode()))
    return pages


def pictures(pdf: Path) -> list[Any]:
    """The pages in grey, 60 points to the inch, 0 black to 1 white."""
    subprocess.run(["pdftoppm", "-r", "60", "-gray", str(pdf), str(pdf.with_suffix(""))], check=True)
    return [_picture(file) for file in sorted(pdf.parent.glob(f"{pdf.stem}-*.pgm"))]


def _picture(file: Path) -> Any:
    _, size, _, grey = file.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(grey, np.uint8).reshape(height, width) / 255


def alike(one: Sequence[Any], other: Sequence[Any]) -> tuple[float, float]:
    """Mean difference of a pixel, and share of pixels that differ by half, on the page where they differ most."""
    assert len(one) == len(other), f"{len(one)} pages against {len(other)}"
    each = [abs(a - b) for a, b in zip(one, other, strict=True)]
    return max(float(d.mean()) for d in each), max(float((d > 0.5).mean()) for d in each)


def race(locale: str, asked: argparse.Namespace, folder: Path) -> list[str]:
    """A line of figures of one language."""
    pages = documents(asked.out, asked.night, locale, asked.clients)
    jobs = folder / f"{locale}.json"
    jobs.write_text(json.dumps([page.__dict__ for page in pages]))
    fonts = {}
    if asked.cjk:
        config = folder / "fonts.conf"
        config.write_text(FONTS.format(folder=escape(str(asked.cjk))))
        fonts["FONTCONFIG_FILE"] = str(config)
    with ExitStack() as stack:
        mine = stack.enter_context(working("ours", jobs))
        theirs = stack.enter_context(working("plain", jobs, **fonts))
        unlike = []
        for number in range(len(pages)):
            files = [folder / f"{locale}.{number}.{name}.pdf" for name in ("ours", "plain")]
            for worker, file in zip((mine, theirs), files, strict=True):
                worker.ask(number, file)
            unlike.append(alike(*(pictures(file) for file in files)))
        assert all(off < OFF and shifted < SHIFTED for off, shifted in unlike), unlike
        pairs = [
            (mine.ask(number)["cpu"], theirs.ask(number)["cpu"])
            for _ in range(asked.repeats)
            for number in range(len(pages))
        ]
    times = [b / a for a, b in pairs]
    quarter = np.quantile(times, (0.25, 0.75))
    return [
        locale, str(len(pages)), f"{max(off for off, _ in unlike):.2%}",
        f"{median(a for a, _ in pairs):.3f}", f"{median(b for _, b in pairs):.3f}",
        f"{sum(b for _, b in pairs) / sum(a for a, _ in pairs):.2f}", f"{median(times):.2f}", f"{quarter[0]:.2f} to {quarter[1]:.2f}",
        "met" if median(times) >= TARGET[locale] else "missed",
    ]  # fmt: skip


def growth(jobs: Path, pages: int, renders: int) -> list[int]:
    """Bytes a worker holds after 20 renders, a fifth, and all of them."""
    with working("ours", jobs) as worker:
        held = [worker.ask(number)["held"] for number in islice(cycle(range(pages)), renders)]
    return [held[min(19, renders - 1)], held[renders // 5 - 1], held[-1]]


def main() -> None:
    """Compare, time, and watch the memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "out")
    parser.add_argument("--night", type=date.fromisoformat, default=date(2015, 6, 30))
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--renders", type=int, default=RENDERS)
    parser.add_argument("--cjk", type=Path)
    parser.add_argument("--contestant")
    parser.add_argument("--jobs", type=Path)
    asked = parser.parse_args()
    if asked.contestant:
        contestant(asked.contestant, asked.jobs)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [race(locale, asked, folder) for locale in LOCALES]
        head = [
            "",
            "documents",
            "pictures differ",
            "ours CPU s",
            "plain CPU s",
            "of sums",
            "times as fast",
            "middle half",
            "target",
        ]
        print(table(head, rows))
        if asked.renders:
            first, fifth, last = growth(folder / "zh.json", 2 * asked.clients, asked.renders)
            said = "met" if last - first <= GROWTH else "missed"
            print(f"\nMB held after 20, {asked.renders // 5}, {asked.renders} renders: ", end="")
            print(f"{first / 2**20:.0f}, {fifth / 2**20:.0f}, {last / 2**20:.0f}; growth at most 100 MB: {said}")


if __name__ == "__main__":
    main()
