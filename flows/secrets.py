"""Secrets: named in `bellwether.toml`, kept in the environment or a Prefect block, never in a file, log, error or report.

password = { env = "CORE_DB_PASSWORD" }
password = { prefect = "core-db-password" }
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

from expectations.model import Refused

_seen: set[str] = set()  # every secret this process has read, as it might be printed
HIDDEN = "***"
_NAMES = {"env": r"[A-Za-z_][A-Za-z0-9_]*", "prefect": r"[a-z0-9-]+"}
_STARTING = "120"  # seconds Prefect's own server may take, the first time on a slow machine


class Secret:
    """A secret that is read when it is needed and prints as stars."""

    def __init__(self, kind: str, name: str, where: str) -> None:
        self.kind, self.name, self.where = kind, name, where

    def __repr__(self) -> str:
        return HIDDEN

    def reveal(self) -> str:
        """The secret itself; raises Refused when it is not there."""
        value = _KINDS[self.kind](self.name)
        place = f"environment variable {self.name}" if self.kind == "env" else f"Prefect block '{self.name}'"
        if not value:
            raise Refused(f"{self.where} is to come from the {place}, which has no value; set it.")
        try:
            _seen.update(_spellings(value))
        except UnicodeEncodeError:
            raise Refused(f"{self.where} comes from the {place}, which holds no UTF-8 text; set it anew.") from None
        return value


def parse(said: Any, where: str) -> Secret:
    """A secret's name as the configuration gives it; raises Refused when it gives the secret itself."""
    if not isinstance(said, Mapping) or len(said) != 1 or next(iter(said)) not in _KINDS:
        raise Refused(
            f'{where} must not stand in the configuration; write {{ env = "NAME" }} or {{ prefect = "block" }}.'
        )
    ((kind, name),) = said.items()
    if not isinstance(name, str) or not re.fullmatch(_NAMES[kind], name):  # it may be the secret: it is not repeated
        raise Refused(
            f"{where} names no environment variable or Prefect block; write the name, of letters, digits and _, or of "
            "small letters, digits and -."
        )
    return Secret(kind, name, where)


def redact(text: str) -> str:
    """The text with every secret read so far replaced by stars."""
    if not _seen:
        return text
    every = "|".join(map(re.escape, sorted(_seen, key=len, reverse=True)))
    return re.sub(every, HIDDEN, text, flags=re.IGNORECASE)


def redacted(value: Any) -> Any:
    """A value for JSON with every text in it redacted; keys are our own words."""
    if isinstance(value, Mapping):
        return {key: redacted(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [redacted(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else redact(str(value))


def _spellings(value: str) -> set[str]:
    """A secret as messages, addresses, JSON and headers spell it."""
    own = value.encode()
    return {
        value, " ".join(value.split()) or value, quote(value), quote(value, safe=""), quote_plus(value), repr(value)[1:-1],
        ascii(value)[1:-1], repr(own)[2:-1], json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1],
        base64.b64encode(own).decode(), base64.urlsafe_b64encode(own).decode(),
    }  # fmt: skip


@cache
def _prefect(name: str) -> str | None:
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", _STARTING)
    from prefect.blocks.system import Secret as Block

    try:
        block: Any = Block.load(name)
        return str(block.get())
    except Exception as error:  # not there, or no server: Prefect has an exception for each
        raise Refused(
            f"The Prefect block '{name}' cannot be read ({type(error).__name__}); make it or start Prefect."
        ) from None
    finally:
        if "prefect.server.api.server" in sys.modules:  # the one Prefect started for this when no other is there
            from prefect.server.api.server import SubprocessASGIServer

            SubprocessASGIServer().stop()


_KINDS: Mapping[str, Callable[[str], str | None]] = {"env": os.environ.get, "prefect": _prefect}
