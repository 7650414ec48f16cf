"""The verdict on a table: rows judged part by part, then the table as a whole, then the book across tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from expectations import arrival, quarantine, rules, suites
from expectations.model import HELD, Action, BookCheck, Clean, Counts, Delivery, Notice, Refused, Table, Verdict
from expectations.rules import Rule
from expectations.suites import Tally

CLIENT_SHARE = 0.05
_TELLING = (Action.WARN, Action.KEEP, Action.CLIENT)


@dataclass(frozen=True)
class Part:
    """A judged part of a table: one month of a big one, or all of it.

    `owners` has client_id, rows and bad; `tonight` the newest delivery's rows and how many of them were refused;
    `tallies` what each rule found, `told` how many rows not refused each telling rule found, in the order of the rules.
    """

    clean: pl.DataFrame
    quarantine: pl.DataFrame
    held: pl.DataFrame
    owners: pl.DataFrame
    counts: Counts
    tonight: tuple[int, int]
    tallies: tuple[Tally, ...]
    told: tuple[int, ...]


# ---- a part --------------------------------------------------------------------------------------------------------


def part(table: Table, rows: pl.DataFrame, clean: Clean, delivery: Delivery) -> Part:
    """Judge rows that came from `casts.conform`, with `row_number` first; `clean` are the tables validated before."""
    distinct, repeated = quarantine.collapse(table, rows)
    single = rules.of_rows(table, distinct.lazy(), clean, delivery)
    single += rules.across_rows(table, distinct.lazy(), clean, delivery, alone=True)
    alone = _masks(single, distinct)
    old, twin = quarantine.outdated(table, distinct, repeated, _any(alone, single, Action.ROW))
    live, twin, alone = distinct.filter(~old), twin.filter(~old), alone.filter(~old)
    standing = live.lazy().with_columns(refused=_any(alone, single, Action.ROW) | twin).filter(~pl.col("refused"))
    made = single + rules.across_rows(table, standing, clean, delivery, alone=False)
    masks = alone.hstack(_masks(made[len(single) :], live, first=len(single)))
    bad = _any(masks, made, Action.ROW) | twin
    good = _applied(live, masks, made, ~bad).select(*table.schema).sort(table.key)
    refused = quarantine.refused(table, live, masks.with_columns(twin=twin), made)
    owner = _client(table, live, clean)
    tonight = live["delivery"] == delivery.newest
    return Part(
        clean=good,
        quarantine=refused,
        held=_held(table, owner, masks, made),
        owners=_owners(owner, bad),
        counts=Counts(rows.height, good.height, refused.height, rows.height - distinct.height, int(old.sum())),
        tonight=(int(tonight.sum()), int((tonight & bad).sum())),
        tallies=tuple(_tallies(table, made, live, masks)),
        told=tuple(int((masks[str(i)] & ~bad).sum()) for i in range(len(made))),
    )


def _masks(made: Sequence[Rule], rows: pl.DataFrame, first: int = 0) -> pl.DataFrame:
    """A column per rule, named by its place: true where a row breaches it."""
    return rows.select(
        suites.mask(rule, suites.expectation(rule)).alias(str(i)) for i, rule in enumerate(made, start=first)
    )


def _any(masks: pl.DataFrame, made: Sequence[Rule], action: Action) -> pl.Series:
    places = [str(i) for i, rule in enumerate(made) if rule.action == action]
    return masks.select(pl.any_horizontal(places)).to_series()


def _tallies(table: Table, made: Sequence[Rule], rows: pl.DataFrame, masks: pl.DataFrame) -> list[Tally]:
    return [suites.tally(table, suites.expectation(r), rows, masks[str(i)]) for i, r in enumerate(made)]


def _applied(rows: pl.DataFrame, masks: pl.DataFrame, made: Sequence[Rule], chosen: pl.Series) -> pl.DataFrame:
    """The chosen rows; the few that WARN checks set something in come last: a value left out, masked, become 'other'."""
    setting = {str(i): rule.becomes for i, rule in enumerate(made) if rule.becomes}
    touched = masks.select(pl.any_horizontal(pl.lit(value=False), *setting)).to_series()
    changed = rows.hstack(masks).filter(chosen & touched)
    for i, becomes in setting.items():
        changed = changed.with_columns(
            pl.when(pl.col(i)).then(value).otherwise(pl.col(name)).alias(name) for name, value in becomes.items()
        )
    return pl.concat([rows.filter(chosen & ~touched), changed.select(rows.columns)])


# ---- whose rows they are -------------------------------------------------------------------------------------------


def _client(table: Table, rows: pl.DataFrame, clean: Clean) -> pl.Series:
    """The client (or party) each row belongs to; null where it belongs to none."""
    for name in ("client_id", "party_id"):
        if name in rows.columns:
            return rows[name].alias("client_id")
    parent, key = ("loans", "loan_id") if "loan_id" in rows.columns else ("accounts", "account_id")
    if key not in rows.columns or parent not in clean:
        return pl.Series("client_id", [None] * rows.height, dtype=pl.String)
    owners = clean[parent].select(key, "client_id").collect()
    return rows.select(key).join(owners, on=key, how="left", maintain_order="left")["client_id"]


def _owners(owner: pl.Series, bad: pl.Series) -> pl.DataFrame:
    counted = pl.DataFrame({"client_id": owner, "bad": bad}).group_by("client_id")
    return counted.agg(rows=pl.len().cast(pl.Int64), bad=pl.col("bad").sum().cast(pl.Int64)).sort("client_id")


def _held(table: Table, owner: pl.Series, masks: pl.DataFrame, made: Sequence[Rule]) -> pl.DataFrame:
    """Clients a CLIENT check of the table holds."""
    parts = [
        _reasons(owner.filter(masks[str(i)]), table.name, rule.id, rule.en, rule.zh, rule.withholds)
        for i, rule in enumerate(made)
        if rule.action == Action.CLIENT
    ]
    return pl.concat([pl.DataFrame(schema=HELD), *parts]).sort(pl.all())


def _reasons(clients: pl.Series, table: str, check: str, en: str, zh: str, withholds: str | None) -> pl.DataFrame:
    return pl.DataFrame({"client_id": clients.drop_nulls().unique()}, schema={"client_id": pl.String}).with_columns(
        check_id=pl.lit(check),
        reason_en=pl.lit(f"{table}: {en}"),
        reason_zh=pl.lit(f"{table}：{zh}"),
        withholds=pl.lit(withholds, pl.String),
    )


def _often_refused(table: Table, owners: pl.DataFrame) -> pl.DataFrame:
    """CL1: clients more than 5 % of whose rows in a core table were refused."""
    shares = owners.group_by("client_id").agg(pl.col("bad").sum() / pl.col("rows").sum())
    over = shares.filter(pl.col("bad") > CLIENT_SHARE)["client_id"] if table.core else pl.Series(dtype=pl.String)
    words = ("more than 5% of the client's rows were refused", "该客户5%以上的记录被拒收")
    return _reasons(over, table.name, "CL1", *words, None)


# ---- the table as a whole ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What the parts of a table found, together."""

    counts: Counts
    tonight: tuple[int, int]
    tallies: Sequence[Tally]
    told: Sequence[int]
    refused_by: Mapping[str, int]
    newest: date | None

    @classmethod
    def parse(cls, facts: Mapping[str, Any]) -> "Found":
        """Back from JSON."""
        newest = date.fromisoformat(facts["newest"]) if facts["newest"] else None
        rows, bad = facts["tonight"]
        return cls(Counts(**facts["counts"]), (rows, bad), facts["tallies"], facts["told"], facts["refused_by"], newest)


