"""The catalogue's noise tables, made again with the project's own DECLINE (MGT-42 ...) and contact rhythm (REL-11).

    python -m benchmarks.noise --clients 48000

Steady clients are simulated as the catalogue (section 3, and below REL-11) describes them; nobody's business changes unless a
line says so. Every cell stands beside the printed one. Exit status 1 when a cell is off by more than two percentage points.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from benchmarks import measure
from transforms import decline
from transforms.features import contacts
from transforms.night import Night, month_start

TOLERANCE = 2.0  # percentage points
MONTH_ENDS = [
    date(2027, month, 28) for month in range(1, 13)
]  # lunar New Year in February, as the year before: y3 does not
# step back, as it did not in the simulation that was printed
MONTHS = decline.RECENT + decline.BEFORE + 4  # the hold's month and Spring Festival's step back
SEASON = np.array([1.0, 0.6, *[1.0] * 9, 1.25])  # a February dip, a December peak (its height is not printed)
CUTS = (0.80, 0.70, 0.50)
STEADY = {  # coefficient of variation → printed: plain, with y3, with three falling months, DECLINE; each W, A, R
    0.2: ((6.4, 0.7, 0.0), (3.3, 0.3, 0.0), (0.3, 0.0, 0.0), (3.6, 0.05, 0.0)),
    0.3: ((14.8, 4.4, 0.0), (9.4, 2.5, 0.0), (0.9, 0.3, 0.0), (7.5, 0.6, 0.0)),
    0.5: ((27.7, 15.8, 2.1), (19.1, 10.3, 1.2), (1.6, 1.0, 0.2), (8.9, 1.5, 0.2)),
    0.8: ((37.9, 28.1, 10.4), (26.7, 19.0, 6.3), (2.1, 1.6, 0.7), (9.1, 1.7, 1.0)),
    1.2: ((44.8, 37.2, 20.6), (31.5, 25.3, 12.8), (2.4, 2.1, 1.2), (9.2, 1.7, 1.4)),
}
COLUMNS = ("plain", "with y3", "three falling", "DECLINE")
FADING = {  # coefficient of variation, floor, months → printed: plain, three falling, DECLINE; each W, A
    (0.2, 0.5, 6): ((98, 85), (17, 15), (97, 55)),
    (0.3, 0.5, 6): ((92, 77), (12, 10), (84, 40)),
    (0.5, 0.5, 6): ((83, 70), (8, 7), (56, 21)),
    (0.3, 0.3, 12): (None, None, (96, 76)),
}
EVERY = {"A": 15, "B": 40, "C": 60, "D": 120}  # days between contacts
REGULAR, RANDOM = 4.0, 1.0  # shape of the gamma gaps
ALONE = {"A": (1, 12), "B": (15, 27), "C": (12, 31), "D": (33, 46)}  # 90-day windows, no guard: regular, random
GUARDED = {"A": (0.4, 8), "B": (0.2, 6), "C": (0.2, 6), "D": (0.0, 1)}  # tier window, P(N <= n) <= 0.10, four windows
GAP = ((1, 8), (14, 28))  # printed as ranges over the tiers
STOPPED = {"A": (30, 100), "B": (60, 92), "C": (90, 90)}  # days after the stop, share that fires
PRINTED_GUARD, OURS_GUARD, HALF = 0.10, 0.05, 0.5
SHORT_LOG_YEARS = 3.5
# Cells that cannot be met, and why: they do not fail the benchmark.
EXPLAINED = {
    (
        "Fading",
        "cv 0.2, to 50% in 6 months",
        "DECLINE A",
    ): "r3/12 is not cleared of the season, so this share hangs on the month-end: "
    "31 % in February, 52 % in autumn, 75 % in April; which ones were meant, and how high December stood, is not printed",
    (
        "Count, tier window, guard 0.10",
        "tier D, every 120 d",
        "random",
    ): "365 days with a contact every 120 are the same Poisson mean "
    "(3.0) as tiers B and C, so it must be their 6 %; a log of {years} years, too short for five windows of a year, gives {short:.1f} %",
}


@dataclass(frozen=True)
class Cell:
    """One number of a table: where it stands, what is printed (a range where two), what came out."""

    table: str
    line: str
    column: str
    printed: tuple[float, float]
    found: float

    @property
    def off(self) -> float:
        """Percentage points outside the printed range."""
        low, high = self.printed
        return max(low - self.found, self.found - high, 0.0)


# ---- DECLINE -------------------------------------------------------------------------------------------------------


def series(
    rng: np.random.Generator, clients: int, cv: float, end: date, level: np.ndarray | None = None
) -> pl.LazyFrame:
    """client_id, month, value, index_0, index_1: lognormal months around the season, the last months times `level`."""
    firsts = [month_start(end, back) for back in range(MONTHS - 1, -1, -1)]
    spread = np.log1p(cv**2)
    value = rng.lognormal(-spread / 2, np.sqrt(spread), (clients, MONTHS))
    season = SEASON[[month.month - 1 for month in firsts]]
    value *= season[None, :]
    if level is not None:
        value[:, -len(level) :] *= level[None, :]
    index = season / SEASON.mean()
    return pl.LazyFrame(
        {
            "client_id": np.repeat(np.arange(clients), MONTHS),
            "month": firsts * clients,
            "value": np.maximum(1, np.rint(value.ravel() * 1e6)).astype(np.int64),
            "index_0": np.tile(index, clients),
            "index_1": np.tile(index, clients),
        }
    ).with_columns(client_id=pl.format("C{}", "client_id"))


def _falling(rows: pl.LazyFrame, end: date) -> pl.LazyFrame:
    """client_id, falling: the last three months fall strictly, each below the one before."""
    last = rows.filter(pl.col("month") >= month_start(end, 3)).sort("client_id", "month")
    return last.group_by("client_id").agg(falling=(pl.col("value").diff().drop_nulls() < 0).all())


def judged(rows: pl.LazyFrame, end: date) -> pl.DataFrame:
    """Every client with r3/12 and y3 of a plain rule, whether the last months fall, and DECLINE with its hold."""
    night = Night(month_start(end, -1) - timedelta(days=1))
    plain = decline.month_end(night, rows.drop("index_0", "index_1")).select("client_id", "r3_12", "y3")
    adopted = decline.held(night, rows).select("client_id", "decline")
    return plain.join(adopted, on="client_id").join(_falling(rows, end), on="client_id").collect()


def _shares(told: pl.DataFrame) -> dict[str, tuple[float, ...]]:
    """Column → per cent of clients at W, A, R or above."""
    r, y = pl.col("r3_12"), pl.col("y3")
    tests = {
        "plain": [r <= cut for cut in CUTS],
        "with y3": [(r <= cut) & (y <= cut) for cut in CUTS],
        "three falling": [(r <= cut) & (y <= cut) & pl.col("falling") for cut in CUTS],
        "DECLINE": [pl.col("decline").is_in(levels) for levels in (["W", "A", "R"], ["A", "R"], ["R"])],
    }
    return {
        name: tuple(told.select(100 * test.cast(pl.Float64).mean()).item() for test in each)
        for name, each in tests.items()
    }


def steady(clients: int, seed: int) -> Iterator[Cell]:
    """False alarms of clients whose business does not change, over the twelve month-ends of a year."""
    for cv, printed in STEADY.items():
        rng = np.random.default_rng([seed, int(cv * 10)])
        told = pl.concat([judged(series(rng, clients // len(MONTH_ENDS), cv, end), end) for end in MONTH_ENDS])
        for column, values in zip(COLUMNS, printed, strict=True):
            for level, value, found in zip("WAR", values, _shares(told)[column], strict=True):
                yield Cell("Steady", f"cv {cv}", f"{column} {level}", (value, value), found)


def fading(clients: int, seed: int) -> Iterator[Cell]:
    """Business that fades evenly to a part of itself: share of clients at W and at A when it has arrived there."""
    for (cv, floor, months), printed in FADING.items():
        rng = np.random.default_rng([seed, 77, int(cv * 10), months])
        level = 1 - (1 - floor) * np.arange(1, months + 1) / months
        told = pl.concat([judged(series(rng, clients // len(MONTH_ENDS), cv, end, level), end) for end in MONTH_ENDS])
        shares = _shares(told)
        for column, values in zip(("plain", "three falling", "DECLINE"), printed, strict=True):
            for level_name, value, found in zip("WA", values or (), shares[column][:2], strict=bool(values)):
                line = f"cv {cv}, to {floor:.0%} in {months} months"
                yield Cell("Fading", line, f"{column} {level_name}", (value, value), found)


# ---- REL-11 --------------------------------------------------------------------------------------------------------

AS_OF = date(2025, 12, 31)
LOG_DAYS = 5 * (max(contacts.WINDOWS.values()) + 1) + 400


def _rhythm_at(clients: int, log: pl.LazyFrame, tier: str, back: int) -> pl.DataFrame:
    """What the panel held `back` days before T."""
    return rhythm(clients, log, tier, AS_OF - timedelta(days=back))


def _log(rng: np.random.Generator, clients: int, every: float, shape: float, stop: int = 0) -> pl.LazyFrame:
    """The contact log of steady relationships; `stop` days before T the contacts end."""
    many = int(LOG_DAYS / every * 1.8) + 30
    back = (
        LOG_DAYS
        - np.cumsum(rng.gamma(shape, every / shape, (clients, many)), axis=1)
        + rng.uniform(0, every, (clients, 1))
    )
    row, place = np.nonzero((back >= stop) & (back < LOG_DAYS))
    day = (np.datetime64(AS_OF) - np.floor(back[row, place]).astype(np.int64)).astype("datetime64[ms]")
    return pl.LazyFrame(
        {"client_id": row, "started_at": day, "interaction_id": np.arange(len(row)), "warmth": np.full(len(row), 4)},
        schema_overrides={"client_id": pl.String, "interaction_id": pl.String, "started_at": pl.Datetime("ms")},
    ).with_columns(
        status=pl.lit("done"), two_way=pl.lit(True), recorded_at=pl.col("started_at"), planned_on=pl.lit(None, pl.Date)
    )


def rhythm(clients: int, log: pl.LazyFrame, tier: str, as_of: date = AS_OF) -> pl.DataFrame:
    """What the panel holds of the contacts of clients of that tier."""
    night = Night(as_of)
    who = pl.LazyFrame({"client_id": [str(n) for n in range(clients)]}).with_columns(
        relationship_start=pl.lit(AS_OF - timedelta(days=LOG_DAYS))
    )
    measured = contacts.measure(night, who, log, None)
    told = contacts.rhythm(night, measured, who.select("client_id", tier_used=pl.lit(tier)))
    return told.join(measured.select("client_id", "days_since_contact"), on="client_id").collect()


def _percent(told: pl.DataFrame, test: pl.Expr) -> float:
    return float(told.select(100 * test.fill_null(value=False).cast(pl.Float64).mean()).item())


_FEW = pl.col("contacts_now") <= HALF * pl.col("contacts_mean")
_GAP = pl.col("days_since_contact") >= pl.col("contact_gap_limit")


def contact_rules(clients: int, seed: int) -> tuple[list[Cell], list[list[str]], float]:
    """Cells of the count and gap clauses; what the readings' own terms give; the share of tier D with a short log."""
    cells, ours = [], []
    for tier, every in EVERY.items():
        line, fires = f"tier {tier}, every {every} d", []
        for place, (name, shape) in enumerate((("regular", REGULAR), ("random", RANDOM))):
            log = _log(np.random.default_rng([seed, every, place]), clients, every, shape)
            told, quarter = rhythm(clients, log, tier), rhythm(clients, log, "A")
            alone, guard = ALONE[tier][place], GUARDED[tier][place]
            cells += [
                Cell("Count, 90-day windows alone", line, name, (alone, alone), _percent(quarter, _FEW)),
                Cell(
                    "Count, tier window, guard 0.10",
                    line,
                    name,
                    (guard, guard),
                    _percent(told, _guarded(PRINTED_GUARD)),
                ),
                Cell("Gap", line, name, GAP[place], _percent(told, _GAP)),
            ]
            fires.append(f"{_percent(told, _guarded(OURS_GUARD)):.1f}")
        if tier in STOPPED:
            cell, at_t = _stopped(clients, seed, tier)
            cells.append(cell)
            fires.append(f"{at_t:.1f}")
        ours.append([line, *fires, *([""] if tier not in STOPPED else [])])
    since = AS_OF - timedelta(days=int(365 * SHORT_LOG_YEARS))
    log = _log(np.random.default_rng([seed, 5]), clients, EVERY["D"], RANDOM).filter(
        pl.col("started_at") >= pl.lit(since)
    )
    return cells, ours, _percent(rhythm(clients, log, "D"), _guarded(PRINTED_GUARD))


