"""The sample bank passes every check of the input model but those it breaks on purpose."""

import polars as pl
import pytest

from expectations import book, casts, validation
from expectations.model import Delivery
from expectations.tables import TABLES
from sample import bank

# What the sample bank is told of, on purpose or because the real statements are what they are.
TOLD = {
    ("statements", "S10"),  # the story `restated`
    ("statements", "S12"),  # the real file has 14 of the lines rules read
    ("interactions", "T2"),  # simulated RMs are double-booked now and then
    ("accounts", "U2"),  # the client without any feed
}


@pytest.fixture(scope="module")
def verdicts():
    made, _ = bank.tables(60)
    clean, found = {}, {}
    told = Delivery(
        bank.AS_OF, bank.AS_OF, newest="1", backfills=frozenset(["1"]), home_currency="USD", gift_limit=500_00,
        client_ids=tuple(made["clients"]["client_id"]),
    )  # fmt: skip
    for name, table in TABLES.items():
        rows = made[name].lazy().with_columns(delivery=pl.lit("1"), delivered_on=pl.lit(bank.AS_OF))
        found[name] = validation.validate(table, casts.conform(table, rows, "f"), clean, told)
        clean[name] = found[name].clean.lazy()
    return found, validation.across(book.CHECKS, clean, told)


def test_all_26_tables_are_filled(verdicts):
    assert {name for name, verdict in verdicts[0].items() if verdict.clean.is_empty()} == set()
    assert len(verdicts[0]) == 26


def test_only_the_planted_rows_are_refused(verdicts):
    refused = {name: verdict.counts.quarantined for name, verdict in verdicts[0].items() if verdict.counts.quarantined}
    assert refused == {"transactions": 5}


def test_only_what_is_meant_is_told_and_nobody_is_held(verdicts):
    notices = [notice for verdict in verdicts[0].values() for notice in verdict.notices] + verdicts[1][0]
    assert {(notice.table, notice.check_id) for notice in notices} == TOLD
    assert sum(verdict.held.height for verdict in verdicts[0].values()) + verdicts[1][1].height == 0


def test_every_kind_of_event_undertaking_paper_and_series_is_there(verdicts, whole):
    seen = {name: verdict.clean for name, verdict in verdicts[0].items()}
    made, _ = whole
    assert made["events"]["kind"].n_unique() == 15
    assert set(made["undertakings"]["kind"]) >= {
        "rm_promise",
        "task",
        "covenant",
        "condition",
        "proposal",
        "client_opinion",
        "payment_promise",
        "capital_instalment",
    }
    assert made["documents"]["checklist"].n_unique() == 4
    assert seen["series"]["subject_kind"].n_unique() == 6


def test_nobody_plans_a_contact_for_a_day_off(verdicts):
    found, _ = verdicts
    days = found["calendar"].clean.filter("is_workday")["date"]
    planned = found["interactions"].clean.filter(pl.col("status") == "planned")
    assert planned.height > 0
    assert planned.filter(~pl.col("planned_on").is_in(days.implode())).is_empty()
