"""What `bellwether.toml` says about where tables come from; docs/sources.md shows it whole.

source = "core"                                  # of every table not named below: a folder, or a name of [sources]
[sources.core]
kind = "postgresql"
uri = "postgresql://bellwether@db.bank:5432/edw?sslmode=verify-full"
password = { env = "CORE_DB_PASSWORD" }
[tables.transactions]
from = "dw.t_dep_txn"
recorded = "etl_date"
unit = "yuan"
columns = { account_id = "FHZH", currency = { value = "CNY" } }
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from expectations.model import Refused
from expectations.tables import TABLES
from flows import secrets
from flows.sources.mapping import Mapping as Columns

# kind → the keys it must have, those it may have, those that are secrets
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "folder": (("path",), (), ()),
    "postgresql": (("uri",), ("password", "schema", "business_date"), ("password",)),
    "duckdb": (("path",), ("schema", "business_date"), ()),
    "sqlite": (("path",), ("business_date",), ()),
    "s3": (("bucket",), ("prefix", "endpoint", "region", "access_key", "secret_key"), ("access_key", "secret_key")),
}
DATABASES = ("postgresql", "duckdb", "sqlite")
_TABLE = ("source", "from", "where", "recorded", "lookback", "unit", "columns", "absent")
_OF_DATABASES = ("from", "where", "recorded", "lookback")
LOOKBACK = 5  # days: a late row may be posted so much later (check X2)
LONGEST = 3_660
_SECRETS = ("password", "sslpassword", "oauth_client_secret", "passwd")  # of an address' query


@dataclass(frozen=True)
class Place:
    """A named source: its kind and options; secrets are `secrets.Secret`s."""

    name: str
    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class From:
    """Where one table comes from in its source: the bank's table, a condition, when a row was recorded, its columns.

    `source` None: from nowhere, though the default source may have a table of that name.
    """

    source: str | None = None
    table: str | None = None
    where: str | None = None
    recorded: str | None = None
    lookback: int = LOOKBACK
    columns: Columns = field(default_factory=Columns)


@dataclass(frozen=True)
class Places:
    """All sources, the default one's name, and what is said of single tables."""

    default: str | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    tables: Mapping[str, From] = field(default_factory=dict)

    def of(self, table: str) -> str | None:
        """The name of the source a table comes from; None: it is not connected."""
        said = self.tables.get(table)
        return said.source if said is not None else self.default


FOLDER = "folder"  # the name of the source that `--source DIR` gives


def folder(path: Path) -> Places:
    """One folder with everything."""
    return Places(FOLDER, {FOLDER: Place(FOLDER, "folder", {"path": path})})


def parse(read: Mapping[str, Any], base: Path) -> Places:
    """From `source`, `[sources]` and `[tables]`; paths are relative to `base`. Raises Refused for what is not known."""
    said = {"sources": read.get("sources", {}), "tables": read.get("tables", {})}
    for name, value in said.items():
        if not isinstance(value, Mapping) or not all(isinstance(one, Mapping) for one in value.values()):
            raise Refused(f"In the configuration, [{name}] is not a list of tables such as [{name}.x]; mend it.")
    places = {name: _place(name, options, base) for name, options in said["sources"].items()}
    default = read.get("source")
    if default is not None and _text(default, "The configuration's 'source'") not in places:
        places[default] = Place(default, "folder", {"path": base / default})
    tables = {name: _from(name, options, places, default) for name, options in said["tables"].items()}
    return Places(default, places, tables)


def _known(key: str, known: Iterable[str], where: str) -> None:
    names = sorted(known)
    if key not in names:
        near = difflib.get_close_matches(key, names, n=1, cutoff=0.0)[0]
        raise Refused(f"{where} names an unknown key '{key}'; nearest known: '{near}'.")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise Refused(f"{where} is not a text; write it in quotes.")
    return value


