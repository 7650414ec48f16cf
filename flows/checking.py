"""The validate stage: every delivery counted, big tables judged month by month, each table as a whole, then the book.

A month of a big table is judged anew only when a delivery brings rows of it or what its checks read of other tables
changed for its rows; all else is found finished.
"""

from __future__ import annotations

import hashlib
import io
import json
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from expectations.model import HELD, Action, Delivery, Notice, Refused, Table
from expectations.tables import TABLES
from flows import nights, work
from flows.sources import RECORDED
from flows.store import Done, digest_of, write_frame

if TYPE_CHECKING:
    from flows.nightly import Run
    from flows.pull import Pulled

_OURS = ("delivery", "delivered_on", RECORDED)
_OWNERS = {"balances": "accounts", "transactions": "accounts", "loan_status": "loans"}  # whose client a row belongs to


@dataclass(frozen=True)
class Checked:
    """A validated table: its verdict (quarantine, held, result, notices), and the units its clean rows stand in."""

    table: Table
    verdict: Done
    parts: Sequence[Done]

    @property
    def facts(self) -> Mapping[str, Any]:
        """counts, notices, skipped and what the newest delivery brought."""
        return self.verdict.facts

    @property
    def connected(self) -> bool:
        """Whether the night uses it."""
        return not self.verdict.facts["skipped"]

    @cached_property
    def files(self) -> dict[str, tuple[Path, str]]:
        """Name under clean/ → path and SHA-256 of every clean file."""
        return {
            f"{part.folder.parent.name}/{name}": (part.folder / name, sha256)
            for part in self.parts
            for name, sha256 in sorted(part.files.items())
            if name.startswith("clean/")
        }

    @cached_property
    def digest(self) -> str:
        """Digest of its clean rows."""
        return digest_of(sorted(sha256 for _, sha256 in self.files.values()))

    def scan(self) -> pl.LazyFrame:
        """All its clean rows, lazily; none keeps the schema."""
        paths = [path for path, _ in self.files.values()]
        return pl.scan_parquet(paths) if paths else pl.LazyFrame(schema=self.table.schema)

    def shard(self, number: int) -> dict[str, str]:
        """Files one shard reads: path → SHA-256."""
        mine = "all.parquet" if self.table.name in work.WHOLE else f"{number:04d}"
        return {
            str(path): sha256
            for path, sha256 in self.files.values()
            if path.name == mine or path.stem == mine or path.parent.name == mine
        }


