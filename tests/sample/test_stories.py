"""Each planted story stands in the raw rows: its fact is computed here by plain means, without the pipeline."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median

import polars as pl
import pytest

from expectations.registers import SIGNALS
from sample import bank, firms, timeline
from sample.stories import DOWNTURN, LATE_FILERS, ORDINARY, SINGLE, STORIES

T = date(2015, 6, 30)


@pytest.fixture
def book(whole):
    return whole[0]


def one(name):
    (client,) = STORIES[name].clients
    return client


def inflow(book, client):
    """Money in from customers, for each of the thirty-six months."""
    sales = book["transactions"].filter(
        pl.col("account_id") == f"A-{client}-1", pl.col("status") == "ok", pl.col("category") == "sales"
    )
    months = dict(sales.group_by(month=pl.col("booked_on").dt.month_start()).agg(pl.col("amount").sum()).rows())
    return [months.get(month, 0) for month in timeline.MONTHS]


def ratio(flow):
    """Mean month of the last three over mean month of the twelve before."""
    return mean(flow[-3:]) / mean(flow[-15:-3])


def newest(book, client):
    """The newest state of each loan of a client that still runs."""
    loans = book["loans"].filter(pl.col("client_id") == client)["loan_id"].implode()
    last = book["loan_status"].filter(pl.col("loan_id").is_in(loans)).sort("as_of").group_by("loan_id").last()
    return last.filter(pl.col("state") != "settled")


def contacts(book, client):
    held = book["interactions"].filter(pl.col("client_id") == client, pl.col("status") == "done", "two_way")
    return held.sort("started_at").select(on=pl.col("started_at").dt.date(), warmth="warmth").rows()


def test_the_stories_are_data_with_clients_in_the_order_of_the_bank(whole):
    ids = [client for story in STORIES.values() if story not in ORDINARY for client in story.clients]
    assert ids == [f"C{number:04d}" for number in range(len(ids))]
    made = {client.client_id: client for client in whole[1]}
    for story in (story for story in STORIES.values() if story not in ORDINARY):
        assert (story.signal is None) == (story.level is None)
        assert {made[client].story for client in story.clients} == {story.name}
    assert [made[story.clients[0]].firm for story in SINGLE] == [story.firms[0] for story in SINGLE]
    assert all(story.signal in SIGNALS and story.level for story in ORDINARY)
    assert {made[story.clients[0]].story for story in ORDINARY} == {None}
    assert not any(made[story.clients[0]].failing for story in ORDINARY if story.clients[0] > "C0080")


def test_the_summary_names_the_clients_of_a_small_bank(tmp_path):
    summary = bank.write(tmp_path / "few", clients=17)
    assert summary.stories["fading"] == ["C0012"]
    assert summary.stories["late_filers"] == [f"C{number:04d}" for number in range(1, 11)]
    assert summary.stories["downturn"] == []


@pytest.mark.parametrize("story", SINGLE, ids=lambda story: story.name)
def test_the_real_firms_behind_the_single_stories_are_calm(story):
    years = firms.firms().filter(pl.col("firm_id") == story.firms[0]).sort("fyear").to_dicts()
    before, now = years[-2:]
    assert now["fyear"] == 2014
    assert not now["failed_after_last_year"]
    assert now["ebit"] >= before["ebit"] > 0
    assert now["net_sales"] > 0.97 * before["net_sales"]
    assert now["total_assets"] - now["total_liabilities"] > 0.8 * (before["total_assets"] - before["total_liabilities"])


def test_quiet(book):
    client = one("quiet")
    assert 0.8 < ratio(inflow(book, client)) < 1.25
    assert (newest(book, client)["overdue_interest"] == 0).all()
    assert contacts(book, client)[-1][0] > T - timedelta(days=60)
    assert book["complaints"].filter(pl.col("client_id") == client).height == 0


def test_fading(book):
    flow = inflow(book, one("fading"))
    assert ratio(flow) < 0.7
    assert mean(flow[-3:]) < mean(flow[-6:-3]) < mean(flow[-9:-6])


def test_sudden_stop(book):
    flow = inflow(book, one("sudden_stop"))
    assert flow[-2:] == [0, 0]
    assert min(flow[:-2]) > 0
    # A at this month-end and the one before: below 0.70 of the twelve months before, at both.
    assert ratio(flow) < 0.5
    assert ratio(flow[:-1]) < 0.7


def test_cooling(book):
    client = one("cooling")
    held = contacts(book, client)
    days = [day for day, _ in held]
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert (T - days[-1]).days >= max(60, 1.5 * median(gaps[-12:]))
    assert mean(w for _, w in held[-3:]) <= mean(w for _, w in held[-9:-3]) - 1
    assert sum(day > T - timedelta(days=120) for day in days) <= 2
    assert 0.8 < ratio(inflow(book, client)) < 1.25


@pytest.mark.parametrize(
    ("name", "days"), [("arrears", 120), ("early_arrears", 3), ("arrears_20", 20), ("arrears_60", 60)]
)
def test_arrears(book, name, days):
    state = newest(book, one(name))
    late = state.filter(pl.col("overdue_interest") > 0)
    assert late["interest_overdue_since"].to_list() == [T - timedelta(days=days)]
    overdue = state["overdue_principal"].sum() + state["overdue_interest"].sum()
    assert overdue >= 100_000  # 1,000 dollars
    assert overdue >= 0.01 * state["outstanding"].sum()
    assert late["class5"].to_list() == ["substandard" if days > 90 else "special_mention" if days > 30 else "normal"]
    paid = book["transactions"].filter(
        pl.col("account_id") == f"A-{one(name)}-1",
        pl.col("type").is_in(["loan_interest", "loan_principal"]),
        pl.col("booked_on") >= T - timedelta(days=days),
    )
    assert paid.height == 0


def test_complaint_repeat(book):
    rows = book["complaints"].filter(pl.col("client_id") == one("complaint_repeat")).sort("received_at")
    first, again = rows.to_dicts()
    assert again["repeat_of"] == first["complaint_id"]
    assert again["category"] == first["category"]
    assert again["product"] == first["product"]
    assert again["received_at"] - first["received_at"] < timedelta(days=365)
    assert T - again["received_at"].date() <= timedelta(days=90)


def test_complaint_open(book):
    (row,) = book["complaints"].filter(pl.col("client_id") == one("complaint_open")).to_dicts()
    assert row["outcome"] == "open"
    assert row["closed_at"] is None
    assert T - row["received_at"].date() == timedelta(days=20)


def test_returned(book):
    booked = book["transactions"].filter(pl.col("account_id") == f"A-{one('returned')}-1", pl.col("direction") == "out")
    bounced = booked.filter(
        pl.col("status").is_in(["returned", "insufficient_funds"]), pl.col("booked_on") >= T - timedelta(days=90)
    )
    assert bounced.height == 7
    year = booked.filter(pl.col("status") == "ok", pl.col("booked_on") > date(2014, 6, 30))["amount"].sum()
    assert bounced["amount"].max() < 0.01 * year


def test_other_clients_bounce_seldom(book):
    others = book["transactions"].filter(
        pl.col("status").is_in(["returned", "insufficient_funds"]),
        pl.col("booked_on") >= T - timedelta(days=90),
        pl.col("account_id") != f"A-{one('returned')}-1",
    )
    assert others.group_by("account_id").len()["len"].max() <= 2


def test_restated(book):
    client = one("restated")
    told = book["statements"].filter(pl.col("party_id") == client, pl.col("period_end") == date(2014, 12, 31))
    first, second = told.sort("version").to_dicts()
    assert (first["version"], second["version"]) == (1, 2)
    assert first["revenue"] >= 1.05 * second["revenue"]
    assert first["received_on"] < second["received_on"] <= T
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {"version", "revenue", "received_on"}
    assert book["statements"].filter(pl.col("version") > 1).height == 1


def test_handover(book):
    client = one("handover")
    before, now = book["assignments"].filter(pl.col("client_id") == client).sort("start_on").to_dicts()
    assert before["end_on"] == now["start_on"] == date(2015, 1, 30)
    met = book["interactions"].filter(pl.col("client_id") == client, pl.col("status") == "done")
    later = pl.col("started_at").dt.date() >= date(2015, 1, 30)
    assert met.filter(later)["staff_id"].unique().to_list() == [now["staff_id"]]
    assert met.filter(~later)["staff_id"].unique().to_list() == [before["staff_id"]]


def test_bad_rows(book):
    client = one("bad_rows")
    bad = book["transactions"].filter(pl.col("txn_id").str.starts_with("BAD"))
    assert sorted(bad["amount"].to_list())[:3] == [0, 0, 0]
    assert bad.filter(~pl.col("account_id").is_in(book["accounts"]["account_id"].implode())).height == 1
    assert bad["status"].to_list().count("maybe") == 1
    own = book["transactions"].filter(pl.col("account_id") == f"A-{client}-1")
    assert bad.height == 5 < 0.01 * own.height


def test_silent(book):
    client = one("silent")
    row = book["clients"].row(by_predicate=pl.col("client_id") == client, named=True)
    assert row["reporting_freq"] == "none"
    assert row["relationship_start"] < date(2011, 1, 1)
    assert book["parties"].filter(pl.col("party_id") == client).height == 1
    for name, column in [("statements", "party_id"), *((n, "client_id") for n in (
        "accounts", "facilities", "loans", "credit_support", "interactions", "complaints"
    ))]:  # fmt: skip
        assert book[name].filter(pl.col(column) == client).height == 0, name


def test_late_filers(book):
    filed = book["statements"].filter(pl.col("party_id").is_in(list(LATE_FILERS.clients)))
    last = filed.group_by("party_id").agg(pl.col("period_end").max())
    assert last.height == 10
    assert set(last["period_end"]) == {date(2013, 12, 31)}
    assert date(2014, 12, 31) + timedelta(days=120 + 30) <= T


def test_downturn(book):
    parties = book["parties"].filter(pl.col("party_id").is_in(list(DOWNTURN.clients)))
    assert parties.select("industry_code", "region_code").n_unique() == 1
    assert parties.height == 34
    flows = [inflow(book, client) for client in DOWNTURN.clients]
    assert median(ratio(flow) for flow in flows) <= 0.85
    assert median(sum(flow[-3:]) / sum(flow[-15:-12]) for flow in flows) <= 0.85


def events(book, client, kind):
    return book["events"].filter(
        pl.col("event_id").str.starts_with(f"E-{client}-"), pl.col("kind") == kind, pl.col("happened_on") > LATELY
    )


def outgoing(book, client, category):
    """Days and money of what a client paid for that."""
    return book["transactions"].filter(
        pl.col("account_id").str.starts_with(f"A-{client}-"),
        pl.col("direction") == "out",
        pl.col("category") == category,
    )


LATELY = date(2014, 12, 31)
PLANTED = {  # story → kind, and the subtypes of its events of this year, in their order
    "dishonest": ("registry", ["dishonest_executee"]),
    "controller_gone": ("registry", ["controller_change", "equity_pledge"]),
    "stalled_project": ("project", ["slowed", "stopped"]),
    "courted": ("competitor_contact", ["visit", "offer", "payroll_moved"]),
    "observed": ("signal_action", ["confirm", "clear"]),
    "fire": ("news", ["fire"]),
    "polluter": ("news", ["pollution"]),
    "product_recalled": ("registry", ["recall"]),
    "customer_bankrupt": ("registry", ["bankruptcy_filing"]),
    "board_gone": ("registry", ["director_change", "cfo_change"]),
    "sudden_request": ("loan_request", ["increase"]),
    "dunned": ("dunning", ["interest", "interest"]),
    "shopping_around": ("bureau_inquiry", ["loan_approval"] * 3),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_events(book, name):
    kind, subtypes = PLANTED[name]
    rows = events(book, one(name), kind).filter(pl.col("subtype").is_in(subtypes))
    assert rows["subtype"].to_list() == subtypes
    if name == "shopping_around":
        assert rows["other_id"].n_unique() == 3
        assert (rows["happened_on"] >= T - timedelta(days=30)).all()
    if name == "dunned":
        assert rows["ends_on"].null_count() == 2
        assert (rows["happened_on"] <= T - timedelta(days=15)).all()
    if name == "customer_bankrupt":
        named = book["transactions"].filter(
            pl.col("counterparty_id") == rows["party_id"][0], pl.col("booked_on") > date(2014, 6, 30)
        )
        sales = book["transactions"].filter(
            pl.col("account_id") == f"A-{one(name)}-1",
            pl.col("category") == "sales",
            pl.col("booked_on") > date(2014, 6, 30),
        )
        assert 0.1 < named["amount"].sum() / sales["amount"].sum() < 0.3
    if name == "courted":
        assert outgoing(book, one(name), "payroll")["booked_on"].max() < date(2015, 5, 1)


def test_flooded(book):
    client = one("flooded")
    region = book["parties"].row(by_predicate=pl.col("party_id") == client, named=True)["region_code"]
    (day,) = book["events"].filter(pl.col("region_code") == region, pl.col("subtype") == "natural_disaster")[
        "happened_on"
    ]
    paid = book["transactions"].filter(pl.col("account_id") == f"A-{client}-1", pl.col("category") == "sales")

    def window(first, last):
        return paid.filter(pl.col("booked_on").is_between(day + timedelta(days=first), day + timedelta(days=last)))[
            "amount"
        ].sum()

    usual = median(window(1 - 30 * k, 30 - 30 * k) for k in range(1, 7))
    assert window(1, 30) < 0.6 * usual
    others = book["parties"].filter(pl.col("region_code") == region, pl.col("party_id").str.contains(r"^C\d+$"))
    assert 5 <= others.height <= 12


def test_one_customer(book):
    client = one("one_customer")
    newest = (
        book["disclosures"].filter(pl.col("party_id") == client, pl.col("kind") == "top_customer").sort("period_end")
    )
    assert newest.filter(pl.col("item") == "1")["share_pct"][-1] > 0.5
    year = book["transactions"].filter(
        pl.col("account_id") == f"A-{client}-1", pl.col("category") == "sales", pl.col("booked_on") > date(2014, 6, 30)
    )
    by = year.group_by("counterparty_id").agg(pl.col("amount").sum()).drop_nulls().sort("amount")["amount"]
    assert by[-1] / year["amount"].sum() > 0.5


def test_policy_change(book):
    notes = (
        book["disclosures"]
        .filter(pl.col("party_id") == one("policy_change"), pl.col("item") == "depreciation_method")
        .sort("period_end")
    )
    assert notes["text_value"].to_list()[-2:] == ["straight_line", "units_of_production"]
    assert not notes["mandated"].any()


def test_late_elsewhere(book):
    told = book["bureau_reports"].filter(pl.col("client_id") == one("late_elsewhere")).sort("report_on")
    assert told["worst_class"].to_list()[-2:] == ["normal", "special_mention"]
    assert told["report_on"][-1] > T - timedelta(days=90)


def test_broken_promises_and_missed_covenant(book):
    open_ = book["undertakings"].filter(
        pl.col("client_id") == one("broken_promises"), pl.col("kind") == "rm_promise", pl.col("outcome") == "open",
        pl.col("due_on") < T,
    )  # fmt: skip
    assert open_.height >= 3
    missed = book["undertakings"].filter(pl.col("client_id") == one("covenant_missed"), pl.col("outcome") == "not_met")
    assert (T - missed["due_on"][0]).days > 30


def test_dissatisfied(book):
    said = book["survey_answers"].filter(
        pl.col("client_id") == one("dissatisfied"), pl.col("subject") == "rm", pl.col("answered_on") > date(2015, 1, 1)
    )
    assert set(said["item"]) >= {"listens", "respects", "keeps_promises", "understands_our_business"}
    assert set(said["score"]) == {1}


def test_guarantor_down_and_affiliate_red(book):
    (down,) = STORIES["arrears"].clients
    vouched = book["credit_support"].filter(pl.col("client_id") == one("guarantor_down"), pl.col("kind") == "guarantee")
    assert vouched["provider_id"].to_list() == [down]
    tied = book["party_links"].filter(pl.col("from_id") == one("affiliate_red"), pl.col("to_id") == down)
    assert tied.select("relation", "share_pct").rows() == [("shareholder_of", 0.3)]


def test_line_full(book):
    client = one("line_full")
    limit = book["facilities"].filter(pl.col("client_id") == client, "revolving").sort("valid_from")["limit_amount"][-1]
    lines = book["loans"].filter(pl.col("client_id") == client, pl.col("facility_id") == f"F-{client}-1")
    drawn = newest(book, client).filter(pl.col("loan_id").is_in(lines["loan_id"].implode()))["outstanding"].sum()
    assert 0.95 <= drawn / limit <= 1


def test_dues_stopped(book):
    paid = outgoing(book, one("dues_stopped"), "social_insurance")["booked_on"]
    assert paid.max() < date(2015, 5, 1)
    assert paid.filter(paid > date(2014, 10, 31)).len() == 6


def test_payroll_late(book):
    days = outgoing(book, one("payroll_late"), "payroll").sort("booked_on")["booked_on"].dt.day().to_list()
    assert min(days[-2:]) >= median(days[-14:-2]) + 7


def test_new_bank(book):
    sent = outgoing(book, one("new_bank"), "own_transfer").group_by("counterparty_bank").agg(
        pl.col("booked_on").min(), pl.len()
    )  # fmt: skip
    assert sent.filter(pl.col("booked_on") > T - timedelta(days=90), pl.col("len") >= 2).height == 1


def test_auditor_gone(book):
    link = book["party_links"].filter(pl.col("to_id") == one("auditor_gone"), pl.col("relation") == "auditor_of")
    assert date(2015, 3, 1) < link["end_on"][0] < T


def test_misused_loan(book):
    client = one("misused_loan")
    loan = book["loans"].filter(pl.col("client_id") == client, pl.col("purpose") == "equipment").row(0, named=True)
    spent = book["transactions"].filter(pl.col("account_id") == loan["entry_account_id"], pl.col("direction") == "out")
    assert spent.select("category", "amount").rows() == [("securities", loan["principal"])]
    others = book["loans"].filter(
        pl.col("purpose") == "equipment", pl.col("entry_account_id").is_not_null(), pl.col("client_id") != client
    )
    bought = book["transactions"].filter(
        pl.col("account_id").is_in(others["entry_account_id"].implode()), pl.col("direction") == "out"
    )
    assert bought["category"].unique().to_list() == ["equipment"]
    assert bought["amount"].sum() == others["principal"].sum()


ORDER = ["CLEAR", "W", "A", "R", "N"]


def unheard(night, stories):
    """Stories the night does not give their signal at their level."""
    answers = pl.read_parquet(night.file("answers.parquet"))
    return [
        (story.name, client, found)
        for story in stories
        for client in story.clients
        if story.signal and story.level
        for found in [answers.row(by_predicate=pl.col("client_id") == client, named=True)[story.signal]]
        if found not in ORDER[ORDER.index(story.level) :]
    ]


def test_every_story_is_heard_by_the_night(stories_night):
    """The published night gives each planted client its signal at the promised level at least, and the others none."""
    night = stories_night
    assert unheard(night, (LATE_FILERS, *SINGLE, *ORDINARY)) == []
    findings = pl.read_parquet(night.file("findings.parquet"))
    levels = dict(pl.read_parquet(night.file("assessments.parquet")).select("client_id", "risk_level").rows())
    assert findings.filter(pl.col("client_id") == one("quiet")).height == 0
    for name in ("handover", "bad_rows"):  # real statements may be worth watching
        found = findings.filter(pl.col("client_id") == one(name))
        assert set(found["level"]) <= {"W"}, name
    assert (levels[one("quiet")], levels[one("bad_rows")]) == ("clear", "clear")
    assert levels[one("handover")] in ("clear", "W")
    assert levels[one("silent")] == "not_assessable"
    assert levels[one("arrears")] == "N"
    refused = pl.read_parquet(night.file("quarantine/transactions.parquet"))
    assert refused["check_id"].sort().to_list() == ["C3", "C5", "X1", "X1", "X1"]
