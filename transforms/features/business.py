"""Whether the client does something else, or somewhere else, than before: registry entries and the industries it deals with.

Rules MGT-02 and MGT-04, readings S1, S2, G12. A counterparty's industry is known only when it is a party of the register with
a code: letter and two digits of GB/T 4754 (a shorter code stands for itself).
"""

import polars as pl

from transforms.arithmetic import EXACT, lag, ratio, total
from transforms.columns import KEYS, C, M, R, S, many
from transforms.events import flagged, known, of_clients
from transforms.shard import Shard

READS = ("events", "parties")
CHANGES = ("scope_change", "name_change", "industry_code_change")
EXPANSIONS = ("branch_open", "outbound_investment", "subsidiary_open")
CHANGE_DAYS, EXPANSION_DAYS, NEW_DAYS = 180, 365, 180
NOW, BEFORE, YEAR = 6, 12, 12  # months
ATTRIBUTED = 0.60  # of the inflow of either window must come from payers of a known industry, else the mix is unknown
DIVISION = 3  # characters of a code: letter and two digits

PANEL = [
    *many(
        "events",
        ("half_year_ago", "as_of"),
        ("business_change_keys",),
        ("business_changes_180", C, "registered changes of scope, name or industry in 180 days"),
        ("business_change_keys", KEYS, "their rows"),
    ),
    *many(
        "events",
        ("year_ago", "as_of"),
        ("expansion_keys",),
        ("expansions_365", C, "branches, subsidiaries, investments in a new industry or province, 365 days"),
        ("expansion_keys", KEYS, "their rows"),
    ),
    *many(
        "transactions",
        (None, "as_of"),
        ("flow_key",),
        ("payer_mix_similarity", S, "cosine of the inflow by payer's industry, six months against the twelve before"),
        ("payer_mix_known", R, "share of the inflow with a known industry, the lower of the two windows"),
    ),
    *many(
        "transactions",
        ("year_ago", "as_of"),
        ("flow_key",),
        ("new_industry_out_12", M, "paid in twelve months to counterparties and industries first seen in 180 days"),
    ),
]


def _registered(shard: Shard) -> list[pl.LazyFrame]:
    """Frames per client: the changes of 180 days, the expansions into something new of 365 days, with their rows."""
    changes = known(shard, "registry", CHANGE_DAYS).filter(pl.col("subtype").is_in(CHANGES))
    opened = known(shard, "registry", EXPANSION_DAYS).filter(
        pl.col("subtype").is_in(EXPANSIONS), flagged("new_industry") | flagged("new_region")
    )
    counted = {"business_changes_180": (changes, "business_change_keys"), "expansions_365": (opened, "expansion_keys")}
    return [
        shard.per_client(
            of_clients(shard, rows)
            .unique("event_id")
            .group_by("client_id")
            .agg(pl.len().cast(pl.Int64).alias(name), pl.col("key").sort().alias(keys)),
            "events",
            "registry",
        )
        for name, (rows, keys) in counted.items()
    ]


def _with_division(shard: Shard) -> pl.LazyFrame:
    """The monthly turnover by counterparty with `division` (null = unknown) and `lag`."""
    industries = (
        shard.table("parties")
        .filter(pl.col("industry_code").is_not_null())
        .select(counterparty="party_id", division=pl.col("industry_code").str.head(DIVISION))
    )
    return (
        shard.monthly["counterparties"]
        .join(industries, on="counterparty", how="left")
        .with_columns(lag=lag(shard.night.last_full_month))
    )


def _mix(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, payer_mix_similarity, payer_mix_known; null when 18 months of history are not there."""
    now, before = pl.col("lag").is_between(0, NOW - 1), pl.col("lag").is_between(NOW, NOW + BEFORE - 1)
    windows = {"now": now, "before": before}
    whole = (
        shard.monthly["months"]
        .with_columns(lag=lag(shard.night.last_full_month))
        .group_by("client_id")
        .agg(total(pl.col("opin").filter(window)).alias(f"all_{name}") for name, window in windows.items())
    )
    paid = rows.filter(pl.col("direction") == "in", pl.col("division").is_not_null())
    by_industry = (
        paid.group_by("client_id", "division")
        .agg(total(pl.col("amount").filter(window)).cast(pl.Float64).alias(name) for name, window in windows.items())
        .sort("client_id", "division")  # a fixed order, so that float sums have one value
    )
    x, y = pl.col("now"), pl.col("before")
    lengths = (x * x).sum().sqrt() * (y * y).sum().sqrt()
    mixed = by_industry.group_by("client_id", maintain_order=True).agg(
        cosine=pl.when(lengths > 0).then((x * y).sum() / lengths),
        known_now=total(x),
        known_before=total(y),
    )
    shares = [ratio(pl.col(f"known_{name}"), pl.col(f"all_{name}")) for name in windows]
    both = pl.all_horizontal(share.is_not_null() for share in shares)
    return (
        shard.done["transactions"]
        .filter(pl.col("history_months") >= NOW + BEFORE)
        .select("client_id")
        .join(whole, on="client_id")
        .join(mixed, on="client_id")
        .with_columns(payer_mix_known=pl.when(both).then(pl.min_horizontal(shares)))
        .select(
            "client_id",
            "payer_mix_known",
            payer_mix_similarity=pl.when(pl.col("payer_mix_known") >= ATTRIBUTED).then(pl.col("cosine").round(EXACT)),
        )
    )


def _new_industries(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """client_id, new_industry_out_12: paid in twelve months into industries the client never dealt with before.

    A counterparty or an industry is seen on the first day of turnover with it, in or out, over the whole history; the
    client's own industry is never new.
    """
    recent = pl.lit(shard.night.as_of) - pl.duration(days=NEW_DAYS)
    own = shard.done["identity"].select("client_id", own=pl.col("industry_code").str.head(DIVISION))
    first = pl.col("first_on").min()
    seen = rows.filter(pl.col("division").is_not_null()).with_columns(
        counterparty_first=first.over("client_id", "counterparty"), industry_first=first.over("client_id", "division")
    )
    return (
        seen.join(own, on="client_id")
        .filter(
            pl.col("direction") == "out",
            pl.col("lag").is_between(0, YEAR - 1),
            pl.col("counterparty_first") > recent,
            pl.col("industry_first") > recent,
            (pl.col("division") != pl.col("own")).fill_null(True),
        )
        .group_by("client_id")
        .agg(new_industry_out_12=total(pl.col("amount")), found=pl.lit(True))
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. The flags of the registry row say what is new to the client (new_industry, new_region).

    new_industry_out_12 is 0 when nothing went there and null when twelve months of history are not there.
    """
    rows = _with_division(shard)
    frame = shard.done["transactions"].select("client_id", "history_months")
    for part in (*_registered(shard), _mix(shard, rows), _new_industries(shard, rows)):
        frame = frame.join(part, on="client_id", how="left")
    went = pl.when(pl.col("found")).then("new_industry_out_12").otherwise(0)
    return (
        frame.with_columns(new_industry_out_12=pl.when(pl.col("history_months") >= YEAR).then(went))
        .select("client_id", *(column.name for column in PANEL))
        .sort("client_id")
    )
