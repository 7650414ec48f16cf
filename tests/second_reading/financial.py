"""The financial rows (FIN), one function a row."""

from datetime import date, timedelta
from functools import cache

from tests.second_reading.bank import Row, T, month_end
from tests.second_reading.facts import Client, Filing, World, months_before, within, year_end
from tests.second_reading.logic import (
    Truth,
    above,
    at_least,
    at_most,
    below,
    both,
    either,
    grade_a,
    grade_b,
    growth,
    minus,
    negate,
    over,
    plus,
    same,
    share_above,
    share_at_least,
)

NA = "NOT_APPLICABLE"
MONTHS = {"M": 1, "Q": 3, "H": 6, "Y": 12}


def _yoy(client: Client, name: str) -> float | None:
    return growth(client.statements.value(name), client.statements.value_ago(name))


def _change(client: Client, name: str) -> int | None:
    return minus(client.statements.value(name), client.statements.value_ago(name))  # type: ignore[return-value]


def fin_01(client: Client) -> str:
    """Late financial statements."""
    freq = client.row["reporting_freq"]
    if freq == "none":
        return NA
    filed = client.rows("statements")
    newest = max((row["period_end"] for row in filed), default=None)
    since = max(newest or date.min, client.row["relationship_start"])
    due = []  # outstanding periods whose day has passed, oldest first
    step, grace = MONTHS[freq], {"M": 20, "Q": 45, "H": 45, "Y": 120}[freq]
    for year in range(since.year, T.year + 1):
        for month in range(step, 13, step):
            end = month_end(year, month)
            last = end + timedelta(days=120 if month == 12 else grace)
            if end > since and last < T:
                due.append(last)
    received = max((row["received_on"] for row in filed), default=None)
    lag = (T - due[0]).days if due else 0
    silent = bool(due) and received is not None and received <= months_before(T, 12)
    return grade_a(
        ("W", lag >= 1), ("A", lag >= 30 or len(due) >= 2), ("R", lag >= 90 or silent)
    )  # fmt: skip


def _debt_grew(client: Client, name: str) -> Truth:
    now, ago = client.statements.value(name), client.statements.value_ago(name)
    large = share_at_least(minus(now, ago), client.statements.value("total_assets"), 0.05)
    if ago is not None and ago <= 0:  # from nothing: only the size counts (reading G10)
        return large
    grown, sales = growth(now, ago), _yoy(client, "revenue")
    return both(at_least(grown, 0.30), large, at_least(minus(grown, sales), 0.20))


def _indebted(client: Client, filing: Filing | None) -> Truth:
    """Net debt over four times EBITDA at a filing."""
    if filing is None:
        return None
    parts = ("profit_before_tax", "interest_expense", "depreciation", "amortisation")
    earned = plus(*(client.statements.ttm(name, filing.end) for name in parts))
    debt = minus(plus(filing["short_term_debt"], filing["long_term_debt"]), filing["cash"])
    if debt is not None and debt <= 0:
        return False
    if earned is None or debt is None:
        return None
    return True if earned <= 0 else above(debt / earned, 4.0)


def fin_03(client: Client) -> str:
    """Sharp rise in short- or long-term debt."""
    s = client.statements
    grew = [_debt_grew(client, name) for name in ("short_term_debt", "long_term_debt")]
    ratio = over(s.value("equity"), s.value("total_assets"))
    heavy = both(_indebted(client, s.now), _indebted(client, s.before))
    return grade_a(
        *(("W", one) for one in grew),
        *(("A", both(one, heavy)) for one in grew),
        *(("A", both(one, below(ratio, 0.10))) for one in grew),
        *(("R", both(one, below(ratio, 0.05))) for one in grew),
    )


def _cost_ratio(filing: Filing | None) -> float | None:
    return over(filing["cogs"], filing["revenue"]) if filing else None


def fin_04(client: Client) -> str:
    """Cost increase or profit decline."""
    if client.kind != "enterprise" and client.kind in ("financial", "institution"):
        return NA
    s = client.statements
    rise = minus(_cost_ratio(s.now), _cost_ratio(s.ago))
    rise_before = minus(_cost_ratio(s.before), _cost_ratio(s.year_before(s.before)))
    now, ago = s.value("net_profit"), s.value_ago("net_profit")
    fell = at_most(growth(now, ago), -0.10)
    if now is not None and ago is not None and ago <= 0:
        fell = True if now < ago else None
    dear = at_least(rise, 0.03)
    profit = over(s.ttm("profit_before_tax"), s.ttm("revenue"))
    return grade_a(
        ("W", dear), ("W", fell), ("A", both(dear, fell)), ("A", both(dear, at_least(rise_before, 0.03))),
        ("R", below(profit, -0.01)),
    )  # fmt: skip


