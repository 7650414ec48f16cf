"""documents 档案: one archive item of one client or product file."""

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table
from expectations.registers import CHECKLISTS


def _unlisted() -> pl.Expr:
    """An item that is not one of its checklist."""
    wrong = [
        (pl.col("checklist") == name) & ~pl.col("item_code").is_in(list(items)) for name, items in CHECKLISTS.items()
    ]
    return pl.any_horizontal(wrong)


def _no_guarantor(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """A guarantor's item about a party that guarantees nothing."""
    guarantors = clean["credit_support"].select(subject_id="provider_id")
    of_them = rows.filter(pl.col("checklist") == "fixed_asset_guarantor")
    return of_them.join(guarantors, on="subject_id", how="anti").select("row_number")


TABLE = Table(
    name="documents",
    zh="档案",
    en="one archive item of one client or product file",
    grain_zh="一户客户或一份业务档案中的一项材料",
    core=False,
    mode="upsert",
    stale_after=7,
    columns=(
        Column("document_id", "档案编号", "id", "k!"),
        Column("client_id", "客户编号", "id", "!", "whose file it is", "档案所属客户", references="clients"),
        Column(
            "subject_id",
            "材料主体",
            "id",
            "!",
            "parties; the client, or the guarantor for guarantor items",
            "主体；客户本身，保证人清单则为保证人",
            references="parties",
        ),
        Column("checklist", "清单", "e:checklist", "!"),
        Column("item_code", "清单项", "text", "!", "must be in the checklist (section 10)", "须在清单内（第10节）"),
        Column(
            "about_id",
            "业务编号",
            "id",
            "c",
            "required for the two fixed_asset lists: loan or facility",
            "两份固定资产清单必填：借据或授信",
            when=pl.col("checklist").is_in(["fixed_asset_borrower", "fixed_asset_guarantor"]),
        ),
        Column("period_end", "所属期间", "date", "?", "yearly items: statement year", "年度项目：报表年度"),
        Column(
            "received_on",
            "收到日期",
            "date",
            "c",
            "required for present, expired, rejected",
            "present、expired、rejected时必填",
            when=pl.col("status").is_in(["present", "expired", "rejected"]),
        ),
        Column("valid_until", "有效期至", "date", "?"),
        Column("status", "状态", "e:document_status", "!"),
        Column("checked_by", "核验人", "id", "?", "staff", "员工", references="staff"),
        Column(
            "reason",
            "原因",
            "text",
            "c",
            "required for waived, rejected",
            "waived、rejected时必填",
            when=pl.col("status").is_in(["waived", "rejected"]),
        ),
    ),
    checks=(
        Check("M1", Action.ROW, "the item is not in its checklist", "清单项不在清单内", _unlisted()),
        Check(
            "M1",
            Action.WARN,
            "about a guarantor who guarantees nothing",
            "材料主体并无担保记录",
            _no_guarantor,
            needs=("credit_support",),
        ),
    ),
)
