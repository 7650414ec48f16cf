"""calendar 日历: one day."""

from datetime import timedelta

import polars as pl

from expectations.model import Action, Breach, Clean, Column, Delivery, Table, TableCheck

DAYS_BACK, DAYS_AHEAD = 800, 60


def covers(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """The calendar reaches from T − 800 days to T + 60 days without a gap."""
    first, last = delivery.as_of - timedelta(days=DAYS_BACK), delivery.as_of + timedelta(days=DAYS_AHEAD)
    days = rows.filter(pl.col("date").is_between(first, last)).select(pl.col("date").n_unique()).collect().item()
    if days == DAYS_BACK + DAYS_AHEAD + 1:
        return None
    return Breach(1, f"does not cover {first} to {last} without a gap", f"未完整覆盖{first}至{last}")


TABLE = Table(
    name="calendar",
    zh="日历",
    en="one day",
    grain_zh="一天",
    core=True,
    mode="snapshot",
    columns=(
        Column("date", "日期", "date", "k!", ahead=True),
        Column("is_workday", "工作日", "bool", "!", "including make-up working days", "含调休上班日"),
        Column(
            "holiday",
            "节日",
            "text",
            "?",
            "spring_festival, national_day, mid_autumn ...",
            "spring_festival、national_day、mid_autumn等",
        ),
    ),
    table_checks=(
        TableCheck(
            "CA1",
            Action.STOP,
            "the calendar does not cover T - 800 days to T + 60 days without a gap",
            "日历未完整覆盖T前800天至T后60天",
            covers,
        ),
    ),
)
