"""How often every signal fires on a quiet book, and whether planted failures are seen in time. Writes docs/firing-rates.md.

    python -m benchmarks.quiet --clients 3000 --seed 1
    python -m benchmarks.quiet --keep /tmp/quiet      (what was judged is kept there, and a second call goes on from it)

The quiet book (book.py) is judged at its end by all 125 signals, under the default policy, as a first night; two more seeds beside
it. The planted clients stand in a quiet book of their own; it is judged at every month-end before their ends.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from benchmarks import book as books
from benchmarks import measure
from benchmarks.simulated.clock import EPOCH
from benchmarks.simulated.stories import DEFAULT_DAYS
from transforms import assessment, stages
from transforms.night import month_start
from transforms.policy import Policy
from transforms.signals import CATALOGUE

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "firing-rates.md"
HIGH, WATCHED, SEEN = 10.0, 30.0, 80.0  # targets, per cent
OFTEN = 5.0
LEVELS = ("N", "R", "A", "W", "clear", "not_assessable")
ALERT = ("A", "R", "N")
MONTHS = 12  # month-ends looked at before a client's end
SPREAD = 6  # months over which the planted ends lie
POLICY = Policy()


@dataclass(frozen=True)
class Judged:
    """One book at one date: answers, assessments (client_id, risk_level, relationship_level) and leading tests of the hits."""

    answers: pl.DataFrame
    levels: pl.DataFrame
    tests: pl.DataFrame


def judge(clean: Mapping[str, pl.LazyFrame], as_of: date, keep: Path | None) -> Judged:
    """All stages on the book as known at `as_of`; read from `keep` where it was judged before."""
    files = [keep / f"{name}.parquet" for name in ("answers", "levels", "tests")] if keep else []
    if files and all(file.exists() for file in files):
        return Judged(*(pl.read_parquet(file) for file in files))
    night = POLICY.night(as_of, dict.fromkeys(clean, as_of), books.KINDS)
    made = stages.whole(night, POLICY, clean)
    levels = made["assessments"].select("client_id", pl.col("risk_level", "relationship_level").cast(pl.String))
    hits = made["findings"].select("client_id", "signal_id", pl.col("level").cast(pl.String), "measure")
    answers = made["answers"].select("client_id", pl.all().exclude("client_id").cast(pl.String))
    judged = Judged(answers, levels, hits)
    for file, frame in zip(files, (answers, levels, hits), strict=False):
        file.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(file)
    return judged


# ---- the quiet book ------------------------------------------------------------------------------------------------


def level_shares(levels: pl.DataFrame, column: str = "risk_level") -> dict[str, float]:
    """Level → per cent of the clients."""
    counts = dict(levels[column].value_counts().rows())
    return {level: 100 * count / levels.height for level, count in counts.items()}


def rates(answers: pl.DataFrame) -> pl.DataFrame:
    """signal_id, W, A, R, N, fires, CLEAR, NO_DATA, NOT_APPLICABLE in per cent of the clients."""
    long = answers.unpivot(index="client_id", variable_name="signal_id", value_name="answer")
    share = [
        (100 * (pl.col("answer") == name).mean()).alias(name)
        for name in ("W", "A", "R", "N", "CLEAR", "NO_DATA", "NOT_APPLICABLE")
    ]
    return (
        long.group_by("signal_id").agg(share).with_columns(fires=pl.col("W") + pl.col("A") + pl.col("R") + pl.col("N"))
    )


def _share_high(answers: pl.DataFrame, without: Sequence[str]) -> float:
    """Per cent of clients at A or R when those rows had not been asked: a first night's levels from the answers left."""
    left = {name: signal for name, signal in CATALOGUE.items() if name not in without}
    told = assessment.own_levels(answers.select("client_id", *left), left, POLICY)
    return float(100 * told["risk_level"].cast(pl.String).is_in(ALERT).mean())


