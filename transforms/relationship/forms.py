"""The relationship frames in the order they are made: what a night publishes in `relationship/`, and what each lacks.

Dealings are made shard by shard (they read every balance); all else sees the whole book, since an RM's clients, and
complaints like one another, lie in any shard.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType

import polars as pl

from transforms.night import Night
from transforms.relationship import (
    archive,
    assortment,
    client_people,
    complaint_statistics,
    complaints,
    connections,
    dates,
    dealings,
    diary,
    methods,
    owed,
    roster,
    satisfaction,
    self_checks,
    strengthening,
    visits,
)
from transforms.relationship.book import Book

OF_SHARD: tuple[ModuleType, ...] = (dealings,)
OF_BOOK: tuple[ModuleType, ...] = (  # a module may read the frames of those above it
    satisfaction,
    complaints,
    archive,
    methods,
    visits,
    strengthening,
    client_people,
    owed,
    dates,
    assortment,
    roster,
    complaint_statistics,
    self_checks,
    diary,
    connections,
)
MODULES = (*OF_SHARD, *OF_BOOK)
FRAMES: Mapping[str, pl.Schema] = {name: schema for module in MODULES for name, schema in module.FRAMES.items()}
SHARD_FRAMES = tuple(name for module in OF_SHARD for name in module.FRAMES)
OF_CLIENT = tuple(  # of the whole bank, but read client by client
    name
    for module in OF_BOOK
    for name, schema in module.FRAMES.items()
    if "client_id" in schema and "staff_id" not in schema
)
READS = frozenset(table for module in MODULES for table in module.READS)
INPUTS = pl.Schema({"frame": pl.String(), "table": pl.String(), "connected": pl.Boolean()})


def of_shard(book: Book) -> dict[str, pl.DataFrame]:
    """Frames of one shard; `book.monthly` holds its sums by month, `book.clean` its own rows."""
    return _made(book, OF_SHARD)


def of_book(book: Book) -> dict[str, pl.DataFrame]:
    """Frames of the whole bank; `book.done` holds those of all shards."""
    return _made(book, OF_BOOK)


def _made(book: Book, modules: tuple[ModuleType, ...]) -> dict[str, pl.DataFrame]:
    made: dict[str, pl.DataFrame] = {}
    for module in modules:
        known = replace(book, done={**book.done, **{name: frame.lazy() for name, frame in made.items()}})
        frames = module.measure(known)
        # One by one: together the optimiser would look for what dozens of plans share.
        made |= {name: frames[name].collect().select(module.FRAMES[name].names()) for name in module.FRAMES}
    return made


def inputs(night: Night) -> pl.DataFrame:
    """frame, table, connected: what each frame is made from and whether tonight brought it (INPUTS), sorted."""
    rows = [
        (frame, table, table in night.feeds) for module in MODULES for frame in module.FRAMES for table in module.READS
    ]
    return pl.DataFrame(rows, schema=INPUTS, orient="row").unique().sort("frame", "table")
