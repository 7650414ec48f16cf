"""Good rows from refused ones: twins and outdated rows first, then the masks; and why, in words."""

from collections.abc import Sequence

import polars as pl

from expectations.casts import UNPARSED
from expectations.model import Action, Table
from expectations.rules import Rule

TWIN_EN, TWIN_ZH = "key stands twice with different values", "主键重复且内容不同"


def collapse(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without their identical twins, the first of each kept (check C4)."""
    repeated = rows.select(pl.struct(table.key).is_duplicated()).to_series()
    if not repeated.any():
        return rows
    columns = [column.name for column in table.columns]
    distinct = rows.filter(repeated).sort("row_number").unique(columns, keep="first", maintain_order=True)
    return pl.concat([rows.filter(~repeated), distinct]).sort("row_number")


def outdated(table: Table, rows: pl.DataFrame, refused: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which rows a later one replaces, and which stand twice with different values (check C4).

    Of an upsert key the latest recorded row that is not refused stays: older ones are superseded, a refused newer one
    does not displace it. In the other modes rows with one key and different values are all refused.
    """
    none = pl.repeat(value=False, n=rows.height, eager=True)
    repeated = rows.select(pl.struct(table.key).is_duplicated()).to_series()
    if not repeated.any():
        return none, none
    if table.mode != "upsert":
        return none, repeated
    order = ([table.recorded] if table.recorded else []) + ["delivered_on", "row_number"]
    later = rows.select("row_number", *table.key, *order[:-1], refused=refused).sort(order, nulls_last=False)
    newest = pl.col("place").filter(~pl.col("refused")).max().over(table.key)
    placed = later.with_row_index("place").with_columns(old=(pl.col("place") < newest).fill_null(value=False))
    return placed.sort("row_number")["old"], none


def refused(table: Table, rows: pl.DataFrame, masks: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """The quarantine: each refused row as delivered, the first check that refused it, and all reasons in words.

    `masks` has a column per rule, named by its place, and `twin`. Personal numbers in free text are masked here too (C11).
    """
    refusing = [(str(i), rule) for i, rule in enumerate(rules) if rule.action == Action.ROW]
    columns = [column.name for column in table.columns]
    bad = rows.hstack(masks).filter(pl.any_horizontal(["twin", *(i for i, _ in refusing)]))

    def reasons(words: Sequence[str], twin: str) -> pl.Expr:
        told = [pl.when(pl.col(i)).then(pl.lit(text)) for (i, _), text in zip(refusing, words, strict=True)]
        doubled = pl.when(pl.col("twin")).then(pl.lit(twin))
        return pl.concat_str([doubled, *told, pl.col(UNPARSED)], separator="; ", ignore_nulls=True)

    first = [pl.when(pl.col(i)).then(pl.lit(rule.id)) for i, rule in refusing]
    hidden = {name: value for rule in rules if rule.id == "C11" for name, value in rule.becomes.items()}
    return bad.select(
        *(hidden.get(name, pl.col(name)).alias(name) for name in columns),
        check_id=pl.coalesce([pl.when(pl.col("twin")).then(pl.lit("C4")), *first]),
        action=pl.lit("ROW"),
        reason_en=reasons([rule.en for _, rule in refusing], TWIN_EN),
        reason_zh=reasons([rule.zh for _, rule in refusing], TWIN_ZH),
        delivery="delivery",
    ).sort([*table.key, "check_id", "delivery"], nulls_last=True)
