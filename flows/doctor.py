"""What this machine has and lacks for a night."""

import os
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flows.schedule import reachable, shown
from flows.store import ROOT

NEEDED_GB = 2


def _check(what: str, ok: bool, says: str) -> dict[str, Any]:
    return {"what": what, "ok": ok, "says": says}


def _python() -> dict[str, Any]:
    found = sys.version_info[:3]
    return _check("Python", (3, 11) <= found < (3, 14), f"{found[0]}.{found[1]}.{found[2]} (needed: 3.11 to 3.13)")


def _libraries() -> dict[str, Any]:
    wrong = []
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition("==")
        if not rest or line[:1].isspace():
            continue
        wanted = rest.split(" ")[0]
        try:
            if ";" not in rest and version(name) != wanted:
                wrong.append(f"{name} {version(name)} instead of {wanted}")
        except PackageNotFoundError:
            if ";" not in rest:
                wrong.append(f"{name} is missing")
    return _check("libraries", not wrong, "; ".join(wrong) or "as in requirements.lock")


def _pages() -> dict[str, Any]:
    try:
        from reports.render import renderer

        made = renderer().pdf("<!doctype html><html lang=zh><title>t</title><p>风险 risk</p></html>")
    except Exception as error:
        return _check(
            "pages", False, f"a PDF cannot be made ({type(error).__name__}: {error}); run ./bellwether doctor"
        )
    return _check("pages", made.startswith(b"%PDF"), "Pango and the fonts make a PDF in both languages")


def _disk(out: Path) -> dict[str, Any]:
    place = out.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / 1e9
    ok = free >= NEEDED_GB and os.access(place, os.W_OK)
    return _check("disk", ok, f"{free:.0f} GB free for {out}{'' if os.access(place, os.W_OK) else ', not writable'}")


def _prefect() -> dict[str, Any]:
    api = os.environ.get("PREFECT_API_URL")
    if not api:
        return _check("Prefect", True, "no PREFECT_API_URL: nights run plainly, `serve` starts a server of its own")
    return _check(
        "Prefect", True, f"{shown(api)} {'answers' if reachable(api) else 'does not answer: nights run plainly'}"
    )


def examine(out: Path) -> list[dict[str, Any]]:
    """One entry per check: what, ok, says."""
    return [_python(), _libraries(), _pages(), _disk(out), _prefect()]