def _guarded(limit: float) -> pl.Expr:
    return _FEW & (pl.col("contacts_poisson") <= limit)


def _stopped(clients: int, seed: int, tier: str) -> tuple[Cell, float]:
    """The gap clause some days after a real stop: with the own gap of the year before the stop, and with that of the year to T."""
    days, printed = STOPPED[tier]
    log = _log(np.random.default_rng([seed, EVERY[tier], 9]), clients, EVERY[tier], REGULAR, stop=days).collect().lazy()
    now = rhythm(clients, log, tier).sort("client_id")
    before = _rhythm_at(clients, log, tier, days).sort("client_id")
    usual = now.with_columns(before["contact_gap_limit"])
    line = f"tier {tier}, every {EVERY[tier]} d"
    return Cell(
        "Gap, after a real stop", line, f"within {days} d", (printed, printed), _percent(usual, _GAP)
    ), _percent(now, _GAP)


# ---- the page ------------------------------------------------------------------------------------------------------


def _show(cells: list[Cell]) -> Iterator[str]:
    """A table each: ours, the printed figure in brackets, a star where they are over two points apart."""
    for name in dict.fromkeys(cell.table for cell in cells):
        mine = [cell for cell in cells if cell.table == name]
        columns = list(dict.fromkeys(cell.column for cell in mine))
        rows = []
        for line in dict.fromkeys(cell.line for cell in mine):
            found = {cell.column: cell for cell in mine if cell.line == line}
            rows.append([line, *(_cell(found[column]) if column in found else "" for column in columns)])
        yield measure.table([f"{name}, %: ours (printed)", *columns], rows) + "\n"


