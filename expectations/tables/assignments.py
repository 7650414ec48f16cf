"""assignments 管户关系: one person's responsibility for one client over a period."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table


def _overlapping(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A main assignment that still runs when the client's next one starts: the later start stays."""
    main = rows.filter(pl.col("role") == "main").sort("client_id", "start_on", "staff_id")
    following = pl.col("start_on").shift(-1).over("client_id")
    ends = pl.col("end_on").fill_null(pl.date(9999, 12, 31))
    return main.with_columns(following=following).filter(ends > pl.col("following")).select("row_number")


TABLE = Table(
    name="assignments",
    zh="管户关系",
    en="one person's responsibility for one client over a period",
    core=False,
    mode="upsert",
    stale_after=7,
    columns=(
        Column("client_id", "客户编号", "id", "k!", "clients", references="clients"),
        Column("staff_id", "客户经理", "id", "k!", "staff", references="staff"),
        Column("role", "归属类型", "e:assignment_role", "k!", "主办 or 协办; at most one main per client and day"),
        Column("start_on", "生效日期", "date", "k!"),
        Column("end_on", "失效日期", "date", "?"),
        Column(
            "end_reason",
            "调整原因",
            "e:assignment_end",
            "c",
            "required when end_on is given",
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
)
