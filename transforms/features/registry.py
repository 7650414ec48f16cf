"""What the company register and the courts say of a client itself: branches, form, reform, penalties, enforcement.

Kind registry of the table events; rules MGT-16, 23, 30, 49, MOR-01(b), ADD-09; readings G5, G6, G12. Rows lifted or
withdrawn by T do not count.
"""

from collections.abc import Mapping

import polars as pl

from transforms import events
from transforms.arithmetic import within
from transforms.columns import KEYS, C, Period, many
from transforms.shard import Shard

READS = ("events",)
YEAR, HALF_YEAR = 365, 180
FORM = ("lease_out", "contracting_out", "joint_venture", "type_change")
RESTRUCTURED = ("division", "merger", "restructuring", "capital_reduction")
REFORM = ("joint_stock_conversion", "employee_shareholding", "restructuring_plan")
INSOLVENT = ("bankruptcy_filing", "licence_revoked", "deregistered")
ENFORCED = ("executed", "equity_freeze", "dishonest_executee")
# column → subtypes, days (None: without time limit), meaning
COUNTS: Mapping[str, tuple[tuple[str, ...], int | None, str]] = {
    "branches_closed_365": (("branch_close",), YEAR, "branches closed in 365 days"),
    "branches_opened_365": (("branch_open",), YEAR, "branches opened in 365 days"),
    "form_changes_365": (FORM, YEAR, "leases, contracting out, joint ventures, changes of type in 365 days"),
    "form_restructured_365": (RESTRUCTURED, YEAR, "divisions, mergers, restructurings, capital reductions in 365 days"),
    "form_changes_180": ((*FORM, *RESTRUCTURED), HALF_YEAR, "changes of corporate form in 180 days"),
    "reforms_365": (REFORM, YEAR, "reforms of the shareholding or the enterprise in 365 days"),
    "reforms_180": (REFORM, HALF_YEAR, "of them in 180 days"),
    "registry_penalties_365": (("penalty",), YEAR, "penalties registered in 365 days"),
    "safety_orders_365": (("production_safety_order",), YEAR, "production safety orders in 365 days"),
    "insolvency_rows": (INSOLVENT, None, "bankruptcy, revocation or deregistration on the register"),
    "enforcements_365": (ENFORCED, YEAR, "executions, frozen equity, dishonest-debtor listings in 365 days"),
    "abnormal_operations_365": (("abnormal_operation",), YEAR, "listings of abnormal operation in 365 days"),
}
_PERIODS: Mapping[int | None, Period] = {
    YEAR: ("year_ago", "as_of"),
    HALF_YEAR: ("half_year_ago", "as_of"),
    None: (None, "as_of"),
}
PANEL = [
    column
    for name, (_, days, meaning) in COUNTS.items()
    for column in many(
        "events", _PERIODS[days], (f"{name}_keys",), (name, C, meaning), (f"{name}_keys", KEYS, f"{meaning}: the rows")
    )
]


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL; 0 and no keys where nothing is on the register, null where it is not connected."""
    as_of, key = shard.night.as_of, pl.col("key")
    parts = []
    for name, (subtypes, days, _) in COUNTS.items():
        window = within("happened_on", as_of, days) if days is not None else pl.lit(value=True)
        found = key.filter(pl.col("subtype").is_in(subtypes) & window)
        parts += [found.n_unique().cast(pl.Int64).alias(name), found.unique().sort().alias(f"{name}_keys")]
    rows = events.of_clients(shard, events.known(shard, "registry"))
    return shard.per_client(rows.group_by("client_id").agg(parts), "events", "registry")
