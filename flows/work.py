"""The units of work a stage is made of: read files, call the pure transforms, write files.

Each function is one unit; those of a shard run in worker processes. Every frame is written sorted by its key.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl

from expectations.model import Table
from expectations.tables import TABLES
from flows.store import Done, Store, digest_file, write_frame
from transforms import currency, stages
from transforms.context.roster import BEFORE
from transforms.night import Night
from transforms.policy import Policy

WHOLE = frozenset(  # read by every shard: not cut
    ("parties", "staff", "calendar", "series", "products", "party_links", "events", "staff_days")
)
_OWNER = {
    "balances": ("accounts", "account_id"),
    "transactions": ("accounts", "account_id"),
    "loan_status": ("loans", "loan_id"),
}
Cut = Mapping[str, str]  # file of a clean table → its SHA-256


def shard_of(client_id: str, shards: int) -> int:
    """The shard a client belongs to: the same on every machine and in every process."""
    return int.from_bytes(hashlib.sha256(client_id.encode()).digest()[:6]) % shards


def _owner_shards(table: Table, frame: pl.DataFrame, clean: Mapping[str, pl.LazyFrame], shards: int) -> pl.Series:
    """The shard of each row, by the client (or party) it belongs to."""
    if table.name in _OWNER:
        parent, key = _OWNER[table.name]
        owners = clean[parent].select(key, "client_id").collect()
        ids = frame.select(key).join(owners, on=key, how="left", maintain_order="left")["client_id"]
    else:
        ids = frame["client_id" if "client_id" in frame.columns else "party_id"]
    known = ids.unique().drop_nulls()
    shard = {client: shard_of(client, shards) for client in known}
    return ids.replace_strict(shard, default=0, return_dtype=pl.Int64).alias("shard")


def write_clean(
    folder: Path, table: Table, frame: pl.DataFrame, clean: Mapping[str, pl.LazyFrame], shards: int
) -> None:
    """Write a clean table: whole, or one file per shard, a big table's per shard and month."""
    if table.name in WHOLE:
        write_frame(frame, folder / "clean" / "all.parquet")
        return
    cut = frame.with_columns(_owner_shards(table, frame, clean, shards))
    for shard in range(shards):
        rows = cut.filter(pl.col("shard") == shard).drop("shard")
        if table.months is not None:
            months = rows.with_columns(month=pl.col(table.months).dt.strftime("%Y-%m"))
            for (month,), part in months.partition_by("month", as_dict=True, include_key=False).items():
                write_frame(part, folder / "clean" / f"{shard:04d}" / f"{month}.parquet")
        else:
            write_frame(rows, folder / "clean" / f"{shard:04d}.parquet")


def scan(table: str, files: list[str]) -> pl.LazyFrame:
    """Rows of a table's files; none without files."""
    schema = TABLES[table].schema
    return pl.scan_parquet(files) if files else pl.LazyFrame(schema=schema)


def content(tables: Mapping[str, Cut]) -> dict[str, list[str]]:
    """What a unit's inputs say of the tables it reads: their bytes, not where these stand."""
    return {name: [*files.values()] for name, files in tables.items()}


def owners(store: Store, shard: int, tables: Mapping[str, Cut]) -> Done:
    """What the monthly sums need of a shard's clients, and nothing more: a changed tier must not redo every month."""

    def work(folder: Path) -> None:
        clients = stages.assessed(scan("clients", [*tables["clients"]])).select("client_id", "status").sort("client_id")
        accounts = scan("accounts", [*tables["accounts"]]).select("account_id", "client_id").sort("account_id")
        parties = scan("parties", [*tables["parties"]]).select("party_id", "name")
        mine = parties.join(clients, left_on="party_id", right_on="client_id", how="semi").sort("party_id")
        for name, frame in {"clients": clients, "accounts": accounts, "parties": mine}.items():
            write_frame(frame.collect(), folder / f"{name}.parquet")

    read = {name: tables[name] for name in ("clients", "accounts", "parties")}
    return store.do("months", f"owners-{shard:04d}", content(read), work)


