"""What a run is told: from the command line, or from a bank's `bellwether.toml`."""

import difflib
import os
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from expectations.model import Refused
from flows.sources.config import Places, folder, parse

LOCALES = ("en", "zh")


@dataclass(frozen=True)
class Settings:
    """One run: where it reads and writes, in which languages, with how much of the machine.

    Attributes: `source` a folder with everything, `places` what a `bellwether.toml` (`config`) says instead; `shards` 0 = one
    per 6,000 clients and at least one per worker; `workers` 0 = one per core.
    """

    as_of: date
    source: Path | None
    out: Path
    policy: Path | None = None
    locales: tuple[str, ...] = ("en",)
    reports: bool = True
    shards: int = 0
    workers: int = 0
    outbox: Path | None = None
    places: Places | None = None
    config: Path | None = None

    def __post_init__(self) -> None:
        if unknown := [locale for locale in self.locales if locale not in LOCALES]:
            raise Refused(f"There is no locale '{unknown[0]}'; choose from {', '.join(LOCALES)}.")
        if not self.locales:
            raise Refused("No locale was chosen; name en, zh or both.")
        if self.shards < 0 or self.workers < 0:
            raise Refused("The number of shards and workers cannot be negative; leave it out to let Bellwether choose.")

    @property
    def where(self) -> Places:
        """Where the tables come from."""
        if self.places is not None:
            return self.places
        if self.source is None:
            raise Refused("No source was named; give --source DIR or --config FILE.")
        return folder(self.source)

    @property
    def cores(self) -> int:
        """Worker processes of this run."""
        return self.workers or len(os.sched_getaffinity(0))


_PATHS = ("out", "policy", "outbox")
_PLACES = {"source", "sources", "tables"}
# What a configuration may hold beside where tables come from, and what each is
_OWN: dict[str, tuple[type, str]] = {
    "out": (str, "a folder"),
    "policy": (str, "a file"),
    "outbox": (str, "a folder"),
    "locales": (list, 'a list such as ["en", "zh"]'),
    "reports": (bool, "true or false"),
    "shards": (int, "a whole number"),
    "workers": (int, "a whole number"),
}


def from_file(path: Path, as_of: date, **given: Any) -> Settings:
    """Settings of a `bellwether.toml`, overridden by what the command line gave; paths are relative to the file.

    Raises Refused for a file that is not there, is not TOML, names an unknown key or lacks a needed one.
    """
    read = _read(path)
    own = {key: value for key, value in read.items() if key not in _PLACES}
    values: dict[str, Any] = {**own, **{key: value for key, value in given.items() if value is not None}}
    for key in _PATHS:
        if key in values:
            values[key] = path.parent / Path(values[key])
    if "locales" in values:
        values["locales"] = tuple(values["locales"])
    if values.get("source") is None and not _PLACES & read.keys():
        raise Refused(f"The configuration {path} lacks 'source'; add it or give --source.")
    if "out" not in values:
        raise Refused(f"The configuration {path} lacks 'out'; add it or give --out.")
    places = parse(read, path.parent) if values.get("source") is None else None
    return Settings(**{"source": None, **values}, as_of=as_of, places=places, config=path)


def gathered(as_of: date, config: Path | None, **given: Any) -> Settings:
    """Settings of a configuration file, if one is named, and of what else was given; None, 0 and () are not given.

    Raises Refused when no source is named.
    """
    told: dict[str, Any] = {
        name: value for name, value in given.items() if value not in (None, 0, ()) or value is False
    }
    told |= {name: value.absolute() for name, value in told.items() if isinstance(value, Path)}
    if "locales" in told:
        told["locales"] = tuple(dict.fromkeys(told["locales"]))
    if config is not None:
        return from_file(config, as_of, **told)
    if "source" not in told:
        raise Refused("No source was named; give --source DIR or --config FILE.")
    told.setdefault("out", Path("out").absolute())
    return Settings(as_of=as_of, **told)


def _read(path: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(
            f"The configuration {path} cannot be read ({error.strerror}); name a file that is there."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"The configuration {path} is not valid TOML ({error}); mend that line.") from error
    for key, value in read.items():
        if key in _PLACES:
            continue  # flows/sources/config.py judges them
        if key not in _OWN:
            near = difflib.get_close_matches(key, sorted({*_OWN, *_PLACES}), n=1, cutoff=0.0)[0]
            raise Refused(f"The configuration {path} names an unknown key '{key}'; nearest known: '{near}'.")
        kind, words = _OWN[key]
        if type(value) is not kind or (isinstance(value, list) and not all(isinstance(one, str) for one in value)):
            raise Refused(f"The configuration {path} has a '{key}' that is not {words}; mend it.")
    return read
