"""What happens to the frames in measure, compare and judge: pure; `flows/nightly.py` reads and writes the files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import ModuleType

import polars as pl

from transforms import assessment, currency, findings, history, panel, standing
from transforms.context import (
    attitude,
    concentration,
    contagion,
    decline,
    month_index,
    own_book,
    peers,
    purchases,
    roster,
    trend,
)
from transforms.features import (
    acquisitions,
    actions,
    arrears,
    asset_deals,
    auditors,
    balances,
    bureau,
    business,
    capital,
    collection,
    complaints,
    conduct,
    contacts,
    contribution,
    counterparties,
    cover,
    credit,
    critics,
    customers,
    deals,
    depreciation_policy,
    disasters,
    dishonesty,
    diversion,
    dividends,
    dunning,
    equity_deals,
    exposure,
    headcount,
    identity,
    inquiries,
    insiders,
    investment_trades,
    investments,
    key_figures,
    key_people,
    left_behind,
    lines,
    mandated,
    manner,
    market,
    mix,
    new_payers,
    news,
    nonbank,
    notices,
    observations,
    own_transfers,
    pay,
    payroll,
    people_events,
    people_met,
    policies,
    policies_in_force,
    premises,
    proceeds,
    production,
    projects,
    promises,
    quality,
    registry,
    reported_debt,
    requests,
    returns,
    rival,
    routing,
    sector,
    spending,
    statements,
    stock,
    streams,
    supplies,
    surveys,
    ties,
    transactions,
    undertakings,
    vat,
    warmth,
)
from transforms.night import Night
from transforms.policy import Policy
from transforms.shard import Shard
from transforms.signals import CATALOGUE

Frames = Mapping[str, pl.LazyFrame]
RECENT_MONTHS = transactions.RECENT_MONTHS
OWN = ("identity", "statements", "transactions", "balances", "credit", "contacts", "complaints")
# Modules with one frame each, measure(shard); a module may read the frames of those above it.
MODULES: Mapping[str, ModuleType] = {
    "observations": observations,
    "bureau": bureau,
    "dishonesty": dishonesty,
    "inquiries": inquiries,
    "insiders": insiders,
    "key_people": key_people,
    "new_payers": new_payers,
    "news": news,
    "notices": notices,
    "registry": registry,
    "mix": mix,
    "capital": capital,
    "cover": cover,
    "depreciation_policy": depreciation_policy,
    "headcount": headcount,
    "investments": investments,
    "policies": policies,
    "customers": customers,
    "investment_trades": investment_trades,
    "premises": premises,
    "projects": projects,
    "disasters": disasters,
    "exposure": exposure,
    "market": market,
    "policies_in_force": policies_in_force,
    "sector": sector,
    "deals": deals,
    "equity_deals": equity_deals,
    "acquisitions": acquisitions,
    "asset_deals": asset_deals,
    "auditors": auditors,
    "arrears": arrears,
    "collection": collection,
    "diversion": diversion,
    "dividends": dividends,
    "dunning": dunning,
    "mandated": mandated,
    "pay": pay,
    "reported_debt": reported_debt,
    "requests": requests,
    "undertakings": undertakings,
    "vat": vat,
    "conduct": conduct,
    "critics": critics,
    "left_behind": left_behind,
    "manner": manner,
    "people_met": people_met,
    "promises": promises,
    "rival": rival,
    "surveys": surveys,
    "warmth": warmth,
    "returns": returns,
    "contribution": contribution,
    "stock": stock,
    "payroll": payroll,
    "production": production,
    "supplies": supplies,
    "quality": quality,
    "key_figures": key_figures,
    "business": business,
    "counterparties": counterparties,
    "lines": lines,
    "nonbank": nonbank,
    "own_transfers": own_transfers,
    "people_events": people_events,
    "proceeds": proceeds,
    "routing": routing,
    "spending": spending,
    "streams": streams,
}
FEATURES = (*OWN, *MODULES)
SERIES = (
    "statement_history",
    "flow_series",
    "balance_series",
    "credit_series",
    "contact_history",
    "complaint_history",
)
TIES = ("guarantees", "flow_ties")  # long frames the second pass reads
READS = frozenset(  # the clean tables `months` and `measure` read
    (
        *("parties", "staff", "clients", "assignments", "statements", "accounts", "facilities", "loans", "loan_status"),
        *("credit_support", "transactions", "balances", "interactions", "complaints"),
        *(table for module in MODULES.values() for table in module.READS),
    )
)
SPREADS = (
    "parties",
    "statements",
    "series",
    "events",
    "party_links",
    "bureau_reports",
)  # whole tables the second pass reads
COMPARED = ("peer_years",)  # long frames of compare, for pages
CONTEXT = ("attitude", "peers", "own_book", "roster", "decline", "concentration", "trend", "purchases")


@dataclass(frozen=True)
class Before:
    """What the night before said, whom tonight's validation holds, and what people did; None where there is nothing."""

    findings: pl.DataFrame | None = None
    assessments: pl.DataFrame | None = None
    moves: pl.DataFrame | None = None
    held: pl.DataFrame | None = None
    actions: pl.DataFrame | None = None
    roster: pl.DataFrame | None = None


