"""Prices of a client's deals against fair value, and what it paid for intangibles, over 365 days.

From the table events, kind deal (input-model.md 5.1), party_links and the statements; rules FIN-22, FIN-28 and their
readings, G5, G21, S2.
"""

import polars as pl

from transforms import events
from transforms.arithmetic import EXACT, within
from transforms.columns import FLAG, KEYS, C, M, R, many
from transforms.dealings import DAYS, deals
from transforms.shard import Shard

READS = ("events", "party_links")
SHARE_OF_ASSETS, AT_LEAST = 0.01, 100_000_000  # a deal is judged from the larger: 1% of total assets, one million
INTANGIBLE = "intangible_purchase"
CLEARLY_OVER = 1.30  # of fair value, as for every deal

_YEAR = ("year_ago", "as_of")
PANEL = [
    *many(
        "events",
        _YEAR,
        ("deal_keys",),
        ("deals_material", C, "deals of 365 days that are large enough to be judged by price"),
        ("deal_discount", R, "furthest a price lies below fair value, a fraction of it"),
        ("deal_premium", R, "furthest a price lies above fair value, a fraction of it"),
        ("deal_discount_open", R, "furthest below fair value, deals that may be large enough"),
        ("deal_premium_open", R, "furthest above fair value, deals that may be large enough"),
        ("deals_unvalued", FLAG, "the fair value of a deal that is or may be large enough is unknown"),
        ("deal_discount_related", R, "furthest below fair value, deals with related parties"),
        ("deal_premium_related", R, "furthest above fair value, deals with related parties"),
        (
            "deal_discount_related_open",
            R,
            "furthest below fair value, deals that may be large and with a related party",
        ),
        ("deal_premium_related_open", R, "furthest above fair value, deals that may be large and with a related party"),
        ("related_deals_unvalued", FLAG, "so for a deal that was or may have been with a related party"),
        ("deal_keys", KEYS, "those deals"),
        ("intangible_overpriced", M, "largest price of intangibles bought over 130% of fair value"),
        ("intangible_unappraised", M, "largest price of intangibles bought without an appraisal"),
        ("intangible_related", M, "largest price of intangibles bought from a related party"),
        ("intangible_unvalued", M, "largest price of intangibles bought whose fair value is unknown"),
        ("intangible_seller_unknown", M, "largest price of intangibles bought from a party that may be related"),
        ("intangible_keys", KEYS, "purchases of intangibles"),
    ),
    *many(
        "events",
        ("statement_year_ago_period_end", "as_of"),
        ("intangible_keys",),
        ("intangible_purchases_since", C, "purchases of intangibles since the statement a year before"),
    ),
]


def _priced(shard: Shard) -> pl.LazyFrame:
    """client_id and how far the prices of the material deals lie off fair value; 0 without any.

    `_open`: of those deals that may count, their size or their other side being unknown.
    """
    assets = shard.done["statements"].select("client_id", "total_assets")
    price, base = pl.col("amount"), pl.col("total_assets")
    over = pl.when(pl.col("ref_amount") > 0).then(price / pl.col("ref_amount") - 1).round(EXACT)
    large = (
        pl.when(base > 0).then((price / base).round(EXACT) >= SHARE_OF_ASSETS).when(base <= 0).then(pl.lit(value=True))
    )
    rows = (
        deals(shard)
        .join(assets, on="client_id", how="left")
        .with_columns(over=over, material=(price >= AT_LEAST) & large)
        .filter(pl.col("material").fill_null(value=True))
    )
    surely, related = pl.col("material").fill_null(value=False), pl.col("related").fill_null(value=False)
    perhaps_related = pl.col("related").fill_null(value=True)
    whose = {
        "": surely,
        "_open": ~surely,
        "_related": surely & related,
        "_related_open": perhaps_related & ~(surely & related),
    }

    def furthest(off: pl.Expr, where: pl.Expr) -> pl.Expr:
        return off.filter(where).max().fill_null(0.0).clip(lower_bound=0)

    return rows.group_by("client_id").agg(
        *(furthest(-pl.col("over"), where).alias(f"deal_discount{name}") for name, where in whose.items()),
        *(furthest(pl.col("over"), where).alias(f"deal_premium{name}") for name, where in whose.items()),
        deals_material=pl.len().cast(pl.Int64),
        deals_unvalued=pl.col("over").is_null().any(),
        related_deals_unvalued=(pl.col("over").is_null() & perhaps_related).any(),
        deal_keys=pl.col("key").sort(),
    )


def _intangibles(shard: Shard) -> pl.LazyFrame:
    """client_id and the largest prices paid for intangibles, by what is wrong with the purchase."""
    price, fair = pl.col("amount"), pl.col("ref_amount")
    overpriced = ((price / fair).round(EXACT) > CLEARLY_OVER) & (fair > 0)
    wrong = {
        "intangible_overpriced": overpriced.fill_null(value=False),
        "intangible_unappraised": ~events.flagged("appraised"),
        "intangible_related": pl.col("related").fill_null(value=False),
        "intangible_unvalued": ~(fair > 0).fill_null(value=False),
        "intangible_seller_unknown": pl.col("related").is_null(),
    }
    return (
        deals(shard, INTANGIBLE)
        .group_by("client_id")
        .agg(
            *(price.filter(kind).max().fill_null(0).alias(name) for name, kind in wrong.items()),
            intangible_keys=pl.col("key").sort(),
        )
    )


def _since(shard: Shard) -> pl.LazyFrame:
    """client_id, intangible_purchases_since: those after the period end of the statement a year before the newest.

    Without such a statement those of 365 days: a purchase is on record then, whatever was added.
    """
    start = shard.done["statements"].select("client_id", "statement_year_ago_period_end")
    after = pl.col("happened_on") > pl.col("statement_year_ago_period_end")
    return (
        deals(shard, INTANGIBLE, days=None)
        .join(start, on="client_id")
        .filter(after.fill_null(within("happened_on", shard.night.as_of, DAYS)))
        .group_by("client_id")
        .agg(intangible_purchases_since=pl.len().cast(pl.Int64))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; 0 and false where no such deal was made, null where deals are not connected."""
    frame = shard.ids()
    for part in (_priced(shard), _intangibles(shard), _since(shard)):
        frame = frame.join(shard.per_client(part, "events", "deal"), on="client_id")
    none = pl.col("deals_material") == 0
    off = [
        f"deal_{way}{who}{sure}"
        for way in ("discount", "premium")
        for who in ("", "_related")
        for sure in ("", "_open")
    ]
    return (
        frame.with_columns(pl.when(none).then(0.0).otherwise(name).alias(name) for name in off)
        .select("client_id", *(column.name for column in PANEL))
        .sort("client_id")
    )