def found(table: Table, part: Part) -> Found:
    """What a part found, without its rows."""
    refused = part.quarantine["check_id"].value_counts()
    newest = part.clean[table.months].max() if table.months else None
    day = newest if isinstance(newest, date) else None
    return Found(part.counts, part.tonight, part.tallies, part.told, dict(refused.rows()), day)


def total(parts: Sequence[Found]) -> Found:
    """The parts' findings, summed."""
    checks = sorted({check for one in parts for check in one.refused_by})
    return Found(
        counts=sum((one.counts for one in parts[1:]), parts[0].counts),
        tonight=(sum(one.tonight[0] for one in parts), sum(one.tonight[1] for one in parts)),
        tallies=[suites.together(each) for each in zip(*(one.tallies for one in parts), strict=True)],
        told=[sum(each) for each in zip(*(one.told for one in parts), strict=True)],
        refused_by={check: sum(one.refused_by.get(check, 0) for one in parts) for check in checks},
        newest=max((one.newest for one in parts if one.newest is not None), default=None),
    )


@dataclass(frozen=True)
class Whole:
    """The verdict on a table without its rows: held clients, notices, GX's result, whether it counts as not connected."""

    held: pl.DataFrame
    notices: tuple[Notice, ...]
    result: Mapping[str, Any]
    skipped: bool


