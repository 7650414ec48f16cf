"""The sample bank as a source folder: real annual statements, everything else simulated, the same bytes for the same seed."""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from expectations.lists import LISTS
from expectations.model import Table
from expectations.registers import EVENT_KINDS
from expectations.tables import TABLES
from sample import (
    aftercare,
    credit,
    firms,
    flows,
    happenings,
    masters,
    notes,
    outside,
    promises,
    relationship,
    shelf,
    ties,
    timeline,
)
from sample.stories import STORIES
from sample.world import Client, clients

AS_OF = timeline.LAST
EARLIEST = date(2014, 3, 11)  # the calendar must reach 800 days back
EXTRACTED = "T23:00:00"
CURRENCY = "USD"
ATTRIBUTION = (
    "sowide/multi-head_LSTM_for_bankruptcy-prediction at a6bd81b, CC BY 4.0; Lombardo et al. 2022, Pellegrino et al. 2024; "
    "ids replaced, names dropped, amounts in US dollars"
)
REAL = {
    "origin": "real",
    "note_en": "Annual statements of anonymised US listed firms, 1999-2014, nothing re-dated. Profit before tax and operating "
    "profit are EBIT (a proxy: the file has no pre-tax profit), equity is assets less liabilities, depreciation includes "
    "amortisation. Simulated: the day of receipt, and version 1 of one client's restated year.",
    "note_zh": "匿名美国上市公司1999至2014年年报，未改动日期。利润总额与营业利润以息税前利润代替（原数据无税前利润），"
    "所有者权益为资产减负债，折旧含摊销。模拟部分：收到日期，以及一户更正前的第1版报表。",
}
SIMULATED = {
    "origin": "simulated",
    "note_en": "Simulated: made by a seeded generator; no bank's data.",
    "note_zh": "模拟数据：由带种子的生成器生成，非任何银行数据。",
}
LEANING = {
    **SIMULATED,
    "note_en": "Simulated: made by a seeded generator; no bank's data, published by nobody. An industry's growth of revenue, profit and "
    "stock follows the median of the real firms this bank counts to it.",
    "note_zh": "模拟数据：由带种子的生成器生成，非任何银行数据，亦无人发布。行业收入、利润与存货增速取本行归入该行业的真实企业的中位数。",
}
KINDS = {"events": list(EVENT_KINDS), "undertakings": list(LISTS["undertaking_kind"])}
DEALINGS = (
    "accounts", "facilities", "loans", "loan_status", "credit_support", "interactions", "complaints", "party_links", "events",
    "bureau_reports", "undertakings", "survey_answers", "holdings", "documents",
)  # fmt: skip
KNOWN_SINCE = {  # the column that says when a row became known, for a delivery before the end of the books
    **{name: table.known_on for name, table in TABLES.items() if table.known_on and name != "parties"},
    "assignments": "start_on", "accounts": "opened_on", "loans": "disbursed_on", "complaints": "received_at",
    "undertakings": "made_on", "holdings": "opened_on",
}  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """What was written: rows per table, and the clients of each planted story that are in the bank."""

    rows: Mapping[str, int]
    stories: Mapping[str, list[str]]


