"""The management rows (MGT), one function a row."""

from datetime import date, timedelta
from statistics import median

from tests.second_reading.bank import Row, T
from tests.second_reading.facts import Client, Statements, deadline, months_before, prefixes, told_on, within, year_end
from tests.second_reading.flows import Flows
from tests.second_reading.logic import (
    Test,
    Truth,
    at_least,
    at_most,
    below,
    both,
    grade_a,
    grade_b,
    grade_c,
    growth,
    minus,
    over,
    same,
)

NA = "NOT_APPLICABLE"
MISCONDUCT = ("fraud", "tax_evasion", "pollution", "wage_arrears", "false_advertising", "corruption")
CATASTROPHE = ("fire", "explosion", "flood_damage", "casualty_accident", "key_person_death")
BAD = ("substandard", "doubtful", "loss")
CLASSES = ("normal", "special_mention", *BAD)


def _told(client: Client, kind: str, value: Truth) -> Truth:
    """A test on events, unknown when their kind is not connected."""
    return value if client.world.delivered("events", kind) else None


USED_UP = ("utility", "raw_material", "payroll")


def mgt_01(client: Client) -> str:
    """Production stopped, half-stopped or stagnant; no shutdown is planned in this bank."""
    if client.kind != "enterprise":
        return NA
    made = client.returned("output_units")
    idle = halved = None
    if made:
        newest = max(made)
        before = [made.get(_month(newest, n)) for n in range(1, 13)]
        idle = made[newest] == 0
        full = [value for value in before if value is not None]
        halved = at_most(over(made[newest], median(full)), 0.50) if len(full) == 12 else None
    flows = Flows(client)
    spans = [(T - timedelta(days=60 * n + 59), T - timedelta(days=60 * n)) for n in range(7)]
    spent = [flows.between(since, until, "out", *USED_UP) for since, until in spans]
    usual = None if None in spent else median(spent[1:])  # type: ignore[type-var]
    more: list[Test] = [("R", idle), ("A", halved)]
    return grade_a(("A", at_most(over(spent[0], usual), 0.30)), more=more)


def mgt_15(client: Client) -> str:
    """Plant stopped for one month; nobody here tells of downtime, so by what is paid for."""
    if client.kind != "enterprise":
        return NA
    paid = [r for r in Flows(client).rows if r["direction"] == "out" and r["status"] == "ok"]
    stopped: Truth = None
    last, since = T - timedelta(days=44), months_before(T - timedelta(days=45), 6)
    first = Flows(client).first
    if first is not None and first <= since:
        kinds = [[r["booked_on"] for r in paid if r["category"] == kind] for kind in ("utility", "raw_material")]
        regular = all(sum(since <= day < last for day in days) >= 4 for days in kinds)
        stopped = regular and not any(day >= last for days in kinds for day in days)
    return grade_a(("A", stopped))


def mgt_06(client: Client) -> str:
    """Narrowing product range; the return, when filed, is itself an answer."""
    if client.kind != "enterprise":
        return NA
    products, shares = client.returned("active_products"), client.returned("top_product_share")
    fewer: Truth = None
    narrow: Truth = None
    if products:
        newest = max(products)
        fewer = at_most(growth(products[newest], products.get(year_end(newest))), -0.30)
    if shares:
        newest = max(shares)
        ago = shares.get(year_end(newest))
        narrow = both(at_least(shares[newest], 0.80), None if ago is None else below(ago, 0.60))
    if fewer is None and narrow is None:
        return grade_c(client.said("MGT-06", "WA"))
    return grade_b(("W", fewer), ("A", narrow), more=_answered(client, "MGT-06"))


def _months(values: dict[date, float], back: int) -> list[float] | None:
    """Three months ending with the newest, or with the one `back` years before."""
    newest = max(values, default=None)
    if newest is None:
        return None
    ends = [year_end(_month(newest, n), back) if back else _month(newest, n) for n in range(3)]
    return [values[end] for end in ends] if all(end in values for end in ends) else None


def _month(end: date, back: int) -> date:
    """The month end so many months before a month end."""
    first = months_before(end.replace(day=1), back)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _industry(client: Client, name: str, days: int) -> float | None:
    values = client.world.sector("industry", prefixes(client.industry), name)
    newest = max((end for end in values if end <= T), default=None)
    return values[newest] if newest is not None and within(newest, days) else None


def mgt_12(client: Client) -> str:
    """Main product price down 20 % or more."""
    if client.kind != "enterprise":
        return NA
    prices = client.returned("product_price_index")
    now, ago = _months(prices, 0), _months(prices, 1)
    if now is None or ago is None:
        industry = at_most(_industry(client, "ppi_yoy", 95), -0.20)
        return grade_a(("A", industry))  # the fallback stands in
    ratio = over(sum(now), sum(ago))
    return grade_b(("A", at_most(ratio, 0.80)), ("R", at_most(ratio, 0.65)))


