"""What the looking commands show: the catalogue, one client's answers, one report again, quarantine."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from expectations.model import Refused
from flows.nights import Published
from transforms.signal import LEVEL_WORDS, Signal
from transforms.signals import CATALOGUE


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "id": signal.id,
        "grade": signal.grade,
        "levels": signal.levels,
        "family": signal.family,
        "en": signal.en,
        "zh": signal.zh,
        "feeds": list(signal.feeds),
        "columns": signal.columns,
        "limits": {
            f"{test}.{name}": {"value": limit.value, "source": limit.source, "because": limit.because}
            for (test, name), limit in signal.limits().items()
        },
        "tests": [
            {"level": t.level, "name": t.name, "kind": t.kind, "en": t.en, "zh": t.zh, "rule": str(t.condition.holds())}
            for t in signal.tests
        ],
        "ask_en": signal.ask_en,
        "ask_zh": signal.ask_zh,
        "note": signal.note,
        "version": signal.version(),
    }


def _known(signal_id: str) -> Signal:
    if signal_id not in CATALOGUE:
        raise Refused(f"There is no signal '{signal_id}'; known are {', '.join(CATALOGUE)}.")
    return CATALOGUE[signal_id]


def signals(signal_id: str | None) -> list[dict[str, Any]]:
    """Every signal, or the one asked for."""
    return [_signal(s) for s in ([_known(signal_id)] if signal_id else CATALOGUE.values())]


def signal_lines(found: list[dict[str, Any]]) -> list[str]:
    """The catalogue as lines: one per signal, or one signal whole."""
    if len(found) > 1:
        return [f"{s['id']}  {s['grade']}  {'/'.join(s['levels']):<8} {s['en']}  {s['zh']}" for s in found]
    s = found[0]
    lines = [
        f"{s['id']} {s['en']}",
        s["zh"],
        f"grade {s['grade']}, levels {', '.join(s['levels'])}, family {s['family']}",
    ]
    lines += [f"feeds: {', '.join(s['feeds'])}", f"columns: {', '.join(s['columns'])}", "tests:"]
    for test in s["tests"]:
        lines += [f"  {LEVEL_WORDS[test['level']]} {test['name']}: {test['en']}", f"      {test['rule']}"]
    lines += ["limits (a policy sets them by these names):"]
    lines += [
        f"  {s['id']}.{name} = {v['value']:g}  ({v['source']}: {v['because']})" for name, v in s["limits"].items()
    ]
    lines += [f"ask: {s['ask_en']}"] + ([f"note: {s['note']}"] if s["note"] else [])
    return lines


def explain(night: Published, client: str, signal_id: str | None) -> dict[str, Any]:
    """A client's assessment, and per signal its finding with evidence, or what was missing, of a published night."""
    mine = pl.col("client_id") == client
    assessed = pl.scan_parquet(night.file("assessments.parquet")).filter(mine).collect().to_dicts()
    if not assessed:
        raise Refused(f"The night of {night.as_of} has no client '{client}'; look at assessments.parquet.")
    answers = pl.scan_parquet(night.file("answers.parquet")).filter(mine).collect().row(0, named=True)
    findings = pl.scan_parquet(night.file("findings.parquet")).filter(mine).collect().to_dicts()
    gaps = pl.scan_parquet(night.file("gaps.parquet")).filter(mine).collect().to_dicts()
    wanted = [_known(signal_id).id] if signal_id else list(CATALOGUE)
    return {
        "as_of": night.as_of.isoformat(),
        "client_id": client,
        "assessment": assessed[0],
        "signals": [
            {
                "id": s,
                "answer": answers[s],
                "finding": next(
                    ({**f, "evidence": json.loads(f["evidence"])} for f in findings if f["signal_id"] == s), None
                ),
                "gap": next((g for g in gaps if g["signal_id"] == s), None),
            }
            for s in wanted
        ],
    }


def explain_lines(found: dict[str, Any]) -> list[str]:
    """The explanation as lines."""
    a = found["assessment"]
    lines = [
        f"{found['client_id']} on {found['as_of']}: risk {a['risk_level']} ({a['change']}, since {a['since']}), relationship "
        f"{a['relationship_level']}, coverage {a['coverage']:.0%}"
        + (f", held by {a['held_by']}" if a["held_by"] else "")
    ]
    for s in found["signals"]:
        lines.append(f"{s['id']}  {s['answer']:<14} {CATALOGUE[s['id']].en}")
        if f := s["finding"]:
            lines += [f"    {f['text_en']}", f"    {f['text_zh']}"]
            lines += [f"    {name} = {value}" for name, value in f["evidence"].items()]
            lines += [
                f"    rows: {', '.join(f['source_keys'])}",
                f"    feed of {f['feed_as_of']}, rule {f['rule_version']}",
            ]
        if g := s["gap"]:
            lines.append(f"    {g['tests_run']} of {g['tests_total']} tests ran; missing: {', '.join(g['missing'])}")
    return lines


def render(night: Published, client: str, kind: str, locale: str, html: bool, to: Path | None) -> Path:
    """Write one published report of a client again, as PDF or HTML, and return where."""
    from flows import paper
    from flows.settings import LOCALES

    if kind not in paper.KINDS or locale not in LOCALES:
        raise Refused(f"Choose --kind {' or '.join(paper.KINDS)} and --locale {' or '.join(LOCALES)}.")
    made, facts = paper.again(night, client, kind, locale)
    target = to or Path(
        f"{paper.file_name(client, kind, locale).split('/')[-1].removesuffix('.pdf')}.{'html' if html else 'pdf'}"
    )
    if html:
        from reports.documents import style

        page = made.html(night.as_of).replace("</head>", f"<style>{style()}</style></head>")
        target.write_text(page, encoding="utf-8")
    else:
        target.write_bytes(paper.pdf(made, facts, night.as_of))
    return target


def _tables(night: Published) -> list[str]:
    return sorted(path.stem for path in night.file("quarantine").glob("*.parquet"))


def quarantined(night: Published, table: str) -> pl.DataFrame:
    """The refused rows of a table, as delivered, with why."""
    if table not in _tables(night):
        raise Refused(f"There is no table '{table}' in that night; known are {', '.join(_tables(night))}.")
    return pl.read_parquet(night.file(f"quarantine/{table}.parquet"))


def quarantine(night: Published) -> list[dict[str, Any]]:
    """Refused rows counted by table, check and reason."""
    rows: list[dict[str, Any]] = []
    for table in _tables(night):
        counted = (
            quarantined(night, table)
            .group_by("check_id", "reason_en", "reason_zh")
            .agg(rows=pl.len())
            .sort("check_id", "reason_en")
        )
        rows += [{"table": table, **row} for row in counted.iter_rows(named=True)]
    return rows


def export(night: Published, table: str, to: Path) -> int:
    """Write a table's refused rows as CSV; lists are joined by "|". Returns how many."""
    frame = quarantined(night, table)
    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    frame.with_columns(pl.col(lists).list.join("|")).write_csv(to)
    return frame.height