@dataclass(frozen=True)
class Validated:
    """The night's tables, judged one by one and together."""

    tables: Mapping[str, Checked]
    book: Done
    docs: Done

    @property
    def connected(self) -> dict[str, Checked]:
        """Tables the night uses."""
        return {name: one for name, one in self.tables.items() if one.connected}

    @property
    def held(self) -> Path:
        """held.parquet: whom the checks hold, and what they withhold of a client."""
        return self.book.folder / "held.parquet"

    @property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Per table: counts, notices (the book's among them), skipped, delivered."""
        told = self.book.facts["notices"]
        return {
            name: {**one.facts, "notices": [*one.facts["notices"], *(n for n in told if n["table"] == name)]}
            for name, one in self.tables.items()
        }


def kinds(pulled: Pulled, checked: Validated) -> dict[str, frozenset[str]]:
    """Table → the kinds of rows its deliveries carry: what their manifests list, else the kinds there are (reading G6)."""
    carried: dict[str, frozenset[str]] = {}
    for name in ("events", "undertakings"):
        if name in checked.connected:
            told = [(one.delivery.manifest or {}).get("kinds") for one in pulled.tables[name]]
            if all(listed is None for listed in told):
                carried[name] = frozenset(checked.tables[name].scan().select("kind").unique().collect().to_series())
            else:
                carried[name] = frozenset(kind for listed in told for kind in listed or ())
    return carried


def check(run: Run, pulled: Pulled, shards: int) -> Validated:
    """Clean rows and quarantine, table by table in the order of their foreign keys, then the checks across tables."""
    checked: dict[str, Checked] = {}
    arrivals = Arrivals(pulled)
    told = _told(run, arrivals, nights.before(run.settings.out, run.as_of))
    for name, table in TABLES.items():
        if pulled.tables[name]:
            try:
                checked[name] = _table(run, arrivals, table, checked, told[name], shards)
            except Refused as refused:
                refused.table = name
                raise
        run.tell.step(fresh=name in checked and not checked[name].verdict.reused)
    return Validated(checked, _across(run, checked), _docs(run, checked))


def _across(run: Run, checked: Mapping[str, Checked]) -> Done:
    connected = {name: one for name, one in checked.items() if one.connected}

    def judge(into: Path) -> Mapping[str, Any]:
        from expectations import book, validation

        clean = {name: one.scan() for name, one in connected.items()}
        told = Delivery(as_of=run.as_of, business_date=run.as_of, home_currency=run.policy.home_currency)
        notices, held = validation.across(book.CHECKS, clean, told)
        frames = [one.verdict.read("held").select(pl.all().cast(pl.String)) for one in checked.values()]
        write_frame(
            pl.concat([pl.DataFrame(schema=HELD), *frames, held]).unique().sort(pl.all()), into / "held.parquet"
        )
        return {"notices": [_notice(notice) for notice in notices]}

    clean_rows = {name: one.digest for name, one in connected.items()}
    verdicts = [one.verdict.digest for one in checked.values()]
    return run.store.do("validate", "book", [run.as_of, run.policy.home_currency, clean_rows, verdicts], judge)


def _docs(run: Run, checked: Mapping[str, Checked]) -> Done:
    """Great Expectations' Data Docs of the night."""

    def write(into: Path) -> None:
        from expectations import data_docs

        results = {
            name: json.loads((one.verdict.folder / "validation.json").read_bytes()) for name, one in checked.items()
        }
        data_docs.write(into, results, run.as_of)

    return run.store.do("validate", "data_docs", [run.as_of, [one.verdict.digest for one in checked.values()]], write)


class Arrivals:
    """The landed deliveries as frames of the contract's columns and types."""

    def __init__(self, pulled: Pulled) -> None:
        self.landed = pulled.tables
        self._frames: dict[str, list[pl.LazyFrame]] = {}

    def frames(self, table: Table) -> list[pl.LazyFrame]:
        """A lazy frame per delivery of the table, oldest first; raises Refused where columns or types are wrong (B2)."""
        from expectations import casts

        if table.name not in self._frames:
            self._frames[table.name] = [
                casts.conform(table, one.scan(table), one.delivery.origin, one.delivery.loose)
                for one in self.landed[table.name]
            ]
        return self._frames[table.name]

    def unknown(self, table: Table, place: int) -> list[str]:
        """Columns of a delivery that are not the contract's."""
        names = self.landed[table.name][place].scan(table).collect_schema().names()
        return [name for name in names if name not in (*table.schema, *_OURS)]


# ---- what the checks are told --------------------------------------------------------------------------------------


def _told(run: Run, arrivals: Arrivals, before: nights.Published | None) -> dict[str, Delivery]:
    earlier = [night for night in nights.all_of(run.settings.out) if night.as_of < run.as_of]
    clients, off = _client_ids(arrivals), _days_off(arrivals)
    assessed = pl.read_parquet(before.file("assessments.parquet"), columns=["client_id"]) if before else None
    return {
        name: Delivery(
            as_of=run.as_of,
            business_date=found[-1].business_date,
            newest=found[-1].name,
            backfills=frozenset(d.name for d in found if d.backfill),
            control_totals=(found[-1].manifest or {}).get("control_totals"),
            home_currency=run.policy.home_currency,
            gift_limit=run.policy.gift_limit,
            usual_rows=_usual(name, found[-1].business_date, earlier, off),
            previous_clients=tuple(assessed["client_id"]) if name == "clients" and assessed is not None else (),
            client_ids=clients if name == "parties" else (),
        )
        for name, landed in arrivals.landed.items()
        if (found := [one.delivery for one in landed])
    }


def _client_ids(arrivals: Arrivals) -> tuple[str, ...]:
    """Ids delivered as clients tonight, before anything is checked: what check P2 asks of a party."""
    frames = [frame.select("client_id").collect() for frame in arrivals.frames(TABLES["clients"])]
    return tuple(pl.concat(frames)["client_id"].drop_nulls().unique().sort())


def _days_off(arrivals: Arrivals) -> frozenset[date]:
    """Days the bank does not work, by its own calendar."""
    frames = arrivals.frames(TABLES["calendar"])
    return frozenset(pl.concat(frames).filter(~pl.col("is_workday")).select("date").collect()["date"])


def _position(day: date, off: frozenset[date]) -> str:
    """What kind of day a delivery is of, for check B6 (reading I3): month end, working day or day off."""
    if day.day == monthrange(day.year, day.month)[1]:
        return "month end"
    return "day off" if day in off else "working day"


def _usual(table: str, day: date, earlier: Sequence[nights.Published], off: frozenset[date]) -> tuple[int, ...]:
    """Rows of the newest delivery of earlier nights, of the same kind of day, first loads apart."""
    told = [night.manifest["tables"].get(table, {}).get("delivered", {}) for night in earlier]
    same = [
        d
        for d in told
        if d and not d["backfill"] and _position(date.fromisoformat(d["business_date"]), off) == _position(day, off)
    ]
    by_day = {d["business_date"]: d["rows"] for d in same if d["business_date"] < day.isoformat()}
    return tuple(by_day[business_date] for business_date in sorted(by_day))[-20:]


# ---- one table -----------------------------------------------------------------------------------------------------


def _table(
    run: Run, arrivals: Arrivals, table: Table, checked: Mapping[str, Checked], told: Delivery, shards: int
) -> Checked:
    known = {name: one for name, one in checked.items() if one.connected}
    arrived = [_arrived(run, arrivals, table, place, known) for place in range(len(arrivals.frames(table)))]
    months = sorted({month for one in arrived for month in one.facts["months"]}) if table.months else []
    cuts = [(month, [k for k, one in enumerate(arrived) if month in one.facts["months"]]) for month in months]
    whole = [("all", list(range(len(arrived))))]  # a table that is not cut, or a big one without any row
    parts = [_part(run, arrivals, table, month, places, known, told, shards) for month, places in cuts or whole]
    verdict = _verdict(run, table, parts, arrived, known, told)
    return Checked(table, verdict, parts)


def _arrived(run: Run, arrivals: Arrivals, table: Table, place: int, known: Mapping[str, Checked]) -> Done:
    """One delivery counted: rows, months, extra columns; checks B3 and B4."""
    landed = arrivals.landed[table.name][place]
    delivery = landed.delivery

    def count(into: Path) -> Mapping[str, Any]:
        from expectations import arrival, casts

        frame, raw = arrivals.frames(table)[place], landed.scan(table)
        casts.refuse_unreadable(table, raw, delivery.origin, delivery.loose)
        month = pl.col(table.months).dt.strftime("%Y-%m").fill_null("none") if table.months else pl.lit("all")
        counted = frame.group_by(month=month).agg(rows=pl.len()).collect().sort("month")
        rows = int(counted["rows"].sum())
        if delivery.manifest is not None:
            arrival.refuse_miscount(table, rows, int(delivery.manifest["row_count"]))
            scans = {name: known[name].scan() for name in ("accounts", "loans") if name in known}
            arrival.refuse_totals(table, frame, scans, delivery.manifest.get("control_totals") or {})
        empty = raw.select(casts.not_finite(table, raw.collect_schema())).collect().item()
        unknown = arrivals.unknown(table, place)
        return {"rows": rows, "months": counted["month"].to_list(), "unknown": unknown, "not_finite": empty}

    manifest = delivery.manifest and [delivery.manifest["row_count"], delivery.manifest.get("control_totals")]
    return run.store.do("validate", f"{table.name}-arrived", [landed.digest, manifest], count)


def _reading(table: Table, known: Mapping[str, Checked]) -> dict[str, Checked]:
    """The clean tables the table's checks and the cut into shards read."""
    names = {column.references for column in table.columns if column.references}
    names |= {name for check in table.checks for name in check.needs} | {_OWNERS.get(table.name, "")}
    return {name: one for name, one in known.items() if name in names}


def _part(
    run: Run,
    arrivals: Arrivals,
    table: Table,
    month: str,
    places: Sequence[int],
    known: Mapping[str, Checked],
    told: Delivery,
    shards: int,
) -> Done:
    """A month of a big table, or all of another, judged: clean files by shard, quarantine, held clients, findings."""
    reading = _reading(table, known)
    mine = _narrowed(told, month, [arrivals.landed[table.name][place].delivery.name for place in places])

    narrow = _narrow(run, arrivals, table, month, places, reading) if table.reads else {}

    def judge(into: Path) -> Mapping[str, Any]:
        from expectations import validation

        frames = [arrivals.frames(table)[place].filter(_of(table, month)).collect() for place in places]
        clean = {name: narrow[name][0].lazy() if name in narrow else one.scan() for name, one in reading.items()}
        one = validation.part(table, pl.concat(frames).with_row_index("row_number"), clean, mine)
        work.write_clean(into, table, one.clean, clean, shards)
        for name in ("quarantine", "held", "owners"):
            write_frame(getattr(one, name), into / f"{name}.parquet")
        return asdict(validation.found(table, one))

    inputs = [
        vars(mine),
        [arrivals.landed[table.name][place].digest for place in places],
        {name: narrow[name][1] if name in narrow else one.digest for name, one in reading.items()},
        shards,
    ]
    return run.store.do("validate", f"{table.name}-{month}", inputs, judge)


def _narrowed(told: Delivery, month: str, names: Sequence[str]) -> Delivery:
    """What the checks of a month may know: nothing that moves from night to night unless the month's rows do."""
    if month == "all":
        return told
    newest = told.newest if told.newest in names else ""
    end = told.as_of if month == "none" else _month_end(month)
    return Delivery(
        as_of=min(told.as_of, end),
        business_date=told.business_date if newest else date.min,
        newest=newest,
        backfills=told.backfills & set(names),
        home_currency=told.home_currency,
    )


def _month_end(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


def _narrow(
    run: Run,
    arrivals: Arrivals,
    table: Table,
    month: str,
    places: Sequence[int],
    reading: Mapping[str, Checked],
) -> dict[str, tuple[pl.DataFrame, str]]:
    """Of each table a month of a big one reads: what its checks name, of the keys its rows name, and the digest of that."""
    references = {name: [c.name for c in table.columns if c.references == name] for name in table.reads}

    def keys(into: Path) -> None:
        columns = sorted({column for named in references.values() for column in named})
        frames = [arrivals.frames(table)[place].filter(_of(table, month)).select(columns).collect() for place in places]
        rows = pl.concat(frames)
        for name, named in references.items():
            ids = pl.concat([rows[column] for column in named]).drop_nulls().unique().sort().alias("key")
            write_frame(ids.to_frame(), into / f"{name}.parquet")

    landed = [arrivals.landed[table.name][place].digest for place in places]
    known = run.store.do("validate", f"{table.name}-{month}-keys", landed, keys)
    made = {}
    for name, columns in table.reads.items():
        if name in reading:
            wanted = pl.col(columns[0]).is_in(known.read(name)["key"].implode())
            frame = reading[name].scan().select(columns).filter(wanted).collect().sort(columns[0])
            made[name] = (frame, _digest(frame))
    return made


def _digest(frame: pl.DataFrame) -> str:
    written = io.BytesIO()
    frame.rechunk().write_ipc(written)
    return hashlib.sha256(written.getvalue()).hexdigest()


def _of(table: Table, month: str) -> pl.Expr:
    """Rows of a month; "none" are those without a date, "all" every row of a table that is not cut."""
    if month == "all":
        return pl.lit(value=True)
    day = pl.col(str(table.months))
    return day.is_null() if month == "none" else day.is_between(date.fromisoformat(f"{month}-01"), _month_end(month))


def _verdict(
    run: Run,
    table: Table,
    parts: Sequence[Done],
    arrived: Sequence[Done],
    known: Mapping[str, Checked],
    told: Delivery,
) -> Done:
    """The table as a whole: quarantine, held, Great Expectations' result; facts: counts, notices, skipped, delivered."""

    def judge(into: Path) -> Mapping[str, Any]:
        from expectations import validation

        one = Checked(table, parts[0], parts)
        clean = {name: other.scan() for name, other in known.items()}
        whole = validation.whole(
            table, one.scan(), _together(parts), _read(parts, "held"), _read(parts, "owners"), clean, told
        )
        order = [*table.key, "check_id", "delivery"]
        write_frame(_read(parts, "quarantine").sort(order, nulls_last=True), into / "quarantine.parquet")
        write_frame(whole.held, into / "held.parquet")
        (into / "validation.json").write_bytes(work.dumps(whole.result))
        unknown = sorted({name for done in arrived for name in done.facts["unknown"]})
        arrived_so = _dropped(table, unknown) + _emptied(table, sum(done.facts["not_finite"] for done in arrived))
        return {
            "counts": vars(_together(parts).counts),
            "notices": [_notice(notice) for notice in (*whole.notices, *arrived_so)],
            "skipped": whole.skipped,
            "delivered": {
                "business_date": told.business_date.isoformat(),
                "rows": arrived[-1].facts["rows"],
                "backfill": told.newest in told.backfills,
            },
        }

    needs = {name for one in table.table_checks for name in one.needs} | {"calendar"}
    others = {name: one.digest for name, one in known.items() if name in needs or name in _reading(table, known)}
    inputs = [vars(told), [part.digest for part in parts], [done.digest for done in arrived], others]
    return run.store.do("validate", table.name, inputs, judge)


def _read(parts: Sequence[Done], name: str) -> pl.DataFrame:
    return pl.concat([part.read(name) for part in parts])


def _together(parts: Sequence[Done]) -> Any:
    """The findings of a table's parts, summed."""
    from expectations.validation import Found, total

    return total([Found.parse(part.facts) for part in parts])


def _dropped(table: Table, unknown: Sequence[str]) -> list[Notice]:
    """B2: columns nobody asked for."""
    if not unknown:
        return []
    named = ", ".join(unknown[:5])
    return [
        Notice(
            table.name, "B2", Action.WARN, len(unknown), f"unknown columns left out: {named}", f"未知列已略去：{named}"
        )
    ]


def _emptied(table: Table, cells: int) -> list[Notice]:
    """NaN and infinities, which became null."""
    if not cells:
        return []
    words = ("cells were no numbers (NaN, infinity) and were emptied", "单元格非数值（NaN、无穷），已置空")
    return [Notice(table.name, "B2", Action.WARN, cells, *words)]


def _notice(notice: Notice) -> dict[str, Any]:
    return {**vars(notice), "action": str(notice.action)}


# ---- what quarantine gives back ------------------------------------------------------------------------------------


def released(before: nights.Published | None, one: Checked) -> dict[str, int]:
    """Rows the night before refused whose key is clean tonight: a corrected delivery, or a parent that came. By check."""
    path = before.file(f"quarantine/{one.table.name}.parquet") if before else None
    if path is None or not path.exists():
        return {}
    refused = pl.read_parquet(path).filter(pl.all_horizontal(pl.col(one.table.key).is_not_null()))
    if refused.is_empty():
        return {}
    still = one.verdict.frame("quarantine").select(*one.table.key, "delivery").collect()
    gone = refused.join(still, on=[*one.table.key, "delivery"], how="anti")
    keys = one.scan().select(one.table.key)
    clean = keys.join(gone.select(one.table.key).unique().lazy(), on=one.table.key, how="semi").collect()
    back = gone.join(clean, on=one.table.key, how="semi")
    return dict(back["check_id"].value_counts().sort("check_id").rows())