def mgt_14(client: Client) -> str:
    """Capacity utilisation falling or below 60 %."""
    if client.kind != "enterprise":
        return NA
    output, capacity = client.returned("output_units"), client.returned("capacity_units")

    def used(back: int) -> float | None:
        made, could = _months(output, back), _months(capacity, back)
        return over(sum(made), sum(could)) if made and could else None

    now, ago = used(0), used(1)
    fell = at_most(minus(now, ago), -0.10)
    industry = below(_industry(client, "capacity_utilisation", 190), 0.60)
    if now is None:
        return grade_a(("W", industry))  # the fallback stands in
    return grade_b(("A", below(now, 0.60)), ("R", below(now, 0.40)), ("W", fell))


def mgt_16(client: Client) -> str:
    """Unreasonable branch restructuring."""
    closed = len(client.events("registry", "branch_close", days=365)) >= 3
    opened = len(client.events("registry", "branch_open", days=365)) >= 3
    s = client.statements
    shrinking = below(growth(s.value("revenue"), s.value_ago("revenue")), 0)
    one, two = _told(client, "registry", closed), both(_told(client, "registry", opened), shrinking)
    return grade_b(("W", one), ("W", two), ("A", both(one, two)), more=[("A", client.adverse("MGT-16"))])


def _renewal(s: Statements, years: int) -> float | None:
    if s.now is None:
        return None
    end = year_end(s.now.end, years) if years else s.now.end
    return over(s.ttm("capex", end), s.ttm("depreciation", end))


def mgt_19(client: Client) -> str:
    """Plant and equipment long without renewal."""
    s = client.statements
    watch = both(below(_renewal(s, 0), 0.5), below(_renewal(s, 1), 0.5))
    worn = over(s.value("fixed_assets_net"), s.value("fixed_assets_gross"))
    old = at_least(None if worn is None else 1 - worn, 0.70)
    said = client.said("MGT-19", "WA")
    more: list[Test] = [(said, True)] if said not in (None, "no") else []
    return grade_a(("W", watch), ("A", both(watch, old)), more=more)


def mgt_20(client: Client) -> str:
    """Project delayed, halted or over budget."""
    if not client.world.delivered("events", "project"):
        return "NO_DATA"
    newest: dict[str, Row] = {}
    for row in sorted(client.events("project"), key=lambda row: row["happened_on"]):
        newest[row["source_ref"]] = row
    open_ = [row for row in newest.values() if row["subtype"] != "finished"]
    tests: list[Test] = []
    for row in open_:
        late, cost = (row["ends_on"] - row["due_on"]).days, same(row["amount"] / row["ref_amount"])
        tests += [("W", late >= 90 or cost >= 1.10), ("A", late >= 180 or cost >= 1.20)]
        tests += [("A", row["subtype"] in ("paused", "slowed")), ("R", row["subtype"] == "stopped")]
    s = client.statements
    half = s.at(_month(s.now.end, 6)) if s.now else None
    moved = growth(s.value("construction_in_progress"), half["construction_in_progress"] if half else None)
    still = both(bool(open_), below(None if moved is None else abs(moved), 0.01))
    return grade_b(*tests, more=[("W", still)])


def mgt_23(client: Client) -> str:
    """Change of corporate form."""
    mild = client.events("registry", "lease_out", "contracting_out", "joint_venture", "type_change", days=365)
    hard = client.events("registry", "division", "merger", "restructuring", "capital_reduction", days=365)
    silent = [
        row
        for row in hard
        if row["subtype"] in ("capital_reduction", "division") and deadline(client.world, row["happened_on"]) < T
    ]
    hidden: Truth = False
    if silent:
        hidden = _told(client, "client_notice", any(told_on(client, row) is None for row in silent))
    return grade_b(
        ("W", _told(client, "registry", bool(mild))), ("A", _told(client, "registry", bool(hard))),
        ("R", _told(client, "registry", hidden)),
    )  # fmt: skip


def mgt_36(client: Client) -> str:
    """No strategic plan, or a plan not implemented."""
    reached = client.world.series("client", client.id, "plan_attainment") if client.world.delivered("series") else {}
    newest = max(reached, default=None)
    missed: Truth = None
    if newest is not None and newest >= months_before(T, 8):
        before = reached.get(_month(newest, 6))
        missed = both(below(reached[newest], 0.70), None if before is None else below(before, 0.70))
    said = client.said("MGT-36", "WA")
    said = "W" if said not in (None, "no") else said
    if missed is None:
        return grade_c(said)
    return grade_a(("A", missed), ("W", said == "W"))  # a filed return is an answer, and counts in full