def _place(name: str, said: Mapping[str, Any], base: Path) -> Place:
    where = f"The source [sources.{name}]"
    kind = said.get("kind")
    if kind not in list(KINDS):
        shown = f"has the kind '{kind}'" if "kind" in said else "lacks 'kind'"
        raise Refused(f"{where} {shown}; known are {', '.join(KINDS)}.")
    needed, optional, hidden = KINDS[kind]
    options: dict[str, Any] = {}
    for key, value in said.items():
        _known(key, ("kind", *needed, *optional), where)
        own = f"{where}: '{key}'"
        options[key] = secrets.parse(value, own) if key in hidden else _text(value, own)
    for key in needed:
        if key not in said:
            raise Refused(f"{where} lacks '{key}'; add it.")
    if half := [key for key in hidden if key not in said and len(hidden) > 1 and said.keys() & set(hidden)]:
        raise Refused(f"{where} lacks '{half[0]}', which goes with the other key; add it.")
    if "uri" in options:
        _refuse_uri(options["uri"], where)
    if "endpoint" in options:
        _refuse_endpoint(options["endpoint"], where)
    if "path" in options:
        options["path"] = base / options["path"]
    return Place(name, kind, options)


def _refuse_uri(uri: str, where: str) -> None:
    """An address that is none, or that holds a password: it is not repeated, for it may."""
    form = "write it as postgresql://USER@HOST:PORT/DATABASE, what is special in a name percent-encoded"
    if not uri.startswith(("postgresql://", "postgres://")):
        raise Refused(f"{where} has a uri that is no address of PostgreSQL; {form}.")
    try:
        parts = urlsplit(uri)
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise Refused(f"{where} has a uri that cannot be read; {form}.") from None
    user, _, hosts = parts.netloc.rpartition("@")
    if ":" in user or any(key.lower() in _SECRETS for key, _ in query):
        raise Refused(f'{where} has a password in its uri; take it out and add password = {{ env = "NAME" }}.')
    ports = [host.rpartition("]")[2].partition(":")[2] for host in hosts.split(",")]
    if parts.fragment or "@" in parts.path or "@" in user or not all(port.isdecimal() for port in ports if port):
        raise Refused(f"{where} has a uri with something between host and database that is no port; {form}.")
    if not hosts and not any(key in ("host", "hostaddr", "service") for key, _ in query):
        raise Refused(f"{where} has a uri without a host; {form}.")


def _refuse_endpoint(endpoint: str, where: str) -> None:
    try:
        parts = urlsplit(endpoint)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or "@" in endpoint:
        raise Refused(f"{where} has an endpoint that is no address; write it as https://HOST:PORT, without a key.")


def _from(name: str, said: Mapping[str, Any], places: Mapping[str, Place], default: str | None) -> From:
    where = f"The table [tables.{name}]"
    _known(name, TABLES, "[tables]")
    for key in said:
        _known(key, _TABLE, where)
    if said.get("source") is False:
        return From(None)
    for key in ("source", "from", "where", "recorded", "unit"):
        if key in said:
            _text(said[key], f"{where}: '{key}'")
    source = said.get("source", default)
    if source is None:
        raise Refused(f'{where} has no source; add source = "NAME" of a [sources.NAME].')
    if source not in places:
        raise Refused(f"{where} comes from the source '{source}'; known are {', '.join(places) or 'none'}.")
    if places[source].kind not in DATABASES and (odd := [key for key in _OF_DATABASES if key in said]):
        raise Refused(f"{where} has '{odd[0]}', but its source is a {places[source].kind}; take it out.")
    lookback = said.get("lookback", LOOKBACK)
    if not isinstance(lookback, int) or isinstance(lookback, bool) or not 0 <= lookback <= LONGEST:
        raise Refused(f"{where} has the lookback '{lookback}'; give a number of days up to {LONGEST}.")
    columns = Columns.parse(TABLES[name], said.get("columns", {}), said.get("unit", "fen"), said.get("absent", ()))
    return From(source, said.get("from"), said.get("where"), said.get("recorded"), lookback, columns)
