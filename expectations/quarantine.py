"""Good rows from refused ones: twins and outdated rows first, then the masks; and why, in words."""

from collections.abc import Sequence

import polars as pl

from expectations.casts import UNPARSED
from expectations.model import Action, Table
from expectations.rules import Rule

_DELIVERED = ("delivery", "delivered_on")  # a database's delivery has rows of several days
TWIN_EN, TWIN_ZH = "key stands twice with different values", "主键重复且内容不同"


def collapse(table: Table, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Rows without those that only repeat the key's row before them, or another of their own delivery (check C4).

    With which of them had a key that came twice: the only ones `outdated` need look at.
    """
    repeated = rows.select(pl.struct(table.key).is_duplicated()).to_series()
    if not repeated.any():
        return rows, repeated
    content = [*(column.name for column in table.columns), UNPARSED]
    again = rows.filter(repeated).sort(_order(table))
    if table.mode != "upsert":
        again = again.unique([*content, *_DELIVERED], keep="first", maintain_order=True)
    unlike = [pl.col(name).ne_missing(pl.col(name).shift(1)) for name in content]
    disputed = _disputed(table) | _disputed(table).shift(1, fill_value=False)
    distinct = again.filter(pl.any_horizontal(*unlike, disputed, pl.int_range(pl.len()) == 0))
    kept = ~repeated | rows["row_number"].is_in(distinct["row_number"].implode())
    return rows.filter(kept), repeated.filter(kept)


def _order(table: Table) -> list[str]:
    """Columns by which rows of one key follow each other: an upsert's as recorded, others as delivered."""
    recorded = [table.recorded] if table.recorded and table.mode == "upsert" else []
    return [*table.key, *recorded, "delivered_on", "row_number"]


def _disputed(table: Table) -> pl.Expr:
    """One delivery says different things of the key on one day; of an upsert its last row counts."""
    return pl.lit(value=False) if table.mode == "upsert" else pl.len().over([*table.key, *_DELIVERED]) > 1


def outdated(table: Table, rows: pl.DataFrame, repeated: pl.Series, refused: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which rows a later one replaces, and which stand twice in one delivery with different values (check C4).

    Of one key the latest row that is not refused stays, the later delivery's or of an upsert the later recorded one:
    older ones are superseded, a refused newer one does not displace it. A replay of an earlier day reads fewer
    deliveries, so it sees the older row.
    """
    if not repeated.any():
        return repeated, repeated
    order = _order(table)
    again = rows.select(*order, *(name for name in _DELIVERED if name not in order), refused=refused).filter(repeated)
    later = again.filter(pl.all_horizontal(pl.col(table.key).is_not_null())).sort(order, nulls_last=False)
    placed = later.with_columns(twin=_disputed(table)).with_row_index("place")
    newest = pl.col("place").filter(~pl.col("refused") & ~pl.col("twin")).max().over(table.key)
    judged = placed.with_columns(old=(pl.col("place") < newest).fill_null(value=False))
    numbers = rows["row_number"]
    old, twin = (numbers.is_in(judged.filter(mask)["row_number"].implode()) for mask in (pl.col("old"), pl.col("twin")))
    return old, twin


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
    hidden = {
        name: pl.when(pl.col(str(i))).then(value).otherwise(pl.col(name))
        for i, rule in enumerate(rules)
        if rule.id == "C11"
        for name, value in rule.becomes.items()
    }
    return bad.select(
        *(hidden.get(name, pl.col(name)).alias(name) for name in columns),
        check_id=pl.coalesce([pl.when(pl.col("twin")).then(pl.lit("C4")), *first]),
        action=pl.lit("ROW"),
        reason_en=reasons([rule.en for _, rule in refusing], TWIN_EN),
        reason_zh=reasons([rule.zh for _, rule in refusing], TWIN_ZH),
        delivery="delivery",
    ).sort([*table.key, "check_id", "delivery"], nulls_last=True)
