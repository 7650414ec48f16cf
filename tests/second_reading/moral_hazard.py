"""The moral hazard rows (MOR), one function a row."""

from datetime import date, timedelta

from tests.second_reading.bank import Row, T
from tests.second_reading.facts import Client, deadline, events_of, months_before, told_on
from tests.second_reading.logic import (
    Test,
    Truth,
    at_least,
    below,
    both,
    grade_a,
    grade_b,
    growth,
    minus,
    plus,
    share_above,
)

NA = "NOT_APPLICABLE"
FLAGS = ("debt_evasion", "loan_fraud", "malicious_default")


def _debtors(client: Client) -> list[str]:
    """The client and its direct controllers."""
    ties = client.world.links[client.id]
    rule = [t for t in ties if t["relation"] == "controller_of" and (t["end_on"] is None or t["end_on"] > T)]
    return [client.id, *(tie["from_id"] for tie in rule)]


def mor_02(client: Client) -> str:
    """Default of moral character at another institution."""
    listed: Truth = None
    gone: list[date] = []  # days on which a record came off the list
    if client.world.delivered("events", "registry"):
        debtors = _debtors(client)
        rows = [
            r for who in debtors for r in events_of(client.world, who, "registry", "dishonest_executee", lifted=True)
        ]
        gone = [row["ends_on"] for row in rows if row["ends_on"] is not None and row["ends_on"] <= T]
        listed = len(gone) < len(rows)
    reports = sorted(client.rows("bureau_reports"), key=lambda row: row["report_on"])
    flags = [row["moral_flag"] in FLAGS for row in reports]
    gone += [reports[n]["report_on"] for n in range(1, len(flags)) if flags[n - 1] and not flags[n]]
    flagged: Truth = flags[-1] if flags else None
    removed = any(day >= months_before(T, 36) for day in gone)
    return grade_b(("R", flagged), ("R", listed), ("A", removed))


def mor_03(client: Client) -> str:
    """Loan conditions promised and not kept."""
    if not client.world.delivered("undertakings", "covenant"):
        return "NO_DATA"
    rows = [row for row in client.rows("undertakings") if row["kind"] in ("covenant", "condition")]
    missed = [r for r in rows if r["outcome"] in ("not_met", "not_evidenced") and (T - r["due_on"]).days > 30]
    due = [r for r in rows if months_before(T, 12) <= r["due_on"] <= T - timedelta(days=30)]
    met = sum(row["outcome"] == "met" for row in due)
    secured = [r for r in missed if r["kind"] == "condition" and r["covenant_class"] == "security"]
    tests: list[Test] = [
        ("W", len(missed) >= 1), ("A", len(missed) >= 2), ("A", len(due) >= 3 and met < 0.7 * len(due)),
        ("R", any((T - row["due_on"]).days > 90 for row in secured)),
    ]  # fmt: skip
    answer = grade_b(*tests)
    unkept = [r for r in rows if r["outcome"] in ("not_met", "not_evidenced") and r["due_on"] <= T]
    waived = any(row["waived_until"] is not None and row["waived_until"] >= T for row in unkept)
    return {"R": "A", "A": "W"}.get(answer, answer) if waived else answer


def mor_05(client: Client) -> str:
    """Dunning notices ignored."""
    if not client.world.delivered("events", "dunning"):
        return "NO_DATA"
    sent = [row for row in client.events("dunning", days=365) if row["subtype"] != "maturity_notice"]
    run = 0
    for row in sorted(sent, key=lambda row: row["happened_on"], reverse=True):
        if (T - row["happened_on"]).days < 15:
            continue  # its fifteen days are not over
        if row["ends_on"] is not None and (row["ends_on"] - row["happened_on"]).days <= 15:
            break
        run += 1
    omitted = bool(client.events("client_notice", "funding_plan_omits_repayment", days=180))
    return grade_b(("W", run >= 1), ("A", run >= 2), ("R", run >= 3), more=[("A", omitted)])


