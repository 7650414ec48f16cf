"""Pages of a night, of clients, RMs and the book: which are new, which are found finished, which stand as they were.

A page is addressed by the digest of what it says. `OUT/work/pages` keeps finished ones for restarts; one that says what an
earlier night's said is referred to there, for at most 31 days.
"""

import hashlib
import json
import pickle
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from expectations.model import Refused
from flows.nights import Published
from flows.store import Done, code_version, digest_file, digest_of, put
from transforms import rates, stages, worklists
from transforms.night import Night
from transforms.policy import Policy
from transforms.relationship import forms
from transforms.signals import CATALOGUE_VERSION

PER_CHUNK = 20
KINDS = ("risk", "maintenance")  # of a client
WORKLIST = "worklist"  # of an RM
NAMED = {
    "staff": ("staff_id", "name", "start_on"),
    "products": ("product_id", "name_zh", "launched_on"),
}  # id, name, order
FORMS = ("client_roster", "roster_totals", "complaint_statistics")  # of the whole bank, told by the portfolio report
LONGEST_DAYS = 31
ENDINGS = (".pdf", ".xlsx")  # of what people are sent
_JUDGED = ("panel", "answers", "gaps", "findings", "assessments", "moves")


@dataclass(frozen=True)
class Told:
    """What every page of a night needs to know; `earlier`: report name → its entry in the night before's manifest."""

    as_of: date
    policy: Policy
    provenance: Mapping[str, Any]
    feeds: Mapping[str, date]
    tables: Mapping[str, Mapping[str, Any]]
    cache: Path
    earlier: Mapping[str, Mapping[str, Any]]
    held: Path
    clean: Mapping[str, Sequence[str]] = field(default_factory=dict)  # table → files of its clean rows
    rates: Path | None = None  # of the night before
    related: Mapping[str, Path] = field(
        default_factory=dict
    )  # relationship or compared frame of the whole bank → its file


@dataclass
class Pages:
    """Pages of a night: `new` name → finished file, `referred` path → entry, `reports` and `worklists` name → entry,
    `missing` with why."""

    new: dict[str, Path] = field(default_factory=dict)
    referred: dict[str, dict[str, Any]] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    worklists: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    rendered: int = 0
    kept: int = 0
    rare: int = 0  # clients whose name has a character the shipped fonts lack

    def index(self, folder: str) -> dict[str, dict[str, dict[str, Any]]]:
        """`reports` and `worklists` of the manifest of the night in `folder`: name → path, sha256, digest, issued_on."""
        return {"reports": _listed(self.reports, folder), "worklists": _listed(self.worklists, folder)}


def _listed(pages: Mapping[str, Mapping[str, Any]], folder: str) -> dict[str, dict[str, Any]]:
    placed = {
        name: {**entry, "path": f"{folder}/{entry['path']}" if entry["new"] else entry["path"]}
        for name, entry in pages.items()
    }
    return {name: {k: v for k, v in placed[name].items() if k != "new"} for name in sorted(placed)}


@dataclass(frozen=True)
class Chunk:
    """Some clients of one shard: where their frames stand."""

    measured: Done
    judged: Done
    dealings: Done
    clients: Sequence[str]


def chunks(measured: Sequence[Done], judged: Sequence[Done], dealings: Sequence[Done]) -> list[Chunk]:
    """The book in chunks of twenty clients."""
    made = []
    for shard in zip(measured, judged, dealings, strict=True):
        ids = shard[1].frame("panel").select("client_id").collect()["client_id"].to_list()
        made += [Chunk(*shard, ids[k : k + PER_CHUNK]) for k in range(0, len(ids), PER_CHUNK)]
    return made


@cache
def _names(table: str, files: Sequence[str]) -> Mapping[str, str]:
    """Id → name of a table's rows, the newest where an id stands twice."""
    key, name, since = NAMED[table]
    rows = pl.concat([pl.read_parquet(file, columns=[key, name, since]) for file in files]).sort(
        since, nulls_last=False
    )
    return dict(rows.select(key, name).drop_nulls().rows())