def culprits(answers: pl.DataFrame) -> list[tuple[str, float]]:
    """Rows in the order in which leaving them out lowers the share at A or R most, with the share left, down to the target."""
    shares = rates(answers).filter((pl.col("A") + pl.col("R") + pl.col("N")) > 0)
    candidates = [name for name in shares["signal_id"] if not name.startswith(("REL", "EXT"))]
    gone: list[str] = []
    found = [("", _share_high(answers, []))]
    while found[-1][1] > HIGH and candidates:
        left = {name: _share_high(answers, [*gone, name]) for name in candidates}
        best = min(left, key=lambda name: (left[name], name))
        gone.append(best)
        candidates.remove(best)
        found.append((best, left[best]))
    return found


# ---- planted failures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watch:
    """What was said of the planted clients and of the quiet ones around them: client_id, months (before the end), level."""

    planted: pl.DataFrame  # with kind, before (whether before the first unpaid day)
    quiet: pl.DataFrame


def watch(planted: int, around: int, end: date, seed: int, keep: Path | None) -> Watch:
    """Judge the book with planted failures at every month-end from a year before the first end on."""
    base = books.generate(planted + around, end, seed, flow_months=60)
    book = books.fading(base, planted)
    plan, clean = book.plan, book.clean()
    told = []
    for back in range(1, MONTHS + SPREAD + 1):
        as_of = month_start(end, back - 1) - timedelta(days=1)
        levels = judge(clean, as_of, keep / f"planted-{as_of}" if keep else None).levels
        told.append(levels.select("client_id", "risk_level", as_of=pl.lit(as_of)))
        _say(f"planted book judged at {as_of}")
    ends = pl.DataFrame(
        {
            "client_id": [f"C{n:07}" for n in range(plan.size.clients)],
            "kind": plan.kind,
            "end": [
                EPOCH + timedelta(days=int(day)) if kind else None
                for day, kind in zip(plan.end, plan.kind, strict=True)
            ],
        }
    )
    every = pl.concat(told).join(ends, on="client_id").rename({"risk_level": "level"})
    month = 12 * pl.col("as_of").dt.year().cast(pl.Int64) + pl.col("as_of").dt.month()
    last = 12 * pl.col("end").dt.year().cast(pl.Int64) + pl.col("end").dt.month()
    failing = every.filter(pl.col("kind") != "").with_columns(months=last - month).filter(
        pl.col("as_of") < pl.col("end"), pl.col("months").is_between(1, MONTHS)
    )  # fmt: skip
    unpaid = pl.col("end").dt.offset_by(f"-{DEFAULT_DAYS}d")
    quiet = every.filter(pl.col("kind") == "", pl.col("as_of") >= month_start(end, MONTHS)).drop("end")
    return Watch(failing.with_columns(before=pl.col("as_of") < unpaid), quiet)


