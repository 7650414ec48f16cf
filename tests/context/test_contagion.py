"""What comes over from others, against plain Python over the same random bank, and the edges by hand."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from tests.signals.cases import NIGHT
from transforms.context import contagion
from transforms.features import ties

T = NIGHT.as_of
CLIENTS = [f"C{i:02d}" for i in range(40)]
OTHERS = [f"P{i:02d}" for i in range(12)]
ALL = [*CLIENTS, *OTHERS]
Rows = list[dict[str, Any]]


def frame(table: str, rows: Rows) -> pl.LazyFrame:
    return pl.DataFrame(rows, schema=TABLES[table].schema, orient="row").lazy()


def event(n: int, party: str, subtype: str, on: date, kind: str = "registry", **more: Any) -> dict[str, Any]:
    base = dict.fromkeys(TABLES["events"].schema)
    told = {
        "event_id": f"E{n}",
        "kind": kind,
        "subtype": subtype,
        "party_id": party,
        "happened_on": on,
        "recorded_on": on,
    }
    return {**base, **told, "confirmed": False, **more}


def link(n: int, left: str, right: str, relation: str, share: float | None = None, **more: Any) -> dict[str, Any]:
    base = dict.fromkeys(TABLES["party_links"].schema)
    told = {"link_id": f"L{n}", "from_id": left, "to_id": right, "relation": relation, "share_pct": share}
    return {**base, **told, "recorded_on": T - timedelta(days=900), **more}


def statement(party: str, equity: int) -> dict[str, Any]:
    base = dict.fromkeys(TABLES["statements"].schema)
    return {**base, "party_id": party, "period_end": date(2014, 12, 31), "period_type": "Y", "scope": "single", "version": 1,
            "months": 12, "currency": NIGHT.home_currency, "received_on": date(2015, 4, 1), "equity": equity}  # fmt: skip


def bureau(party: str, on: date, worst: str, given: int) -> dict[str, Any]:
    base = dict.fromkeys(TABLES["bureau_reports"].schema)
    return {**base, "client_id": party, "report_on": on, "worst_class": worst, "guarantees_given": given}


class Bank:
    """Tables and frames of a bank; `spread()` gives one row per client."""

    def __init__(self) -> None:
        self.kinds = {"registry", "news"}
        self.events: Rows = []
        self.links: Rows | None = []
        self.statements: Rows = []
        self.bureau: Rows | None = []
        self.people: set[str] = set()
        self.groups: dict[str, str] = {}
        self.exposure: dict[str, int] = dict.fromkeys(CLIENTS, 1000)
        self.equity: dict[str, int | None] = dict.fromkeys(CLIENTS, 500)
        self.classes: dict[str, str] = {}
        self.levels: dict[str, tuple[str, int, int]] = {}
        self.guarantees: list[tuple[str, str, int]] = []
        self.flows: list[tuple[Any, ...]] = []
        self.partners: dict[str, tuple[list[str], list[str]] | None] = {}  # None: the largest are not known

    def spread(self) -> dict[str, dict[str, Any]]:
        night = NIGHT.__class__(T, feeds=NIGHT.feeds, kinds={"events": frozenset(self.kinds)})
        parties = [
            {
                **dict.fromkeys(TABLES["parties"].schema),
                "party_id": p,
                "kind": "person" if p in self.people else "company",
            }
            for p in ALL
        ]
        clean = {"parties": frame("parties", parties), "statements": frame("statements", self.statements),
                 "events": frame("events", self.events)}  # fmt: skip
        if self.links is not None:
            clean["party_links"] = frame("party_links", self.links)
        if self.bureau is not None:
            clean["bureau_reports"] = frame("bureau_reports", self.bureau)
        features = {
            "identity": pl.LazyFrame(
                {"client_id": CLIENTS, "group_id": [self.groups.get(c) for c in CLIENTS]}, schema_overrides={"group_id": pl.String}
            ),
            "statements": pl.LazyFrame({"client_id": CLIENTS, "equity": [self.equity[c] for c in CLIENTS]}),
            "credit": pl.LazyFrame({"client_id": CLIENTS, "exposure": [self.exposure[c] for c in CLIENTS],
                                    "worst_class": [self.classes.get(c) for c in CLIENTS]}, schema_overrides={"worst_class": pl.String}),
            "transactions": pl.LazyFrame({"client_id": CLIENTS, "opin_12": [100] * len(CLIENTS), "opout_12": [100] * len(CLIENTS)}),
        }  # fmt: skip
        features["counterparties"] = pl.LazyFrame(
            [(c, 1, 1, *of) if (of := self.partners.get(c, ([], []))) else (c, None, None, [], []) for c in CLIENTS],
            schema={
                "client_id": pl.String,
                "top_payer_amount": pl.Int64,
                "top_payee_amount": pl.Int64,
                "top_payer_members": pl.List(pl.String),
                "top_payee_members": pl.List(pl.String),
            },
            orient="row",
        )
        linked = {
            "guarantees": pl.LazyFrame(
                [(*row, []) for row in self.guarantees], schema=dict(ties.GUARANTEES), orient="row"
            ),
            "flows": pl.LazyFrame(self.flows, schema=dict(ties.FLOWS), orient="row"),
        }
        levels = pl.LazyFrame(
            [(c, *self.levels.get(c, ("clear", 0, 0))) for c in CLIENTS],
            schema={"client_id": pl.String, "risk_level": pl.String, "reds": pl.Int64, "alerts": pl.Int64}, orient="row",
        )  # fmt: skip
        found = contagion.measure(night, clean, features, linked, levels).collect()
        assert found["client_id"].to_list() == CLIENTS
        return {row["client_id"]: row for row in found.to_dicts()}


def of(bank: Bank, client: str, *names: str) -> tuple[Any, ...]:
    row = bank.spread()[client]
    return tuple(row[name] for name in names)


# ---- by hand -------------------------------------------------------------------------------------------------------

GUARANTOR = (
    "guarantors_with_signals",
    "guarantors_in_registry",
    "guarantors_bad_elsewhere",
    "guarantors_overstretched",
    "distressed_backing",
)


def test_a_guarantor_in_order() -> None:
    bank = Bank()
    bank.guarantees = [("C00", "P00", 500)]
    bank.bureau = [bureau("P00", T, "normal", 100)]
    bank.statements = [statement("P00", 100)]
    assert of(bank, "C00", *GUARANTOR) == (0, 0, 0, 0, 0.0)  # guarantees equal to the equity do not exceed it
    assert of(bank, "C01", *GUARANTOR) == (None,) * 5


@pytest.mark.parametrize(("levels", "count"), [(("R", 1, 1), 1), (("A", 0, 2), 1), (("A", 0, 1), 0), (("W", 0, 0), 0)])
def test_a_guarantor_with_signals_of_its_own(levels: tuple[str, int, int], count: int) -> None:
    bank = Bank()
    bank.guarantees = [("C00", "C01", 499)]
    bank.levels["C01"] = levels
    bank.bureau, bank.statements = [bureau("C01", T, "normal", 0)], [statement("C01", 1)]
    assert of(bank, "C00", *GUARANTOR) == (count, 0, 0, 0, 0.499 if count else 0.0)
    assert of(bank, "C00", "sound_guarantor") == (levels[0] == "W",)


def test_a_guarantor_of_whom_little_is_known() -> None:
    bank = Bank()
    bank.guarantees = [("C00", "P00", 500), ("C01", "P01", 500)]
    bank.people = {"P01"}
    bank.events = [
        event(1, "P00", "executed", T - timedelta(days=180)),
        event(2, "P01", "executed", T - timedelta(days=181)),
    ]
    assert of(bank, "C00", *GUARANTOR) == (0, 1, None, None, 0.5)
    assert of(bank, "C01", *GUARANTOR) == (0, 0, None, 0, None)  # a person skips the test on equity
    bank.bureau = [bureau("P00", T - timedelta(days=96), "loss", 9)]
    assert of(bank, "C00", *GUARANTOR)[2:4] == (None, None)  # too old
    bank.bureau = [bureau("P00", T - timedelta(days=95), "substandard", 9)]
    assert of(bank, "C00", *GUARANTOR)[2:4] == (1, None)
    bank.kinds = {"news"}
    assert of(bank, "C00", *GUARANTOR)[1] is None


KEY = ("key_parties_registry", "key_parties_bad_loans", "key_parties_silent", "key_party_share")


def test_key_parties() -> None:
    bank = Bank()
    #             client direction party share both now/before months others
    bank.flows = [("C00", "in", "C01", 0.10, 0.1, 0.2, 10, 0.8), ("C01", "in", "P00", 0.099, 0.1, 0.0, 12, 1.0),
                  ("C02", "out", "P01", 0.30, 0.2, 0.21, 12, 1.0), ("C03", "in", "P02", 0.5, 0.5, 0.1, 9, 1.0),
                  ("C04", "in", "P02", 0.5, 0.5, 0.1, 12, 0.79)]  # fmt: skip
    bank.events = [event(1, "P01", "licence_revoked", T), event(2, "P02", "executed", T)]
    bank.classes = {"C01": "substandard"}
    assert of(bank, "C00", *KEY) == (0, 1, 1, 0.1)
    assert of(bank, "C01", *KEY) == (0, 0, 0, 0.0)
    assert of(bank, "C02", *KEY) == (1, 0, 0, 0.3)
    assert of(bank, "C03", *KEY) == (0, 0, 0, 0.0)
    assert of(bank, "C04", *KEY) == (0, 0, 0, 0.0)
    bank.kinds = set()
    assert of(bank, "C05", *KEY) == (None, 0, 0, 0.0)


AFFILIATE = ("affiliates_registry", "affiliates_executed", "affiliates_news", "affiliates_red", "parent_troubled")


def test_affiliates_within_two_steps() -> None:
    bank = Bank()
    bank.links = [link(1, "P00", "C00", "shareholder_of", 0.2), link(2, "P00", "C01", "shareholder_of", 0.5), link(3, "C01", "C02", "controller_of"),
                  link(4, "P01", "C03", "shareholder_of", 0.19), link(5, "P02", "C04", "shareholder_of", 0.51),
                  link(6, "P03", "C05", "co_borrower_with"), link(7, "P04", "C06", "controller_of", end_on=T)]  # fmt: skip
    bank.events = [event(n, party, "equity_freeze", T) for n, party in enumerate(["C01", "P01", "P02", "P03", "P04"])]
    assert of(bank, "C00", *AFFILIATE) == (1, 0, 0, 0, False)  # C01 by P00
    assert of(bank, "C02", *AFFILIATE) == (1, 0, 0, 0, True)
    assert of(bank, "C03", *AFFILIATE) == (0, 0, 0, 0, False)
    assert of(bank, "C04", *AFFILIATE) == (1, 0, 0, 0, True)
    assert of(bank, "C05", *AFFILIATE) == (0, 0, 0, 0, False)
    assert of(bank, "C06", *AFFILIATE) == (0, 0, 0, 0, False)  # the tie has ended
    bank.links = None
    assert of(bank, "C00", *AFFILIATE) == (None,) * 5


def test_affiliates_executed_in_the_news_and_red() -> None:
    bank = Bank()
    bank.groups = {"C00": "G", "C01": "G", "C02": "G"}
    bank.statements = [statement("C01", 10_000)]
    bank.events = [
        event(1, "C01", "executed", T, amount=99),
        event(2, "C02", "executed", T - timedelta(days=181), amount=10_000),
    ]
    assert of(bank, "C00", *AFFILIATE) == (0, 0, 0, 0, False)
    bank.events = [
        event(1, "C01", "executed", T, amount=100),
        event(2, "C02", "fraud", T, kind="news", severity="3", confirmed=True),
    ]
    bank.levels["C02"] = ("R", 1, 0)
    assert of(bank, "C00", *AFFILIATE) == (0, 1, 1, 1, False)
    assert of(bank, "C02", *AFFILIATE) == (0, 1, 0, 0, False)  # its own level does not come back to it
    bank.statements = []
    assert of(bank, "C00", *AFFILIATE) == (0, None, 1, 1, False)  # equity unknown


def test_the_top_company_of_a_group_is_an_affiliate_of_its_members() -> None:
    bank = Bank()
    bank.groups = {"C00": "P01", "C01": "C01"}
    bank.events = [event(1, "P01", "equity_freeze", T)]
    assert of(bank, "C00", *AFFILIATE) == (1, 0, 0, 0, False)
    assert of(bank, "C01", *AFFILIATE) == (0, 0, 0, 0, False)


BANKRUPT = ("bankrupt_parties", "bankrupt_tie_types", "bankrupt_exposure_share")


def test_ties_to_the_bankrupt() -> None:
    bank = Bank()
    bank.events = [event(1, "P00", "bankruptcy_filing", T - timedelta(days=365)), event(2, "P01", "bankruptcy_filing", T - timedelta(days=366)),
                   event(3, "C09", "bankruptcy_filing", T), event(4, "P02", "bankruptcy_filing", T, ends_on=T)]  # fmt: skip
    bank.links = [link(1, "P00", "C00", "shareholder_of", 0.01), link(2, "P05", "P00", "director_of"), link(3, "P05", "C00", "executive_of"),
                  link(4, "P01", "C01", "shareholder_of", 0.9), link(5, "P02", "C04", "controller_of")]  # fmt: skip
    bank.guarantees = [("C09", "C02", 50)]
    bank.flows = [("C03", "in", "P00", 0.06, 0.05, 1.0, 12, 1.0), ("C05", "in", "P00", 0.09, 0.049, 1.0, 12, 1.0)]
    assert of(bank, "C00", *BANKRUPT) == (1, 2, 0.0)
    assert of(bank, "C01", *BANKRUPT) == (0, 0, 0.0)
    assert of(bank, "C02", *BANKRUPT) == (1, 1, 0.1)
    assert of(bank, "C03", *BANKRUPT) == (1, 1, 0.0)
    assert of(bank, "C04", *BANKRUPT) == (0, 0, 0.0)  # withdrawn
    assert of(bank, "C05", *BANKRUPT) == (0, 0, 0.0)
    assert of(bank, "C09", *BANKRUPT) == (0, 0, 0.0)  # itself: not a tie
    bank.equity["C02"] = None
    assert of(bank, "C02", *BANKRUPT) == (1, 1, None)
    bank.equity["C02"] = -1
    assert of(bank, "C02", *BANKRUPT) == (1, 1, float("inf"))
    bank.links = None
    assert of(bank, "C00", *BANKRUPT) == (None, None, None)
    bank.kinds = set()
    assert of(bank, "C03", *BANKRUPT) == (None, None, None)


def test_the_level_of_the_largest_partners() -> None:
    bank = Bank()
    bank.partners = {"C00": (["P00", "C01"], ["C02"]), "C01": (["C02"], []), "C02": None}
    bank.levels = {"C01": ("A", 0, 1), "C02": ("W", 0, 0)}
    assert of(bank, "C00", "top_payer_troubled", "top_payee_troubled") == (True, False)
    assert of(bank, "C01", "top_payer_troubled", "top_payee_troubled") == (False, False)
    assert of(bank, "C02", "top_payer_troubled", "top_payee_troubled") == (None, None)


# ---- against plain Python over random banks ------------------------------------------------------------------------


def _against(bank: Bank, party: str, subtypes: tuple[str, ...], days: int) -> bool:
    return any(
        e["kind"] == "registry" and e["party_id"] == party and e["subtype"] in subtypes
        and 0 <= (T - e["happened_on"]).days <= days and not (e["ends_on"] and e["ends_on"] <= T)
        for e in bank.events
    )  # fmt: skip


def _edges(bank: Bank, strong: bool) -> dict[str, set[str]]:
    """Who is tied to whom, both ways; `strong`: by a share of 20 % or control alone."""
    group = ("shareholder_of", "controller_of", "group_member_of", "co_borrower_with")
    control = ("controller_of", "group_member_of")
    pairs = [
        (x["from_id"], x["to_id"])
        for x in bank.links or []
        if not (x["end_on"] and x["end_on"] <= T) and x["relation"] in group
        and (not strong or (x["share_pct"] or 0) >= 0.2 or x["relation"] in control)
    ]  # fmt: skip
    groups = bank.groups
    pairs += [(a, b) for a in groups for b in groups if a != b and groups[a] == groups[b]]
    edges: dict[str, set[str]] = {}
    for a, b in pairs:
        edges.setdefault(a, set()).add(b)
        edges.setdefault(b, set()).add(a)
    return edges


def _plain(bank: Bank, client: str) -> dict[str, Any]:
    """The counts of one client by loops over the rows."""
    edges, tied = _edges(bank, strong=True), _edges(bank, strong=False)
    near = set(edges.get(client, set()))
    near = (near | {z for y in near for z in edges.get(y, set())}) - {client}
    filed = {p for p in ALL if _against(bank, p, ("bankruptcy_filing",), 365)} - {client}
    pairs = [{a, b} for a, b, _ in bank.guarantees]
    kinds = [(p in tied.get(client, set())) + ({client, p} in pairs) for p in filed]
    levels = {c: bank.levels.get(c, ("clear", 0, 0)) for c in ALL}
    signals = [levels[g][1] >= 1 or levels[g][2] >= 2 for c, g, _ in bank.guarantees if c == client]
    severe = ("bankruptcy_filing", "dishonest_executee", "equity_freeze")
    return {
        "affiliates_registry": sum(_against(bank, p, severe, 180) for p in near),
        "affiliates_red": sum(levels[p][0] in ("R", "N") for p in near),
        "bankrupt_parties": sum(k > 0 for k in kinds),
        "bankrupt_tie_types": max(kinds, default=0),
        "guarantors_with_signals": sum(signals) if signals else None,
    }


@pytest.mark.parametrize("seed", range(6))
def test_counts_agree_with_loops_over_a_random_bank(seed: int) -> None:
    rng = random.Random(seed)
    bank = Bank()
    subtypes = ["bankruptcy_filing", "dishonest_executee", "equity_freeze", "executed", "penalty"]
    bank.events = [
        event(n, rng.choice(ALL), rng.choice(subtypes), T - timedelta(days=rng.randrange(400)),
              ends_on=rng.choice([None, None, T, T + timedelta(days=1)]), amount=rng.randrange(1000))
        for n in range(25)
    ]  # fmt: skip
    relations = ["shareholder_of", "controller_of", "group_member_of", "co_borrower_with", "supplier_of"]
    pairs = [rng.sample(ALL, 2) for _ in range(45)]
    bank.links = [
        link(n, a, b, rng.choice(relations), rng.choice([None, 0.1, 0.2, 0.6]), end_on=rng.choice([None, None, T]))
        for n, (a, b) in enumerate(pairs)
    ]
    bank.groups = {c: rng.choice(["G1", "G2"]) for c in rng.sample(CLIENTS, 6)}
    bank.levels = {c: rng.choice([("R", 1, 1), ("A", 0, 2), ("A", 0, 1), ("N", 1, 1)]) for c in rng.sample(CLIENTS, 10)}
    chosen = {tuple(rng.sample(ALL, 2)) for _ in range(15)}
    bank.guarantees = sorted((a, b, 10) for a, b in chosen if a in CLIENTS)
    found = bank.spread()
    for client in CLIENTS:
        expected = _plain(bank, client)
        assert {name: found[client][name] for name in expected} == expected, client


def test_the_order_of_rows_does_not_matter() -> None:
    rng = random.Random(7)
    bank = Bank()
    bank.events = [event(n, rng.choice(ALL), "equity_freeze", T) for n in range(9)]
    bank.links = [link(n, *rng.sample(ALL, 2), "controller_of") for n in range(30)]
    before = bank.spread()
    rng.shuffle(bank.events)
    rng.shuffle(bank.links)
    assert bank.spread() == before
