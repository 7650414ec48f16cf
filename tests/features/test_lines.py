"""Use of lines and days over a limit: cases worked by hand, and a plain day-by-day reading of random lines."""

import random
from datetime import date
from typing import Any

import pytest

from tests.features.shards import Row, T, ago, agrees, measured, one, shard
from transforms.features import lines

D = date
OLD = ago(800)


def line(limit: int = 100, since: date = OLD, name: str = "F", **more: Any) -> Row:
    return {
        "facility_id": name, "client_id": "c", "valid_from": since, "limit_amount": limit, "currency": "CNY",
        "revolving": True, "expires_on": D(2020, 1, 1), "product": "working_capital",
    } | more  # fmt: skip


def loan(name: str = "L", since: date = OLD, **more: Any) -> Row:
    return {
        "loan_id": name, "client_id": "c", "facility_id": "F", "disbursed_on": since, "currency": "CNY", "on_balance": True,
    } | more  # fmt: skip


def owes(amount: int, on: date = OLD, name: str = "L", state: str = "normal") -> Row:
    return {"loan_id": name, "as_of": on, "outstanding": amount, "state": state}


def of(facilities: list[Row], loans: list[Row], states: list[Row]) -> Row:
    return one(lines, shard({"facilities": facilities, "loans": loans, "loan_status": states}))


NOT_MEASURED = {"revolving_lines": 0, "line_jump": None, "line_full": None, "line_month_end": None}


def test_a_steady_line() -> None:
    agrees(of([line()], [loan()], [owes(60)]), {
        "revolving_lines": 1, "line_jump": 0.0, "line_jump_use": 0.6, "line_jump_mean": 0.6, "line_jump_line": "F",
        "line_full": 0.6, "line_month_end": 0.6, "line_month_end_on": T, "lines_without_mean": 0, "lines_unknown": 0,
        "lines_90": 1, "over_limit_days_90": 0, "over_limit_months": 0, "over_limit_run": 0, "over_limit_days_ever": 0,
        "line_keys": [f"facilities:F|{OLD}"],
    })  # fmt: skip


def test_a_jump_on_the_mean_of_twelve_month_ends() -> None:
    # 60 at T; month-ends 31 May back to 30 June 2014: eleven at 24 and one at 36, a mean of 25
    row = of([line()], [loan()], [owes(24), owes(36, D(2015, 5, 20)), owes(60, D(2015, 6, 2))])
    agrees(row, {"line_jump": 0.35, "line_jump_use": 0.6, "line_jump_mean": 0.25, "line_full": 0.36})


def test_a_line_less_than_half_drawn_has_not_jumped() -> None:
    agrees(of([line()], [loan()], [owes(10), owes(49, D(2015, 6, 2))]), {"line_jump": 0.0, "lines_without_mean": 0})
    agrees(of([line()], [loan()], [owes(10), owes(50, D(2015, 6, 2))]), {"line_jump": 0.4})


def test_a_new_line_has_no_mean() -> None:
    young = [line(since=D(2014, 7, 1))]
    agrees(of(young, [loan()], [owes(60)]), {"line_jump": None, "lines_without_mean": 1, "line_full": 0.6})
    agrees(of([line(since=D(2014, 6, 30))], [loan()], [owes(60)]), {"line_jump": 0.0, "lines_without_mean": 0})
    newest = of([line(since=D(2015, 6, 10))], [loan()], [owes(99)])
    agrees(newest, {"line_full": 0.0, "line_month_end": 0.99, "lines_unknown": 0})  # not there at the month-end before


def test_one_line_that_is_full_and_rose() -> None:
    # F is full and always was; G rose and is not full; together they are not one line that did both
    lines_, loans = [line(), line(name="G")], [loan(), loan("K", facility_id="G")]
    apart = [owes(97), owes(20, name="K"), owes(80, D(2015, 4, 1), "K")]
    agrees(of(lines_, loans, apart), {"line_full": 0.97, "line_jump_line": "G", "full_line_jump": 0.0})
    risen = [*apart, owes(96, D(2015, 5, 1), "K")]
    row = of(lines_, loans, risen)
    # month-ends before 30 June: ten at 20, April at 80, May at 96: a mean of 31 1/3
    assert row["full_line_jump_line"] == "G"
    assert (row["full_line_jump"], row["full_line_jump_use"]) == (round(0.96 - 376 / 1200, 9), 0.96)
    assert row["full_lines_unjudged"] == 0
    young = of([line(since=D(2015, 5, 1))], [loan()], [owes(96)])  # full, and no mean yet
    agrees(young, {"full_line_jump": None, "full_lines_unjudged": 1})
    agrees(of([line(since=D(2015, 5, 1))], [loan()], [owes(90)]), {"full_line_jump": 0.0, "full_lines_unjudged": 0})


