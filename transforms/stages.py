"""What happens to the frames in measure, compare and judge: pure; `flows/nightly.py` reads and writes the files."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from transforms import assessment, findings, panel
from transforms.context import decline, month_index, own_book, peers, roster
from transforms.features import balances, complaints, contacts, credit, identity, statements, transactions
from transforms.night import Night
from transforms.policy import Policy
from transforms.signals import CATALOGUE

Frames = Mapping[str, pl.LazyFrame]
FEATURES = ("identity", "statements", "transactions", "balances", "credit", "contacts", "complaints")
SERIES = (
    "statement_history",
    "flow_series",
    "balance_series",
    "credit_series",
    "contact_history",
    "complaint_history",
)
READS = (  # the clean tables `months` and `measure` read
    "parties",
    "staff",
    "clients",
    "assignments",
    "statements",
    "accounts",
    "facilities",
    "loans",
    "loan_status",
    "credit_support",
    "transactions",
    "balances",
    "interactions",
    "complaints",
)
CONTEXT = ("peers", "own_book", "roster", "decline")


@dataclass(frozen=True)
class Before:
    """What the night before said, and whom tonight's validation holds; None where there is nothing."""

    findings: pl.DataFrame | None = None
    assessments: pl.DataFrame | None = None
    held: pl.DataFrame | None = None


def assessed(clients: pl.LazyFrame) -> pl.LazyFrame:
    """Clients a night assesses: active and dormant ones."""
    return clients.filter(pl.col("status").is_in(["active", "dormant"]))


def months(night: Night, clean: Frames) -> dict[str, pl.LazyFrame]:
    """Monthly sums of one month's transactions: months, payers, failed (docs/frames.md section 2)."""
    tables = (assessed(clean["clients"]), clean["accounts"], clean["parties"], clean["transactions"])
    return {
        "months": transactions.months(night, *tables),
        "payers": transactions.payers(night, *tables),
        "failed": transactions.failed(night, *tables),
    }


def measure(night: Night, clean: Frames, monthly: Frames) -> dict[str, pl.LazyFrame]:
    """Every feature frame (one row per client) and every long series of one shard."""
    clients = assessed(clean["clients"])
    who = identity.measure(night, clean["clients"], clean["parties"], clean.get("staff"), clean.get("assignments"))
    filed = statements.measure(night, clients, clean["statements"])
    debts = (clients, clean["facilities"], clean["loans"], clean["loan_status"], clean["credit_support"])
    meetings, grievances = clean.get("interactions"), clean.get("complaints")
    return {
        "identity": who,
        "statements": filed,
        "transactions": transactions.measure(
            night, clients, who, monthly["months"], monthly["payers"], monthly["failed"], filed
        ),
        "balances": balances.measure(night, clients, clean["accounts"], clean["balances"]),
        "credit": credit.measure(night, *debts),
        "contacts": contacts.measure(night, clients, meetings, clean.get("assignments")),
        "complaints": complaints.measure(night, clients, grievances),
        "statement_history": statements.history(night, clients, clean["statements"]),
        "flow_series": transactions.series(night, clients, monthly["months"]),
        "balance_series": balances.series(night, clients, clean["accounts"], clean["balances"]),
        "credit_series": credit.series(night, *debts[:-1]),
        "contact_history": contacts.history(night, clients, meetings),
        "complaint_history": complaints.history(night, clients, grievances),
    }


def compare(night: Night, features: Frames) -> dict[str, pl.LazyFrame]:
    """What needs the whole book: peer medians, own-book cells, roster grades, DECLINE with its month index."""
    who, flow_series, balance_series = features["identity"], features["flow_series"], features["balance_series"]
    # Collected: left lazy, DECLINE would plan the whole book's index anew for every measure and month-end.
    index = month_index.index(night, who, flow_series, balance_series).collect().lazy()
    return {
        "peers": peers.medians(night, who, features["statements"]),
        "own_book": own_book.cells(night, who, features["transactions"], features["credit"]),
        "roster": roster.grades(night, who, features["transactions"], features["balances"], features["credit"]),
        "decline": decline.measure(night, who, flow_series, balance_series, index),
    }


def lay_panel(night: Night, features: Frames, context: Frames) -> pl.LazyFrame:
    """The panel of one shard; written to Parquet before signals read it."""
    rhythm = contacts.rhythm(night, features["contacts"], roster.tiers(features["identity"], context["roster"]))
    parts = {name: features[name] for name in FEATURES}
    return panel.build(night, {**parts, "rhythm": rhythm, **{name: context[name] for name in CONTEXT}})


def judge(night: Night, policy: Policy, laid: pl.DataFrame, before: Before) -> dict[str, pl.DataFrame]:
    """answers, gaps, findings and assessments of one shard's panel."""
    held = before.held
    whole = held.filter(pl.col("withholds").is_null()) if held is not None else None
    seen = panel.withhold(laid, held) if held is not None else laid
    judged = findings.judge(seen, CATALOGUE, policy, night, before.findings)
    assessments = assessment.assess(seen, judged.answers, CATALOGUE, policy, night, before.assessments, whole)
    return {
        "answers": judged.answers,
        "gaps": judged.gaps,
        "findings": judged.findings,
        "assessments": assessments,
    }
