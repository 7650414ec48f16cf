"""clients 客户: one corporate client of this bank."""

from datetime import timedelta

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table, TableCheck

LOST_SHARE = 0.005


def _lost(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> tuple[str, str] | None:
    """More than 0.5 % of the clients of the night before are gone."""
    before = list(delivery.previous_clients or ())
    if not before:
        return None
    now = set(rows.select("client_id").collect()["client_id"])
    gone = sum(client not in now for client in before)
    if gone <= LOST_SHARE * len(before):
        return None
    return f"lacks {gone} of the {len(before)} clients of the night before", f"缺少上一晚{len(before)}户中的{gone}户"


TABLE = Table(
    name="clients",
    zh="客户",
    en="one corporate client of this bank",
    core=True,
    mode="snapshot",
    stale_after=3,
    columns=(
        Column("client_id", "客户编号", "id", "k!", "= parties.party_id", references="parties"),
        Column("status", "客户状态", "e:client_status", "!", "only active and dormant are assessed"),
        Column("client_kind", "客户类别", "e:client_kind", "!", "drives NOT_APPLICABLE"),
        Column("branch_id", "归属机构", "id", "!"),
        Column("group_id", "集团编号", "id", "?", "party of the group's top company", references="parties"),
        Column("relationship_start", "建立合作日期", "date", "!", "first account or loan"),
        Column("tier", "客户级别", "e:tier", "?", "the bank's own grade; null = computed grade is used"),
        Column(
            "tier_set_on", "评级日期", "date", "c", "required when tier is given", when=pl.col("tier").is_not_null()
        ),
        Column("difficult", "难以打交道", "bool", "?", "the seed's fourth reason to look after a client closely"),
        Column("internal_rating", "内部评级", "text", "?", "at most 10 characters", length=10),
        Column("internal_pd", "违约概率", "ratio", "?", "0 to 1", low=0, high=1),
        Column("basic_account_here", "基本户在我行", "bool", "?", "our bank is the basic-account bank"),
        Column("reporting_freq", "报表报送频率", "e:reporting_freq", "!", "what the client must file; none = no duty"),
        Column("site_distance_km", "距离", "float", "?", "branch to plant, by road, 0 to 5,000", low=0, high=5000),
        Column("anniversary_mmdd", "纪念日(月日)", "mmdd", "?", "day the client celebrates; default = founding day"),
        Column("no_marketing", "拒绝营销", "bool", "!", "true: only service and credit contacts are suggested"),
        Column("confidential", "涉密", "bool", "!", "name is masked in every report"),
    ),
    checks=(
        Check(
            "K3",
            Action.WARN,
            "the grade was set more than 400 days ago",
            "客户级别评定已超过400天",
            lambda rows, clean, delivery: rows.filter(
                pl.col("tier_set_on") < delivery.as_of - timedelta(days=400)
            ).select("row_number"),
        ),
    ),
    table_checks=(TableCheck("K5", Action.STOP, _lost),),
)
