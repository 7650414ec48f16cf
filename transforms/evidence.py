"""What a finding tells: the number beside its limit, the period, the source rows, the facts, the sentences.

All clients of whom one test leads at once, column by column: row by row it took ten times as long.
"""

from collections.abc import Callable, Iterable

import polars as pl

from transforms.arithmetic import EXACT
from transforms.contracts import empty
from transforms.night import Night
from transforms.panel import COLUMNS, UNITS
from transforms.policy import Policy
from transforms.signal import Signal, Test
from transforms.standing import HITS
from transforms.text import say


def columns(test: Test) -> list[str]:
    """Panel columns a finding of the test needs: client, facts, their periods and keys."""
    around = [n for c in test.columns for n in (*COLUMNS[c].period, *COLUMNS[c].keys) if n]
    return list(dict.fromkeys(["client_id", *test.columns, *around]))


def told(fired: pl.DataFrame, signal: Signal, test: Test, policy: Policy, night: Night) -> pl.DataFrame:
    """The findings of the clients in `fired`, in its order: as_of to text_zh of FINDINGS, without what nights settle.

    `fired` holds `columns(test)`, `level` (ANSWER) and `confirm` (Boolean).
    """
    lead, of = test.condition.lead, policy.resolve(signal)
    unit = lead.measure.unit.value if lead is not None else None
    value = lead.measure.expr.cast(pl.Float64).round(EXACT) if lead is not None else pl.lit(None, pl.Float64)
    feeds = [night.feeds[COLUMNS[c].table] for c in test.condition.columns if COLUMNS[c].table in night.feeds]
    compared = lead.measure.expr.meta.root_names() if lead is not None else test.condition.columns
    starts, ends = zip(*(COLUMNS[c].period for c in compared), strict=True) if compared else ((), ())
    facts = fired.with_columns(value=value, limit=pl.lit(of(lead.limit) if lead is not None else None, pl.Float64))
    units = {**UNITS, "value": unit or "", "limit": unit or ""}
    says = {
        "as_of": pl.lit(night.as_of),
        "client_id": pl.col("client_id"),
        "signal_id": pl.lit(signal.id),
        "level": pl.col("level").cast(pl.String),
        "family": pl.lit(signal.family),
        "value": pl.col("value"),
        "limit": pl.col("limit"),
        "comparison": pl.lit(lead.comparison if lead is not None else None),
        "unit": pl.lit(unit),
        "measure": pl.lit(test.name),
        "period_from": _outermost(pl.min_horizontal, starts),
        "period_to": _outermost(pl.max_horizontal, ends),
        "evidence": _json(facts, test.columns),
        "source_keys": _keys(facts, test),
        "feed_as_of": pl.lit(min(feeds) if feeds else None),
        "confirm": pl.col("confirm"),
        "rule_version": pl.lit(signal.version(of)),
        "text_en": pl.lit(say(test.en, facts, units, night.home_currency, "en")),
        "text_zh": pl.lit(say(test.zh, facts, units, night.home_currency, "zh")),
    }
    return facts.select(says[name].cast(dtype).alias(name) for name, dtype in HITS.items())


def gather(found: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All of them in one frame of HITS, every finding's source keys each once and sorted."""
    hits = pl.concat([empty(HITS), *found]).with_row_index("row")
    several = (
        hits.select("row", key="source_keys").filter(pl.col("key").list.len() > 1).explode("key", empty_as_null=True)
    )
    # Sorted as rows: Polars sorts short lists of text a hundred times slower.
    ordered = several.unique().sort("row", "key").group_by("row", maintain_order=True).agg("key")
    return (
        hits.join(ordered, on="row", how="left", maintain_order="left")
        .with_columns(source_keys=pl.coalesce("key", "source_keys"))
        .select(HITS.names())
    )


def _outermost(pick: Callable[[list[pl.Expr]], pl.Expr], names: Iterable[str | None]) -> pl.Expr:
    """The earliest or latest of those dates of the panel that are known."""
    dates = [pl.col(name) for name in dict.fromkeys(names) if name]
    return pick(dates) if dates else pl.lit(None, pl.Date)


def _keys(facts: pl.DataFrame, test: Test) -> pl.Expr:
    """The keys of the source rows the facts were computed from, as the columns bring them."""
    names = dict.fromkeys(key for column in test.columns for key in COLUMNS[column].keys)
    nothing = pl.lit([], pl.List(pl.String))
    lists = [
        (pl.col(n) if facts.schema[n] == pl.List else pl.when(pl.col(n) != "").then(pl.concat_list(n))).fill_null(
            nothing
        )
        for n in names
    ]
    return pl.concat_list(lists).list.drop_nulls() if lists else nothing


def _json(facts: pl.DataFrame, names: list[str]) -> pl.Expr:
    """A JSON object of the facts, keys sorted."""
    rounded = [pl.col(n).round(EXACT) if facts.schema[n].is_float() else pl.col(n) for n in sorted(names)]
    return pl.struct(rounded).struct.json_encode()
