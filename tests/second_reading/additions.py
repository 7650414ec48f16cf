"""The added rows (ADD), one function a row."""

from datetime import date, timedelta

from tests.second_reading.bank import Row, T
from tests.second_reading.facts import OPEN, Client, months_before, within
from tests.second_reading.flows import Flows, month
from tests.second_reading.logic import (
    Test,
    above,
    at_least,
    below,
    both,
    either,
    grade_a,
    grade_b,
    minus,
    over,
    plus,
    share_at_least,
)

NA = "NOT_APPLICABLE"


def _limit(rows: list[Row], on: date) -> int | None:
    """The limit in force on a day; none before the line, or once it has expired."""
    held = [row for row in rows if row["valid_from"] <= on]
    newest = max(held, key=lambda row: row["valid_from"], default=None)
    return None if newest is None or newest["expires_on"] <= on else newest["limit_amount"]


def _drawn(client: Client, line: str, on: date) -> int:
    """What is outstanding under a line on a day."""
    total = 0
    for loan in client.rows("loans"):
        if loan["facility_id"] != line:
            continue
        states = [s for s in client.world.status[loan["loan_id"]] if s["as_of"] <= on]
        if states:
            state = max(states, key=lambda s: s["as_of"])
            total += state["outstanding"] if state["state"] in OPEN else 0
    return total


def _lines(client: Client, revolving: bool = False) -> dict[str, list[Row]]:
    lines: dict[str, list[Row]] = {}
    for row in client.rows("facilities"):
        if row["revolving"] or not revolving:
            lines.setdefault(row["facility_id"], []).append(row)
    return lines


def add_01(client: Client) -> str:
    """Credit line utilisation jump or sustained full use."""
    lines = _lines(client, revolving=True)
    tests: list[Test] = []
    for line, rows in lines.items():
        if _limit(rows, T) is None:
            continue
        use = [_used(client, line, rows, month(T, n - 1) - timedelta(days=1)) for n in range(13)]
        earlier = [value for value in use[1:] if value is not None]
        rise = minus(use[0], sum(earlier) / 12 if len(earlier) == 12 else None)
        jump, full = (
            both(at_least(rise, 0.25), at_least(use[0], 0.50)),
            both(at_least(use[0], 0.95), at_least(use[1], 0.95)),
        )
        tests += [("W", jump), ("W", full), ("A", both(jump, full)), ("R", above(use[0], 1.0))]
    return grade_a(*tests) if tests else NA


def _used(client: Client, line: str, rows: list[Row], on: date) -> float | None:
    return over(_drawn(client, line, on), _limit(rows, on))


def add_08(client: Client) -> str:
    """Tax, social insurance or utility payments stop."""
    flows = Flows(client)
    stopped = None
    if flows.start is not None and flows.start <= month(T, 7):
        stopped = any(
            not any(flows.paid(month(T, n), kind) for n in range(2))
            and sum(flows.paid(month(T, n), kind) for n in range(2, 8)) >= 5
            for kind in ("tax", "social_insurance", "utility")
        )
    return grade_a(("W", stopped), more=[("A", bool(client.events("registry", "tax_arrears", days=365)))])


def add_02(client: Client) -> str:
    """Limit violations."""
    lines = _lines(client)
    if not lines:
        return NA
    tests: list[Test] = []
    for line, rows in lines.items():
        over_ = [_over(client, line, rows, T - timedelta(days=n)) for n in range(185)]
        count = sum(over_[:91])
        months = sum(_any(over_, n) for n in range(6))
        run = next((n for n, bad in enumerate(over_) if not bad), len(over_))
        tests += [("W", count > 5), ("A", count > 15), ("A", months >= 3), ("R", run > 30)]
    return grade_a(*tests)


def _any(over_: list[bool], back: int) -> bool:
    """Whether the limit was violated on a day of the month so many months before T's."""
    return any(bad for n, bad in enumerate(over_) if _months_ago(T - timedelta(days=n)) == back)


def _months_ago(on: date) -> int:
    return (T.year - on.year) * 12 + T.month - on.month


def _over(client: Client, line: str, rows: list[Row], on: date) -> bool:
    limit = _limit(rows, on)
    return limit is not None and _drawn(client, line, on) > limit


def add_03(client: Client) -> str:
    """Returned or failed payments."""
    flows = Flows(client)
    if not flows.rows:
        return "NO_DATA"
    failed = [
        flows.home(row)
        for row in flows.rows
        if row["direction"] == "out"
        and row["status"] in ("returned", "insufficient_funds")
        and within(row["booked_on"], 90)
    ]
    paid = flows.months(12, direction="out")
    large = either(*(share_at_least(amount, paid, 0.01) for amount in failed))
    return grade_a(("W", len(failed) > 2), ("A", len(failed) > 5), ("A", large))


def _not_for_finance(client: Client) -> bool:
    return client.kind in ("financial", "institution")


def add_04(client: Client) -> str:
    """Thin debt service or interest cover."""
    if _not_for_finance(client):
        return NA
    s = client.statements
    interest = s.ttm("interest_expense")
    earned = plus(s.ttm("profit_before_tax"), interest, s.ttm("depreciation"), s.ttm("amortisation"))
    due = s.value("current_portion_debt")
    if due is None and s.now is not None:
        end = months_before(T, -12)
        due = sum(x.state["outstanding"] for x in client.loans if x.row["on_balance"] and x.row["matures_on"] <= end)
    paid = s.value("interest_expense")  # interest cover is year to date (reading G15)
    service, cover = minus(earned, s.ttm("income_tax")), plus(s.value("profit_before_tax"), paid)
    return grade_a(*_thin(service, plus(interest, due), 1.20), *_thin(cover, paid, 1.5))


def _thin(earned: float | None, due: float | None, limit: float) -> list[Test]:
    """Earnings below so many times what is due; where nothing is due nothing is thin."""
    if due is not None and due <= 0:
        return [("W", False)]
    return [("W", below(over(earned, due), limit)), ("A", below(over(earned, due), 1.0))]


def add_05(client: Client) -> str:
    """Current ratio below 1."""
    if _not_for_finance(client):
        return NA
    s = client.statements
    now = over(s.value("current_assets"), s.value("current_liabilities"))
    ago = over(s.value_ago("current_assets"), s.value_ago("current_liabilities"))
    worse = None if now is None or ago is None else now < ago
    return grade_a(("W", below(now, 1.0)), ("A", both(below(now, 0.8), worse)))


def add_09(client: Client) -> str:
    """The client's own insolvency or enforcement."""
    if not client.world.delivered("events", "registry"):
        return "NO_DATA"
    return grade_b(
        ("R", bool(client.events("registry", "bankruptcy_filing", "licence_revoked", "deregistered"))),
        ("A", bool(client.events("registry", "executed", "equity_freeze", "dishonest_executee", days=365))),
        ("W", bool(client.events("registry", "abnormal_operation", days=365))),
    )


ROWS = {
    "ADD-01": add_01,
    "ADD-08": add_08,
    "ADD-02": add_02,
    "ADD-03": add_03,
    "ADD-04": add_04,
    "ADD-05": add_05,
    "ADD-09": add_09,
}
