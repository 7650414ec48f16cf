"""How much of the sales comes in through our accounts, against our share of the client's bank debt.

Rule ADD-07 and its reading, G8, S1, S4. A year ago: the twelve full months before, the report and the loans of the day twelve
months before T, the twelve months' revenue of the statement a year before.
"""

import polars as pl

from transforms.arithmetic import EXACT, lag, ratio, total
from transforms.columns import M, R, X, many
from transforms.features.nonbank import reports
from transforms.night import months_before
from transforms.shard import Shard

READS = ("bureau_reports",)
YEAR = 12
_KEYS = ("flow_key", "statement_key", "lenders_report_key", "loan_keys")

PANEL = [
    *many(
        "transactions",
        ("year_ago", "as_of"),
        _KEYS,
        ("opin_12_before", M, "inflow of the twelve months before the last twelve"),
        ("routed_share", R, "inflow of twelve months over revenue of twelve months"),
        ("routed_share_year_ago", R, "twelve months before"),
    ),
    *many(
        "bureau_reports",
        ("year_ago", "as_of"),
        _KEYS,
        ("bank_debt_share", R, "our share of the client's debt to banks"),
        ("routing", X, "share of the sales routed here over our share of the bank debt"),
    ),
    *many(
        "bureau_reports",
        ("lenders_report_year_ago_on", "lenders_report_year_ago_on"),
        ("statement_year_ago_key", "lenders_report_year_ago_key"),
        ("bank_debt_share_year_ago", R, "our share of the debt to banks twelve months before"),
        ("routing_year_ago", X, "the same twelve months before"),
    ),
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Null where a part is: no fresh report or statement, no revenue, no loan of ours on balance."""
    night = shard.night
    before = pl.col("lag").is_between(YEAR, 2 * YEAR - 1)
    moved = (
        shard.monthly["months"]
        .with_columns(lag=lag(night.last_full_month))
        .group_by("client_id")
        .agg(opin_12_before=total(pl.col("opin").filter(before)))
    )
    frame = (
        shard.done["transactions"]
        .select("client_id", "history_months", "opin_12")
        .join(moved, on="client_id", how="left")
        .with_columns(opin_12_before=pl.when(pl.col("history_months") >= 2 * YEAR).then("opin_12_before"))
        .join(
            shard.done["statements"].select("client_id", "revenue_ttm", "revenue_ttm_year_ago"),
            on="client_id",
            how="left",
        )
        .join(
            shard.done["credit"].select("client_id", "outstanding_on_balance", "balance_out_year_ago"),
            on="client_id",
            how="left",
        )
        .join(reports(shard, night.as_of), on="client_id", how="left")
        .join(reports(shard, months_before(night.as_of, YEAR), "_year_ago"), on="client_id", how="left")
    )
    parts = {"": ("opin_12", "outstanding_on_balance"), "_year_ago": ("opin_12_before", "balance_out_year_ago")}
    for suffix, (inflow, ours) in parts.items():
        debt = pl.col(ours) + pl.col(f"other_banks_debt{suffix}")
        frame = frame.with_columns(
            ratio(pl.col(inflow), pl.col(f"revenue_ttm{suffix}")).alias(f"routed_share{suffix}"),
            ratio(pl.col(ours), debt).alias(f"bank_debt_share{suffix}"),
        ).with_columns(
            pl.when(pl.col(f"bank_debt_share{suffix}") > 0)
            .then((pl.col(inflow) / pl.col(f"revenue_ttm{suffix}")) / (pl.col(ours) / debt))
            .round(EXACT)
            .alias(f"routing{suffix}")
        )
        # A revenue of nothing or less was left out with the share.
        frame = frame.with_columns(
            pl.when(pl.col(f"routed_share{suffix}").is_not_null()).then(f"routing{suffix}").alias(f"routing{suffix}")
        )
    return frame.select("client_id", *(column.name for column in PANEL)).sort("client_id")
