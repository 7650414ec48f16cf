"""Stock against the quarter and the month before, counts that did not tie, sales that drift from output (MGT-05, 08, 09).

Filings come from features/statements.py, the client's return from features/returns.py. Readings G5, G8, G10, G15, MGT-08.
"""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import growth, ratio
from transforms.columns import DAY, TEXT, M, R, S, many
from transforms.features import returns, statements
from transforms.features.returns import FRESH, MONTHS, value_at, whole
from transforms.shard import Shard

READS = ("series", "statements")
QUARTER, YEAR, YEARS = 3, 12, 3  # months; the usual step is the median of three years
SHIPMENT_MONTHS = 3
STOCKTAKE_DAYS = 365
VARIED, VARIED_BEFORE = 6, 12  # months

PANEL = [
    *many(
        "statements",
        ("inventory_previous_on", "statement_period_end"),
        ("statement_key", "inventory_previous_key"),
        ("inventory_previous", M, "inventory of the quarter before the newest statement"),
        ("inventory_previous_on", DAY, "that quarter's end"),
        ("inventory_previous_key", TEXT, "its filing"),
        ("inventory_step", R, "growth of inventory on the quarter before"),
        ("inventory_step_usual", R, "median growth in the same quarter of the three years before"),
    ),
    *many(
        "series",
        (None, "inventory_units_on"),
        ("inventory_units_key",),
        ("inventory_units_previous", S, "stock of the month before the newest filed"),
        ("inventory_units_step", R, "growth of stock on the month before"),
        ("inventory_units_step_usual", R, "median growth in the same month of the three years before"),
        ("shipments_3", S, "shipments of the three months up to the newest stock"),
    ),
    *many(
        "series",
        (None, "stocktake_on"),
        ("stocktake_key",),
        ("stocktake_variance", R, "difference the newest stocktake found"),
        ("stocktake_on", DAY, "its day"),
        ("stocktake_key", TEXT, "its row"),
    ),
    *many(
        "series",
        (None, "output_units_on"),
        ("output_units_key",),
        ("sales_variation_6", R, "coefficient of variation of shipments over output, six months"),
        ("sales_variation_12", R, "of the twelve months before"),
    ),
]
COLUMNS = [column.name for column in PANEL]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; null where the filing or the return it needs is not there, stale or begins at nothing."""
    frame = shard.ids()
    for part in (_quarters(shard), _units(shard), _stocktake(shard), _variation(shard)):
        frame = frame.join(part, on="client_id", how="left")
    return frame.select("client_id", *COLUMNS).sort("client_id")


def _backs(lead: int) -> list[int]:
    """Months back of the values the steps of this year and the three before need, `lead` months apart."""
    return [YEAR * n + more for n in range(YEARS + 1) for more in (0, lead)]


def _steps(name: str, lead: int) -> tuple[pl.Expr, pl.Expr]:
    """The newest step and the median of the same step one, two and three years before, null unless all three are known.

    Columns `<name>_<months back>` hold the values.
    """
    newest, *before = [growth(f"{name}_{YEAR * n}", f"{name}_{YEAR * n + lead}") for n in range(YEARS + 1)]
    known = pl.all_horizontal([step.is_not_null() for step in before])
    return newest.round(9), pl.when(known).then(pl.concat_list(before).list.median().round(9))


def _quarters(shard: Shard) -> pl.LazyFrame:
    """client_id and inventory of the newest statement's quarter beside the quarter before, in the statement's scope."""
    filings = statements.known(shard.night, shard.table("statements"))
    period = ["party_id", "scope", "period_end"]
    best = filings.filter(pl.col("order") == pl.col("order").max().over(period)).select(*period, "inventory", "key")
    newest = (
        shard.done["statements"]
        .filter(~pl.col("statement_stale"))
        .select(party_id="client_id", scope="statement_scope", newest="statement_period_end")
    )
    end = pl.col("newest").dt.offset_by(pl.format("-{}mo", "back")).dt.month_end()
    ends = newest.join(pl.LazyFrame({"back": _backs(QUARTER)}), how="cross").with_columns(period_end=end)
    at = pl.col("back")
    wide = (
        ends.join(best, on=period, how="left")
        .group_by("party_id")
        .agg(
            *(pl.col("inventory").filter(at == back).first().alias(f"inventory_{back}") for back in _backs(QUARTER)),
            *(pl.col(c).filter(at == QUARTER).first().alias(f"{c}_before") for c in ("period_end", "key")),
        )
    )
    step, usual = _steps("inventory", QUARTER)
    found = pl.col("key_before").is_not_null()
    return wide.select(
        client_id="party_id",
        inventory_previous=f"inventory_{QUARTER}",
        inventory_previous_on=pl.when(found).then("period_end_before"),
        inventory_previous_key="key_before",
        inventory_step=step,
        inventory_step_usual=usual,
    )


def _units(shard: Shard) -> pl.LazyFrame:
    """client_id and what the return says of stock and, up to the same month, of shipments."""
    shipped = pl.col("shipments_months").list.slice(
        MONTHS - pl.col("inventory_units_lag") - SHIPMENT_MONTHS, SHIPMENT_MONTHS
    )
    fresh = pl.col("inventory_units_lag") <= FRESH
    step, usual = _steps("units", 1)
    return (
        shard.done["returns"]
        .with_columns(value_at("inventory_units", back).alias(f"units_{back}") for back in _backs(1))
        .select(
            "client_id",
            inventory_units_previous="units_1",
            inventory_units_step=step,
            inventory_units_step_usual=usual,
            shipments_3=pl.when(fresh).then(whole(shipped, SHIPMENT_MONTHS).list.sum()),
        )
    )


def _stocktake(shard: Shard) -> pl.LazyFrame:
    """client_id and the newest stocktake of the last 365 days."""
    since = shard.night.as_of - timedelta(days=STOCKTAKE_DAYS)
    rows = returns.filed(shard, "stocktake_variance").filter(pl.col("period_end") >= since)
    return (
        rows.sort("client_id", "period_end")
        .group_by("client_id")
        .agg(
            stocktake_variance=pl.col("value").last(),
            stocktake_on=pl.col("period_end").last(),
            stocktake_key=pl.col("key").last(),
        )
    )


def _variation(shard: Shard) -> pl.LazyFrame:
    """client_id and the coefficient of variation (sample deviation over mean) of shipments over output in both windows.

    Windows end at the newest month both are filed for; a month without output leaves its window unknown.
    """
    both = pl.max_horizontal("shipments_lag", "output_units_lag")
    known = pl.col("shipments_lag").is_not_null() & pl.col("output_units_lag").is_not_null() & (both <= FRESH)
    months = (
        shard.done["returns"]
        .filter(known)
        .select("client_id", newest=both, shipments="shipments_months", output="output_units_months")
        .explode("shipments", "output", empty_as_null=True)
        .with_columns(back=MONTHS - 1 - pl.int_range(pl.len()).over("client_id") - pl.col("newest"))
        .with_columns(sold=ratio(pl.col("shipments"), pl.col("output")))
    )

    def variation(first: int, length: int) -> pl.Expr:
        sold = pl.col("sold").filter(pl.col("back").is_between(first, first + length - 1))
        varied = pl.when(sold.mean() > 0).then(sold.std() / sold.mean())
        return pl.when(sold.count() == length).then(varied).round(9)

    return months.group_by("client_id").agg(
        sales_variation_6=variation(0, VARIED), sales_variation_12=variation(VARIED, VARIED_BEFORE)
    )
