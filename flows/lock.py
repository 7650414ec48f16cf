"""One night at a time: an flock on OUT/.lock, which a killed process gives back by itself."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


class LockedError(Exception):
    """Another run holds the lock."""


@contextmanager
def lock(out: Path) -> Iterator[None]:
    """Hold the lock of an output folder; raises LockedError, saying who holds it, when another run does."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / ".lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(_holder(path)) from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}))
        file.flush()
        yield


def _holder(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        who = f"process {held['pid']} since {held['since']}"
    except (ValueError, KeyError):
        who = "another process"
    return f"Another run holds the lock of {path.parent} ({who}); wait for it to end, then call again."
