"""The frames of the portfolio report against a book of six clients counted by hand."""

import polars as pl

from transforms import portfolio
from transforms.contracts import CHANGE, RELATIONSHIP, RISK

BOOK = pl.DataFrame(
    {
        "client_id": ["C1", "C2", "C3", "C4", "C5", "C6"],
        "name": ["One", "Two", "Three", "Four", "Five", None],
        "confidential": [False, False, False, False, True, None],
        "rm_id": ["S1", "S2", "S1", "S2", None, "S3"],
        "rm_name": ["Li Na", "Li Na", "Li Na", "Li Na", None, "Wu"],
        "branch_id": ["B1", "B1", "B1", "B2", "B2", "B2"],
        "industry_section": ["C", "C", "F", "F", "F", None],
        "region_code": ["310115", "310115", "310115", "110108", "110108", None],
        "group_id": ["G1", None, "G1", None, None, None],
        "exposure": [100, 300, 200, 400, 0, None],
        "risk_level": ["R", "R", "N", "A", "clear", "not_assessable"],
        "previous_risk_level": ["A", "R", "N", "R", None, "clear"],
        "change": ["worse", "standing", "standing", "better", "new", "worse"],
        "relationship_level": ["ok"] * 6,
        "quadrant": [None] * 6,
        "reasons": [["REL-01", "FIN-08", "MGT-01"], ["FIN-01"], [], [], [], []],
    },
    schema_overrides={
        "risk_level": RISK, "previous_risk_level": RISK, "change": CHANGE, "relationship_level": RELATIONSHIP,
        "exposure": pl.Int64, "quadrant": pl.String, "reasons": pl.List(pl.String),
    },
)  # fmt: skip
FINDINGS = pl.DataFrame(
    {
        "client_id": ["C1", "C1", "C1", "C4"], "signal_id": ["FIN-08", "MGT-01", "REL-01", "FIN-08"],
        "state": ["resolved", "standing", "standing", "standing"], "text_en": ["a", "b", "c", "d"],
        "text_zh": ["甲", "乙", "丙", "丁"],
    }
)  # fmt: skip


def test_the_new_reds_come_first_each_with_a_reason_that_is_no_conduct() -> None:
    told = portfolio.worst(BOOK, FINDINGS.lazy())
    assert told.select("client_id", "moved", "signal_id", "text_zh").rows() == [
        ("C1", True, "MGT-01", "乙"),
        ("C3", False, None, None),
        ("C2", False, None, None),
    ]


def test_the_book_in_numbers() -> None:
    assert portfolio.counted(BOOK).to_dicts() == [
        {
            "clients": 6, "red": 3, "newly_red": 1, "more_red": 0, "known_before": 5, "worse": 2, "better": 1,
            "exposure": 1000, "exposure_red": 600, "exposure_unknown": 1, "exposure_red_share": 0.6,
        }
    ]  # fmt: skip


def test_levels_share_clients_and_exposure() -> None:
    known = {row[0]: row[1:] for row in portfolio.levels(BOOK, "risk_level").rows()}
    assert known["R"] == (2, 400, 0.333333333, 0.4)
    assert known["not_assessable"] == (1, 0, 0.166666667, 0.0)


def test_two_managers_of_one_name_are_two_rows() -> None:
    rows = portfolio.by(BOOK, "rm_id", "rm_name")
    assert rows.select("key", "name", "N", "R", "worse", "clients", "exposure", "share").rows() == [
        ("S1", "Li Na", 1, 1, 1, 2, 300, 0.3),
        ("S2", "Li Na", 0, 1, 0, 2, 700, 0.7),
        ("S3", "Wu", 0, 0, 1, 1, 0, 0.0),
        (None, None, 0, 0, 0, 1, 0, 0.0),
    ]


def test_what_is_cut_is_summed_up() -> None:
    rows = portfolio.by(BOOK, "rm_id", "rm_name", most=1)
    assert rows.select("key", "N", "R", "A", "worse", "clients", "exposure", "merged").rows() == [
        ("S1", 1, 1, 0, 1, 2, 300, None),
        (None, 0, 1, 1, 1, 4, 700, 3),
    ]
    assert portfolio.by(BOOK, "rm_id", most=3).height == 4  # one row more costs no more than the row that sums it up


def test_concentration_counts_a_group_as_one_name() -> None:
    known = dict(portfolio.concentration(BOOK).select("measure", "share").rows())
    assert known == {
        "red": 0.6, "obligors_1": 0.4, "obligors_10": 1.0, "obligors_20": 1.0, "sectors_1": 0.6, "sectors_3": 1.0,
        "regions_1": 0.6, "regions_3": 1.0,
    }  # fmt: skip
    roster = pl.DataFrame({"client_id": ["C1", "C3"], "group_name": [None, "Group One"]})
    assert portfolio.groups(BOOK, roster).rows() == [("G1", "Group One", 2, "N", 300, 0.3)]
    assert portfolio.largest(BOOK)["client_id"].to_list() == ["C4", "C2", "C3", "C1"]


def test_a_book_without_exposure_has_no_shares() -> None:
    nothing = BOOK.with_columns(exposure=pl.lit(None, pl.Int64))
    assert portfolio.concentration(nothing)["share"].to_list() == [None] * 8
    assert portfolio.largest(nothing).is_empty()
    assert portfolio.groups(nothing, pl.DataFrame(schema={"client_id": pl.String, "group_name": pl.String})).is_empty()


def _statistics(*rows: tuple[str, str, str, str | None, int]) -> pl.DataFrame:
    schema = portfolio._FORMS["complaint_statistics"]
    keys = ("period", "unit", "dimension", "value", "received")
    filled = [dict.fromkeys(schema, None) | dict(zip(keys, row, strict=True)) for row in rows]
    return pl.DataFrame(filled, schema=schema)


def test_complaints_are_told_newest_first_and_never_by_manager() -> None:
    months = [(f"2015-{n:02d}", "month", "all", "all", n) for n in range(1, 9)]
    years = [("2014", "year", "all", "all", 3), ("2015", "year", "all", "all", 9)]
    parts = [("2015", "year", "rm", "S1", 5), ("2015", "year", "branch", "B2", 4), ("2015", "year", "branch", None, 5)]
    old = [("2014", "year", "branch", "B3", 7)]
    rows = _statistics(*months, *years, *parts, *old)
    periods = portfolio.complaint_periods(rows)["period"].to_list()
    assert periods == ["2015", "2014", "2015-08", "2015-07", "2015-06", "2015-05", "2015-04", "2015-03"]
    found = portfolio.complaint_parts(rows)
    assert "rm" not in found
    assert found["branch"].select("value", "received").rows() == [(None, 5), ("B2", 4)]


def test_roster_totals_are_cut_by_scope() -> None:
    schema = portfolio._FORMS["roster_totals"]
    blank = dict.fromkeys(schema, 0)
    rms = [blank | {"scope": "rm", "scope_id": f"S{n:02d}", "clients": 2, "loans_out": n} for n in range(20)]
    totals = pl.DataFrame([blank | {"scope": "bank", "scope_id": None, "clients": 40}, *rms], schema=schema)
    found = portfolio.roster(totals)
    assert found["bank"]["clients"].to_list() == [40]
    assert found["rm"]["scope_id"].to_list() == [*(f"S{n:02d}" for n in range(19, 4, -1)), None]
    assert found["rm"].row(-1, named=True)["clients"] == 10
    assert found["rm"]["merged"].to_list() == [None] * 15 + [5]