def test_the_worst_line_speaks() -> None:
    both = [line(), line(name="G")]
    row = of(both, [loan(), loan("K", facility_id="G")], [owes(60), owes(20, name="K"), owes(97, D(2015, 4, 1), "K")])
    agrees(row, {"revolving_lines": 2, "line_jump_line": "G", "line_full": 0.97, "line_full_line": "G"})


@pytest.mark.parametrize(
    "facility",
    [
        line(expires_on=T),  # expired today
        line(0, D(2015, 6, 1)),  # cancelled
        line(revolving=False),
        line(since=ago(-1)),
        line(client_id="x"),
    ],
)
def test_what_is_no_revolving_line(facility: Row) -> None:
    agrees(of([facility], [loan()], [owes(120)]), NOT_MEASURED)


def test_a_limit_holds_until_its_next_row() -> None:
    row = of([line(200), line(100, D(2015, 6, 21))], [loan()], [owes(120)])
    agrees(row, {"line_month_end": 1.2, "line_full": 0.6, "over_limit_days_90": 10, "over_limit_run": 10})
    row = of([line(100), line(200, D(2015, 6, 21))], [loan()], [owes(120)])
    agrees(row, {"over_limit_run": 0, "over_limit_days_90": 81, "over_limit_days_ever": 800 - 9})


def test_loans_add_up_and_end() -> None:
    loans = [loan(), loan("K"), loan("J", facility_id=None), loan("I", since=ago(-1))]
    states = [owes(60), owes(50, name="K"), owes(99, name="J"), owes(50, ago(3), "K", "settled")]
    agrees(of([line()], loans, states), {"line_month_end": 0.6, "over_limit_days_90": 87, "over_limit_run": 0})
    states[-1] = owes(50, ago(3), "K", "written_off")  # still owed
    agrees(of([line()], loans, states), {"line_month_end": 1.1, "over_limit_run": 801})


DAYS: dict[str, tuple[list[Row], Row]] = {
    "equal to the limit": ([owes(100)], {"over_limit_days_90": 0}),
    "the day of T": ([owes(0), owes(101, T)], {"over_limit_days_90": 1, "over_limit_run": 1, "over_limit_months": 1}),
    "90 days ago": ([owes(0), owes(101, ago(90)), owes(0, ago(89))], {"over_limit_days_90": 1, "over_limit_run": 0}),
    "91 days ago": ([owes(0), owes(101, ago(91)), owes(0, ago(90))], {"over_limit_days_90": 0, "over_limit_days_ever": 1}),
    "broken run": ([owes(101), owes(99, ago(31)), owes(101, ago(30))], {"over_limit_run": 31, "over_limit_days_90": 90}),
    "three months": (
        [owes(0), owes(101, D(2015, 1, 31)), owes(0, D(2015, 2, 2)), owes(101, D(2015, 4, 3)), owes(0, D(2015, 4, 4))],
        {"over_limit_months": 3, "over_limit_days_90": 1, "over_limit_days_ever": 3},
    ),
    "seven months ago": ([owes(0), owes(101, D(2014, 12, 31)), owes(0, D(2015, 1, 1))], {"over_limit_months": 0}),
}  # fmt: skip


@pytest.mark.parametrize("name", DAYS)
def test_days_over(name: str) -> None:
    states, expected = DAYS[name]
    agrees(of([line()], [loan()], states), expected)
    assert of([line()], [loan()], states[::-1]) == of([line()], [loan()], states)


def test_two_lines_over_on_one_day_are_one_day() -> None:
    both = [line(), line(name="G")]
    states = [
        owes(0),
        owes(0, name="K"),
        owes(101, ago(5)),
        owes(0, ago(3)),
        owes(101, ago(4), "K"),
        owes(0, ago(2), "K"),
    ]
    agrees(of(both, [loan(), loan("K", facility_id="G")], states), {"over_limit_days_90": 3, "over_limit_run": 0})