def assessed(clients: pl.LazyFrame) -> pl.LazyFrame:
    """Clients a night assesses: active and dormant ones."""
    return clients.filter(pl.col("status").is_in(["active", "dormant"]))


def months(night: Night, clean: Frames) -> dict[str, pl.LazyFrame]:
    """Monthly sums of one month's transactions (docs/frames.md section 2); `clean["rates"]` are currency.rates, if any."""
    rows = currency.transactions(night, clean["transactions"], clean.get("rates", currency.rates(night, None)))
    tables = (assessed(clean["clients"]), clean["accounts"], clean["parties"], rows)
    return {
        "months": transactions.months(night, *tables),
        "categories": transactions.categories(night, *tables),
        "counterparties": transactions.counterparties(night, *tables),
        "own_transfers": transactions.own_transfers(night, *tables),
        "failed": transactions.failed(night, *tables),
    }


def measure(night: Night, clean: Frames, monthly: Frames) -> dict[str, pl.LazyFrame]:
    """Every feature frame (one row per client) and every long series of one shard.

    `clean["transactions"]` holds the partitions of the last months at least: `monthly` has the sums of all of them.
    `clean["groups"]` are client_id and group_id of every client of the bank, not the shard's alone (reading G21).
    """
    clients = assessed(clean["clients"])
    clean = currency.at_home(night, clean, currency.rates(night, clean.get("series")))
    who = identity.measure(night, clean["clients"], clean["parties"], clean.get("staff"), clean.get("assignments"))
    filed = statements.measure(night, clients, clean["statements"]).collect().lazy()  # read by turnover, too
    debts = (clients, clean["facilities"], clean["loans"], clean["loan_status"], clean["credit_support"])
    meetings, grievances = clean.get("interactions"), clean.get("complaints")
    own = {
        "identity": who,
        "statements": filed,
        "transactions": transactions.measure(
            night,
            clients,
            who,
            monthly["months"],
            transactions.payers(monthly["counterparties"]),
            monthly["failed"],
            filed,
        ),
        "balances": balances.measure(night, clients, clean["accounts"], clean["balances"]),
        "credit": credit.measure(night, *debts),
        "contacts": contacts.measure(night, clients, meetings, clean.get("assignments")),
        "complaints": complaints.measure(night, clients, grievances),
    }
    long = {
        "statement_history": statements.history(night, clients, clean["statements"]),
        "flow_series": transactions.series(night, clients, monthly["months"]),
        "balance_series": balances.series(night, clients, clean["accounts"], clean["balances"]),
        "credit_series": credit.series(night, *debts[:-1]),
        "contact_history": contacts.history(night, clients, meetings),
        "complaint_history": complaints.history(night, clients, grievances),
    }
    rows = transactions.recent(night, clients, clean["accounts"], clean["parties"], clean["transactions"])
    # Collected: many modules read them, and left lazy each would plan and read the transactions anew.
    done = {name: frame.collect().lazy() for name, frame in own.items()}
    shard = Shard(night, clients, clean, {**monthly, "recent": rows.collect().lazy()}, done)
    for name, module in MODULES.items():
        done[name] = module.measure(shard).collect().lazy()
    apart = {
        "guarantees": ties.guarantees(shard),
        "flow_ties": ties.flows(shard),
        "actions": actions.latest(shard),
    }
    return {**done, **long, **apart}


def compare(night: Night, features: Frames, before: Before) -> dict[str, pl.LazyFrame]:
    """What needs the whole book: peer medians, own-book cells, roster grades, DECLINE with its month index."""
    who, flow_series, balance_series = features["identity"], features["flow_series"], features["balance_series"]
    # Collected: left lazy, DECLINE would plan the whole book's index anew for every measure and month-end.
    index = month_index.index(night, who, flow_series, balance_series).collect().lazy()
    return {
        "attitude": attitude.measure(features["warmth"]),
        "peers": peers.medians(night, who, features["statements"], features["headcount"]),
        "peer_years": peers.years(who, features["statement_history"]),
        "own_book": own_book.measure(
            night,
            who,
            *(features[name] for name in ("transactions", "credit", "statements", "exposure")),
        ),
        "roster": roster.grades(
            night,
            who,
            *(features[name] for name in ("transactions", "balances", "credit", "contribution")),
            before=before.roster,
        ),
        "decline": decline.measure(night, who, flow_series, balance_series, index),
        "trend": trend.measure(night, who, flow_series, balance_series, index),
        "purchases": purchases.measure(night, who, features["supplies"], features["returns"]),
        "concentration": concentration.measure(night, who, features["credit"]),
    }


