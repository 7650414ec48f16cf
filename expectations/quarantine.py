"""Good rows from refused ones: twins and superseded rows first, then the masks; and why, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from expectations.casts import UNPARSED
from expectations.model import Action, Table
from expectations.rules import Rule


@dataclass(frozen=True)
class Sifted:
    """Rows after check C4: those that go on, and how many twins collapsed and older rows were superseded."""

    rows: pl.DataFrame
    twins: pl.DataFrame
    collapsed: int
    superseded: int


def sift(table: Table, rows: pl.DataFrame) -> Sifted:
    """C4: of an upsert key the latest recorded row stays; identical twins collapse; conflicting twins are all refused."""
    key = table.key
    repeated = rows.select(pl.struct(key).is_duplicated()).to_series()
    if not repeated.any():
        return Sifted(rows, rows.clear(), 0, 0)
    alone, many = rows.filter(~repeated), rows.filter(repeated)
    whole = [column.name for column in table.columns]
    distinct = many.sort("row_number").unique(whole, keep="first", maintain_order=True)
    collapsed = many.height - distinct.height
    if table.mode == "upsert":
        order = ([table.recorded] if table.recorded else []) + ["delivered_on", "row_number"]
        latest = distinct.sort(order, nulls_last=False).unique(key, keep="last", maintain_order=True)
        return Sifted(
            pl.concat([alone, latest]).sort("row_number"), rows.clear(), collapsed, distinct.height - latest.height
        )
    conflict = distinct.select(pl.struct(key).is_duplicated()).to_series()
    kept = pl.concat([alone, distinct.filter(~conflict)]).sort("row_number")
    return Sifted(kept, distinct.filter(conflict), collapsed, 0)


TWIN_EN, TWIN_ZH = "key stands twice with different values", "主键重复且内容不同"


def refused(
    table: Table, rows: pl.DataFrame, masks: pl.DataFrame, rules: Sequence[Rule], twins: pl.DataFrame
) -> pl.DataFrame:
    """The quarantine: each refused row as delivered, the first check that refused it, and all reasons in words."""
    refusing = [(str(i), rule) for i, rule in enumerate(rules) if rule.action == Action.ROW]
    columns = [column.name for column in table.columns]
    bad = rows.hstack(masks).filter(pl.any_horizontal([pl.col(i) for i, _ in refusing]))

    def reasons(words: Sequence[str]) -> pl.Expr:
        told = [pl.when(pl.col(i)).then(pl.lit(text)) for (i, _), text in zip(refusing, words, strict=True)]
        return pl.concat_str([*told, pl.col(UNPARSED)], separator="; ", ignore_nulls=True)

    first = pl.coalesce([pl.when(pl.col(i)).then(pl.lit(rule.id)) for i, rule in refusing])
    found = bad.select(
        *columns,
        check_id=first,
        action=pl.lit("ROW"),
        reason_en=reasons([rule.en for _, rule in refusing]),
        reason_zh=reasons([rule.zh for _, rule in refusing]),
        delivery="delivery",
    )
    why = {"check_id": "C4", "action": "ROW", "reason_en": TWIN_EN, "reason_zh": TWIN_ZH}
    twice = twins.select(*columns, *(pl.lit(text).alias(name) for name, text in why.items()), "delivery")
    return pl.concat([found, twice]).sort([*table.key, "check_id", "delivery"], nulls_last=True)
