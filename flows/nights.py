"""Published nights: read by their manifests alone, made visible in one step."""

import ctypes
import errno
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from expectations.model import Refused
from flows.store import digest_file, sync_folder, write_bytes

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@dataclass(frozen=True)
class Published:
    """A night as its manifest tells it; every path in it is relative to the output folder."""

    out: Path
    as_of: date
    manifest: Mapping[str, Any]
    sha256: str

    @property
    def folder(self) -> Path:
        """Where its own files stand."""
        return self.out / "nights" / self.as_of.isoformat()

    def file(self, name: str) -> Path:
        """One of its own files."""
        return self.folder / name

    @property
    def complete(self) -> bool:
        """Whether no report is missing."""
        return not self.manifest["missing"]


def read(out: Path, as_of: date) -> Published | None:
    """The published night of that date, or None."""
    path = out / "nights" / as_of.isoformat() / "manifest.json"
    if not path.exists():
        return None
    return Published(out, as_of, json.loads(path.read_text(encoding="utf-8")), digest_file(path))


def all_of(out: Path) -> list[Published]:
    """Every published night, oldest first."""
    days = sorted(path.parent.name for path in (out / "nights").glob("[0-9]*/manifest.json"))
    return [night for day in days if (night := read(out, date.fromisoformat(day))) is not None]


def before(out: Path, as_of: date) -> Published | None:
    """The newest night published before that date."""
    earlier = [night for night in all_of(out) if night.as_of < as_of]
    return earlier[-1] if earlier else None


def refuse_if_built_upon(out: Path, as_of: date) -> None:
    """A night a later one builds on is not replaced: its manifest's digest is part of the later one."""
    later = [night.as_of for night in all_of(out) if night.as_of > as_of]
    if later and read(out, as_of) is not None:
        raise Refused(
            f"The night of {as_of} has other input now, but the night of {later[0]} builds on it; "
            f"run {as_of} into another --out, or publish the later nights anew there."
        )


def make_visible(out: Path, as_of: date, part: Path, manifest: bytes) -> None:
    """Put the manifest last into the prepared folder, then show the folder in one atomic step.

    A night published before is exchanged for the new one in that same step: a reader sees the old night or the new one.
    """
    write_bytes(part / "manifest.json", manifest)
    for folder in {path.parent for path in part.rglob("*")} | {part}:
        sync_folder(folder)
    target = out / "nights" / as_of.isoformat()
    if target.exists():
        _exchange(part, target)
        sync_folder(target.parent)
        shutil.rmtree(part)
    else:
        part.rename(target)
        sync_folder(target.parent)


def _exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done != 0:
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(code, os.strerror(code), str(other))
        # A file system without exchange: the old night is out of sight for the moment between two renames.
        aside = other.with_name(f".{other.name}.old")
        other.rename(aside)
        one.rename(other)
        aside.rename(one)


def verify(out: Path) -> list[str]:
    """What is wrong with the published nights, a sentence each: files and chain against their SHA-256."""
    wrong: list[str] = []
    digests: dict[str, str] = {}
    for night in all_of(out):
        for name, said in night.manifest["files"].items():
            path = out / name
            if not path.is_file():
                wrong.append(f"Night {night.as_of}: {name} is missing.")
            elif digest_file(path) != said["sha256"]:
                wrong.append(f"Night {night.as_of}: {name} is not the file that was published.")
        previous = night.manifest["previous"]
        if previous is not None and digests.get(previous["as_of"]) != previous["manifest_sha256"]:
            wrong.append(
                f"Night {night.as_of}: the night of {previous['as_of']} it builds on is not the one published."
            )
        digests[night.as_of.isoformat()] = night.sha256
    return wrong