def fin_08(client: Client) -> str:
    """Equity or revenue down 25 % or more."""
    now, ago = client.statements.value("equity"), client.statements.value_ago("equity")
    equity = at_most(growth(now, ago), -0.25)
    revenue = at_most(_yoy(client, "revenue"), -0.25)
    fell = now < ago if now is not None and ago is not None and ago <= 0 else False
    return grade_a(("A", either(equity, fell)), ("A", revenue), ("R", both(equity, revenue)))


def fin_09(client: Client) -> str:
    """Two years of falling revenue, more than 15 % each year."""
    found: dict[tuple[str, date], Row] = {}
    for row in client.rows("statements"):
        key = row["scope"], row["period_end"]
        if row["period_type"] == "Y" and (key not in found or found[key]["version"] < row["version"]):
            found[key] = row
    newest = max((end for _, end in found), default=None)
    if newest is None or newest < months_before(T, 16):
        return "NO_DATA"
    three = {s: [found.get((s, year_end(newest, n))) for n in range(3)] for s in ("consolidated", "single")}
    years = next((years for years in three.values() if all(years)), None)
    if years is None:  # as for every statement: consolidated when the year before has it too
        years = three["consolidated"] if all(three["consolidated"][:2]) else three["single"]
    a, b, c = (row["revenue"] if row else None for row in years)
    one, two = growth(a, b), growth(b, c)
    fell = both(below(one, 0), below(two, 0))
    return grade_a(
        ("A", both(below(one, -0.15), below(two, -0.15))),
        ("W", both(fell, either(below(one, -0.15), below(two, -0.15)))),
    )


