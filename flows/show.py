"""What the looking commands show: the catalogue, one client's answers, one report again, quarantine."""

import importlib
import importlib.util
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from expectations.model import Refused
from expectations.tables import TABLES
from flows.explain import arithmetic, readable
from flows.explain import lines as arithmetic_lines
from flows.nights import Published
from transforms import describe
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
            {
                "level": t.level,
                "name": t.name,
                "kind": t.kind,
                "en": t.en,
                "zh": t.zh,
                "rule": readable(t.condition.holds()),
            }
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
    if signal_id:
        return [{**_signal(_known(signal_id)), "cases": cases(signal_id)}]
    return [_signal(s) for s in CATALOGUE.values()]


def page(name: str) -> str:
    """A generated page of the documentation: the catalogue in a language, the panel, or the relationship frames."""
    others = {"panel": describe.panel, "relationship": describe.relationship}
    if name in others:
        return others[name]()
    if name not in describe.WORDS:
        raise Refused(f"There is no page '{name}'; choose {', '.join([*describe.WORDS, *others])}.")
    return describe.page(name)


def cases(signal_id: str) -> list[dict[str, Any]] | None:
    """The cases of a signal from the table of its tests; None where the tests are not at hand."""
    if importlib.util.find_spec("tests.signals.cases") is None:
        return None
    table = importlib.import_module("tests.signals.cases")
    return [
        {"answer": case.answer, "columns": {k: _plain(v) for k, v in case.row.items()}, "says": case.says}
        for case in table.every_case()
        if case.signal == signal_id
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


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
    if s["cases"] is None:
        return [*lines, "cases: in tests/signals of the source tree"]
    return [*lines, f"cases ({len(s['cases'])}):", *(_case(case) for case in s["cases"])]


def _case(case: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={value}" for name, value in case["columns"].items()) or "nothing known"
    return f"  {case['answer']:<14} {case['says'] or ''}{' | ' if case['says'] else ''}{given}"


def policy_diff(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[dict[str, Any]]:
    """name, first, second of every switch and limit in which two described policies differ."""
    flat = [{**{k: v for k, v in one.items() if k != "limits"}, **one["limits"]} for one in (first, second)]
    return [{"name": n, "first": flat[0][n], "second": flat[1][n]} for n in flat[0] if flat[0][n] != flat[1][n]]


def explain(night: Published, client: str, signal_id: str | None) -> dict[str, Any]:
    """A client's assessment, and per signal its finding with evidence, or what was missing, of a published night.

    Of one signal the whole arithmetic, from the source rows up.
    """
    mine = pl.col("client_id") == client
    assessed = pl.scan_parquet(night.file("assessments.parquet")).filter(mine).collect().to_dicts()
    if not assessed:
        raise Refused(f"The night of {night.as_of} has no client '{client}'; look at assessments.parquet.")
    answers = pl.scan_parquet(night.file("answers.parquet")).filter(mine).collect().row(0, named=True)
    findings = pl.scan_parquet(night.file("findings.parquet")).filter(mine).collect().to_dicts()
    gaps = pl.scan_parquet(night.file("gaps.parquet")).filter(mine).collect().to_dicts()
    wanted = [_known(signal_id).id] if signal_id else list(CATALOGUE)
    whole = {signal_id: arithmetic(night, client, CATALOGUE[signal_id])} if signal_id else {}
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
                "arithmetic": whole.get(s),
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
        + (f", last assessed {a['held_level']} on {a['held_level_on']}" if a["held_level"] else "")
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
        if s["arithmetic"]:
            lines += arithmetic_lines(s["arithmetic"])
    return lines


def render(night: Published, client: str, kind: str, locale: str, html: bool, to: Path | None) -> Path:
    """Write one published report of a client, or an RM's worklist, again, as PDF or HTML, and return where."""
    from flows import paper
    from flows.settings import LOCALES

    kinds = (*paper.KINDS, paper.WORKLIST)
    if kind not in kinds or locale not in LOCALES:
        raise Refused(f"Choose --kind {' or '.join(kinds)} and --locale {' or '.join(LOCALES)}.")
    if kind == paper.WORKLIST:
        made, facts = paper.worklist_again(night, client, locale)
    else:
        made, facts = paper.again(night, client, kind, locale)
    target = to or Path(
        f"{paper.file_name(client, kind, locale).split('/')[-1].removesuffix('.pdf')}.{'html' if html else 'pdf'}"
    )
    if html:
        from reports.documents import style

        page = made.html(night.as_of).replace("</head>", f"<style>{style(kind)}</style></head>")
        target.write_text(page, encoding="utf-8")
    else:
        target.write_bytes(paper.pdf(made, facts, night.as_of))
    return target


# ---- quarantine ----------------------------------------------------------------------------------------------------

FORMULA = r"^[=+\-@\t\r]"  # how a text must begin for a spreadsheet to take it for a formula
SAYS = {  # locale → heading, nothing, what was released, why: a parent came, or another row did
    "en": (
        "   rows  table            check  action  since         reason",
        "No row was refused.",
        "{n} rows of {table} refused by {check} earlier were released: {why}.",
        "the {parents} they name have come",
        "a corrected row has come",
    ),
    "zh": (
        "   行数  表               校验   处理    自批次        原因",
        "没有被拒收的记录。",
        "此前被{check}拒收的{table}{n}行已解除隔离：{why}。",
        "所指的{parents}已到",
        "更正后的记录已到",
    ),
}


def _tables(night: Published) -> list[str]:
    return sorted(path.stem for path in night.file("quarantine").glob("*.parquet"))


def quarantined(night: Published, table: str, check: str | None = None) -> pl.DataFrame:
    """The refused rows of a table, or those one check refused, as delivered, with why."""
    if table not in _tables(night):
        raise Refused(f"There is no table '{table}' in that night; known are {', '.join(_tables(night))}.")
    rows = pl.read_parquet(night.file(f"quarantine/{table}.parquet"))
    known = rows["check_id"].unique().sort().to_list()
    if check is not None and check not in known:
        others = f"it has rows refused by {', '.join(known)}" if known else "none of its rows was refused"
        raise Refused(f"No row of {table} was refused by '{check}'; {others}.")
    return rows if check is None else rows.filter(pl.col("check_id") == check)


def quarantine(night: Published) -> dict[str, list[dict[str, Any]]]:
    """`refused`: rows counted by table, check and its reason, with the oldest delivery they came with; `released`: rows
    the night before refused that are clean now, by table and check."""
    first = [pl.col(f"reason_{locale}").str.split("; ").list.first() for locale in SAYS]
    refused = [
        {"table": table, **row}
        for table in _tables(night)
        for row in quarantined(night, table)
        .group_by("check_id", "action", *first)
        .agg(rows=pl.len(), since=pl.col("delivery").str.split("/").list.last().min())
        .sort("check_id", "reason_en")
        .to_dicts()
    ]
    released = [
        {"table": table, "check_id": check, "rows": rows}
        for table, told in sorted(night.manifest["tables"].items())
        for check, rows in told["released"].items()
    ]
    return {"refused": refused, "released": released}


def quarantine_lines(found: dict[str, list[dict[str, Any]]], locale: str) -> list[str]:
    """What stands in quarantine and what left it, as lines."""
    if locale not in SAYS:
        raise Refused(f"There is no locale '{locale}'; choose {' or '.join(SAYS)}.")
    heading, nothing, *_ = SAYS[locale]
    lines = [
        f"{r['rows']:>7}  {r['table']:<16} {r['check_id']:<6} {r['action']:<7} {r['since']:<13} {r[f'reason_{locale}']}"
        for r in found["refused"]
    ]
    return [*([heading, *lines] if lines else [nothing]), *(_released(row, locale) for row in found["released"])]


def _released(row: dict[str, Any], locale: str) -> str:
    from reports.words import Words

    words = Words(locale)
    *_, said, came, corrected = SAYS[locale]
    named = dict.fromkeys(column.references for column in TABLES[row["table"]].columns if column.references)
    parents = {"en": " or ", "zh": "或"}[locale].join(words.label("table", name) for name in named)
    why = came.format(parents=parents) if row["check_id"] == "C5" else corrected
    return said.format(n=row["rows"], table=words.label("table", row["table"]), check=row["check_id"], why=why)


def row_lines(rows: pl.DataFrame) -> list[str]:
    """Refused rows whole, a block of lines each: why first, then every cell."""
    lines = []
    for place, row in enumerate(rows.iter_rows(named=True), start=1):
        told = {name: row.pop(name) for name in ("check_id", "action", "reason_en", "reason_zh", "delivery")}
        lines += [
            f"{place}/{rows.height}  {told['check_id']} {told['action']}, delivery {told['delivery']}",
            f"    {told['reason_en']} / {told['reason_zh']}",
            *(f"    {name} = {'' if value is None else value}" for name, value in row.items()),
        ]
    return lines or ["No row was refused."]


def export(night: Published, table: str, to: Path) -> int:
    """Write a table's refused rows as CSV or Parquet, by the file's ending. Returns how many.

    In CSV lists are joined by "|", and a text a spreadsheet would take for a formula begins with an apostrophe.
    """
    frame = quarantined(night, table)
    if to.suffix not in (".csv", ".parquet"):
        raise Refused(f"The file {to} ends neither in .csv nor in .parquet; name one that does.")
    try:
        if to.suffix == ".csv":
            _inert(frame).write_csv(to)
        else:
            frame.write_parquet(to)
    except OSError as error:
        why = "its folder is not there" if not to.parent.is_dir() else error.strerror or "no file can be written there"
        raise Refused(f"The file {to} cannot be written ({why}); name one in a folder that is there.") from error
    return frame.height


def _inert(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as text for a spreadsheet: numbers and dates as they are, no text that is run as a formula."""
    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    flat = frame.with_columns(pl.col(lists).list.join("|"))
    texts = [name for name, dtype in flat.schema.items() if dtype == pl.String]
    run = {name: pl.col(name).str.contains(FORMULA) for name in texts}
    return flat.with_columns(
        pl.when(risky).then(pl.concat_str(pl.lit("'"), name)).otherwise(name).alias(name) for name, risky in run.items()
    )
