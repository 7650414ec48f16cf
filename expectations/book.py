"""The checks across tables, run when all are clean (input model, section 6.2)."""

from datetime import date, timedelta

import polars as pl

from expectations.model import Action, BookCheck, Clean, Delivery
from expectations.tables.transactions import unnamed

STATE_WITHIN = 35
FIRST_WITHIN = 31
SETTLED = ["settled", "written_off", "transferred"]


def _active(clean: Clean) -> pl.LazyFrame:
    return clean["clients"].filter(pl.col("status") == "active").select("client_id")


def _in_force(delivery: Delivery) -> pl.Expr:
    ends = pl.col("end_on")
    return (pl.col("start_on") <= delivery.as_of) & (ends.is_null() | (ends > delivery.as_of))


def _last_month_end(day: date) -> date:
    tomorrow = day + timedelta(days=1)
    return tomorrow.replace(day=1) - timedelta(days=1)


def _states(clean: Clean) -> pl.LazyFrame:
    """Every loan with its newest state (null: it has none)."""
    newest = clean["loan_status"].sort("as_of").group_by("loan_id").agg(pl.col("as_of", "state", "outstanding").last())
    return clean["loans"].select("loan_id", "client_id", "disbursed_on").join(newest, on="loan_id", how="left")


def _without_rm(clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """K2: an active client that has not exactly one main assignment at T."""
    main = clean["assignments"].filter(pl.col("role") == "main", _in_force(delivery))
    counted = main.group_by("client_id").agg(mains=pl.len())
    return _active(clean).join(counted, on="client_id", how="left").filter(pl.col("mains").fill_null(0) != 1)


def _began_late(clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """K4: a relationship that starts over 31 days after its first account or loan."""
    firsts = pl.concat(
        [
            clean["accounts"].select("client_id", first="opened_on"),
            clean["loans"].select("client_id", first="disbursed_on"),
        ]
    )
    first = firsts.group_by("client_id").agg(pl.col("first").min())
    late = pl.col("relationship_start") > pl.col("first") + pl.duration(days=FIRST_WITHIN)
    return clean["clients"].join(first, on="client_id").filter(late)


def _nobody_decides(clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """L5: an active borrower without a contact who decides."""
    ends = pl.col("end_on")
    deciding = clean["party_links"].filter(
        pl.col("decision_role") == "decision_maker", ends.is_null() | (ends > delivery.as_of)
    )
    owing = _states(clean).filter(~pl.col("state").is_in(SETTLED).fill_null(value=False)).select("client_id").unique()
    borrowers = _active(clean).join(owing, on="client_id", how="semi")
    return borrowers.join(deciding, left_on="client_id", right_on="to_id", how="anti")


def _nothing_here(clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """U2: an active client with neither an open account nor a loan."""
    opened = clean["accounts"].filter(pl.col("closed_on").is_null()).select("client_id")
    held = pl.concat([opened, clean["loans"].select("client_id")])
    return _active(clean).join(held, on="client_id", how="anti")


def _unnamed(clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """X7: over 20 % of the client's transfers name no counterparty."""
    return unnamed(clean["transactions"], clean["accounts"])


def _no_month_end(clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Q5: an unsettled loan, drawn by the last month end, without a state of that day."""
    end = _last_month_end(delivery.as_of)
    there = clean["loan_status"].filter(pl.col("as_of") == end).select("loan_id")
    open_ = _states(clean).filter(~pl.col("state").is_in(SETTLED).fill_null(value=False), pl.col("disbursed_on") <= end)
    return open_.join(there, on="loan_id", how="anti").select("client_id").unique()


def _no_state(clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """CL2: a loan outstanding without a state of the last 35 days (balances that did not move send no row: B5 is theirs)."""
    last = pl.coalesce("as_of", "disbursed_on")
    owing = pl.col("outstanding").fill_null(1) > 0
    old = last < delivery.as_of - timedelta(days=STATE_WITHIN)
    settled = pl.col("state").is_in(SETTLED).fill_null(value=False)
    return _states(clean).filter(owing & old & ~settled).select("client_id").unique()


CHECKS: tuple[BookCheck, ...] = (
    BookCheck("K2", "clients", Action.WARN, "no RM, or several", "无主办客户经理或多于一名", _without_rm,
              needs=("clients", "assignments")),
    BookCheck("K4", "clients", Action.WARN, "the relationship starts after its first account or loan",
              "建立合作日期晚于首个账户或贷款", _began_late, needs=("clients", "accounts", "loans")),
    BookCheck("L5", "party_links", Action.WARN, "a borrower without a contact who decides", "借款客户无决策人联系人",
              _nobody_decides, needs=("clients", "party_links", "loans", "loan_status")),
    BookCheck("U2", "accounts", Action.WARN, "an active client without an open account or a loan", "有效客户无账户也无贷款",
              _nothing_here, needs=("clients", "accounts", "loans")),
    BookCheck("X7", "transactions", Action.WARN, "over 20% of the transfers name no counterparty", "转账缺对方户名超过20%",
              _unnamed, needs=("accounts", "transactions"), withholds="counterparties"),
    BookCheck("Q5", "loan_status", Action.CLIENT, "a loan without a state of the last month end", "有借据缺上月末状态",
              _no_month_end, needs=("loans", "loan_status"), withholds="loan_status"),
    BookCheck("CL2", "loan_status", Action.CLIENT, "a loan without a state for 35 days", "有借据35天无状态记录",
              _no_state, needs=("loans", "loan_status")),
)  # fmt: skip