def rates(store: Store, night: Night, series: Cut) -> Done:
    """The day's rates of other currencies, as known at T."""

    def work(folder: Path) -> None:
        rows = currency.rates(night, scan("series", [*series]) if series else None)
        write_frame(rows.collect(), folder / "rates.parquet")

    return store.do("months", "rates", [night.as_of, night.home_currency, [*series.values()]], work)


def month(
    store: Store, night: Night, shard: int, name: str, file: str, sha256: str, owned: Done, fixed: pl.DataFrame
) -> Done:
    """Monthly sums of one shard and month; `fixed` are all rates, of which only the month's own decide what is done anew."""
    own = fixed.filter(pl.col("day").dt.strftime("%Y-%m") == name)

    def work(folder: Path) -> None:
        clean = {table: owned.frame(table) for table in ("clients", "accounts", "parties")}
        clean["rates"] = own.lazy()
        sums = stages.months(night, {**clean, "transactions": pl.scan_parquet(file)})
        for name, frame in zip(sums, pl.collect_all(list(sums.values())), strict=True):  # one pass over the rows
            write_frame(frame, folder / f"{name}.parquet")

    return store.do("months", f"{shard:04d}-{name}", [sha256, owned.digest, night.home_currency, own.rows()], work)


def months(store: Store, night: Night, shard: int, tables: Mapping[str, Cut]) -> list[Done]:
    """Monthly sums of all months of one shard; found finished but for months whose rows or rates changed."""
    owned = owners(store, shard, tables)
    fixed = rates(store, night, tables.get("series", {})).read("rates")
    return [
        month(store, night, shard, Path(file).stem, file, sha, owned, fixed)
        for file, sha in tables["transactions"].items()
    ]


def monthly(night: Night, clean: Mapping[str, pl.LazyFrame], months: Sequence[Done]) -> dict[str, pl.DataFrame]:
    """The monthly sums of all months, read: dozens of scans in one lazy plan would keep the optimiser busy for minutes."""
    nothing = stages.months(night, {**clean, "transactions": scan("transactions", [])})
    return {name: pl.concat([frame.collect(), *(m.read(name) for m in months)]) for name, frame in nothing.items()}


def measure(store: Store, night: Night, shard: int, tables: Mapping[str, Cut], everybody: Cut) -> Done:
    """The features of one shard: its months first, then everything else. `everybody`: the clients of the whole bank."""
    summed = months(store, night, shard, tables)

    def work(folder: Path) -> Mapping[str, Any]:
        clean = {name: scan(name, [*files]) for name, files in tables.items() if name != "transactions"}
        first = f"{night.month(stages.RECENT_MONTHS - 1):%Y-%m}"
        clean["groups"] = scan("clients", [*everybody]).select("client_id", "group_id")
        clean["transactions"] = scan("transactions", [f for f in tables["transactions"] if Path(f).stem >= first])
        sums = {name: frame.lazy() for name, frame in monthly(night, clean, summed).items()}
        features = stages.measure(night, clean, sums)
        frames = dict(zip(features, pl.collect_all(list(features.values())), strict=True))
        for name, frame in frames.items():
            write_frame(frame, folder / f"{name}.parquet")
        return {"clients": frames["identity"].height}

    rest = {name: files for name, files in tables.items() if name != "transactions"}
    inputs = [facts(night), content(rest), sorted(everybody.values()), [m.digest for m in summed]]
    return store.do("measure", f"{shard:04d}", inputs, work)


def facts(night: Night) -> dict[str, Any]:
    """Everything of a night its frames hang on; which tables came is in the files themselves."""
    told = {f.name: getattr(night, f.name) for f in fields(night) if f.name != "feeds"}
    return {**told, "kinds": {table: sorted(carried) for table, carried in sorted(night.kinds.items())}}


def roster(files: Cut) -> pl.DataFrame | None:
    """The roster of an earlier night, if there is one; columns an older version did not publish are null."""
    if not files:
        return None
    return pl.scan_parquet([*files], schema=BEFORE, missing_columns="insert", extra_columns="ignore").collect()