def _run(told: Told) -> Any:
    from reports.facts import Run

    return Run(
        as_of=told.as_of,
        currency=told.policy.home_currency,
        policy=told.policy.hash,
        catalogue=CATALOGUE_VERSION,
        provenance=told.provenance,
        feeds=told.feeds,
        tables=told.tables,
        names={table: _names(table, tuple(told.clean[table])) if table in told.clean else {} for table in NAMED},
    )


def _frames(told: Told, chunk: Chunk) -> dict[str, pl.DataFrame]:
    mine = pl.col("client_id").is_in(list(chunk.clients))
    judged = {name: chunk.judged.frame(name).filter(mine).collect() for name in _JUDGED}
    series = {name: chunk.measured.frame(name).filter(mine).collect() for name in stages.SERIES}
    whole = {
        name: pl.scan_parquet(told.related[name]).filter(mine).collect()
        for name in (*forms.OF_CLIENT, *stages.COMPARED)
    }
    dealings = {name: chunk.dealings.frame(name).filter(mine).collect() for name in forms.SHARD_FRAMES}
    return {**judged, **series, **whole, **dealings, "held": pl.scan_parquet(told.held).filter(mine).collect()}


def file_name(owner: str, kind: str, locale: str) -> str:
    """reports/<2 hex>/<client>.<kind>.<locale>.pdf, or worklists/<2 hex>/<rm>.<locale>.pdf; safe whatever the id is."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", owner)
    two = hashlib.sha256(owner.encode()).hexdigest()
    unsafe = "" if plain == owner else f"-{two[:8]}"
    folder, name = ("worklists", locale) if kind == WORKLIST else ("reports", f"{kind}.{locale}")
    return f"{folder}/{two[:2]}/{plain}{unsafe}.{name}.pdf"


def audience(name: str) -> str:
    """Whose a delivered file is: what tells of the RM's own conduct is for the RM and the supervisor alone."""
    ours = "/worklists/" in name or ".maintenance." in name
    return "relationship" if ours else "risk"


def _stands(told: Told, name: str, digest: str) -> Mapping[str, Any] | None:
    """The entry of an earlier night that says the same, not older than 31 days."""
    entry = told.earlier.get(name)
    if entry is None or entry["digest"] != digest:
        return None
    return entry if told.as_of - date.fromisoformat(entry["issued_on"]) < timedelta(days=LONGEST_DAYS) else None


