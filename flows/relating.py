"""The units of the relationship side: dealings by shard, then all else of the whole bank."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from flows import work
from flows.store import Done, Store, write_frame
from flows.work import Cut
from transforms import currency, stages
from transforms.night import Night
from transforms.relationship import forms
from transforms.relationship.book import Book

DAY_BY_DAY_MONTHS = 25  # of transactions a shard's dealings may read one by one
READS = forms.READS | {"clients", "series"}  # clean tables
_JUDGED = ("panel", "findings", "assessments")
Frames = Mapping[str, pl.LazyFrame]


def _book(night: Night, clean: Frames, judged: Sequence[Done], done: Frames, monthly: Frames) -> Book:
    said = {name: pl.concat([one.frame(name) for one in judged]).sort("client_id") for name in _JUDGED}
    home = currency.at_home(night, clean, currency.rates(night, clean.get("series")))
    return Book(night, stages.assessed(clean["clients"]), home, monthly, done, **said)


def _frames(parts: Sequence[Done]) -> dict[str, pl.LazyFrame]:
    names = [name.removesuffix(".parquet") for name in sorted(parts[0].files) if name != "actions.parquet"]
    return {name: pl.concat([part.frame(name) for part in parts]) for name in names}


def of_shard(
    store: Store, night: Night, shard: int, tables: Mapping[str, Cut], measured: Done, context: Done, judged: Done
) -> Done:
    """Dealings of one shard's clients."""

    def relate(folder: Path) -> None:
        first = f"{night.month(DAY_BY_DAY_MONTHS - 1):%Y-%m}"
        recent = [file for file in tables.get("transactions", {}) if Path(file).stem >= first]
        read = {name: [*files] if name != "transactions" else recent for name, files in tables.items()}
        clean = {name: work.scan(name, files) for name, files in read.items()}
        sums = work.monthly(night, clean, work.months(store, night, shard, tables))
        done = {**_frames([measured]), **_frames([context])}
        book = _book(night, clean, [judged], done, {name: frame.lazy() for name, frame in sums.items()})
        for name, frame in forms.of_shard(book).items():
            write_frame(frame, folder / f"{name}.parquet")

    inputs = [work.facts(night), work.content(tables), measured.digest, context.digest, judged.digest]
    return store.do("relate", f"{shard:04d}", inputs, relate)


def of_book(
    store: Store,
    night: Night,
    tables: Mapping[str, Cut],
    measured: Sequence[Done],
    context: Done,
    judged: Sequence[Done],
    dealings: Sequence[Done],
    before: Cut,
) -> Done:
    """All other relationship frames. `before`: the roster as it stood at the last year's end, if a night has it."""

    def relate(folder: Path) -> None:
        clean = {name: work.scan(name, [*files]) for name, files in tables.items()}
        done = {**_frames(measured), **_frames([context]), **_frames(dealings)}
        done |= {"roster_before": pl.scan_parquet([*before])} if before else {}
        for name, frame in forms.of_book(_book(night, clean, judged, done, {})).items():
            write_frame(frame, folder / f"{name}.parquet")
        write_frame(forms.inputs(night), folder / "inputs.parquet")

    parts = [[done.digest for done in several] for several in (measured, judged, dealings)]
    feeds = {table: day.isoformat() for table, day in sorted(night.feeds.items())}
    inputs = [work.facts(night), feeds, work.content(tables), parts, context.digest, sorted(before.values())]
    return store.do("relate", "book", inputs, relate)