def _cell(cell: Cell) -> str:
    low, high = cell.printed
    printed = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"{cell.found:.1f} ({printed})" + (" *" if cell.off > TOLERANCE else "")


def main() -> int:
    """Print every table; 1 when a cell that is not explained is off."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=48_000, help="simulated clients a line of the DECLINE tables")
    parser.add_argument("--relationships", type=int, default=20_000, help="simulated relationships a line of REL-11's")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.perf_counter()
    cells = [*steady(asked.clients, asked.seed), *fading(asked.clients, asked.seed)]
    of_contacts, ours, short = contact_rules(asked.relationships, asked.seed)
    cells += of_contacts
    print("\n".join(_show(cells)))
    print(
        "The same with the readings' own terms: guard 0.05 and three windows; after a stop, the own gap of the year up to T.\n"
    )
    print(measure.table(["%", "regular", "random", "gap after the stop"], ours) + "\n")
    wrong = [cell for cell in cells if cell.off > TOLERANCE]
    for cell in wrong:
        why = EXPLAINED.get((cell.table, cell.line, cell.column), "NOT EXPLAINED").format(
            years=SHORT_LOG_YEARS, short=short
        )
        print(f"* {cell.table}, {cell.line}, {cell.column}: {cell.off:.1f} pp off. {why}.")
    failing = [cell for cell in wrong if (cell.table, cell.line, cell.column) not in EXPLAINED]
    largest = max(cell.off for cell in cells if cell not in wrong)
    print(f"\n{len(cells)} cells: {len(cells) - len(wrong)} within {largest:.1f} pp, {len(wrong)} over {TOLERANCE:g} pp, {len(failing)} of "
          f"them unexplained; {time.perf_counter() - began:.0f} s")  # fmt: skip
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