def _findings(facts: Any) -> bytes:
    """The findings as JSON, without the signs of decay: the RM's own conduct is for the RM and the supervisor alone."""
    told = [row for row in facts.findings if not row["signal_id"].startswith("REL")]
    return (json.dumps(told, sort_keys=True, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def clients(told: Told, locales: Sequence[str], chunk: Chunk) -> Pages:
    """Both reports of each client of the chunk in each language; one that fails is listed, the others go on."""
    from reports.documents import document
    from reports.facts import gather
    from reports.fonts import outside

    pages = Pages()
    for facts in gather(_frames(told, chunk), _run(told)):
        pages.rare += outside(str(facts.client["name"] or ""))
        for kind in KINDS:
            for locale in locales:
                name = f"{facts.client_id}.{kind}.{locale}"
                with _listing(pages, name):
                    _page(told, pages, pages.reports, name, document(kind, facts, locale), facts)
    return pages


@contextmanager
def _listing(pages: Pages, name: str) -> Iterator[None]:
    """One bad page must not cost the book its night: it is listed as missing."""
    try:
        yield
    except Exception as error:
        said = str(error).splitlines()
        pages.missing.append(f"{name}: {type(error).__name__}: {said[0] if said else ''}")


def _found(pages: Pages, file: Path, make: Callable[[], bytes]) -> Path:
    """The file found finished, or made now."""
    if file.exists():
        pages.kept += 1
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        put(file, make())
        pages.rendered += 1
    return file


def _page(told: Told, pages: Pages, entries: dict[str, dict[str, Any]], name: str, made: Any, facts: Any) -> None:
    """The page put among `entries`: referred to, found finished or rendered."""
    if (entry := _stands(told, name, made.digest)) is not None:
        entries[name] = {**entry, "new": False}
        pages.referred[entry["path"]] = {"sha256": entry["sha256"], "bytes": entry["bytes"]}
        pages.kept += 1
        return
    file = told.cache / made.digest[:2] / f"{made.digest}-{told.as_of.isoformat()}.pdf"
    _found(pages, file, lambda: pdf(made, facts, told.as_of))
    path = file_name(made.client_id, made.kind, made.locale)
    pages.new[path] = file
    entries[name] = {
        "path": path,
        "sha256": digest_file(file),
        "bytes": file.stat().st_size,
        "digest": made.digest,
        "issued_on": told.as_of.isoformat(),
        "new": True,
    }


# ---- worklists -----------------------------------------------------------------------------------------------------


def managers(told: Told) -> list[list[str]]:
    """The RMs who get a worklist, in chunks of twenty."""
    everybody = worklists.managers(_related(told), told.as_of)
    return [everybody[k : k + PER_CHUNK] for k in range(0, len(everybody), PER_CHUNK)]


def of_managers(told: Told, locales: Sequence[str], judged: Sequence[Done], staff: Sequence[str]) -> Pages:
    """The worklists of those RMs in each language; one that fails is listed, the others go on."""
    from reports.documents.worklist import worklist

    pages = Pages()
    for desk in _desks(told, judged, staff):
        for locale in locales:
            name = f"{desk.staff_id}.{WORKLIST}.{locale}"
            with _listing(pages, name):
                _page(told, pages, pages.worklists, name, worklist(desk, locale), desk)
    return pages


def _related(told: Told) -> dict[str, pl.LazyFrame]:
    return {name: pl.scan_parquet(told.related[name]) for name in worklists.FORMS}


def _desks(told: Told, judged: Sequence[Done], staff: Sequence[str]) -> Any:
    from reports.desk import gather

    whole = {name: pl.concat([done.frame(name) for done in judged]) for name in worklists.READS}
    capacity = told.policy.contact_minutes
    frames = worklists.gathered({**whole, **_related(told)}, staff, told.as_of, capacity)
    return gather(frames, staff, _run(told))


def worklist_again(night: Published, staff_id: str, locale: str) -> tuple[Any, Any]:
    """An RM's worklist and desk from the restart material of a published night; raises Refused when there is none."""
    from reports.documents.worklist import worklist

    told, cut = _kept(night)
    if staff_id not in worklists.managers(_related(told), told.as_of):
        raise Refused(f"The night of {night.as_of} has no worklist of '{staff_id}'; name an RM by the staff id.")
    desk = _desks(told, _judged(cut), [staff_id])[0]
    return worklist(desk, locale), desk


def _judged(cut: Sequence[Chunk]) -> list[Done]:
    """The shards' judged frames, each once."""
    return list({chunk.judged.folder: chunk.judged for chunk in cut}.values())


# ---- again ---------------------------------------------------------------------------------------------------------


def pdf(made: Any, facts: Any, issued_on: date) -> bytes:
    """The document as PDF; a risk report carries its findings as JSON."""
    from reports.render import renderer

    attached = [("findings.json", _findings(facts), "findings")] if made.kind == "risk" else []
    return renderer().pdf(made.html(issued_on), attached, issued_on, made.kind)


def _kept(night: Published) -> tuple[Told, list[Chunk]]:
    kept = night.out / "work" / "told" / f"{night.as_of.isoformat()}.pickle"
    gone = Refused(f"The restart material of {night.as_of} is gone from {night.out / 'work'}; run that night again.")
    if not kept.exists():
        raise gone
    made: tuple[Told, list[Chunk]] = pickle.loads(kept.read_bytes())  # noqa: S301 - written by us, never by a source
    if not all(done.folder.exists() for chunk in made[1] for done in (chunk.measured, chunk.judged, chunk.dealings)):
        raise gone  # swept by hand, or the folder was moved
    return made


def material(night: Published, client_id: str) -> tuple[Told, Chunk]:
    """What a night knew of a client, from the restart material; raises Refused when that is gone."""
    told, cut = _kept(night)
    for chunk in cut:
        if client_id in chunk.clients:
            return told, replace(chunk, clients=[client_id])
    raise Refused(f"The night of {night.as_of} has no client '{client_id}'.")


def again(night: Published, client_id: str, kind: str, locale: str) -> tuple[Any, Any]:
    """A client's document and facts from the restart material of a published night; raises Refused when that is gone."""
    from reports.documents import document
    from reports.facts import gather

    told, chunk = material(night, client_id)
    facts = gather(_frames(told, chunk), _run(told))[0]
    return document(kind, facts, locale), facts


def keep(told: Told, cut: Sequence[Chunk], out: Path) -> None:
    """Keep what a page needs, so that one can be rendered again."""
    folder = out / "work" / "told"
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / f"{told.as_of.isoformat()}.pickle", pickle.dumps((told, list(cut))))


def portfolio(told: Told, locale: str, judged: Sequence[Done]) -> Pages:
    """The portfolio report in one language."""
    from reports.documents import portfolio as book
    from reports.render import renderer

    pages = Pages()
    with _listing(pages, f"portfolio.{locale}"):
        html, _ = book.html(_book(told, judged), _run(told), locale)
        digest = hashlib.sha256(html.encode()).hexdigest()
        file = told.cache / digest[:2] / f"{digest}-portfolio.pdf"
        pages.new[f"portfolio.{locale}.pdf"] = _found(pages, file, lambda: renderer().pdf(html, kind="portfolio"))
    return pages


def watchlist(told: Told, locale: str, judged: Sequence[Done]) -> Pages:
    """The watch list with findings, roster and complaint statistics as a workbook in one language."""
    from reports import workbook

    def made() -> bytes:
        panel = pl.concat([done.frame("panel").select(workbook.PANEL) for done in judged]).collect()
        frames = {name: pl.concat([done.read(name) for done in judged]) for name in ("assessments", "findings")}
        forms = {name: pl.read_parquet(told.related[name]) for name in workbook.FORMS}
        return workbook.workbook({"panel": panel, **frames, **forms}, locale, _run(told))

    pages = Pages()
    with _listing(pages, f"watchlist.{locale}"):
        forms = {name: digest_file(told.related[name]) for name in workbook.FORMS}
        run = [told.as_of, told.policy.hash, told.provenance, told.feeds, told.clean.get("staff")]
        digest = digest_of([locale, run, code_version("report"), [done.digest for done in judged], forms])
        file = told.cache / digest[:2] / f"{digest}.xlsx"
        pages.new[f"watchlist.{locale}.xlsx"] = _found(pages, file, made)
    return pages


def _book(told: Told, judged: Sequence[Done]) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    """What the portfolio report reads of the whole book, lazily: the panel has a thousand columns it does not need."""
    from transforms.portfolio import READS

    whole = {name: pl.concat([done.frame(name) for done in judged]) for name in ("panel", "assessments", "findings")}
    forms = {name: pl.scan_parquet(told.related[name]) for name in FORMS if name in told.related}
    read = {name: frame.select(READS[name]) if name in READS else frame for name, frame in {**whole, **forms}.items()}
    answers = pl.concat([done.read("answers") for done in judged]).sort("client_id")
    earlier = pl.read_parquet(told.rates) if told.rates else None
    return {**read, "rates": rates.beside(answers, earlier, Night(told.as_of))}


def gathered(parts: Sequence[Pages]) -> Pages:
    """All pages of the night."""
    whole = Pages()
    for part in parts:
        whole.new |= part.new
        whole.referred |= part.referred
        whole.reports |= part.reports
        whole.worklists |= part.worklists
        whole.missing += part.missing
        whole.rendered += part.rendered
        whole.kept += part.kept
        whole.rare += part.rare
    whole.missing.sort()
    return whole
