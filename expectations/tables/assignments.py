"""assignments 管户关系: one person's responsibility for one client over a period."""

import polars as pl

from expectations.model import Action, Breach, Check, Clean, Column, Delivery, Table, TableCheck

CLIENTS_PER_RM = 150


def _overlapping(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A main assignment that still runs when the client's next one starts: the later start stays."""
    main = rows.filter(pl.col("role") == "main").sort("client_id", "start_on", "staff_id")
    following = pl.col("start_on").shift(-1).over("client_id")
    ends = pl.col("end_on").fill_null(pl.date(9999, 12, 31))
    return main.with_columns(following=following).filter(ends > pl.col("following")).select("row_number")


def _crowded(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Breach | None:
    """More than 150 clients with one RM."""
    now = rows.filter(
        pl.col("role") == "main",
        pl.col("start_on") <= delivery.as_of,
        pl.col("end_on").is_null() | (pl.col("end_on") > delivery.as_of),
    )
    many = (
        now.group_by("staff_id").agg(clients=pl.col("client_id").n_unique()).filter(pl.col("clients") > CLIENTS_PER_RM)
    )
    rms = int(many.select(pl.len()).collect().item())
    return (
        Breach(rms, f"{rms} RMs have more than {CLIENTS_PER_RM} clients", f"{rms}名客户经理管户超过{CLIENTS_PER_RM}户")
        if rms
        else None
    )


TABLE = Table(
    name="assignments",
    zh="管户关系",
    en="one person's responsibility for one client over a period",
    grain_zh="一人对一户客户在一段时间内的管户责任",
    core=False,
    mode="upsert",
    stale_after=7,
    columns=(
        Column("client_id", "客户编号", "id", "k!", "clients", "客户", source="归属管户关系", references="clients"),
        Column("staff_id", "客户经理", "id", "k!", "staff", "员工", references="staff"),
        Column(
            "role",
            "归属类型",
            "e:assignment_role",
            "k!",
            "主办 or 协办; at most one main per client and day",
            "主办或协办；同一客户同一天最多一名主办",
            source="1 主办 2 协办",
        ),
        Column("start_on", "生效日期", "date", "k!", source="生效日期"),
        Column("end_on", "失效日期", "date", "?", source="失效日期"),
        Column(
            "end_reason",
            "调整原因",
            "e:assignment_end",
            "c",
            "required when end_on is given",
            "填有失效日期时必填",
            source="调整原因",
            when=pl.col("end_on").is_not_null(),
        ),
    ),
    checks=(
        Check(
            "A1",
            Action.ROW,
            "overlaps a later main assignment of the client",
            "与该客户较晚的主办关系重叠",
            _overlapping,
        ),
    ),
    table_checks=(
        TableCheck("A2", Action.WARN, "an RM with more than 150 clients", "客户经理管户超过150户", _crowded),
    ),
)
