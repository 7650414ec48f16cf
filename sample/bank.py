"""The sample bank as a source folder: real annual statements, everything else simulated, the same bytes for the same seed."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from expectations.tables import TABLES
from sample import credit, firms, flows, relationship
from sample.world import BRANCHES, RMS, Client, clients, failed, revenue

AS_OF = date(2015, 6, 30)
EXTRACTED_AT = "2015-06-30T23:00:00"
ATTRIBUTION = (
    "sowide/multi-head_LSTM_for_bankruptcy-prediction at a6bd81b; Lombardo et al. 2022, Pellegrino et al. 2024; "
    "ids replaced, names dropped, amounts in US dollars"
)
SIMULATED = (
    "simulated: invented by a seeded generator, no bank's data",
    "模拟数据：由带种子的生成器生成，非任何银行数据",
)


@dataclass(frozen=True)
class Summary:
    """What was written: rows per table, and the client of each planted story."""

    rows: Mapping[str, int]
    stories: Mapping[str, list[str]]


def _rows(table: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as the table's frame: missing columns null, types the contract's."""
    schema = TABLES[table].schema
    full = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(full, schema=schema)


def _masters(people: list[Client]) -> dict[str, pl.DataFrame]:
    opened = date(2012, 1, 2)
    parties = [
        {"party_id": c.client_id, "kind": "company", "name": c.name, "industry_code": c.industry, "region_code": c.region,
         "size_class": c.size, "established_on": c.since - timedelta(days=900), "updated_on": opened}
        for c in people
    ]  # fmt: skip
    parties.append(
        {
            "party_id": "P-GUARANTOR",
            "kind": "guarantee_company",
            "name": "Harbor Guarantee (simulated)",
            "updated_on": opened,
        }
    )
    masters = [
        {"client_id": c.client_id, "status": "active", "client_kind": "enterprise", "branch_id": BRANCHES[c.region],
         "relationship_start": c.since, "tier": c.tier, "tier_set_on": date(2015, 1, 5) if c.tier else None,
         "reporting_freq": "none" if c.firm is None else "Y", "no_marketing": False, "confidential": c.client_id == "C0020"}
        for c in people
    ]  # fmt: skip
    head = {
        "staff_id": "SUP1",
        "name": "He Jun",
        "role": "supervisor",
        "branch_id": "B-SH",
        "start_on": date(2008, 1, 2),
    }
    rms = [
        {
            "staff_id": f"RM{i}",
            "name": name,
            "role": "rm",
            "branch_id": "B-SH",
            "supervisor_id": "SUP1",
            "start_on": date(2009, 1, 5),
        }
        for i, name in enumerate(RMS)
    ]
    held = [row for c in people for row in _assigned(c)]
    return {
        "parties": _rows("parties", parties),
        "clients": _rows("clients", masters),
        "staff": _rows("staff", [head, *rms]),
        "assignments": _rows("assignments", held),
    }


def _assigned(client: Client) -> list[dict[str, Any]]:
    start = max(client.since, date(2009, 1, 5))
    base = {"client_id": client.client_id, "role": "main"}
    if client.former_rm is None:
        return [{**base, "staff_id": f"RM{client.rm}", "start_on": start}]
    handover = relationship.HANDOVER
    return [
        {**base, "staff_id": f"RM{client.former_rm}", "start_on": start, "end_on": handover, "end_reason": "handover"},
        {**base, "staff_id": f"RM{client.rm}", "start_on": handover},
    ]


def _dealings(people: list[Client], seed: int) -> dict[str, pl.DataFrame]:
    """accounts, transactions, balances, credit, interactions, complaints of every client that has a feed."""
    years = firms.firms()
    sales, gone = revenue(years), failed(years)
    debts = dict(years.filter(pl.col("fyear") >= 2013).select("firm_id", "total_long_term_debt").rows())
    accounts: list[dict[str, Any]] = []
    booked, stood = [], []
    lists: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("facilities", "loans", "loan_status", "credit_support", "interactions", "complaints")
    }
    for number, client in enumerate(people):
        if client.firm is None:
            continue
        rng = np.random.default_rng([seed, 2, int(client.client_id[1:])])
        failing = client.firm in gone
        yearly = {year: sales.get((client.firm, year), sales[(client.firm, 2013)]) for year in range(2012, 2016)}
        rows = flows.transactions(client, yearly, failing, rng)
        if client.story == "bounced":
            rows += flows.bounced(client, yearly[2015], rng)
        account = f"A-{client.client_id}-1"
        made = flows.frame(account, rows)
        booked.append(made)
        stood.append(flows.balances(account, made, int(yearly[2012] * 0.02)))
        accounts.append(
            {"account_id": account, "client_id": client.client_id, "kind": "demand", "is_basic": True, "currency": "USD",
             "opened_on": client.since, "status": "active"}
        )  # fmt: skip
        owed = min(debts.get(client.firm, 0.0) * firms.MILLION * 0.2, yearly[2015] * 0.3)
        for name, more in credit.book(client, owed, failing, rng).items():
            lists[name] += more
        lists["interactions"] += relationship.interactions(client, rng)
        lists["complaints"] += relationship.complaints(client, number, rng)
    return {
        "accounts": _rows("accounts", accounts),
        "transactions": _transactions(booked),
        "balances": pl.concat(stood),
        **{name: _rows(name, rows) for name, rows in lists.items()},
    }