def test_an_expired_line_counts_only_while_it_ran() -> None:
    row = of([line(expires_on=ago(80))], [loan()], [owes(0), owes(101, ago(85))])
    agrees(row, NOT_MEASURED | {"lines_90": 1, "over_limit_days_90": 5, "over_limit_run": 0})
    assert of([line(expires_on=ago(90))], [loan()], [owes(101)])["lines_90"] == 0
    assert of([line(expires_on=ago(89))], [loan()], [owes(101)])["lines_90"] == 1


def test_a_line_that_does_not_revolve_has_a_limit_too() -> None:
    agrees(
        of([line(revolving=False)], [loan()], [owes(0), owes(101, T)]), {"over_limit_days_90": 1, "revolving_lines": 0}
    )


def test_unknown_debt_is_unknown() -> None:
    silent = of([line()], [loan(since=ago(40))], [])
    agrees(silent, {"line_jump": None, "lines_without_mean": 1, "line_full": None, "lines_unknown": 1})
    agrees(silent, {"over_limit_days_90": None, "over_limit_months": None, "over_limit_run": 0})
    late = of([line()], [loan(since=ago(100))], [owes(50, ago(91))])
    agrees(late, {"over_limit_days_90": 0, "line_month_end": 0.5})
    foreign = of([line()], [loan(currency="USD")], [owes(50), owes(0, ago(100))])
    agrees(foreign, {"over_limit_days_90": 0, "line_month_end": 0.0})  # nothing is nothing in any currency
    agrees(of([line(currency="USD")], [loan()], [owes(50)]), {"line_month_end": None, "over_limit_days_90": None})


def test_no_line_at_all() -> None:
    agrees(
        of([], [loan(facility_id=None)], [owes(50)]),
        NOT_MEASURED | {"lines_90": 0, "over_limit_days_90": None, "line_keys": []},
    )


def drawn(day: date, facility: str, loans: list[Row], states: list[Row]) -> int | None:
    total = 0
    for row in loans:
        if row["facility_id"] == facility and row["disbursed_on"] <= day:
            known = [s for s in states if s["loan_id"] == row["loan_id"] and s["as_of"] <= day]
            if not known:
                return None
            newest = max(known, key=lambda s: s["as_of"])
            total += 0 if newest["state"] in ("settled", "transferred") else newest["outstanding"]
    return total


def stands(day: date, rows: list[Row]) -> Row | None:
    """The row of a line in force that day, None when it is not open."""
    known = [r for r in rows if r["valid_from"] <= day]
    newest = max(known, key=lambda r: r["valid_from"]) if known else None
    return newest if newest and newest["expires_on"] > day and newest["limit_amount"] > 0 else None


def random_lines(rng: random.Random) -> tuple[list[str], list[Row], list[Row], list[Row]]:
    clients = [f"c{i:02}" for i in range(9)]
    facilities, loans, states = [], [], []
    for client in clients:
        for n in range(rng.randint(0, 3)):
            name = f"{client}.{n}"
            days = {rng.choice([600, 200]), rng.randint(0, 300)} if rng.random() < 0.5 else {600}
            for back in days:
                expiry = rng.choice([ago(-300), ago(-300), ago(rng.randint(-5, 120))])
                facilities.append(
                    line(rng.choice([100, 100, 150, 0]), ago(back), name, client_id=client, expires_on=expiry,
                         revolving=n != 2)
                )  # fmt: skip
            for k in range(rng.randint(0, 3)):
                start = rng.choice([500, rng.randint(0, 150)])
                loans.append(loan(f"{name}.{k}", ago(start), facility_id=name, client_id=client))
                for back in {start, *(rng.randint(0, start) for _ in range(4))} - (
                    {start} if rng.random() < 0.04 else set()
                ):
                    state = rng.choice(["normal"] * 6 + ["overdue", "written_off", "settled"])
                    states.append(owes(rng.randint(20, 90), ago(back), f"{name}.{k}", state))
    return clients, facilities, loans, states


ENDS = [D(2015, 6, 30), D(2015, 5, 31), D(2015, 4, 30), D(2015, 3, 31), D(2015, 2, 28), D(2015, 1, 31), D(2014, 12, 31)]
ENDS += [D(2014, 11, 30), D(2014, 10, 31), D(2014, 9, 30), D(2014, 8, 31), D(2014, 7, 31), D(2014, 6, 30)]
LAST_DAY = 601  # nothing is older


