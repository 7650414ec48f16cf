"""Columns and types at the door (check B2)."""

from datetime import date, datetime

import polars as pl
import pytest

from expectations.casts import UNPARSED, conform, refuse_unreadable
from expectations.model import Refused
from expectations.tables import TABLES

BALANCES = TABLES["balances"]
AROUND = {"delivery": pl.lit("balances/1"), "delivered_on": pl.lit(date(2015, 6, 30))}


def parquet(**columns: pl.Series) -> pl.LazyFrame:
    base = {"account_id": pl.Series(["A"]), "date": pl.Series([date(2015, 6, 30)]), "balance": pl.Series([5])}
    return pl.LazyFrame(base | columns).with_columns(**AROUND)


def test_narrow_types_widen_and_extra_columns_go() -> None:
    frame = conform(BALANCES, parquet(balance=pl.Series([5], dtype=pl.Int16), more=pl.Series([1])), "f").collect()
    assert frame.schema["balance"] == pl.Int64
    assert frame.columns == ["account_id", "date", "balance", "delivery", "delivered_on", UNPARSED]


def test_a_missing_column_names_table_column_and_file() -> None:
    with pytest.raises(Refused, match=r"Table balances: the column 'balance' is missing in f\.parquet"):
        conform(BALANCES, parquet().drop("balance"), "f.parquet")


@pytest.mark.parametrize("wrong", [pl.Series([1.5]), pl.Series([datetime(2015, 1, 1)])])  # noqa: DTZ001
def test_a_wrong_type_names_table_column_and_file(wrong: pl.Series) -> None:
    with pytest.raises(Refused, match=r"Table balances: the column 'balance' in f has the type"):
        conform(BALANCES, parquet(balance=wrong), "f")


def test_text_cells_are_parsed_and_bad_ones_kept_in_words() -> None:
    text = pl.LazyFrame({"account_id": ["A", "B"], "date": ["2015-06-30", "30.6.2015"], "balance": ["5", "x"]})
    frame = conform(BALANCES, text.with_columns(**AROUND), "f.csv").collect()
    assert frame["balance"].to_list() == [5, None]
    assert frame[UNPARSED].to_list() == [
        None,
        "date: '30.6.2015' is not a date (2015-06-30); balance: 'x' is not whole minor units",
    ]


def test_a_text_column_of_which_no_cell_parses_is_refused() -> None:
    text = pl.LazyFrame({"account_id": ["A"], "date": ["2015-06-30"], "balance": ["five"]}).with_columns(**AROUND)
    with pytest.raises(Refused, match="no cell of the column 'balance'"):
        refuse_unreadable(BALANCES, text, "f.csv")


def test_lists_times_and_flags_from_text() -> None:
    table = TABLES["interactions"]
    row = dict.fromkeys(table.schema, "") | {
        "other_contacts": "P1|P2",
        "created_at": "2015-06-30T09:30:00",
        "two_way": "TRUE",
    }
    frame = conform(table, pl.LazyFrame([row]).with_columns(**AROUND), "f.csv").collect()
    assert frame["other_contacts"].to_list() == [["P1", "P2"]]
    assert frame["created_at"].to_list() == [datetime(2015, 6, 30, 9, 30)]  # noqa: DTZ001
    assert frame["two_way"].to_list() == [True]


def test_nan_and_infinity_become_null() -> None:
    table = TABLES["clients"]
    row = dict.fromkeys(table.schema, None)
    frame = pl.LazyFrame([row], schema=table.schema).with_columns(internal_pd=pl.lit(float("nan")), **AROUND)
    assert conform(table, frame, "f").collect()["internal_pd"].to_list() == [None]
