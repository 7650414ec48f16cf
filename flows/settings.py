"""What a run is told: from the command line, or from a bank's `bellwether.toml`."""

import difflib
import os
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from expectations.model import Refused

LOCALES = ("en", "zh")


@dataclass(frozen=True)
class Settings:
    """One run: where it reads and writes, in which languages, with how much of the machine.

    Attributes: `shards` 0 = one per 6,000 clients and at least one per worker; `workers` 0 = one per core.
    """

    as_of: date
    source: Path
    out: Path
    policy: Path | None = None
    locales: tuple[str, ...] = ("en",)
    reports: bool = True
    shards: int = 0
    workers: int = 0
    outbox: Path | None = None

    def __post_init__(self) -> None:
        if unknown := [locale for locale in self.locales if locale not in LOCALES]:
            raise Refused(f"There is no locale '{unknown[0]}'; choose from {', '.join(LOCALES)}.")
        if not self.locales:
            raise Refused("No locale was chosen; name en, zh or both.")
        if self.shards < 0 or self.workers < 0:
            raise Refused("The number of shards and workers cannot be negative; leave it out to let Bellwether choose.")

    @property
    def cores(self) -> int:
        """Worker processes of this run."""
        return self.workers or len(os.sched_getaffinity(0))


_PATHS = ("source", "out", "policy", "outbox")
_KNOWN = {f.name for f in fields(Settings)} - {"as_of"}


def from_file(path: Path, as_of: date, **given: Any) -> Settings:
    """Settings of a `bellwether.toml`, overridden by what the command line gave; paths are relative to the file.

    Raises Refused for a file that is not there, is not TOML or names an unknown key.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(
            f"The configuration {path} cannot be read ({error.strerror}); name a file that is there."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"The configuration {path} is not valid TOML ({error}); mend that line.") from error
    for key in read:
        if key not in _KNOWN:
            near = difflib.get_close_matches(key, sorted(_KNOWN), n=1, cutoff=0.0)[0]
            raise Refused(f"The configuration {path} names an unknown key '{key}'; nearest known: '{near}'.")
    values: dict[str, Any] = {**read, **{key: value for key, value in given.items() if value is not None}}
    for key in _PATHS:
        if key in values:
            values[key] = path.parent / Path(values[key])
    if "locales" in values:
        values["locales"] = tuple(values["locales"])
    if missing := [key for key in ("source", "out") if key not in values]:
        raise Refused(f"The configuration {path} lacks '{missing[0]}'; add it or give --{missing[0]}.")
    return Settings(as_of=as_of, **values)