@cache
def _peers(world: World, industry: str, size: str, end: date, name: str) -> float | None:
    """The median growth of a line over the clients of an industry and size with that period; at least 20 known."""
    values = []
    for other in world.clients:
        its = other.statements.now
        like = other.industry == industry and other.party["size_class"] == size
        if like and its is not None and its.end == end and (grown := _yoy(other, name)) is not None:
            values.append(grown)
    values.sort()
    n = len(values)
    return None if n < 20 else (values[(n - 1) // 2] + values[n // 2]) / 2


def _industry_value(client: Client, name: str, days: int) -> float | None:
    values = client.world.sector("industry", [client.industry[:n] for n in range(len(client.industry), 0, -1)], name)
    newest = max((end for end in values if end <= T), default=None)
    return values[newest] if newest is not None and within(newest, days) else None


def fin_10(client: Client) -> str:
    """Pre-tax profit down 5 % against last year or competitors."""
    now, ago = client.statements.value("profit_before_tax"), client.statements.value_ago("profit_before_tax")
    year: Truth = None
    if now is not None and ago is not None:
        year = same(now / ago) <= 0.95 if ago > 0 else now < ago
    filed = client.statements.now
    size = client.party["size_class"]
    peer = _peers(client.world, client.industry, size, filed.end, "profit_before_tax") if filed else None
    peer = _industry_value(client, "profit_yoy", 95) if peer is None else peer
    peers = at_most(minus(growth(now, ago), peer), -0.05)
    return grade_a(("W", year), ("W", peers), ("A", both(year, peers)))


def fin_11(client: Client) -> str:
    """Registered capital not paid in on schedule."""
    if not client.world.delivered("undertakings", "capital_instalment"):
        return "NO_DATA"
    plan = [row for row in client.rows("undertakings") if row["kind"] == "capital_instalment"]
    if not plan:
        return NA
    paid = client.statements.value("paid_in_capital")
    due = sum(row["amount"] for row in plan if row["due_on"] <= T)
    long_due = sum(row["amount"] for row in plan if row["due_on"] <= months_before(T, 12))

    def short(due: int, limit: float) -> Truth:
        return False if due == 0 else below(over(paid, due), limit)

    return grade_a(("A", short(due, 0.70)), ("R", short(long_due, 0.30)))


def _not_for_finance(client: Client) -> bool:
    return client.kind in ("financial", "institution")


def fin_12(client: Client) -> str:
    """Working capital above 75 % of annual sales (at most W)."""
    if _not_for_finance(client) or client.industry[0] in "EFK":
        return NA
    s = client.statements
    capital = minus(s.value("current_assets"), s.value("current_liabilities"))
    return grade_a(("W", share_above(capital, s.ttm("revenue"), 0.75)))


def fin_14(client: Client) -> str:
    """Material non-operating income or expense."""
    s = client.statements
    profit, sales = s.ttm("profit_before_tax"), s.ttm("revenue")
    base = abs(profit) if profit is not None else None
    gain, cost = s.ttm("non_op_income"), s.ttm("non_op_expense")

    def large(limit: float) -> Truth:
        """The larger one passes when one of them does."""
        sizes = [None if item is None else abs(item) for item in (gain, cost)]
        return either(*(both(share_at_least(x, base, limit), share_at_least(x, sales, 0.01)) for x in sizes))

    flips = either(_flips(profit, minus(profit, gain)), _flips(profit, plus(profit, cost)))
    return grade_a(("W", large(0.10)), ("A", large(0.50)), ("A", both(flips, large(0))))


def _flips(profit: int | None, without: float | None) -> Truth:
    if profit == 0:
        return False
    return None if profit is None or without is None else profit * without < 0


def fin_15(client: Client) -> str:
    """Receivables and revenue moving apart."""
    if _not_for_finance(client):
        return NA
    s = client.statements
    now = over(s.value("accounts_receivable"), s.value("revenue"))
    ago = over(s.value_ago("accounts_receivable"), s.value_ago("revenue"))
    index = over(now, ago)
    grown, sales = _yoy(client, "accounts_receivable"), _yoy(client, "revenue")
    return grade_a(
        ("W", either(at_least(index, 1.3), at_most(index, 0.7))),
        ("A", at_least(index, 1.5)),
        ("A", both(at_least(grown, 0.10), at_most(sales, 0))),
    )


def fin_16(client: Client) -> str:
    """Inventory taken as collateral."""
    if _not_for_finance(client):
        return NA
    newest: dict[str, Row] = {}
    for row in sorted(client.rows("credit_support"), key=lambda row: row["valid_from"]):
        newest[row["support_id"]] = row
    held = [row for row in newest.values() if row["status"] == "active" and row["kind"] != "guarantee"]
    stock = [row for row in held if row["asset_kind"] == "inventory"]
    if not stock:
        return "CLEAR"
    working = stock + [row for row in held if row["asset_kind"] == "receivables"]
    s = client.statements
    inventory, secured = s.value("inventory"), sum(row["secured_amount"] for row in stock)
    share = over(sum(row["asset_value"] for row in stock), sum(row["asset_value"] for row in held))
    lent = sum(row["secured_amount"] for row in working)
    room = plus(s.value("accounts_receivable"), inventory)
    return grade_a(
        ("W", True), ("A", at_least(share, 0.5)), ("A", share_above(secured, inventory, 0.7)),
        ("A", any((T - row["valued_on"]).days > 90 for row in stock)), ("R", None if room is None else lent > room),
    )  # fmt: skip


def fin_17(client: Client) -> str:
    """High share of related-party receivables."""
    s = client.statements
    related = s.value("related_receivables")
    whole = plus(s.value("accounts_receivable"), s.value("other_receivables"))
    part = over(related, whole)
    return grade_a(
        ("W", at_least(part, 0.30)),
        ("A", at_least(part, 0.50)),
        ("A", share_at_least(related, s.value("equity"), 0.25)),
    )


def fin_19(client: Client) -> str:
    """Sudden change of accounting policy."""
    notes: dict[str, dict[date, Row]] = {}
    for row in sorted(client.rows("disclosures"), key=lambda row: row["received_on"]):
        if row["kind"] == "accounting_policy":
            notes.setdefault(row["item"], {})[row["period_end"]] = row
    tests: list[tuple[str, Truth]] = []
    for item, periods in notes.items():
        newest = max(periods)
        older = max((end for end in periods if end < newest), default=None)
        if periods[newest]["received_on"] < months_before(T, 15) or older is None:
            continue
        changed = periods[newest]["text_value"] != periods[older]["text_value"]
        mandated = periods[newest]["mandated"]
        own = changed and not mandated
        tests += [("W", changed and mandated), ("A", own), ("R", own and item == "revenue_recognition")]
    return grade_b(*tests) if tests else "NO_DATA"


def _related(client: Client, row: Row) -> bool:
    """Flagged so, or tied to the client by ownership on the day of the deal."""
    if "related_party" in (row["flags"] or []):
        return True
    on = row["happened_on"]
    return any(
        link["from_id"] == row["other_id"]
        and (link["start_on"] is None or link["start_on"] <= on)
        and (link["end_on"] is None or on < link["end_on"])
        for link in client.world.links[client.id]
    )


def fin_22(client: Client) -> str:
    """Transactions at clearly improper prices."""
    if not client.world.delivered("events", "deal"):
        return "NO_DATA"
    tests: list[tuple[str, Truth]] = []
    assets = client.statements.value("total_assets")
    for row in client.events("deal", days=365):
        price = row["amount"]
        large: Truth = False if price < 1_000_000_00 else share_at_least(price, assets, 0.01)
        ratio, tie = over(price, row["ref_amount"]), _related(client, row)
        far = either(below(ratio, 0.70), above(ratio, 1.30))
        near = either(below(ratio, 0.80), above(ratio, 1.20))
        tests += [("A", both(large, far)), ("W", both(large, near, tie)), ("R", both(large, far, tie))]
    return grade_b(*tests)


def fin_25(client: Client) -> str:
    """Large rise or fall in fixed assets."""
    if _not_for_finance(client):
        return NA
    grown, moved = _yoy(client, "fixed_assets_gross"), _change(client, "fixed_assets_gross")
    size = None if moved is None else abs(moved)
    move = None if grown is None else abs(grown)
    large = share_at_least(size, client.statements.value("total_assets"), 0.05)
    return grade_a(("W", both(at_least(move, 0.30), large)), ("A", both(at_least(move, 0.50), large)))


def fin_26(client: Client) -> str:
    """Fixed assets out of step with output; here nobody files two years of output, so with revenue less prices."""
    if _not_for_finance(client):
        return NA
    assets, sales = _yoy(client, "fixed_assets_gross"), _yoy(client, "revenue")
    prices = _industry_value(client, "ppi_yoy", 95)
    real = None if sales is None or prices is None or prices <= -1 else (1 + sales) / (1 + prices) - 1
    gap = minus(assets, real)
    apart, moved = (None if x is None else abs(x) for x in (gap, assets))
    large = at_least(moved, 0.10)
    return grade_b(("W", both(at_least(apart, 0.30), large)), ("A", both(at_least(apart, 0.50), large)))


def fin_27(client: Client) -> str:
    """Intangibles too large a share of assets."""
    if _not_for_finance(client):
        return NA
    s = client.statements
    amount = plus(minus(s.value("intangibles"), s.value("land_use_rights")), s.value("goodwill"))
    return grade_a(
        ("W", share_above(amount, s.value("equity"), 0.20)),
        ("A", share_at_least(amount, s.value("total_assets"), 0.20)),
    )


def fin_28(client: Client) -> str:
    """Unreasonable acquisition cost of intangibles."""
    if not client.world.delivered("events", "deal"):
        return "NO_DATA"
    assets, added = client.statements.value("total_assets"), _change(client, "intangibles")
    bought = client.events("deal", "intangible_purchase", days=365)
    filed = client.statements
    ago = filed.at(year_end(filed.newest)) if filed.newest else None  # however old
    matched: Truth = True if bought else None  # by a purchase since the statement a year before
    if ago is not None:
        matched = any(row["happened_on"] > ago.end for row in client.events("deal", "intangible_purchase"))
    tests: list[tuple[str, Truth]] = [("W", both(share_at_least(added, assets, 0.05), negate(matched)))]
    for row in bought:
        odd = "appraised" not in row["flags"] or _related(client, row)
        odd = either(above(over(row["amount"], row["ref_amount"]), 1.30), odd)
        tests.append(("A", both(share_at_least(row["amount"], assets, 0.05), odd)))
    return grade_b(*tests)


def fin_30(client: Client) -> str:
    """Non-core income too large."""
    if _not_for_finance(client):
        return NA
    s = client.statements
    names = ("revenue", "main_revenue", "investment_income", "non_op_income")
    revenue, main, invested, other = (s.ttm(name) for name in names)
    if revenue is None or main is None or invested is None or other is None:
        return grade_a(("W", None))
    beside = max(invested, 0) + max(other, 0)
    share = over(max(revenue - main, 0) + beside, revenue + beside)
    return grade_a(("W", at_least(share, 0.30)), ("A", at_least(share, 0.50)))


ROWS = {
    "FIN-01": fin_01, "FIN-03": fin_03, "FIN-04": fin_04, "FIN-08": fin_08, "FIN-09": fin_09, "FIN-10": fin_10,
    "FIN-11": fin_11, "FIN-12": fin_12, "FIN-14": fin_14, "FIN-15": fin_15, "FIN-16": fin_16, "FIN-17": fin_17,
    "FIN-19": fin_19, "FIN-22": fin_22, "FIN-25": fin_25, "FIN-26": fin_26, "FIN-28": fin_28, "FIN-27": fin_27, "FIN-30": fin_30,
}  # fmt: skip