def _first(rows: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """kind, reached (per cent), lead (median months) and, before the first unpaid day, early (per cent)."""
    at = pl.col("level").is_in(levels)
    each = rows.group_by("client_id", "kind").agg(
        first=pl.col("months").filter(at).max(), early=(at & pl.col("before")).any()
    )
    return each.group_by("kind").agg(
        clients=pl.len(),
        reached=100 * pl.col("first").is_not_null().mean(),
        lead=pl.col("first").median(),
        early=100 * pl.col("early").mean(),
    )


def by_story(rows: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """`_first` of every kind of story and of all together, sorted."""
    whole = _first(rows.with_columns(kind=pl.lit("all")), levels)
    return pl.concat([_first(rows, levels).sort("kind"), whole])


def curve(rows: pl.DataFrame, levels: Sequence[str]) -> dict[int, float]:
    """Months before the end → per cent of the planted clients at one of those levels."""
    at = rows.group_by("months").agg(share=100 * pl.col("level").is_in(levels).mean())
    return dict(at.sort("months").rows())


# ---- the page ------------------------------------------------------------------------------------------------------


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def _page(parts: Iterator[str]) -> str:
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _f(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _levels_table(shares: Mapping[str, Mapping[str, float]]) -> str:
    rows = [[name, *(_f(found.get(level, 0.0)) for level in LEVELS)] for name, found in shares.items()]
    return measure.table(["Quiet clients, %", *LEVELS], rows)


def _met(found: float, target: float, at_least: bool = False) -> str:
    return "met" if (found >= target if at_least else found <= target) else "**missed**"


def write(
    quiet: Mapping[str, Judged], planted: Watch, chosen: str, reasons: Mapping[str, str], facts: Mapping[str, object]
) -> str:
    """The page."""
    main = quiet[chosen]
    levels = level_shares(main.levels)
    high, watched = sum(levels.get(x, 0.0) for x in ALERT), levels.get("W", 0.0)
    stories = by_story(planted.planted, ALERT)
    of_all = stories.filter(kind="all").row(0, named=True)

    def parts() -> Iterator[str]:
        yield HEAD.format(**facts)
        yield "## Targets"
        ever = planted.quiet.group_by("client_id").agg(pl.col("level").is_in(ALERT).any())["level"].mean()
        targets = [
            ["quiet clients at A or R", f"<= {HIGH:g} %", f"{high:.1f} %", _met(high, HIGH)],
            ["quiet clients at W", f"<= {WATCHED:g} %", f"{watched:.1f} %", _met(watched, WATCHED)],
            ["planted failures at A or R before their end", f">= {SEEN:g} %", f"{of_all['reached']:.1f} %", _met(of_all["reached"], SEEN, True)],
        ]  # fmt: skip
        yield measure.table(["", "target", "found", ""], targets)
        yield VERDICT.format(high=high, ever=100 * float(ever or 0), lead=of_all["lead"])
        yield "## Levels of the quiet clients"
        yield _levels_table({name: level_shares(one.levels) for name, one in quiet.items()})
        relations = level_shares(main.levels, "relationship_level")
        yield (
            "Relationship level, "
            + chosen
            + ": "
            + ", ".join(f"{k} {v:.1f} %" for k, v in sorted(relations.items()))
            + "."
        )
        yield "## Which rows make it so"
        yield CULPRITS
        removed = culprits(main.answers)
        found = rates(main.answers)
        told = {row["signal_id"]: row for row in found.to_dicts()}
        yield measure.table(
            ["left out, with all above it", "name", "A %", "R %", "left at A or R %"],
            [
                [name or "nothing", CATALOGUE[name].en if name else "", _f(told[name]["A"] if name else None), _f(told[name]["R"] if name else None), _f(share)]
                for name, share in removed
            ],
        )  # fmt: skip
        yield "## Rows that fire for more than 5 % of the quiet clients"
        yield OFTEN_TEXT
        often = found.filter(pl.col("fires") > OFTEN).sort("fires", descending=True)
        yield measure.table(
            ["row", "W", "A", "R", "most often by", "why"],
            [
                [row["signal_id"], *(_f(row[level]) for level in "WAR"), _leading(main.tests, row["signal_id"], main.levels.height), reasons.get(row["signal_id"], "")]
                for row in often.to_dicts()
            ],
        )  # fmt: skip
        yield "## Every row"
        yield "Per cent of the quiet clients, " + chosen + "; the other columns are what fires in the other books."
        others = {
            name: {r["signal_id"]: r["fires"] for r in rates(one.answers).to_dicts()}
            for name, one in quiet.items()
            if name != chosen
        }
        yield measure.table(
            ["row", "W", "A", "R", "N", "clear", "no data", "not applicable", "fires", *others],
            [
                [name, *(_f(told[name][k]) for k in ("W", "A", "R", "N", "CLEAR", "NO_DATA", "NOT_APPLICABLE", "fires")), *(_f(o[name]) for o in others.values())]
                for name in CATALOGUE
            ],
        )  # fmt: skip
        yield from _planted_parts(planted, stories)

    return _page(parts())


def _leading(tests: pl.DataFrame, signal: str, clients: int) -> str:
    counts = tests.filter(signal_id=signal).group_by("level", "measure").len().sort("len", descending=True).head(2)
    return ", ".join(f"{level} {name} {100 * count / clients:.1f}" for level, name, count in counts.rows())


def _planted_parts(planted: Watch, stories: pl.DataFrame) -> Iterator[str]:
    yield "## Planted failures"
    yield PLANTED
    red = {row["kind"]: row for row in by_story(planted.planted, ("R", "N")).to_dicts()}
    yield measure.table(
        ["story", "clients", "A or R before the end %", "median lead, months", "A or R before the first unpaid day %",
         "R before the end %", "median lead of R, months", "R before the first unpaid day %"],
        [
            [row["kind"], str(row["clients"]), *(_f(row[key]) for key in ("reached", "lead", "early")),
             *(_f(red[row["kind"]][key]) for key in ("reached", "lead", "early"))]
            for row in stories.to_dicts()
        ],
    )  # fmt: skip
    yield CURVE
    kinds = [*sorted(planted.planted["kind"].unique()), None]
    rows = []
    for levels, name in ((ALERT, "A or R"), (("R", "N"), "R")):
        calm = 100 * float(planted.quiet["level"].is_in(levels).mean() or 0)
        for kind in kinds:
            mine = planted.planted if kind is None else planted.planted.filter(kind=kind)
            shares = curve(mine, levels)
            rows.append([f"{name}: {kind or 'all planted'}", *(_f(shares.get(m)) for m in (12, 9, 6, 5, 4, 3, 2, 1))])
        rows.append([f"{name}: the quiet clients, any month-end", *[_f(calm)] * 8])
    yield measure.table(["% at that level, months before the end", "12", "9", "6", "5", "4", "3", "2", "1"], rows)


HEAD = """
# How often the signals fire when nothing is wrong

Every rule of the catalogue judged on a simulated bank in which nothing happens to anybody, and on one in which {planted} clients fade
or fail. Nothing was set so that a rule keeps quiet, and no rule was changed for it: what the catalogue asks is what stands here.

    python -m benchmarks.quiet --clients {clients} --seed {seed}

{clients:,} clients with complete feeds, judged on {as_of} as a first night under the default policy; what "ordinary" means is a table in
`benchmarks/book.py`. Made on {made}, {catalogue} signals.
"""
VERDICT = """
An ordinary company is at A or R in {high:.0f} of 100 cases: a client's level is A as soon as one family of rows is at A, and of about a
hundred rows some ask for changes that most companies show in most years. So the third target is met without saying much: of the
quiet clients around the planted ones, {ever:.0f} % stood at A or R at one or more of the same twelve month-ends. What tells failing from
quiet clients is below: how much oftener, and R rather than A.
"""
CULPRITS = """
Rows left out one after the other, each time the one that lowers the share at A or R most, until the target would be met. This is no
proposal to leave them out: it shows where limits have to be fitted to a bank's own book first (`policy.toml`, `bellwether policy try`).
"""
OFTEN_TEXT = """Per cent of the quiet clients; "most often by" names the level and the test that led, with its share."""
PLANTED = """
Seven kinds of failure, evenly, among quiet clients of the same book. A client's end is the 91st day of its arrears, and it is looked
at on the twelve month-ends before. In the last three of them it is in arrears, and MGT-48 alone puts it at A or R: the columns "before
the first unpaid day" leave those out. The median lead counts from the first of the twelve month-ends at which the client was at A or R.
"""
CURVE = """
How the share grows towards the end, beside the quiet clients of the same book. The first unpaid day lies three months before the end.
"""
_LUMPS = "lumps: where months vary by half, a year varies by 16 %, the ratio of two years by 22 %"
REASONS: dict[
    str, str
] = {  # of the rows that fire for more than 5 % in one of the books: why, on companies nothing happens to
    "ADD-04": "thin earners: interest is not covered in a weak year, or the loans due within a year are more than a year's earnings",
    "ADD-05": "a state, not a change: one company in six lives with current liabilities above current assets",
    "ADD-07": f"{_LUMPS}; and what a company pays in here only roughly follows what it borrows here",
    "EXT-03": "one environmental limit makes every company of its sector fire for a year and a half",
    "EXT-05": "an industrial or tax policy for the sector every few years stays new for 180 days",
    "EXT-07": "one disaster of severity 2 in the region makes everybody there fire for 90 days",
    "FIN-02": "receivables vary by 8 % and revenue grows unlike them; the ten largest payers are lumpier than all payers together",
    "FIN-03": "a new loan of a small debtor is a large growth of its debt",
    "FIN-04": "profit is what is left: a point of gross margin moves a profit of 5 % of revenue by a fifth, so 10 % down is usual",
    "FIN-07": "cash takes up what receivables and stock do: for half the companies a year moves it by less than -19 or more than 27 %",
    "FIN-10": "profit falls by 5 % in two of five ordinary years, and then it lags the median by 5 points too: the two tests are one",
    "FIN-14": "profit near zero makes any side income large beside it",
    "FIN-15": "receivables up by 10 % while revenue stands still is within their noise",
    "FIN-18": "a state, not a change: five of 24 customers bring 60 % where shares fall with rank",
    "FIN-24": "small plants: a year's purchases move the depreciation rate",
    "FIN-29": "companies grow unlike their industry: yearly growth spreads by 9 points, the band is 20",
    "MGT-01": "payments of 60 days beside the usual 60 days, without regard to the client's own lumps",
    "MGT-02": "a changed scope or name is registered for one company in thirteen a year",
    "MGT-07": "growth spreads by 9 points a year, so one in six loses a tenth to the market; returned goods double by chance",
    "MGT-10": "a state, not a change: the largest of a few suppliers takes 40 %",
    "MGT-11": "silent: one customer's payments vary more than all of them together; a fifth of the usual in three months is chance for "
    "one key party in fifteen. No guard for the party's own lumps",
    "MGT-13": "two series with DECLINE, each 9 % at W; purchases of one category are lumpier than the floor assumes",
    "MGT-21": "refunds are few and small: two instead of one are twice as much; no least amount is asked",
    "MGT-22": "one company in four changes one of its six office holders within a year, each seen on the register and in the links",
    "MGT-34": "small companies: two leavers of six are 30 %",
    "MGT-35": "companies of an industry differ: revenue per head spreads by 0.45 (log), so one in eight is beyond half or twice",
    "MGT-38": "follows from the others: three in a group, and one client in four is at R",
    "MGT-42": "three series with DECLINE, the worst counts; daily balances remember (0.7 from month to month), which its noise does not allow for",
    "MOR-01": f"(c): {_LUMPS}, so growth on paper outruns it by 20 points in every seventh case; R: penalties of any size",
    "REL-09": "requests with a late first action, 3 % of them",
    "REL-11": "the gap clause fires by chance for one in twenty, oftener where contacts fail or the bank has given no grade",
    "REL-13": f"every bank that lends asks the bureau once a year; A: {_LUMPS}",
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=3000, help="quiet clients")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--others", type=int, nargs="*", default=[2, 3], help="other seeds told beside it")
    parser.add_argument("--planted", type=int, default=300)
    parser.add_argument("--around", type=int, default=600, help="quiet clients around the planted ones")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 6, 30), help="a month's last day")
    parser.add_argument("--keep", type=Path, help="folder for what was judged; a second call goes on from it")
    parser.add_argument("--page", type=Path, default=PAGE)
    return parser.parse_args()


def main() -> int:
    """Judge, print the targets, write the page."""
    asked = _arguments()
    quiet: dict[str, Judged] = {}
    for seed in (asked.seed, *asked.others):
        keep = asked.keep / f"quiet-{asked.clients}-{seed}-{asked.as_of}" if asked.keep else None
        book = books.generate(asked.clients, asked.as_of, seed)
        quiet[f"seed {seed}"] = judge(book.clean(), asked.as_of, keep)
        _say(f"quiet book of seed {seed} judged")
        if seed == asked.seed:
            before = month_start(asked.as_of, 2) - timedelta(days=1)
            keep = asked.keep / f"quiet-{asked.clients}-{seed}-{before}" if asked.keep else None
            quiet[f"seed {seed}, {before}"] = judge(book.clean(), before, keep)
            _say(f"quiet book of seed {seed} judged at {before}")
        del book
    planted = watch(asked.planted, asked.around, asked.as_of, asked.seed, asked.keep)
    facts = {"clients": asked.clients, "seed": asked.seed, "as_of": asked.as_of, "planted": asked.planted,
             "made": date.today(), "catalogue": len(CATALOGUE)}  # noqa: DTZ011 # fmt: skip
    text = write(quiet, planted, f"seed {asked.seed}", REASONS, facts)
    asked.page.write_text(text, encoding="utf-8")
    print(text.split("## Levels")[0])
    print(json.dumps({name: level_shares(one.levels) for name, one in quiet.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
