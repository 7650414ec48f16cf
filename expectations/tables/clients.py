"""clients 客户: one corporate client of this bank."""

from datetime import timedelta

import polars as pl

from expectations.model import Action, Breach, Check, Clean, Column, Delivery, Table, TableCheck

LOST_SHARE = 0.005


def _lost(rows: pl.LazyFrame, delivery: Delivery) -> int:
    """How many clients of the night before are not there."""
    before = pl.LazyFrame({"client_id": list(delivery.previous_clients)}, schema={"client_id": pl.String})
    return int(before.join(rows, on="client_id", how="anti").select(pl.len()).collect().item())


def _many_lost(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """More than 0.5 % of the clients of the night before are gone."""
    gone, before = _lost(rows, delivery), len(delivery.previous_clients)
    if gone <= LOST_SHARE * before:
        return None
    return Breach(
        gone, f"lacks {gone} of the {before} clients of the night before", f"缺少上一晚{before}户中的{gone}户"
    )


def _some_lost(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """A client of the night before is gone."""
    gone = _lost(rows, delivery)
    return Breach(gone, f"{gone} clients of the night before are gone", f"上一晚的{gone}户客户消失") if gone else None


TABLE = Table(
    name="clients",
    zh="客户",
    en="one corporate client of this bank",
    grain_zh="本行的一户公司客户",
    core=True,
    mode="snapshot",
    stale_after=3,
    columns=(
        Column(
            "client_id",
            "客户编号",
            "id",
            "k!",
            "= parties.party_id",
            "等于parties.party_id",
            source="B010001",
            references="parties",
        ),
        Column(
            "status",
            "客户状态",
            "e:client_status",
            "!",
            "only active and dormant are assessed",
            "只评估active（有效）与dormant（休眠）客户",
            source="CRM",
        ),
        Column(
            "client_kind",
            "客户类别",
            "e:client_kind",
            "!",
            "drives NOT_APPLICABLE",
            "决定信号是否适用",
            source="B010026",
        ),
        Column("branch_id", "归属机构", "id", "!", source="B010002 机构ID"),
        Column(
            "group_id",
            "集团编号",
            "id",
            "?",
            "party of the group's top company",
            "集团最高层公司的主体编号",
            source="C030007 集团ID",
            references="parties",
        ),
        Column(
            "relationship_start",
            "建立合作日期",
            "date",
            "!",
            "first account or loan",
            "首个账户或首笔贷款的日期",
            source="CRM, B010048",
        ),
        Column(
            "tier",
            "客户级别",
            "e:tier",
            "?",
            "the bank's own grade; null = computed grade is used",
            "银行自评级别；空则采用计算级别",
            source="CRM 客户等级",
        ),
        Column(
            "tier_set_on",
            "评级日期",
            "date",
            "c",
            "required when tier is given",
            "填有客户级别时必填",
            source="CRM",
            when=pl.col("tier").is_not_null(),
        ),
        Column(
            "difficult",
            "难以打交道",
            "bool",
            "?",
            "the seed's fourth reason to look after a client closely",
            "教材所列需重点维护的第四种理由",
            source="RM",
        ),
        Column(
            "internal_rating", "内部评级", "text", "?", "at most 10 characters", "最长10字", source="B010046", length=10
        ),
        Column("internal_pd", "违约概率", "ratio", "?", "0 to 1", "0至1", source="B010058", low=0, high=1),
        Column(
            "basic_account_here",
            "基本户在我行",
            "bool",
            "?",
            "our bank is the basic-account bank",
            "本行为其基本户开户行",
            source="B010039 compared with own bank code",
        ),
        Column(
            "reporting_freq",
            "报表报送频率",
            "e:reporting_freq",
            "!",
            "what the client must file; none = no duty",
            "客户应报送的周期；none表示无报送义务",
            source="credit contract",
        ),
        Column(
            "site_distance_km",
            "距离",
            "float",
            "?",
            "branch to plant, by road, 0 to 5,000",
            "网点到厂区的公路里程，0至5000公里",
            source="CRM",
            low=0,
            high=5000,
        ),
        Column(
            "anniversary_mmdd",
            "纪念日(月日)",
            "mmdd",
            "?",
            "day the client celebrates; default = founding day",
            "客户的纪念日；默认为成立日",
            source="RM",
        ),
        Column(
            "no_marketing",
            "拒绝营销",
            "bool",
            "!",
            "true: only service and credit contacts are suggested",
            "是：只建议服务与信贷类接触",
            source="CRM consent",
        ),
        Column("confidential", "涉密", "bool", "!", "name is masked in every report", "所有报告中隐去名称"),
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
    table_checks=(
        TableCheck(
            "K5",
            Action.STOP,
            "more than 0.5% of the clients of the night before are gone",
            "上一晚客户消失超过0.5%",
            _many_lost,
        ),
        TableCheck("K5", Action.WARN, "a client of the night before is gone", "上一晚的客户消失", _some_lost),
    ),
)
