"""Simulated events of every kind: an ordinary year at an ordinary client, and the few that the stories plant."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from sample.relationship import staff_at
from sample.stories import STORIES
from sample.ties import BANKS, partner
from sample.timeline import LAST
from sample.world import Client

Row = dict[str, Any]
RISK_OFFICER, FLOOD = "RO1", date(2015, 4, 30)
ASKED_YEARLY = ("EXT-02", "MGT-25", "MGT-26", "MGT-27", "MGT-28", "MGT-29", "MGT-32", "MGT-36", "MGT-37")
ASKED_TIER, ASKED_ON = "A", date(2015, 3, 2)  # of clients of that grade the RM answers the yearly questions, with no
SHARED: tuple[Row, ...] = (
    {"kind": "policy", "subtype": "monetary", "happened_on": date(2014, 11, 21), "due_on": date(2014, 11, 22),
     "severity": "1", "source_class": "public_statistics", "source_ref": "central-bank:2014-11"},
    {"kind": "policy", "subtype": "industrial", "industry_code": "C35", "happened_on": date(2014, 5, 20),
     "due_on": date(2014, 9, 1), "severity": "1", "source_class": "public_statistics", "source_ref": "ministry:2014-17"},
    {"kind": "policy", "subtype": "tax", "industry_code": "I65", "happened_on": date(2013, 12, 10),
     "due_on": date(2014, 1, 1), "severity": "1", "source_class": "public_statistics", "source_ref": "treasury:2013-88"},
    {"kind": "news", "subtype": "technology_shift", "industry_code": "M73", "happened_on": date(2013, 9, 3),
     "severity": "1", "source_class": "news", "source_ref": "weekly:3321"},
    {"kind": "policy", "subtype": "monetary", "happened_on": date(2015, 5, 10), "due_on": date(2015, 5, 11),
     "severity": "1", "source_class": "public_statistics", "source_ref": "central-bank:2015-05"},
    {"kind": "policy", "subtype": "price_control", "industry_code": "K70", "happened_on": date(2014, 12, 15),
     "due_on": date(2015, 2, 1), "severity": "2", "source_class": "public_statistics", "source_ref": "ministry:2014-88"},
    {"kind": "news", "subtype": "natural_disaster", "region_code": "320583", "happened_on": FLOOD, "severity": "2",
     "source_class": "news", "source_ref": "daily:20150501"},
)  # fmt: skip


def shared() -> list[Row]:
    """Events about the country, a sector or a region."""
    return [_whole(f"E-SHARED-{k}", row) for k, row in enumerate(SHARED)]


def _whole(event: str, row: Row) -> Row:
    told = row.get("recorded_on") or max(row["happened_on"] + timedelta(days=1), date(2012, 7, 2))
    return {"confirmed": True, "source_class": "crm", **row, "event_id": event, "recorded_on": min(told, LAST)}


def events(client: Client, loans: list[Row], rng: np.random.Generator) -> list[Row]:
    """What happened at one client: loans asked for, days to remember, small changes; and its story."""
    me = client.client_id
    rows = [
        row
        for loan in loans[-2:]
        for row in _asked(me, loan["disbursed_on"] - timedelta(days=20), loan["principal"], client.number)
    ]
    rows.append({"kind": "occasion", "subtype": "anniversary", "happened_on": anniversary(client)})
    rows += [row for every, row in _ordinary(client) if client.number % every == 0]
    rows += _answers(client) + _planted(client)
    about = [{"party_id": me, **row} for row in rows if row["happened_on"] <= LAST]
    return [_whole(f"E-{me}-{k:02d}", row) for k, row in enumerate(about)]


def anniversary(client: Client) -> date:
    """The day a client celebrates, in 2014."""
    return date(2014, 1 + client.number % 12, 1 + client.number % 27)


def _asked(client: str, day: date, amount: int, number: int) -> list[Row]:
    bank = BANKS[number % len(BANKS)][0]
    return [
        {"kind": "loan_request", "subtype": "rollover", "happened_on": day, "ends_on": day + timedelta(days=12),
         "amount": amount, "source_class": "credit_system"},
        {"kind": "bureau_inquiry", "subtype": "post_loan", "happened_on": day + timedelta(days=2), "other_id": bank,
         "source_class": "bureau"},
    ]  # fmt: skip


def _answers(client: Client) -> list[Row]:
    """What the RM answered to the yearly questions."""
    if client.tier != ASKED_TIER:
        return []
    day = ASKED_ON + timedelta(days=client.number % 90)
    return [
        {"kind": "observation", "subtype": "no", "happened_on": day, "ends_on": day + timedelta(days=365), "signal_id": signal,
         "severity": "1", "reported_by": client.rm, "source_class": "rm_observation"}
        for signal in ASKED_YEARLY
    ]  # fmt: skip


def _ordinary(client: Client) -> list[tuple[int, Row]]:
    """(every so many clients, an event without consequence)."""
    day = date(2014, 3, 1) + timedelta(days=client.number)
    me, rm = client.client_id, staff_at(client, day)
    bank = BANKS[(client.number + 1) % len(BANKS)][0]
    return [
        (9, {"kind": "registry", "subtype": "scope_change", "happened_on": day, "source_class": "registry", "source_ref": f"reg:{me}:1"}),
        (14, {"kind": "registry", "subtype": "branch_open", "happened_on": day, "source_class": "registry", "source_ref": f"reg:{me}:2"}),
        (17, {"kind": "shutdown", "subtype": "planned_maintenance", "happened_on": day, "ends_on": day + timedelta(days=6)}),
        (19, {"kind": "client_notice", "subtype": "other", "happened_on": day}),
        (21, {"kind": "competitor_contact", "subtype": "visit", "happened_on": day, "other_id": bank, "reported_by": rm}),
        (23, {"kind": "reference_call", "subtype": "credit_standing", "happened_on": day, "other_id": bank, "reported_by": rm}),
        (25, {"kind": "deal", "subtype": "asset_purchase", "happened_on": day, "amount": 20_000_000, "ref_amount": 20_500_000, "flags": ["appraised"]}),
        (27, _project(client, day, "on_track", date(2016, 6, 30))),
        (29, {"kind": "dunning", "subtype": "maturity_notice", "happened_on": day, "ends_on": day + timedelta(days=2), "amount": 5_000_000}),
    ]  # fmt: skip


def _project(client: Client, day: date, state: str, ends: date) -> Row:
    return {
        "kind": "project", "subtype": state, "happened_on": day, "due_on": date(2016, 6, 30), "ends_on": ends,
        "amount": 400_000_000, "ref_amount": 400_000_000, "source_ref": f"PRJ-{client.client_id}",
    }  # fmt: skip


def _planted(client: Client) -> list[Row]:
    """The events of the stories told in this table."""
    me, rm = client.client_id, client.rm
    bank = BANKS[client.number % len(BANKS)][0]
    told: dict[str, list[Row]] = {
        "dishonest": [
            {"kind": "registry", "subtype": "dishonest_executee", "happened_on": date(2015, 5, 18), "amount": 80_000_000,
             "source_class": "court", "source_ref": "(2015)0417"},
        ],
        "controller_gone": [
            {"kind": "registry", "subtype": "controller_change", "happened_on": date(2015, 4, 20),
             "source_class": "registry", "source_ref": f"reg:{me}:8", "flags": ["control_changed"]},
            {"kind": "registry", "subtype": "equity_pledge", "happened_on": date(2015, 5, 4), "amount": 300_000_000,
             "source_class": "registry", "source_ref": f"reg:{me}:9"},
        ],
        "stalled_project": [
            _project(client, date(2014, 9, 30), "on_track", date(2016, 6, 30)),
            _project(client, date(2015, 3, 31), "slowed", date(2017, 3, 31)),
            _project(client, date(2015, 6, 15), "stopped", date(2017, 12, 31)),
        ],
        "courted": [
            {"kind": "competitor_contact", "subtype": kind, "happened_on": day, "other_id": bank, "reported_by": rm}
            for kind, day in (("visit", date(2015, 3, 2)), ("offer", date(2015, 4, 14)), ("payroll_moved", date(2015, 5, 4)))
        ],
        "observed": [
            {"kind": "observation", "subtype": "yes", "happened_on": date(2015, 5, 20), "ends_on": date(2015, 11, 20),
             "signal_id": "MGT-02", "severity": "2", "reported_by": rm, "source_class": "rm_observation"},
            {"kind": "signal_action", "subtype": "confirm", "happened_on": date(2015, 5, 25), "signal_id": "MGT-02",
             "reported_by": rm, "source_class": "rm_observation"},
            {"kind": "signal_action", "subtype": "clear", "happened_on": date(2015, 2, 10), "signal_id": "FIN-02",
             "reported_by": rm, "approved_by": RISK_OFFICER, "source_class": "rm_observation"},
        ],
        "flooded": [
            {"kind": "client_notice", "subtype": "other", "happened_on": date(2015, 5, 6)},
        ],
        "customer_bankrupt": [
            {"party_id": partner(client, "B", 0), "kind": "registry", "subtype": "bankruptcy_filing",
             "happened_on": date(2015, 5, 7), "source_class": "court", "source_ref": "(2015)0388"},
        ],
        "product_recalled": [
            {"kind": "registry", "subtype": "recall", "happened_on": date(2015, 4, 22), "source_class": "registry",
             "source_ref": f"reg:{me}:21"},
        ],
        "board_gone": [
            {"kind": "registry", "subtype": subtype, "happened_on": day, "source_class": "registry", "source_ref": f"reg:{me}:{n}"}
            for n, (subtype, day) in enumerate((("director_change", date(2015, 3, 3)), ("cfo_change", date(2015, 5, 19))), 22)
        ],
        "fire": [
            {"kind": "news", "subtype": "fire", "happened_on": date(2015, 6, 11), "severity": "3", "source_class": "news",
             "source_ref": "daily:20150612"},
        ],
        "polluter": [
            {"kind": "news", "subtype": "pollution", "happened_on": date(2015, 5, 26), "severity": "2", "source_class": "news",
             "source_ref": "daily:20150527"},
        ],
        "shopping_around": [
            {"kind": "bureau_inquiry", "subtype": "loan_approval", "happened_on": date(2015, 6, 4 + 6 * k),
             "other_id": BANKS[k][0], "source_class": "bureau"}
            for k in range(3)
        ],
        "sudden_request": [
            {"kind": "loan_request", "subtype": "increase", "happened_on": date(2015, 6, 15), "flags": ["unplanned"],
             "amount": int(0.25 * client.revenue.get(2014, 0.0)), "source_class": "credit_system"},
        ],
        "dunned": [
            {"kind": "dunning", "subtype": "interest", "happened_on": date(2015, 5, day), "amount": 2_000_000}
            for day in (4, 25)
        ],
    }  # fmt: skip
    return [row for story, rows in told.items() if me in STORIES[story].clients for row in rows]
