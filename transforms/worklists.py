"""What the RMs' worklists are made from: of the night's frames the rows of some RMs and of the clients they concern.

The frames are those of the whole bank, read lazily: an RM's clients lie in any shard. READS says which columns of the judged
frames are needed; FORMS which relationship frames.
"""

from collections.abc import Collection, Mapping
from datetime import date

import polars as pl

DAYS = 3  # of the plan a page each: it is planned anew every night; what is later is a line
READS: Mapping[str, tuple[str, ...]] = {
    "panel": ("client_id", "name", "confidential", "rm_id", "branch_id"),
    "assessments": ("client_id", "risk_level", "relationship_level"),
    "findings": ("client_id", "signal_id", "level", "state", "text_en", "text_zh"),
}
OF_STAFF = ("daily_reports", "daily_follow_ups", "daily_agenda", "self_checks")
OF_CLIENT = ("visit_status", "people", "owed", "complaint_cards", "actions")
FORMS = ("visit_plan", *OF_STAFF, *OF_CLIENT)
Frames = Mapping[str, pl.LazyFrame]


def managers(frames: Frames, as_of: date) -> list[str]:
    """Staff ids of everybody with clients of his own or a contact ahead, sorted."""
    ahead = frames["visit_plan"].filter(pl.col("plan_on") > as_of).select(staff_id="rm_id")
    both = pl.concat([frames["daily_reports"].select("staff_id"), ahead]).unique().drop_nulls().collect()
    return both["staff_id"].sort().to_list()


def gathered(frames: Frames, staff: Collection[str], as_of: date, capacity: int) -> dict[str, pl.DataFrame]:
    """The rows these RMs' worklists need, and `days`: rm_id, plan_on, contacts, minutes, over (more than the capacity).

    `clients` are those of the RMs and those a visit, a follow-up or a check of theirs names, with both levels.
    """
    ahead = pl.col("plan_on").is_null() | (pl.col("plan_on") > as_of)
    plan = frames["visit_plan"].filter(pl.col("rm_id").is_in(list(staff)), ahead)
    said = {name: frames[name].filter(pl.col("staff_id").is_in(list(staff))) for name in OF_STAFF}
    made = {name: rows.collect() for name, rows in {"visit_plan": plan, **said}.items()}
    made["visit_plan"] = made["visit_plan"].sort("rm_id", "plan_on", "seq", "client_id", nulls_last=True)
    met = pl.col("client_id").is_in(_named(made))
    own = frames["panel"].select(READS["panel"]).filter(met | pl.col("rm_id").is_in(list(staff)))
    levels = frames["assessments"].select(READS["assessments"])
    clients = own.collect().join(levels.collect(), on="client_id", how="left").sort("client_id")
    known = pl.col("client_id").is_in(clients["client_id"].to_list())
    findings = frames["findings"].select(READS["findings"]).filter(met, pl.col("state").cast(pl.String) == "standing")
    of_client = {name: frames[name].filter(known).collect() for name in OF_CLIENT}
    return {
        **made,
        **of_client,
        "findings": findings.collect(),
        "clients": clients,
        "days": _days(made, capacity),
        "unvisited": _unvisited(of_client["visit_status"], clients),
    }


def _named(made: Mapping[str, pl.DataFrame]) -> list[str]:
    """Clients that a visit, an item of the agenda, a follow-up or a check names."""
    checks = made["self_checks"]
    lists = [checks.select(client_id=pl.col(name).explode()) for name in ("clients", "others")]
    others = [made[name].select("client_id") for name in ("visit_plan", "daily_agenda", "daily_follow_ups")]
    return pl.concat([*others, *lists])["client_id"].drop_nulls().unique().sort().to_list()


def _days(made: Mapping[str, pl.DataFrame], capacity: int) -> pl.DataFrame:
    """Days with a contact ahead, and the next working day whether it has one or not."""
    plan = made["visit_plan"].filter(pl.col("plan_on").is_not_null())
    both = [plan.select("rm_id", "plan_on"), made["daily_reports"].select(rm_id="staff_id", plan_on="next_day")]
    sums = plan.group_by("rm_id", "plan_on").agg(contacts=pl.len().cast(pl.Int64), minutes=pl.col("est_minutes").sum())
    return (
        pl.concat(both).unique()
        .join(sums, on=["rm_id", "plan_on"], how="left")
        .with_columns(pl.col("contacts", "minutes").fill_null(0), capacity=pl.lit(capacity, pl.Int64))
        .with_columns(over=pl.col("minutes") > capacity)
        .sort("rm_id", "plan_on")
    )  # fmt: skip


def _unvisited(status: pl.DataFrame, clients: pl.DataFrame) -> pl.DataFrame:
    """rm_id, client_id, reason, due_on of the clients without a next date."""
    none = status.filter(pl.col("reason").is_not_null())
    return none.join(clients.select("client_id", "rm_id"), on="client_id").select(
        "rm_id", "client_id", "reason", "due_on"
    ).sort("rm_id", "client_id")  # fmt: skip