def compare(store: Store, night: Night, measured: Sequence[Done], before: Cut) -> Done:
    """What needs the whole book, once. `before`: the roster of the newest earlier night, if one is published."""

    def work(folder: Path) -> None:
        names = [*stages.FEATURES, "flow_series", "balance_series", "statement_history"]
        features = {name: pl.concat([done.read(name) for done in measured]).sort("client_id").lazy() for name in names}
        for series in ("flow_series", "balance_series"):
            features[series] = features[series].sort("client_id", "month").collect().lazy()
        context = stages.compare(night, features, stages.Before(roster=roster(before)))
        for name, frame in zip(context, pl.collect_all(list(context.values())), strict=True):
            write_frame(frame, folder / f"{name}.parquet")

    # The frames, not the shards they came in, decide: the digest of the book is the same however it was cut.
    inputs = [facts(night), [done.digest for done in measured], sorted(before.values())]
    return store.do("compare", "book", inputs, work)


def _before(before: Mapping[str, str], laid: pl.LazyFrame) -> dict[str, pl.DataFrame]:
    """Of the frames of the night before and those that hold clients: the rows of the panel's clients."""
    clients = laid.select("client_id").collect()
    return {name: pl.read_parquet(file).join(clients, on="client_id", how="semi") for name, file in before.items()}


def first_pass(
    store: Store, night: Night, policy: Policy, shard: int, measured: Done, context: Done, before: Mapping[str, str]
) -> Done:
    """The panel of one shard without contagion, and the levels judged on it. `before`: name → Parquet file."""

    def work(folder: Path) -> None:
        features = {name: measured.frame(name) for name in stages.FEATURES}
        told = stages.Before(**_before(before, features["identity"]))
        compared = {name: context.frame(name) for name in stages.CONTEXT}
        write_frame(stages.lay_panel(night, features, compared, told).collect(), folder / "panel.parquet")
        laid = pl.read_parquet(folder / "panel.parquet")
        write_frame(stages.first_pass(night, policy, laid, told), folder / "levels.parquet")

    inputs = [_facts(night, policy), measured.digest, context.digest, _digests(before)]
    return store.do("judge", f"first-{shard:04d}", inputs, work)


def spread(
    store: Store, night: Night, measured: Sequence[Done], first: Sequence[Done], tables: Mapping[str, Cut]
) -> Done:
    """What comes over to each client from others, for the whole book, once."""

    def work(folder: Path) -> None:
        names = ("identity", "statements", "credit", "transactions", "counterparties", *stages.TIES)
        features = {name: pl.concat([done.read(name) for done in measured]).lazy() for name in names}
        levels = pl.concat([done.read("levels") for done in first]).lazy()
        clean = {name: scan(name, [*files]) for name, files in tables.items()}
        write_frame(stages.spread(night, clean, features, levels).collect(), folder / "spread.parquet")

    facts = [night.as_of, {table: sorted(carried) for table, carried in sorted(night.kinds.items())}]
    inputs = [facts, content(tables), [done.digest for done in measured], [done.digest for done in first]]
    return store.do("judge", "spread", inputs, work)


def judge(
    store: Store,
    night: Night,
    policy: Policy,
    shard: int,
    measured: Done,
    first: Done,
    reached: Done,
    before: Mapping[str, str],
) -> Done:
    """The whole panel, answers, gaps, findings, assessments and moves of one shard."""

    def work(folder: Path) -> Mapping[str, Any]:
        laid = first.read("panel")
        write_frame(stages.reached(laid, reached.read("spread")), folder / "panel.parquet")
        told = stages.Before(**_before(before, laid.lazy()), actions=measured.read("actions"))
        judged = stages.judge(night, policy, pl.read_parquet(folder / "panel.parquet"), told)
        for name, frame in judged.items():
            write_frame(frame, folder / f"{name}.parquet")
        return {"findings": judged["findings"].height}

    inputs = [_facts(night, policy), measured.digest, first.digest, reached.digest, _digests(before)]
    return store.do("judge", f"{shard:04d}", inputs, work)


def _facts(night: Night, policy: Policy) -> list[Any]:
    return [night.as_of, sorted(night.feeds.items()), policy.hash]


def _digests(files: Mapping[str, str]) -> dict[str, str]:
    return {name: digest_file(Path(file)) for name, file in files.items()}


def dumps(value: Any) -> bytes:
    """Canonical, readable JSON."""
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, default=str) + "\n").encode()
