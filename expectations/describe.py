"""The input model as people and databases read it, made from `tables/`: a page in each language, PostgreSQL's DDL."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from expectations.book import CHECKS
from expectations.lists import LISTS
from expectations.model import BookCheck, Check, Column, Table, TableCheck
from expectations.registers import CHECKLISTS, EVENT_KINDS, INDICATORS
from expectations.tables import TABLES

_SQL = {
    "id": "varchar(64)",
    "text": "text",
    "mmdd": "varchar(5)",
    "money": "bigint",
    "int": "bigint",
    "score5": "smallint",
    "ratio": "double precision",
    "float": "double precision",
    "bool": "boolean",
    "date": "date",
    "ts": "timestamp(3)",
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "title": "The input model",
        "intro": "26 tables, {columns} columns, 11 of the tables core: without them a night does not run. Generated from "
        "`expectations/tables/`; change it there. Money is in minor units (fen), ratios are fractions, times are local to the "
        "bank. Flags: k key, ! required, ? may be null, c required in the stated case, p personal, s sensitive personal; "
        "`e:x` is a closed list (at the end).",
        "join": "; ", "stop": ".", "core": "core", "optional": "optional", "mode": "mode", "stale": "stale after {days} days", "key": "key",
        "columns": ("column", "中文", "type", "flags", "meaning", "source"),
        "checks": "Checks of its own", "check": ("check", "action", "what is wrong"),
        "lists": "Closed lists", "list": ("list", "values"), "kinds": "Event kinds",
        "kind": ("kind", "subtypes", "must be filled", "flags"), "indicators": "Indicator register",
        "indicator": ("subject", "indicator", "unit", "every", "low", "high"), "checklists": "Archive checklists",
        "item": ("checklist", "item", "中文"), "references": "in `{table}`",
        "generic": "Every table is also checked for B1 to B8 and C1 to C12: files and checksums, columns and types, row counts, "
        "control totals, freshness, usual size, schema version, share of refused rows; nulls, conditional columns, closed lists, "
        "unique keys, foreign keys, ids, dates, ratios, scores, text, personal numbers in text, amounts. CL1 holds a client more "
        "than 5% of whose rows in a core table were refused.",
    },
    "zh": {
        "title": "输入模型",
        "intro": "共26张表、{columns}列，其中11张为核心表，缺核心表则当晚不运行。本页由`expectations/tables/`生成，请在该处修改。"
        "金额以最小货币单位（分）计，比率为小数，时间为银行当地时间。标记：k主键，!必填，?可空，c在所述情形下必填，p个人信息，"
        "s敏感个人信息；`e:x`为枚举（见文末）。",
        "join": "；", "stop": "。", "core": "核心", "optional": "可选", "mode": "方式", "stale": "{days}天后视为过期", "key": "主键",
        "columns": ("列", "名称", "类型", "标记", "含义", "来源"),
        "checks": "本表专有校验", "check": ("校验", "处理", "问题"),
        "lists": "枚举", "list": ("枚举", "取值"), "kinds": "事件类型",
        "kind": ("类型", "子类", "必填列", "标记"), "indicators": "指标登记表",
        "indicator": ("对象", "指标", "单位", "频率", "下限", "上限"), "checklists": "档案清单",
        "item": ("清单", "项目", "名称"), "references": "取自`{table}`",
        "generic": "每张表另须通过B1至B8与C1至C12：文件与校验和、列与类型、行数、控制总数、时效、常规行数、版本、拒收比例；"
        "空值、条件必填、枚举、主键唯一、外键、编号、日期、比率、评分、文本、文本中的个人号码、金额。"
        "CL1：核心表中某客户5%以上的记录被拒收时，该客户暂不评估。",
    },
}  # fmt: skip


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _grid(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    return [_row(head), _row("---" for _ in head), *(_row(row) for row in rows), ""]


def _meaning(column: Column, locale: str) -> str:
    said = column.note if locale == "en" else column.note_zh
    reference = WORDS[locale]["references"].format(table=column.references) if column.references else ""
    return str(WORDS[locale]["join"]).join(part for part in (said, reference) if part)


def _checks(table: Table, locale: str) -> list[tuple[str, str, str]]:
    book: list[Check | TableCheck | BookCheck] = [check for check in CHECKS if check.table == table.name]
    declared: list[Check | TableCheck | BookCheck] = [*table.checks, *table.table_checks]
    every = [(c.id, str(c.action), c.en if locale == "en" else c.zh) for c in declared + book]
    return sorted(dict.fromkeys(every))


def _grain(table: Table, locale: str) -> str:
    return f"{table.en[0].upper()}{table.en[1:]}. " if locale == "en" else f"一行为{table.grain_zh}。"


def _table(table: Table, locale: str) -> list[str]:
    words = WORDS[locale]
    stale = [words["stale"].format(days=table.stale_after)] if table.stale_after else []
    facts = [words["core"] if table.core else words["optional"], f"{words['mode']} {table.mode}", *stale]
    lines = [
        f"## `{table.name}` {table.zh}",
        "",
        _grain(table, locale) + words["join"].join([*facts, f"{words['key']} {', '.join(table.key)}"]) + words["stop"],
        "",
        *_grid(
            words["columns"],
            ([f"`{c.name}`", c.zh, c.type, c.flags, _meaning(c, locale), c.source] for c in table.columns),
        ),
    ]
    checks = _checks(table, locale)
    return [*lines, f"**{words['checks']}**", "", *_grid(words["check"], checks)] if checks else lines


def page(locale: str) -> str:
    """The documentation page of the input model in that language, as Markdown."""
    words = WORDS[locale]
    columns = sum(len(table.columns) for table in TABLES.values())
    lines = [f"# {words['title']}", "", words["intro"].format(columns=columns), "", words["generic"], ""]
    for table in TABLES.values():
        lines += _table(table, locale)
    lines += [f"## {words['lists']}", "", *_grid(words["list"], ((n, ", ".join(v)) for n, v in LISTS.items()))]
    kinds = ((n, ", ".join(k.subtypes), ", ".join(k.required), ", ".join(k.flags)) for n, k in EVENT_KINDS.items())
    lines += [f"## {words['kinds']}", "", *_grid(words["kind"], kinds)]
    indicators = ((i.subject, i.name, i.unit, i.every, _limit(i.low), _limit(i.high)) for i in INDICATORS)
    lines += [f"## {words['indicators']}", "", *_grid(words["indicator"], indicators)]
    items = ((name, code, zh) for name, listed in CHECKLISTS.items() for code, zh in listed.items())
    lines += [f"## {words['checklists']}", "", *_grid(words["item"], items)]
    return "\n".join(lines).rstrip() + "\n"


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _sql_type(column: Column) -> str:
    return "text[]" if column.is_list else _SQL.get(column.type, "text")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def ddl(schema: str = "bellwether") -> str:
    """PostgreSQL statements that create every table, empty, with comments: a schema a bank may fill and name as a source."""
    lines = [f"create schema if not exists {schema};"]
    for table in TABLES.values():
        columns = [f"    {c.name} {_sql_type(c)}{' not null' if c.required else ''}" for c in table.columns]
        columns.append(f"    primary key ({', '.join(table.key)})")
        lines += ["", f"create table {schema}.{table.name} (", ",\n".join(columns), ");"]
        lines.append(f"comment on table {schema}.{table.name} is {_quoted(f'{table.zh}: {table.en}')};")
        for column in table.columns:
            said = "; ".join(part for part in (column.zh, column.note, column.source) if part)
            lines.append(f"comment on column {schema}.{table.name}.{column.name} is {_quoted(said)};")
    return "\n".join(lines) + "\n"
