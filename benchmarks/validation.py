"""Validation of N transactions: the night's, a plain Polars pass with the same masks, Great Expectations on pandas.

    python -m benchmarks.validation --rows 10000000 --repeats 3

Verdicts are compared first; the benchmark ends with an error where they differ. README.md says what is measured.
"""

import argparse
import sys
import tempfile
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from benchmarks import measure
from expectations.casts import UNPARSED
from expectations.model import Action, Clean, Delivery
from expectations.rules import AROUND_SCHEMA, Rule, of_rows
from expectations.tables import TABLES

TABLE = TABLES["transactions"]
AS_OF = date(2015, 6, 30)
ACCOUNTS, PARTIES, NAMES = 150_000, 40_000, 20_000
DAMAGED, TWINS = 4.5e-5, 2e-5  # share of the rows that each kind of damage spoils; that come twice
Verdict = dict[str, Any]  # counts: rule → breaching rows; refused: of all row rules and of the stock ones → keys


# ---- the bank's files ----------------------------------------------------------------------------------------------


def deliver(folder: Path, rows: int, months: int, seed: int) -> None:
    """Accounts, parties, a calendar, and one file of transactions a month; the same for the same seed."""
    rng = np.random.default_rng(seed)
    accounts = {
        "account_id": _ids("A", range(ACCOUNTS)),
        "client_id": _some(rng, _ids("C", range(ACCOUNTS // 3)), ACCOUNTS),
        "opened_on": _day(AS_OF, -rng.integers(700, 5_000, ACCOUNTS)),
    }
    frames = {
        "accounts": pl.DataFrame(accounts).with_columns(closed_on=pl.lit(None, pl.Date)),
        "parties": pl.DataFrame({"party_id": _ids("P", range(PARTIES))}),
        "calendar": pl.DataFrame({"date": _day(AS_OF, np.arange(-2_000, 100))}).with_columns(
            is_workday=pl.col("date").dt.weekday() < 6
        ),
    }
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    (folder / "landed").mkdir()
    bounds = pairwise(rows * place // months for place in range(months + 1))
    for place, (start, stop) in enumerate(bounds):
        month = pl.Series([AS_OF.replace(day=1)]).dt.offset_by(f"-{months - 1 - place}mo").item()
        rng = np.random.default_rng([seed, place])
        made = _damaged(rng, _sound(rng, month, range(start, stop)))
        made.select(*TABLE.schema).cast(pl.Schema(TABLE.schema)).write_parquet(
            folder / "landed" / f"{month:%Y-%m}.parquet"
        )


def _sound(rng: np.random.Generator, month: date, numbers: range) -> pl.DataFrame:
    """A month of rows nothing is wrong with."""
    count = len(numbers)
    tokens, phrases = _ids("K", range(10 * NAMES)), _ids("货款 invoice ", range(NAMES))
    kinds = ["transfer", "transfer", "transfer", "purchase", "payroll", "bill_payment", "interest"]
    return pl.DataFrame(
        {
            "account_id": _some(rng, _ids("A", range(ACCOUNTS)), count),
            "booked_on": _day(month, rng.integers(0, monthrange(month.year, month.month)[1], count)),
            "txn_id": _ids("T", numbers),
            "direction": _some(rng, ["in", "out"], count),
            "amount": (np.exp(rng.normal(12, 2, count))).astype(np.int64) + 1,
            "currency": _some(rng, ["CNY"] * 19 + ["USD"], count),
            "type": _some(rng, kinds, count),
            "channel": _some(rng, ["counter", "ebank", "ebank", "mobile", None], count),
            "status": _some(rng, ["ok"] * 99 + ["returned"], count),
            "balance_after": np.exp(rng.normal(15, 2, count)).astype(np.int64),
            "counterparty_id": _some(rng, [*_ids("P", range(2_000)), *[None] * 8_000], count),
            "counterparty_name": _some(rng, _ids("江南精密机械有限公司 ", range(NAMES)), count),
            "counterparty_account": _some(rng, tokens, count),
            "counterparty_bank": _some(rng, _ids("102290", range(300)), count),
            "summary": _some(rng, [*phrases, *[None] * NAMES], count),
            "payee_count": _some(rng, [None] * 19 + [12], count),
            "category": _some(rng, ["sales", "raw_material", "rent", None, None], count),
        },
        strict=False,
    )


_DAMAGE: Sequence[Mapping[str, Any]] = (
    {"amount": None},
    {"direction": "sideways"},
    {"account_id": "A9999999"},
    {"txn_id": "T 1"},
    {"booked_on": date(2016, 1, 1)},
    {"payee_count": -1},
    {"summary": "x" * 300},
    {"counterparty_name": "a\x07b"},
    {"amount": 0},
    {"amount": 10**15 + 1},
    {"type": "barter"},  # from here on the row is told of and stays
    {"summary": "call 13800138000"},
    {"type": "cash_in", "direction": "out"},
    {"status": "reversed"},
)


def _damaged(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """Some rows spoiled, each in one way; some sound ones come twice, every other of them with another amount."""
    spoiled, doubled = int(DAMAGED * rows.height) + 1, int(TWINS * rows.height) + 2
    chosen = rng.permutation(rows.height)[: spoiled * len(_DAMAGE) + doubled]
    twins = rows[chosen[:doubled]].with_columns(amount=pl.col("amount") + pl.int_range(pl.len()) % 2)
    kind = np.full(rows.height, -1)
    kind[chosen[doubled:]] = np.arange(spoiled * len(_DAMAGE)) % len(_DAMAGE)
    bad = rows.with_columns(kind=kind)
    for number, damage in enumerate(_DAMAGE):
        here = pl.when(pl.col("kind") == number)
        bad = bad.with_columns(here.then(pl.lit(value)).otherwise(name).alias(name) for name, value in damage.items())
    return pl.concat([bad.drop("kind"), twins])


def _ids(prefix: str, numbers: range) -> pl.Series:
    return pl.select(
        pl.lit(prefix) + pl.int_range(numbers.start, numbers.stop).cast(pl.String).str.zfill(6)
    ).to_series()


def _some(rng: np.random.Generator, values: Sequence[Any] | pl.Series, count: int) -> pl.Series:
    return pl.Series(values).gather(rng.integers(0, len(values), count))


def _day(first: date, after: np.ndarray[Any, np.dtype[np.int64]]) -> pl.Series:
    return pl.select(pl.lit(first) + pl.duration(days=pl.lit(pl.Series(after)))).to_series()


# ---- what all contestants know -------------------------------------------------------------------------------------


def _landed(folder: Path) -> list[Path]:
    return sorted((folder / "landed").iterdir())


def _scan(file: Path) -> pl.LazyFrame:
    """A delivery as the night has it: a first load, so no row of it is late."""
    from expectations import casts

    told = {"delivery": pl.lit(file.stem), "delivered_on": pl.lit(AS_OF)}
    return casts.conform(TABLE, pl.scan_parquet(file).with_columns(**told), file.name)


def _clean(folder: Path) -> Clean:
    return {name: pl.scan_parquet(folder / f"{name}.parquet") for name in ("accounts", "parties", "calendar")}


def _delivery(folder: Path, month: str = "") -> Delivery:
    """What the checks of the table, or of one month of it, are told."""
    names = [file.stem for file in _landed(folder)]
    day = date.fromisoformat(f"{month}-01") if month else AS_OF
    end = day.replace(day=monthrange(day.year, day.month)[1])
    return Delivery(end, AS_OF, newest=names[-1], backfills=frozenset([month] if month else names))


def _row_rules(folder: Path) -> list[Rule]:
    nothing = pl.LazyFrame(schema={"row_number": pl.UInt32, **TABLE.schema, **AROUND_SCHEMA})
    return of_rows(TABLE, nothing, _clean(folder), _delivery(folder))


def _name(rule: Rule) -> str:
    return f"{rule.id} {rule.en}"


def _keys(rows: pl.DataFrame) -> list[str]:
    return sorted(
        rows.select(pl.concat_str(pl.col(TABLE.key).cast(pl.String).fill_null("?"), separator="|")).to_series()
    )


# ---- the contestants -----------------------------------------------------------------------------------------------


def ours(folder: Path, watch: measure.Watch) -> Verdict:
    """What the night does: every month judged, its clean rows written, then the table as a whole."""
    with watch.step("import"):
        from expectations import validation
        from flows.store import write_frame
    seen, refused, held, owners = [], [], [], []
    known = {name: frame.collect().lazy() for name, frame in _clean(folder).items()}
    with tempfile.TemporaryDirectory(dir=folder) as into:
        for file in _landed(folder):
            with watch.step("judge"):
                rows = _scan(file).with_row_index("row_number").collect()
                part = validation.part(TABLE, rows, known, _delivery(folder, file.stem))
                seen.append(validation.found(TABLE, part))
            with watch.step("write"):
                write_frame(part.clean, Path(into) / file.name)
            refused.append(part.quarantine)
            held.append(part.held)
            owners.append(part.owners)
        with watch.step("judge"):
            clean, together = pl.scan_parquet(Path(into)), validation.total(seen)
            verdict = validation.whole(
                TABLE, clean, together, pl.concat(held), pl.concat(owners), known, _delivery(folder)
            )
    made = _row_rules(folder)
    results = verdict.result["results"][: len(made)]
    quarantine = pl.concat(refused)
    return {
        "counts": {_name(rule): one["result"]["unexpected_count"] for rule, one in zip(made, results, strict=True)},
        "refused": {
            **{kind: _keys(quarantine.filter(_says(chosen))) for kind, chosen in _refusing(made).items()},
            "all": _keys(quarantine),
        },
        "clean": together.counts.clean,
        "rows": vars(together.counts),
        "by check": dict(together.refused_by),
    }


def _refusing(made: Sequence[Rule]) -> dict[str, list[Rule]]:
    rows = [rule for rule in made if rule.action == Action.ROW]
    return {"rules": rows, "stock": [rule for rule in rows if rule.kind != "holds"]}


def _says(chosen: Sequence[Rule]) -> pl.Expr:
    """Rows one of whose reasons is one of these rules."""
    words = [rule.en for rule in chosen]
    return pl.col("reason_en").str.split("; ").list.eval(pl.element().is_in(words)).list.any()


def _below(value: pl.Expr, least: Any) -> pl.Expr:
    return pl.lit(value=False) if least is None else value < least


def _above(value: pl.Expr, most: Any) -> pl.Expr:
    return pl.lit(value=False) if most is None else value > most


_PLAIN: Mapping[str, Callable[[pl.Expr, Mapping[str, Any]], pl.Expr]] = {
    "not_null": lambda value, _: value.is_null(),
    "in_set": lambda value, told: ~value.is_in(told["value_set"]),
    "regex": lambda value, told: ~value.str.contains(told["regex"]),
    "not_regex": lambda value, told: value.str.contains(told["regex"]),
    "between": lambda value, told: _below(value, told["min_value"]) | _above(value, told["max_value"]),
    "length": lambda value, told: value.str.len_chars() > told["max_value"],
}


def _plain_mask(rule: Rule) -> pl.Expr:
    bad = rule.mask if rule.mask is not None else _PLAIN[rule.kind](pl.col(rule.kwargs["column"]), rule.kwargs)
    return bad.fill_null(value=False)


def plain(folder: Path, watch: measure.Watch) -> Verdict:
    """One streaming pass over all months: every row rule's mask as a bit, the rows with any bit kept and counted."""
    with watch.step("judge"):
        made = _row_rules(folder)
        bits = [_plain_mask(rule).cast(pl.UInt64) * (1 << place) for place, rule in enumerate(made)]
        told = {"delivery": pl.lit(""), "delivered_on": pl.lit(AS_OF), UNPARSED: pl.lit(None, pl.String)}
        rows = pl.scan_parquet(_landed(folder)).with_columns(**told).with_columns(bits=pl.sum_horizontal(bits))
        hit = rows.filter(pl.col("bits") != 0).select(*TABLE.schema, "bits").collect(engine="streaming")
        counts = hit.select(((pl.col("bits") & (1 << k)) != 0).sum().alias(_name(rule)) for k, rule in enumerate(made))
    of = {kind: sum(1 << made.index(rule) for rule in chosen) for kind, chosen in _refusing(made).items()}
    return {
        "counts": counts.row(0, named=True),
        "refused": {kind: _keys(hit.filter((pl.col("bits") & some) != 0)) for kind, some in of.items()},
    }


def by_hand(folder: Path, watch: measure.Watch) -> Verdict:
    """What plain Polars needs for all that ours gives of the rows: twins, closed accounts, clean rows in order."""
    clean, keys, counts = [], [], []
    with watch.step("judge"):
        made = _row_rules(folder)
        refusing = [_name(rule) for rule in made if rule.action == Action.ROW]
        spans = pl.read_parquet(folder / "accounts.parquet", columns=["account_id", "opened_on", "closed_on"])
        late = pl.col("delivered_on") - pl.col("booked_on") > pl.duration(days=5)
        shut = (pl.col("booked_on") < pl.col("opened_on")) | (pl.col("booked_on") > pl.col("closed_on"))
        for file in _landed(folder):
            rows = _scan(file).collect()
            again = rows.select(pl.struct(TABLE.key).is_duplicated()).to_series()
            if again.any():
                rows = pl.concat([rows.filter(~again), rows.filter(again).unique()])
            masks = rows.select(
                *(_plain_mask(rule).alias(_name(rule)) for rule in made),
                twin=pl.struct(TABLE.key).is_duplicated(),
                late=late & ~pl.col("delivery").is_in([file.stem]),
            )
            booked = rows.select("account_id", "booked_on").join(spans, on="account_id", how="left")
            counts.append(masks.sum().with_columns(shut=booked.select(shut.sum()).to_series()))
            bad = masks.select(pl.any_horizontal("twin", "late", *refusing)).to_series()
            keys += _keys(rows.filter(bad))
            clean.append(rows.filter(~bad).select(*TABLE.schema).sort(TABLE.key).height)
    together = pl.concat(counts).select(_name(rule) for rule in made).sum()
    return {"counts": together.row(0, named=True), "refused": {"all": sorted(keys)}, "clean": sum(clean)}


def stock(folder: Path, watch: measure.Watch) -> Verdict:
    """The stock expectations of the suite, run by Great Expectations on a pandas frame, and the refused rows taken out."""
    with watch.step("import"):
        import great_expectations as gx
        import pandas as pd  # type: ignore[import-untyped]

        from expectations import suites
    with watch.step("load"):
        rows = pl.concat([pl.scan_parquet(file) for file in _landed(folder)]).collect()
        frame = pd.DataFrame({name: rows[name].to_numpy() for name in rows.columns})
        del rows
    made = [rule for rule in _row_rules(folder) if rule.kind != "holds"]
    with watch.step("judge"):
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("bank").add_dataframe_asset("transactions")
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
        expected = [suites.expectation(_at(rule)) for rule in made]
        for rule, one in zip(made, expected, strict=True):
            one.meta["rule"] = _name(rule)  # results come in an order of their own
        suite = gx.ExpectationSuite(name="transactions", expectations=expected)
        results = batch.validate(suite, result_format="COMPLETE").results
        refusing = [one for one in results if one.expectation_config.meta["action"] == Action.ROW.value]
        wrong = sorted({place for one in refusing for place in one.result.get("unexpected_index_list") or ()})
        refused, good = frame.loc[wrong], frame.drop(index=wrong)
    assert len(refused) + len(good) == len(frame)
    counts = {one.expectation_config.meta["rule"]: one.result["unexpected_count"] for one in results}
    keys = pl.DataFrame({name: refused[name].to_list() for name in TABLE.key})
    return {"counts": counts, "refused": {"stock": _keys(keys.with_columns(pl.col("booked_on").cast(pl.Date)))}}


def _at(rule: Rule) -> Rule:
    """A rule with its dates as times: pandas compares no date with a time."""
    told = {
        name: datetime.combine(value, datetime.min.time()) if isinstance(value, date) else value
        for name, value in rule.kwargs.items()
    }
    return replace(rule, kwargs=told)


# ---- the comparison ------------------------------------------------------------------------------------------------

CONTESTANTS = {one.__name__: one for one in (ours, plain, by_hand, stock)}


def agree(verdicts: Mapping[str, Verdict]) -> None:
    """Every contestant counts for every rule, and refuses for the same rules, what ours does."""
    mine = verdicts["ours"]
    for name, other in verdicts.items():
        counts = {rule: (mine["counts"][rule], n) for rule, n in other["counts"].items() if n != mine["counts"][rule]}
        keys = {kind: sorted(set(mine["refused"][kind]) ^ set(keys))[:5] for kind, keys in other["refused"].items()}
        if counts or any(keys.values()) or other.get("clean", mine["clean"]) != mine["clean"]:
            sys.exit(f"ours and {name} differ: counts {counts}, refused keys {keys}, clean {other.get('clean')}")


def race(rows: int, months: int, seed: int, names: Sequence[str], repeats: int) -> dict[str, measure.Row]:
    """Verdicts compared on the first round, which also warms the files; then the rounds that count."""
    with tempfile.TemporaryDirectory() as folder:
        deliver(Path(folder), rows, months, seed)
        commands = {name: ["-m", "benchmarks.validation", "--contestant", name, "--folder", folder] for name in names}
        first = measure.compare(commands, 1)
        agree({name: row.found[0] for name, row in first.items()})
        return measure.compare(commands, repeats) if repeats else first


def _report(raced: Mapping[str, measure.Row]) -> str:
    def middle(clock: measure.Clock, step: str) -> str:
        return f"{median(run.get(step, 0.0) for run in clock):.1f}"

    head = ["", "s min", "median", "CPU s", "import s", "load s", "write s", "peak MB"]
    head += [f"{clock}x {name}" for name in raced if name != "stock" for clock in ("", "CPU ")]
    rows = []
    for name, one in raced.items():
        times = [
            f"{measure.ratio(mine, theirs, 'judge'):.2f}"
            for other in raced
            if other != "stock"
            for mine, theirs in ((one.seconds, raced[other].seconds), (one.cpu, raced[other].cpu))
        ]
        least, peak = min(run["judge"] for run in one.seconds), max(one.peak) / 1e6
        apart = [middle(one.seconds, step) for step in ("import", "load", "write")]
        judged = [f"{least:.1f}", middle(one.seconds, "judge"), middle(one.cpu, "judge")]
        rows.append([name, *judged, *apart, f"{peak:.0f}", *times])
    return measure.table(head, rows)


def main() -> None:
    """Verdicts on a few rows, then verdicts and times on all."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--rows", type=int, default=10_000_000)
    told.add_argument("--months", type=int, default=24)
    told.add_argument("--seed", type=int, default=20150630)
    told.add_argument("--repeats", type=int, default=3)
    told.add_argument("--without", nargs="+", choices=["plain", "by_hand", "stock"], default=[])
    told.add_argument("--contestant", choices=CONTESTANTS, help=argparse.SUPPRESS)
    told.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = told.parse_args()
    if asked.contestant:
        watch = measure.Watch()
        watch.tell(CONTESTANTS[asked.contestant](asked.folder, watch))
        return
    names = [name for name in CONTESTANTS if name not in asked.without]
    race(min(200_000, asked.rows), asked.months, asked.seed, [*CONTESTANTS], 0)
    raced = race(asked.rows, asked.months, asked.seed, names, asked.repeats)
    print(f"{asked.rows:,} transactions in {asked.months} months; ours: {raced['ours'].found[0]['rows']}")
    print(f"verdicts equal; refused by {raced['ours'].found[0]['by check']}")
    print(_report(raced))


if __name__ == "__main__":
    main()