def _loss_free(client: Client) -> Truth:
    s = client.statements
    interest, profit = s.ttm("interest_expense"), s.ttm("net_profit")
    return both(None if interest is None else interest > 0, None if profit is None else profit >= 0)


def mor_08(client: Client) -> str:
    """Interest expensed, no loss, yet interest unpaid."""
    if not client.loans:
        return NA
    owed = sum(loan.state["overdue_interest"] for loan in client.loans)
    days = max((d for loan in client.loans if (d := loan.late("interest")) is not None), default=0)
    unpaid = owed >= 1000_00 and days >= 1
    alert = both(unpaid, _loss_free(client))
    return grade_a(("A", alert), ("R", both(alert, days >= 60)))


def _banned(client: Client) -> bool:
    return not client.loans or client.kind in ("financial", "institution")


def mor_09(client: Client) -> str:
    """Depreciation charged, principal unpaid."""
    if _banned(client):
        return NA
    owed = sum(loan.state["overdue_principal"] for loan in client.loans)
    written, earned = client.statements.ttm("depreciation"), client.statements.ttm("cfo")
    alert = both(owed >= 1000_00, None if written is None else written >= owed)
    return grade_a(("A", alert), ("R", both(alert, None if earned is None else earned >= owed)))


def mor_11(client: Client) -> str:
    """Abnormal growth of administrative costs while in arrears."""
    if _banned(client):
        return NA
    s = client.statements
    now = plus(s.value("admin_expense"), s.value("selling_expense"))
    ago = plus(s.value_ago("admin_expense"), s.value_ago("selling_expense"))
    flat = below(growth(s.value("revenue"), s.value_ago("revenue")), 0.05)
    alert = both(client.arrears, flat, at_least(growth(now, ago), 0.30))
    more = minus(now, ago)
    return grade_a(("A", alert), ("R", both(alert, None if more is None else more >= client.overdue)))


def mor_12(client: Client) -> str:
    """Excess welfare accruals while in arrears."""
    if _banned(client):
        return NA
    s = client.statements
    accrued = s.ttm("welfare_accrual")
    heavy = share_above(accrued, s.ttm("payroll"), 0.14)
    rising = at_least(growth(s.value("welfare_accrual"), s.value_ago("welfare_accrual")), 0.50)
    large = None if accrued is None else accrued >= client.overdue
    tests: list[Test] = []
    for one in (heavy, rising):
        tests += [("A", both(client.arrears, one)), ("R", both(client.arrears, one, large))]
    return grade_a(*tests)


OWNERSHIP = ("equity_transfer", "merger", "division", "asset_transfer", "controller_change", "equity_pledge")


def mor_14(client: Client) -> str:
    """Ownership change not notified."""
    if not client.world.delivered("events", "registry"):
        return "NO_DATA"
    first = min((row["disbursed_on"] for row in client.rows("loans")), default=None)
    tests: list[Test] = []
    for row in client.events("registry", *OWNERSHIP, days=365):
        if first is not None and row["happened_on"] > first:
            tests += _silence(client, row)
    return grade_b(*tests)


def _silence(client: Client, row: Row) -> list[Test]:
    """Whether the change was told of by the tenth working day, and within thirty days."""
    if not client.world.delivered("events", "client_notice"):
        return [("A", None)]
    told, last = told_on(client, row), deadline(client.world, row["happened_on"])
    late = last < T and (told is None or told > last)
    waited = ((told or T) - row["happened_on"]).days
    return [("A", late), ("R", late and waited >= 30)]


ROWS = {
    "MOR-02": mor_02, "MOR-03": mor_03, "MOR-05": mor_05, "MOR-08": mor_08, "MOR-09": mor_09, "MOR-11": mor_11,
    "MOR-12": mor_12, "MOR-14": mor_14,
}  # fmt: skip