def _transactions(parts: list[pl.DataFrame]) -> pl.DataFrame:
    schema = TABLES["transactions"].schema
    whole = pl.concat(parts, how="vertical_relaxed").rename({"day": "booked_on"}).with_columns(
        currency=pl.lit("USD"), channel=pl.lit("ebank")
    )  # fmt: skip
    return whole.select((pl.col(n) if n in whole.columns else pl.lit(None)).cast(t).alias(n) for n, t in schema.items())


def _damaged(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """A handful of rows no bank would want to trust: an amount of zero, an unknown account, a status outside its list."""
    booked = tables["transactions"]
    some = booked.gather([n * booked.height // 7 for n in range(1, 6)]).with_columns(
        txn_id=pl.format("BAD{}", pl.int_range(pl.len()))
    )
    bad = some.with_columns(
        amount=pl.Series([0, 0, 0, 500_00, 700_00], dtype=pl.Int64),
        account_id=pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("A-UNKNOWN-1")).otherwise("account_id"),
        status=pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("maybe")).otherwise("status"),
    )
    return {**tables, "transactions": pl.concat([booked, bad])}


def _restated(filed: pl.DataFrame, people: list[Client]) -> pl.DataFrame:
    """The real filing of the restated client becomes version 2; a simulated version 1 showed 12 % more revenue."""
    told = [c.client_id for c in people if c.story == "restated"]
    newest = filed.filter(pl.col("party_id").is_in(told), pl.col("period_end") == date(2014, 12, 31))
    first = newest.with_columns(
        revenue=(pl.col("revenue") * 1.12).round(0).cast(pl.Int64),
        received_on=pl.col("received_on") - pl.duration(days=30),
    )
    real = pl.when(pl.col("party_id").is_in(told) & (pl.col("period_end") == date(2014, 12, 31))).then(2)
    return pl.concat([filed.with_columns(version=real.otherwise("version").cast(pl.Int64)), first])


def _calendar() -> pl.DataFrame:
    fixed = {(1, 1): "new_year", (7, 4): "independence_day", (12, 25): "christmas", (11, 11): "veterans_day"}
    days = [date(2012, 1, 1) + timedelta(days=k) for k in range(1827)]
    rows = [
        {
            "date": d,
            "is_workday": d.weekday() < 5 and (d.month, d.day) not in fixed,
            "holiday": fixed.get((d.month, d.day)),
        }
        for d in days
    ]
    return _rows("calendar", rows)


def tables(count: int | None = None, seed: int = 1) -> tuple[dict[str, pl.DataFrame], list[Client]]:
    """Every table of the sample bank, and its clients."""
    people = clients(count, seed)
    ids = {c.firm: c.client_id for c in people if c.firm is not None}
    filed = firms.statements(firms.firms(), ids, {}, seed)
    made = {
        "calendar": _calendar(),
        **_masters(people),
        "statements": _restated(filed, people),
        **_dealings(people, seed),
    }
    made = _damaged(made)
    return {name: made[name].sort(table.key, maintain_order=True) for name, table in TABLES.items()}, people


def _totals(name: str, made: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    money = TABLES[name].money
    if money is None:
        return {}
    frame = made[name]
    if name == "transactions":
        sums = frame.group_by("direction").agg(pl.col("amount").sum()).sort("direction").rows()
        return {f"amount.{direction}.USD": int(total) for direction, total in sums}
    return {f"{money}.USD": int(frame[money].sum())}


def _provenance() -> dict[str, Any]:
    real = {
        "origin": "real",
        "note_en": "Annual statements of anonymised US listed firms 1999-2014; profit before tax is EBIT (a proxy: the file has "
        "no pre-tax profit), equity is assets less liabilities, the day of receipt is simulated; one restated first "
        "version is simulated",
        "note_zh": "匿名美国上市公司1999至2014年年报；税前利润以息税前利润代替（原数据无税前利润），权益为资产减负债，"
        "收到日期为模拟；一份更正前版本为模拟",
    }
    simulated = {"origin": "simulated", "note_en": SIMULATED[0], "note_zh": SIMULATED[1]}
    return {
        "name_en": "Sample bank",
        "name_zh": "样本银行",
        "licence": "CC BY 4.0",
        "attribution_en": "Statements: " + ATTRIBUTION,
        "attribution_zh": "财务报表来源：" + ATTRIBUTION,
        "tables": {name: real if name == "statements" else simulated for name in TABLES},
    }


def write(out: Path, clients: int | None = None, seed: int = 1, as_of: date = AS_OF) -> Summary:
    """Write the source folder in one step; the same arguments give the same bytes. Raises ValueError for too many clients."""
    made, people = tables(clients, seed)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    for name, frame in made.items():
        folder = beside / name / as_of.isoformat()
        folder.mkdir(parents=True)
        file = folder / "part-0000.parquet"
        frame.rechunk().write_parquet(file, compression="zstd", statistics=True, row_group_size=250_000)
        manifest = {
            "table": name, "business_date": as_of.isoformat(), "mode": TABLES[name].mode, "schema_version": 1,
            "sequence": 1, "backfill": True, "kinds": None, "row_count": frame.height,
            "files": [{"name": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "row_count": frame.height}],
            "control_totals": _totals(name, made), "source_system": "sample bank", "extracted_at": EXTRACTED_AT,
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest, sort_keys=True, indent=1), encoding="utf-8")
    told = json.dumps(_provenance(), sort_keys=True, ensure_ascii=False, indent=1)
    (beside / "provenance.json").write_text(told, encoding="utf-8")
    if out.exists():
        shutil.rmtree(out)
    beside.rename(out)
    stories: dict[str, list[str]] = {}
    for client in people:
        if client.story:
            stories.setdefault(client.story, []).append(client.client_id)
    return Summary({name: frame.height for name, frame in made.items()}, stories)