def whole(
    table: Table,
    rows: pl.LazyFrame,
    seen: Found,
    held: pl.DataFrame,
    owners: pl.DataFrame,
    clean: Clean,
    delivery: Delivery,
) -> Whole:
    """Judge the table as a whole; `rows` are its clean rows, `held` and `owners` those of its parts.

    Raises Refused where the night must stop.
    """
    mostly = min(seen.refused_by, key=lambda check: (-seen.refused_by[check], check), default="")
    made = _declared(table, clean, delivery)
    notices = [
        arrival.stale(table, seen.newest, clean, delivery),
        arrival.unusual(table, seen.tonight[0], delivery),
        arrival.refused_share(table, seen.counts, seen.tonight, mostly),
    ]
    told = [notice for notice in notices if notice is not None]
    if seen.counts.collapsed:
        words = ("identical rows collapsed", "重复记录已合并")
        told.append(Notice(table.name, "C4", Action.WARN, seen.counts.collapsed, *words))
    if seen.counts.superseded and table.mode == "append":
        words = ("rows replaced by a later delivery", "记录已被较晚的交付更正")
        told.append(Notice(table.name, "C4", Action.WARN, seen.counts.superseded, *words))
    telling = [
        Notice(table.name, rule.id, rule.action, rows_told, rule.en, rule.zh)
        for rule, rows_told in zip(made, seen.told, strict=True)
        if rule.action in _TELLING and rows_told
    ]
    return Whole(
        held=pl.concat([held, _often_refused(table, owners)]).unique().sort(pl.all()),
        notices=(*telling, *_of_the_table(table, rows, clean, delivery), *told),
        result=suites.result(table, [suites.expectation(rule) for rule in made], seen.tallies),
        skipped=arrival.left_out(told, table, seen.counts, seen.tonight),
    )


def _declared(table: Table, clean: Clean, delivery: Delivery) -> list[Rule]:
    """The rules every part of the table was judged by."""
    nothing = pl.LazyFrame(schema={"row_number": pl.UInt32, **table.schema, **rules.AROUND_SCHEMA})
    single = rules.of_rows(table, nothing, clean, delivery)
    across = [rules.across_rows(table, nothing, clean, delivery, alone=alone) for alone in (True, False)]
    return [*single, *across[0], *across[1]]


def _of_the_table(table: Table, rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> list[Notice]:
    notices = []
    for check in table.table_checks:
        ready = all(name in clean for name in check.needs)
        breach = check.breach(rows, clean, delivery) if ready else None
        if breach is None:
            continue
        if check.action == Action.STOP:
            raise Refused(f"Table {table.name} {breach.en} ({check.id}); mend the delivery, then call again.")
        notices.append(Notice(table.name, check.id, check.action, breach.rows, breach.en, breach.zh))
    return notices


def validate(table: Table, frame: pl.LazyFrame, clean: Clean, delivery: Delivery) -> Verdict:
    """A table judged in one piece: what the night does part by part.

    `frame` comes from `casts.conform`; `clean` are the tables validated before. Raises Refused where the night must stop.
    """
    one = part(table, frame.with_row_index("row_number").collect(), clean, delivery)
    all_of_it = whole(table, one.clean.lazy(), found(table, one), one.held, one.owners, clean, delivery)
    return Verdict(
        one.clean, one.quarantine, all_of_it.held, all_of_it.notices, one.counts, all_of_it.result, all_of_it.skipped
    )


# ---- across tables -------------------------------------------------------------------------------------------------


def across(checks: Sequence[BookCheck], clean: Clean, delivery: Delivery) -> tuple[list[Notice], pl.DataFrame]:
    """Notices and held clients of the checks across tables; a check whose tables are not all connected does not run."""
    notices, held = [], [pl.DataFrame(schema=HELD)]
    for check in checks:
        if not all(name in clean for name in check.needs):
            continue
        clients = check.clients(clean, delivery).select(pl.col("client_id").cast(pl.String)).collect()["client_id"]
        if clients.is_empty():
            continue
        notices.append(Notice(check.table, check.id, check.action, len(clients), check.en, check.zh))
        if check.action == Action.CLIENT or check.withholds is not None:
            held.append(_reasons(clients, check.table, check.id, check.en, check.zh, check.withholds))
    return notices, pl.concat(held).sort(pl.all())