class Plain:
    """One client's lines read day by day."""

    def __init__(self, client: str, facilities: list[Row], loans: list[Row], states: list[Row]) -> None:
        self.rows: dict[str, list[Row]] = {}
        for row in facilities:
            if row["client_id"] == client:
                self.rows.setdefault(row["facility_id"], []).append(row)
        self.loans = [row for row in loans if row["client_id"] == client]
        self.states = [row for row in states if row["loan_id"].startswith(client)]

    def use(self, name: str, day: date) -> float | None:
        """Drawn share; 0 when the line is not open."""
        row = stands(day, self.rows[name])
        if row is None:
            return 0.0
        debt = drawn(day, name, self.loans, self.states)
        return None if debt is None else debt / row["limit_amount"]

    def over(self) -> list[list[bool | None]]:
        """By days ago: of each line, whether it is over its limit."""
        uses = [[self.use(name, ago(n)) for name in sorted(self.rows)] for n in range(LAST_DAY)]
        return [[None if use is None else use > 1 for use in day] for day in uses]

    def revolving(self) -> list[str]:
        now = {name: stands(T, rows) for name, rows in self.rows.items()}
        return [name for name, row in now.items() if row is not None and row["revolving"]]

    def rise(self, name: str) -> float | None:
        """Of the drawn share on the mean of twelve month-ends; None when unknown."""
        now = self.use(name, T)
        if now is None or now < 0.5:
            return None if now is None else 0.0
        earlier = [self.use(name, day) if stands(day, self.rows[name]) else None for day in ENDS[1:]]
        known = [use for use in earlier if use is not None]
        return now - sum(known) / 12 if len(known) == 12 else None


def lost(day: list[bool | None]) -> bool:
    """Whether the day could be one over a limit without being known as one."""
    return None in day and True not in day


def days_over(plain: Plain) -> Row:
    over = plain.over()
    quarter, half = over[:91], over[: (T - D(2015, 1, 1)).days + 1]
    months = {ago(n).month for n, day in enumerate(half) if True in day}
    runs = [next((n for n, day in enumerate(over) if day[i] is not True), LAST_DAY) for i in range(len(plain.rows))]
    expected: Row = {"over_limit_run": max(runs), "over_limit_days_ever": sum(True in day for day in over)}
    expected["over_limit_days_90"] = None if any(map(lost, quarter)) else sum(True in day for day in quarter)
    if not any(map(lost, half)):
        expected["over_limit_months"] = len(months)
    return expected


def month_end_use(plain: Plain) -> Row:
    names = plain.revolving()
    fulls = [[plain.use(name, day) for day in ENDS[:2]] for name in names]
    known = [min(both) for both in fulls if None not in both]
    rises = [plain.rise(name) for name in names]
    jumps = [rise for rise in rises if rise is not None]
    return {
        "revolving_lines": len(names),
        "line_full": pytest.approx(max(known), abs=1e-8) if known else None,
        "line_jump": pytest.approx(max(jumps), abs=1e-8) if jumps else None,
    } | ({"lines_without_mean": rises.count(None), "lines_unknown": len(fulls) - len(known)} if names else {})


@pytest.mark.parametrize("seed", range(4))
def test_random_lines_day_by_day(seed: int) -> None:
    rng = random.Random(seed)
    clients, facilities, loans, states = random_lines(rng)
    tables = {"facilities": facilities, "loans": loans, "loan_status": states}
    made = measured(lines, shard({name: rng.sample(rows, len(rows)) for name, rows in tables.items()}, clients))
    for result in made.iter_rows(named=True):
        plain = Plain(result["client_id"], facilities, loans, states)
        agrees(result, month_end_use(plain))
        if plain.rows:
            agrees(result, days_over(plain))


def test_the_random_lines_reach_both_answers() -> None:
    made = measured(lines, shard(dict(zip(("facilities", "loans", "loan_status"), random_lines(random.Random(0))[1:], strict=True)),
                                 random_lines(random.Random(0))[0]))  # fmt: skip
    over = made["over_limit_days_90"].drop_nulls()
    assert 0 < (over > 0).sum() < over.len()