def _frame(table: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as the table's frame: missing columns null, types the contract's."""
    schema = TABLES[table].schema
    full = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(full, schema=schema)


def _dealings(people: list[Client], seed: int) -> dict[str, pl.DataFrame]:
    """Accounts, their transactions and balances, credit, contacts and complaints of every client that has a feed."""
    lists: dict[str, list[dict[str, Any]]] = {name: [] for name in DEALINGS}
    booked: list[flows.Row] = []
    opening: list[tuple[str, int]] = []
    for client in (client for client in people if client.firm is not None):
        lent, met = (np.random.default_rng([seed, stream, client.number]) for stream in (4, 6))
        part = flows.share(client, seed)
        book = credit.book(client, part * client.revenue[firms.LAST_YEAR] / 12, lent)
        money = flows.money(client, book.moves, part, seed)
        booked += money.rows
        opening.append((money.accounts[0]["account_id"], int(flows.KEPT * part * client.revenue[2012] / 12)))
        lists["accounts"] += money.accounts
        for name in ("facilities", "loans", "loan_status", "credit_support"):
            lists[name] += getattr(book, name)
        lists["interactions"] += relationship.interactions(client, met)
        complaints = relationship.complaints(client, met)
        lists["complaints"] += complaints
        for made in (_around(client, money.accounts, book, part, seed), _after(client, complaints, seed)):
            for name, rows in made.items():
                lists[name] += rows
    lists["bureau_reports"] += notes.of_guarantors(lists["credit_support"])
    transactions = flows.transactions(booked)
    heights = pl.DataFrame(opening, schema={"account_id": pl.String, "opening": pl.Int64}, orient="row")
    return {
        "transactions": transactions,
        "balances": flows.balances(transactions, heights),
        **{name: _frame(name, rows) for name, rows in lists.items()},
    }


def _around(
    client: Client, accounts: list[dict[str, Any]], book: credit.Book, part: float, seed: int
) -> dict[str, list[Any]]:
    """What surrounds a client's money: ties, events, other lenders, promises, voices, products, papers."""
    streams = [np.random.default_rng([seed, stream, client.number]) for stream in range(21, 27)]
    events = happenings.events(client, book.loans, streams[1])
    return {
        "party_links": ties.links(client, streams[0]),
        "events": events,
        "bureau_reports": notes.bureau_reports(client, book, part, streams[2]),
        "undertakings": promises.undertakings(client, book, streams[3]),
        "survey_answers": promises.survey_answers(client, streams[4]),
        "holdings": shelf.holdings(client, accounts, book.loans),
        "documents": shelf.documents(client, book.loans, book.credit_support, events, streams[5]),
    }


def _after(client: Client, complaints: list[Any], seed: int) -> dict[str, list[Any]]:
    """What was done about a client's complaints."""
    streams = [np.random.default_rng([seed, stream, client.number]) for stream in range(31, 34)]
    return {
        "interactions": aftercare.contacts(client, complaints, streams[0]),
        "undertakings": aftercare.undertakings(client, complaints, streams[1]),
        "party_links": aftercare.links(client, complaints, streams[2]),
    }


def _notes(people: list[Client], statements: pl.DataFrame, seed: int) -> list[dict[str, Any]]:
    """Notes to the newest version of each client's filings."""
    filed: dict[str, list[Any]] = {}
    for party, period, received in (
        statements.sort("party_id", "period_end", "version")
        .select("party_id", "period_end", "received_on")
        .unique(["party_id", "period_end"], keep="last", maintain_order=True)
        .rows()
    ):
        filed.setdefault(party, []).append((period, received))
    return [
        row
        for client in people
        if client.client_id in filed
        for row in notes.disclosures(client, filed[client.client_id], np.random.default_rng([seed, 20, client.number]))
    ]


def _damaged(booked: pl.DataFrame) -> pl.DataFrame:
    """The transactions with five more nobody would trust, on the client of the story `bad_rows`.

    Three amounts of zero, an account nobody knows, a status outside its list.
    """
    (client,) = STORIES["bad_rows"].clients
    mine = booked.filter(pl.col("account_id") == f"A-{client}-1")
    row = pl.int_range(pl.len())
    bad = mine.gather([n * mine.height // 6 for n in range(1, 6)] if mine.height else []).with_columns(
        txn_id=pl.format("BAD{}", row),
        amount=pl.when(row < 3).then(0).otherwise("amount"),
        account_id=pl.when(row == 3).then(pl.lit("A-UNKNOWN-1")).otherwise("account_id"),
        status=pl.when(row == 4).then(pl.lit("maybe")).otherwise("status"),
    )
    return pl.concat([booked, bad])


def _as_known(table: Table, frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The rows known on that day; what happened to them later has not happened yet."""
    if table.name in KNOWN_SINCE:
        frame = frame.filter(pl.col(KNOWN_SINCE[table.name]).cast(pl.Date) <= as_of)
    facts = [
        column.name
        for column in table.columns
        if column.type in ("date", "ts") and not column.may_lie_ahead and not column.key and not column.required
    ]
    frame = frame.with_columns(pl.when(pl.col(name).cast(pl.Date) <= as_of).then(name).alias(name) for name in facts)
    if table.name == "accounts":
        reopened = pl.col("closed_on").is_null() & (pl.col("status") == "closed")
        frame = frame.with_columns(status=pl.when(reopened).then(pl.lit("active")).otherwise("status"))
    if table.name == "undertakings":
        done = pl.col("outcome").is_in(["done", "met", "adopted", "accepted"])
        frame = frame.with_columns(
            outcome=pl.when(done & pl.col("done_on").is_null()).then(pl.lit("open")).otherwise("outcome")
        )
    if table.name == "documents":
        later = pl.col("received_on").is_null() & pl.col("status").is_in(["present", "expired"])
        frame = frame.with_columns(status=pl.when(later).then(pl.lit("missing")).otherwise("status"))
    if table.name == "complaints":
        still = pl.col("closed_at").is_null()
        frame = frame.with_columns(
            outcome=pl.when(still).then(pl.lit("open")).otherwise("outcome"),
            fault=pl.when(pl.col("fault_decided_at").is_null()).then(pl.lit("undecided")).otherwise("fault"),
        )
    return frame


def tables(
    count: int | None = None, seed: int = 1, as_of: date = AS_OF
) -> tuple[dict[str, pl.DataFrame], list[Client]]:
    """Every table of the sample bank as known on that day, sorted by key, and its clients."""
    if not EARLIEST <= as_of <= AS_OF:
        raise ValueError(f"The sample bank can be delivered as of {EARLIEST} to {AS_OF}, not {as_of}.")
    people = clients(count, seed)
    numbers = {client.firm: client.number for client in people if client.firm is not None}
    made = {
        "calendar": timeline.calendar(),
        "parties": _frame("parties", masters.parties(people)),
        "staff": _frame("staff", masters.staff()),
        "clients": _frame("clients", masters.clients(people)),
        "assignments": _frame("assignments", masters.assignments(people)),
        "statements": firms.restated(firms.statements(firms.firms(), numbers, seed), STORIES["restated"].clients),
        **_dealings(people, seed),
    }
    made["disclosures"] = _frame("disclosures", _notes(people, made["statements"], seed))
    made["series"] = _frame("series", outside.series(people, seed))
    made["products"] = _frame("products", shelf.products())
    made["staff_days"] = _frame("staff_days", promises.staff_days(people, seed))
    made["events"] = pl.concat([made["events"], _frame("events", happenings.shared())])
    made["undertakings"] = pl.concat([made["undertakings"], _frame("undertakings", promises.tasks(people))])
    made["transactions"] = _damaged(made["transactions"])
    return {
        name: _as_known(table, made[name], as_of).sort(table.key, maintain_order=True)
        for name, table in TABLES.items()
        if name in made
    }, people


def _totals(table: Table, frame: pl.DataFrame) -> dict[str, int]:
    """Control totals of the money column (reading I5); of transactions, per direction."""
    if table.money is None:
        return {}
    if table.name != "transactions":
        return {f"{table.money}.{CURRENCY}": int(frame[table.money].sum())}
    return {
        f"amount.{direction}.{CURRENCY}": int(frame.filter(pl.col("direction") == direction)["amount"].sum())
        for direction in ("in", "out")
    }


def _manifest(table: Table, frame: pl.DataFrame, file: Path, as_of: date) -> dict[str, Any]:
    """The manifest of a delivery (reading I9)."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "table": table.name, "business_date": as_of.isoformat(), "mode": table.mode, "schema_version": 1, "sequence": 1,
        "backfill": True, "kinds": KINDS.get(table.name), "row_count": frame.height,
        "files": [{"name": file.name, "sha256": digest, "row_count": frame.height}],
        "control_totals": _totals(table, frame), "source_system": "sample bank",
        "extracted_at": as_of.isoformat() + EXTRACTED,
    }  # fmt: skip


def provenance() -> dict[str, Any]:
    """Where the tables come from: docs/frames.md section 7."""
    return {
        "name_en": "Sample bank",
        "name_zh": "样本银行",
        "licence": "CC BY 4.0",
        "attribution_en": f"Statements: {ATTRIBUTION}",
        "attribution_zh": f"财务报表来源：{ATTRIBUTION}",
        "tables": {name: {"statements": REAL, "series": LEANING}.get(name, SIMULATED) for name in TABLES},
    }


def _json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def deliver(made: Mapping[str, pl.DataFrame], out: Path, as_of: date = AS_OF) -> None:
    """Write these tables as a source folder in one step; whatever stood at `out` is replaced."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as room:
        fresh = Path(room) / "fresh"
        for name, frame in made.items():
            folder = fresh / name / as_of.isoformat()
            folder.mkdir(parents=True)
            file = folder / "part-0000.parquet"
            frame.rechunk().write_parquet(file, compression="zstd", compression_level=3, row_group_size=250_000)
            _json(folder / "manifest.json", _manifest(TABLES[name], frame, file, as_of))
        _json(fresh / "provenance.json", provenance())
        if out.exists():  # aside first: removing takes long, renaming does not
            out.rename(Path(room) / "old")
        fresh.rename(out)


def write(out: Path, clients: int | None = None, seed: int = 1, as_of: date = AS_OF) -> Summary:
    """Write the source folder in one step; the same arguments give the same bytes.

    `clients` takes the first so many; `as_of` delivers the books as they were known on an earlier day. Whatever stood
    at `out` is replaced. Raises ValueError when there are not that many clients, or no books of that day.
    """
    made, people = tables(clients, seed, as_of)
    deliver(made, out, as_of)
    present = {client.client_id for client in people}
    stories = {story.name: [client for client in story.clients if client in present] for story in STORIES.values()}
    return Summary({name: frame.height for name, frame in made.items()}, stories)
