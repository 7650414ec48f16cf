"""All relationship frames together: as a night publishes them, and of a bank that delivers next to nothing."""

from dataclasses import replace

import polars as pl
import pytest

from expectations.tables import TABLES
from flows import nights
from tests.features.settled import MONTHLY
from tests.relationship.books import book
from transforms import stages
from transforms.features import transactions
from transforms.relationship import forms
from transforms.relationship.meanings import MEANINGS

PUBLISHED = {name for name in forms.FRAMES if name != "idle_balances"} | {"inputs"}


def test_a_night_publishes_every_frame_with_its_schema(night: nights.Published) -> None:
    files = {path.stem: path for path in (night.folder / "relationship").iterdir()}
    assert set(files) == PUBLISHED
    for name in PUBLISHED - {"inputs"}:
        assert pl.read_parquet_schema(files[name]) == dict(forms.FRAMES[name]), name
        assert not pl.read_parquet(files[name], columns=[*MEANINGS[name].key]).is_duplicated().any(), name


def test_every_active_client_is_in_the_roster_and_has_a_date_or_a_reason(night: nights.Published) -> None:
    def read(name: str) -> pl.DataFrame:
        return pl.read_parquet(night.file(f"relationship/{name}.parquet"))

    assessed = pl.read_parquet(night.file("assessments.parquet"))["client_id"].sort().to_list()
    roster, status = read("client_roster"), read("visit_status")
    assert roster["client_id"].n_unique() == roster.height > 0
    assert set(roster["client_id"]) <= set(assessed)
    assert status["client_id"].to_list() == assessed
    assert status.filter(pl.col("next_on").is_null() == pl.col("reason").is_null()).is_empty()
    assert read("inputs")["connected"].all()


@pytest.mark.parametrize("empty", [False, True], ids=["absent", "empty"])
def test_a_bank_that_delivers_next_to_nothing_breaks_nothing(empty: bool) -> None:
    core: dict[str, list[dict[str, str]]] = {name: [] for name, table in TABLES.items() if table.core}
    core |= {
        "clients": [{"client_id": "c", "status": "active"}],
        "parties": [{"party_id": "c", "name": "C", "kind": "company"}],
    }
    optional = {name: [] for name in TABLES if name not in core} if empty else {}
    made = book({**core, **optional})
    rows = (made.night, made.clients, *(made.table(name) for name in ("accounts", "parties", "transactions")))
    monthly = {name: getattr(transactions, name)(*rows) for name in MONTHLY}
    features = stages.measure(made.night, made.clean, monthly)
    made = replace(made, monthly=monthly, done={name: frame for name, frame in features.items() if name != "actions"})
    of_shard = forms.of_shard(made)
    lazily = {name: frame.lazy() for name, frame in of_shard.items()}
    found = {**of_shard, **forms.of_book(replace(made, done={**made.done, **lazily}))}
    assert set(found) == set(forms.FRAMES)
    for name, frame in found.items():
        assert frame.schema == forms.FRAMES[name], name
    status = found["visit_status"].row(0, named=True)
    assert (status["client_id"], status["next_on"]) == ("c", None)
    assert status["reason"] is not None


def test_what_is_missing_is_said() -> None:
    told = forms.inputs(replace(book({}).night, feeds={"complaints": book({}).night.as_of}))
    assert told.filter(frame="complaint_cards", table="complaints")["connected"].to_list() == [True]
    assert told.filter(frame="complaint_cards", table="interactions")["connected"].to_list() == [False]
    assert set(told["frame"]) == set(forms.FRAMES)
