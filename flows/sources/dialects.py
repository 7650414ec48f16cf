"""The databases ADBC reaches, and how each wants to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import polars as pl

from flows.sources.config import Place

T = TypeVar("T")
# What another attempt would not change: who may ask, what is asked. Not "could not set lock" or a broken connection.
_LASTING = (
    "authentication failed", "no password supplied", "does not exist", "permission denied", "does not support SSL",
    "28P01", "28000", "Binder Error", "Catalog Error", "Parser Error", "Conversion Error", "not a database", "failed to open",
    "not a valid DuckDB",
)  # fmt: skip
_HELD = ("is locked", "lock timeout", "could not obtain lock")  # somebody writes; drivers call it a wrong question
# What PostgreSQL says when a connection may come about later. All else when connecting is for good: a wrong password tried
# five times would lock the bank's account, and a server may refuse it in its own language.
_PASSING = (
    "refused", "timed out", "timeout expired", "unreachable", "reset", "closed the connection", "terminat", "No such file",
    "could not translate host name", "starting up", "shutting down", "recovery", "too many", "connection slots",
)  # fmt: skip


class DriverError(Exception):
    """What a driver says went wrong; `lasting`: another attempt would end the same."""

    def __init__(self, said: str, lasting: bool) -> None:
        super().__init__(said)
        self.lasting = lasting


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in single quotes."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Connection:
    """A connection: small answers as frames, big ones as streams to disk; each piece of work is one transaction."""

    own: Any
    opening: Sequence[str] = ()
    cursors: list[Any] = field(default_factory=list)  # an answer is gone with its cursor

    def begin(self) -> None:
        """One read-only transaction for all that follows."""
        for statement in self.opening:
            self.frame(statement)

    def frame(self, query: str) -> pl.DataFrame:
        """A small answer, whole."""
        return self._guarded(lambda: pl.DataFrame(self._executed(query)))

    def stream(self, query: str) -> pl.LazyFrame:
        """An answer that is read batch by batch when it is sunk; only once."""
        return self._guarded(lambda: pl.scan_arrow_c_stream(self._executed(query)))

    def sink(self, frame: pl.LazyFrame, target: Path) -> None:
        """Write a stream to a Parquet file in bounded memory."""
        self._guarded(lambda: frame.sink_parquet(target, compression="zstd", row_group_size=250_000))

    def end(self) -> None:
        """End the transaction and let its answers go."""
        for cursor in self.cursors:
            with suppress(Exception):
                cursor.close()
        self.cursors.clear()
        with suppress(Exception):  # DuckDB has none open; a lost connection has nothing left to end
            self.own.rollback()

    def close(self) -> None:
        """Close it; a connection that is lost is closed already."""
        self.end()
        with suppress(Exception):
            self.own.close()

    def _executed(self, query: str) -> Any:
        cursor = self.own.cursor()
        self.cursors.append(cursor)
        cursor.execute(query)
        return cursor.fetch_arrow()

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception as error:
            raise _told(error) from None


def _told(error: Exception) -> DriverError:
    """A driver's error, or Polars' about a stream that broke off."""
    kind, said = type(error).__name__, str(error)
    lasting = kind in ("ProgrammingError", "NotSupportedError", "DataError") or any(word in said for word in _LASTING)
    held = any(word in said for word in _HELD)
    return DriverError(said.split("Query was:")[0], lasting and not held)


def _postgresql(place: Place) -> Connection:
    import adbc_driver_postgresql.dbapi as driver

    parts = urlsplit(str(place.options["uri"]))
    if "password" in place.options:
        user, _, host = parts.netloc.rpartition("@")
        secret = quote(place.options["password"].reveal(), safe="")
        parts = parts._replace(netloc=f"{user.split(':')[0]}:{secret}@{host}")
    if "connect_timeout" not in parts.query:
        parts = parts._replace(query="&".join(filter(None, (parts.query, "connect_timeout=10"))))
    opening = (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "SET LOCAL max_parallel_workers_per_gather = 0",  # with these two the rows come in the same order each time
        "SET LOCAL synchronize_seqscans = off",
    )
    return _opened(lambda: driver.connect(urlunsplit(parts)), opening, _PASSING)


def _duckdb(place: Place) -> Connection:
    import adbc_driver_duckdb
    import adbc_driver_manager.dbapi as driver

    told = {
        "path": str(place.options["path"]),
        "access_mode": "read_only",
        "autoinstall_known_extensions": "false",  # nothing is fetched from anywhere
        "autoload_known_extensions": "false",
    }
    return _opened(
        lambda: driver.connect(
            driver=adbc_driver_duckdb.driver_path(), entrypoint="duckdb_adbc_init", db_kwargs=told, autocommit=True
        )
    )


def _sqlite(place: Place) -> Connection:
    import adbc_driver_sqlite.dbapi as driver

    return _opened(lambda: driver.connect(f"file:{quote(str(place.options['path']))}?mode=ro"))


def _opened(connect: Callable[[], Any], opening: Sequence[str] = (), passing: Sequence[str] = ()) -> Connection:
    try:
        return Connection(connect(), opening)
    except Exception as error:
        told = _told(error)
        told.lasting |= bool(passing) and not any(word in str(told) for word in passing)
        raise told from None


@dataclass(frozen=True)
class Dialect:
    """How a database is asked.

    Attributes: `tables`: SQL for schema and name of its tables and views; without a schema, those found by name alone.
    `columns`: SQL for name and type of the columns of {table}, an identifier, {path}, that in quotes, or {name}, a text.
    `plain`: types that come as they are; `casts`: SQL for others; any other comes as text, by `text`. `exact`: types it adds
    up exactly; `dated`: types of a day. `literal`, `day_of`, `sum`: SQL for a day, a column's day, a column's sum.
    """

    connect: Callable[[Place], Connection]
    tables: str
    columns: str
    plain: frozenset[str] = frozenset()
    casts: Mapping[str, str] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()
    literal: str = "DATE '{}'"
    day_of: str = "CAST({} AS date)"
    sum: str = "CAST(SUM({}) AS varchar)"
    text: str = "CAST({0} AS varchar)"

    @property
    def untyped(self) -> bool:
        """Whether a column may hold anything, so that all cells come as text."""
        return not self.plain

    def cell(self, column: str, dtype: str) -> str:
        """SQL: a column as it is pulled."""
        return column if dtype in self.plain else self.casts.get(dtype, self.text).format(column)


_SHOWN = "SELECT table_schema, table_name FROM information_schema.tables"
_RELATIONS = "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
_LOCAL = "CAST({} AS timestamp)"  # by the clock of the session
DIALECTS: Mapping[str, Dialect] = {
    "postgresql": Dialect(
        _postgresql,
        f"SELECT nspname::text, relname::text {_RELATIONS} "
        f"UNION ALL SELECT '', relname::text {_RELATIONS} AND pg_table_is_visible(c.oid)",
        "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute "
        "WHERE attrelid = to_regclass({path}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        plain=frozenset({
            "smallint", "integer", "bigint", "real", "double precision", "boolean", "date", "timestamp without time zone",
            "text", "character varying", "character", "text[]", "character varying[]", "character[]", "bytea",
        }),
        casts={"timestamp with time zone": _LOCAL},
        exact=frozenset({"smallint", "integer", "bigint", "numeric"}),
        dated=frozenset({"date", "timestamp without time zone", "timestamp with time zone"}),
        sum="CAST(SUM(TRUNC(CAST({} AS numeric), 6)) AS varchar)",
    ),
    "duckdb": Dialect(
        _duckdb,
        _SHOWN + " UNION ALL SELECT '', table_name FROM information_schema.tables WHERE table_schema = current_schema()",  # noqa: S608
        "SELECT column_name, regexp_replace(column_type, '[(].*[)]', '') FROM (DESCRIBE SELECT * FROM {table})",
        plain=frozenset({
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP",
            "VARCHAR", "VARCHAR[]", "BLOB",
        }),
        casts={"TIMESTAMP WITH TIME ZONE": _LOCAL},
        exact=frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL"}),
        dated=frozenset(
            {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}
        ),
    ),
    "sqlite": Dialect(
        _sqlite,
        "SELECT schema, name FROM pragma_table_list UNION ALL SELECT '', name FROM pragma_table_list",
        "SELECT name, type FROM pragma_table_xinfo({name}) WHERE hidden <> 1",
        literal="'{}'",
        day_of="substr({}, 1, 10)",
        text="CASE typeof({0}) WHEN 'blob' THEN hex({0}) ELSE CAST({0} AS text) END",
    ),
}  # fmt: skip
