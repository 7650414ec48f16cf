"""What a run prints at its end: at most twenty lines, what happened and where to look."""

from pathlib import Path
from typing import Any

from flows.nightly import Outcome
from flows.settings import Settings

_LEVELS = {
    "N": "non-performing", "R": "red", "A": "alert", "W": "watch", "clear": "clear", "not_assessable": "not assessable",
}  # fmt: skip
MOST_JUMPS = 5
_RELATIONSHIP = {"at_risk": "at risk", "cooling": "cooling", "ok": "ok", "not_assessable": "not assessable"}


def _counts(counts: dict[str, int], words: dict[str, str]) -> str:
    return ", ".join(f"{counts[key]} {word}" for key, word in words.items() if counts.get(key)) or "none"


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _jumped(jumps: list[dict[str, Any]]) -> str:
    words = {"fired": "fires", "clear": "clear", "no_data": "without data"}
    told = [f"{j['signal_id']} {words[j['share']]} {j['tonight']:.0%} (usual {j['usual']:.0%})" for j in jumps]
    return ", ".join(told[:MOST_JUMPS]) + (f" and {len(told) - MOST_JUMPS} more" if len(told) > MOST_JUMPS else "")


def lines(outcome: Outcome, settings: Settings, how: str) -> list[str]:
    """The summary of a night, twenty lines at most."""
    manifest, folder = outcome.night.manifest, _relative(outcome.night.folder.absolute())
    tables, levels = manifest["tables"], manifest["levels"]
    rows = sum(t["counts"]["rows_in"] for t in tables.values())
    refused = {name: t["counts"]["quarantined"] for name, t in tables.items() if t["counts"]["quarantined"]}
    released = sum(sum(t["released"].values()) for t in tables.values())
    notices = sum(len(t["notices"]) for t in tables.values())
    said = [
        f"The night of {outcome.night.as_of} is published."
        if outcome.fresh
        else f"Nothing new to do: the night of {outcome.night.as_of} is published with this input, policy and code.",
        f"  run          {how}",
        f"  rows         {rows:,} in {len(tables)} tables; {sum(refused.values())} refused into quarantine"
        + (f" ({', '.join(f'{name} {n}' for name, n in refused.items())})" if refused else "")
        + (f"; {released} refused earlier released" if released else "")
        + f"; {notices} notices",
        f"  risk         {_counts(levels['risk_level'], _LEVELS)}",
        f"  relationship {_counts(levels['relationship_level'], _RELATIONSHIP)}",
    ]
    if manifest["jumps"]:
        said += [f"  JUMPED       {_jumped(manifest['jumps'])}; compare rates.parquet and the feeds"]
    if settings.reports:
        said += [f"  reports      {outcome.rendered} rendered now, {outcome.kept} found finished or unchanged"]
        said += [f"  portfolio    {folder / f'portfolio.{locale}.pdf'}" for locale in settings.locales]
        said += [f"  clients      {folder / 'reports'}/<2 hex>/<client>.<risk|maintenance>.<locale>.pdf"]
    said += [
        f"  data         {folder}/answers.parquet, findings.parquet, assessments.parquet, gaps.parquet, moves.parquet, rates.parquet, quarantine/"
    ]
    if outcome.rare:
        said += [
            f"  names        {outcome.rare} with a character the shipped fonts lack: set in one of the system's fonts, else as 〓"
        ]
    if manifest["missing"]:
        said += [
            f"  MISSING      {len(manifest['missing'])} reports failed, first {manifest['missing'][0]}; call again"
        ]
    source = (
        f"--config {_relative(settings.config.absolute())}"
        if settings.config is not None
        else f"--source {_relative((settings.source or Path()).absolute())}"
    )
    policy = f" --policy {_relative(settings.policy.absolute())}" if settings.policy else ""
    said += [
        f"  again        ./bellwether run --as-of {settings.as_of} {source}{policy}"
        f" --out {_relative(settings.out.absolute())}",
        f"  next         ./bellwether status --out {_relative(settings.out.absolute())}; ./bellwether explain CLIENT",
    ]
    return said