def lay_panel(night: Night, features: Frames, context: Frames, before: Before) -> pl.LazyFrame:
    """The panel of one shard, all but what comes over from others (null until the second pass)."""
    rhythm = contacts.rhythm(night, features["contacts"], roster.tiers(features["identity"], context["roster"]))
    told = history.measure(night, features["identity"], before.findings, before.moves)
    after_alert = contacts.after_alert(night, features["contacts"], told)
    parts = {name: features[name] for name in FEATURES}
    comes_later = features["identity"].select(
        "client_id", *(pl.lit(None, c.dtype).alias(c.name) for c in contagion.PANEL)
    )
    whole = {"rhythm": rhythm, "history": told, "after_alert": after_alert, "contagion": comes_later}
    return panel.build(night, {**parts, **whole, **{name: context[name] for name in CONTEXT}})


def first_pass(night: Night, policy: Policy, laid: pl.DataFrame, before: Before) -> pl.DataFrame:
    """client_id, risk_level, reds, alerts (own FIN, MGT and MOR rows at R or A and above): judged without contagion."""
    own = {name: signal for name, signal in CATALOGUE.items() if name not in contagion.SIGNALS}
    answers = findings.answers(_seen(laid, before), own, policy)
    return assessment.own_levels(answers, own, policy)


def spread(night: Night, clean: Frames, features: Frames, levels: pl.LazyFrame) -> pl.LazyFrame:
    """What comes over to each client of the book from others: the panel columns of contagion."""
    linked = {"guarantees": features["guarantees"], "flows": features["flow_ties"]}
    home = currency.at_home(night, clean, currency.rates(night, clean.get("series")))
    return contagion.measure(night, home, features, linked, levels)


def reached(laid: pl.DataFrame, spread: pl.DataFrame) -> pl.DataFrame:
    """The panel with what comes over from others."""
    names = [column.name for column in contagion.PANEL]
    return laid.drop(names).join(spread, on="client_id", how="left").select(laid.columns).sort("client_id")


def _seen(laid: pl.DataFrame, before: Before) -> pl.DataFrame:
    return panel.withhold(laid, before.held) if before.held is not None else laid


def judge(night: Night, policy: Policy, laid: pl.DataFrame, before: Before) -> dict[str, pl.DataFrame]:
    """answers, gaps, findings, assessments and moves of one shard's whole panel."""
    held = before.held
    whole = held.filter(pl.col("withholds").is_null()) if held is not None else None
    seen = _seen(laid, before)
    judged = findings.judge(seen, CATALOGUE, policy, night, before.findings, before.actions)
    assessments = assessment.assess(
        seen, judged.answers, judged.findings, CATALOGUE, policy, night, before.assessments, whole
    )
    return {
        "answers": judged.answers,
        "gaps": judged.gaps,
        "findings": judged.findings,
        "assessments": assessments,
        "moves": standing.moves(judged.findings, before.findings, assessments, before.moves, night),
    }


def whole(night: Night, policy: Policy, clean: Frames, before: Before | None = None) -> dict[str, pl.DataFrame]:
    """All stages of a book that fits in memory, one after the other: panel, answers, gaps, findings, assessments, moves.

    `clean` are whole clean tables; what a night computes, without its files. For tests, benchmarks and notebooks.
    """
    told = before or Before()
    rated = {**clean, "rates": currency.rates(night, clean.get("series"))}
    monthly = {name: frame.collect().lazy() for name, frame in months(night, rated).items()}
    everybody = {**clean, "groups": clean["clients"].select("client_id", "group_id")}
    features = {name: frame.collect().lazy() for name, frame in measure(night, everybody, monthly).items()}
    context = {name: frame.collect().lazy() for name, frame in compare(night, features, told).items()}
    laid = lay_panel(night, features, context, told).collect()
    levels = first_pass(night, policy, laid, told)
    panel_ = reached(laid, spread(night, clean, features, levels.lazy()).collect())
    acted = replace(told, actions=features["actions"].collect())
    return {"panel": panel_, **judge(night, policy, panel_, acted)}