def mgt_37(client: Client) -> str:
    """Unbalanced management structure; an answer overrides."""
    people: dict[str, set[str]] = {}
    for link in client.world.links[client.id]:
        manages = link["relation"] in (
            "legal_rep_of",
            "director_of",
            "supervisor_of",
            "executive_of",
            "finance_head_of",
        )
        if manages and link["function"] is not None and (link["end_on"] is None or link["end_on"] > T):
            people.setdefault(link["from_id"], set()).add(link["function"])
    held = set().union(*people.values())
    heads = {name: sum(name in functions for functions in people.values()) for name in ("sales", "production")}
    enough = len(people) >= 5
    lacking = enough and not {"sales", "finance"} <= held
    lopsided = enough and heads["production"] > 0 and heads["production"] >= 3 * heads["sales"]
    return grade_c(client.said("MGT-37", "WA"), ("W", lacking), ("A", lopsided), alone=True)


def mgt_43(client: Client) -> str:
    """Sudden credit enquiries from several banks."""
    asked = client.events("bureau_inquiry")
    recent = [row for row in asked if within(row["happened_on"], 30)]
    before = [row for row in asked if within(row["happened_on"], 364, T - timedelta(days=31))]
    many = len({row["other_id"] for row in recent})
    usual = len(before) / 12
    sudden = len(recent) >= 3 * usual
    calls = len(client.events("reference_call", days=30)) >= 2
    return grade_b(
        ("W", _told(client, "bureau_inquiry", many >= 3 and sudden)),
        ("A", _told(client, "bureau_inquiry", many >= 5 and sudden)),
        more=[("W", calls), *_answered(client, "MGT-43")],
    )


def _answered(client: Client, signal: str, levels: str = "WA") -> list[Test]:
    said = client.said(signal, levels)
    return [(said, True)] if said not in (None, "no") else []


def mgt_44(client: Client) -> str:
    """Downgrade or sharp loan reduction at other banks."""
    reports = sorted(client.rows("bureau_reports"), key=lambda row: row["report_on"])
    now = reports[-1] if reports and within(reports[-1]["report_on"], 95) else None
    older = [row for row in reports if row["report_on"] <= T - timedelta(days=90)]
    if now is None:
        return "NO_DATA"
    before = older[-1] if older else None
    worse = cut = fewer = None
    if before is not None:
        worse = CLASSES.index(now["worst_class"]) > CLASSES.index(before["worst_class"])
        cut = at_most(over(now["other_bank_balance"], before["other_bank_balance"]), 0.70)
        fewer = now["other_bank_count"] < before["other_bank_count"]
    return grade_b(("A", worse), ("W", cut), ("A", both(cut, fewer)), ("R", now["worst_class"] in BAD))


def mgt_48(client: Client) -> str:
    """Interest or principal in arrears."""
    late = client.days_late if client.arrears else 0
    whole = sum(loan.state["outstanding"] for loan in client.loans)
    bad = 0
    for loan in client.loans:
        own = max((d for what in ("principal", "interest") if (d := loan.late(what)) is not None), default=0)
        if loan.state["class5"] in BAD or (client.arrears and own > 90):
            bad += loan.state["outstanding"]
    return grade_a(
        ("W", 1 <= late <= 4), ("A", 5 <= late <= 29), ("R", late >= 30), ("N", late > 90), ("N", bad * 10 > whole),
    )  # fmt: skip


def mgt_49(client: Client) -> str:
    """Catastrophic event."""
    struck = client.events("news", *CATASTROPHE, days=90)
    ordered = client.events("registry", "production_safety_order", days=365)
    return grade_b(
        ("R", _told(client, "news", any(row["confirmed"] for row in struck))), ("A", _told(client, "news", bool(struck))),
        ("R", _told(client, "registry", bool(ordered))), more=[("R", client.adverse("MGT-49"))],
    )  # fmt: skip


def mgt_50(client: Client) -> str:
    """Adverse media on misconduct."""
    told = [row for row in client.events("news", *MISCONDUCT, days=90) if row["severity"] >= 2]
    papers = {row["source_ref"].split(":")[0] for row in told if within(row["happened_on"], 30)}
    first = min((row["happened_on"] for row in told), default=None)
    penal = client.events("registry", "penalty", days=365)
    followed: Truth = False
    if first is not None:
        followed = _told(client, "registry", any(row["happened_on"] >= first for row in penal))
    return grade_b(
        ("W", _told(client, "news", bool(told))), ("A", _told(client, "news", any(row["confirmed"] for row in told))),
        ("A", _told(client, "news", len(papers) >= 3)), ("R", followed if client.world.delivered("events", "news") else None),
    )  # fmt: skip


ROWS = {
    "MGT-01": mgt_01, "MGT-15": mgt_15,
    "MGT-06": mgt_06, "MGT-12": mgt_12, "MGT-14": mgt_14, "MGT-16": mgt_16, "MGT-19": mgt_19, "MGT-20": mgt_20,
    "MGT-23": mgt_23, "MGT-36": mgt_36, "MGT-37": mgt_37, "MGT-43": mgt_43, "MGT-44": mgt_44, "MGT-48": mgt_48,
    "MGT-49": mgt_49, "MGT-50": mgt_50,
}  # fmt: skip
