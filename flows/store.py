"""Finished work on disk: content-addressed, written beside and renamed into place.

A unit of work is addressed by the digest of what it reads. A unit whose folder is there is done and is not done again;
a killed run leaves only folders that begin with a dot, removed by the next run under the lock. Readers never look here.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).parents[1]
# What a stage's code is: the packages its result hangs on, and the libraries that could change its bytes.
_CODE = {
    "landing": ((), ()),  # what was delivered, whatever reads it: an upgrade pulls nothing again
    "validate": (
        ("expectations", "flows/checking.py", "flows/pull.py", "flows/sources"),
        ("polars", "great-expectations"),
    ),
    "months": (("expectations", "transforms"), ("polars",)),
    "measure": (("expectations", "transforms"), ("polars",)),
    "compare": (("expectations", "transforms"), ("polars",)),
    "judge": (("expectations", "transforms"), ("polars",)),
    "relate": (("expectations", "transforms"), ("polars",)),
    "report": (
        ("expectations", "transforms", "reports"),
        ("polars", "weasyprint", "pikepdf", "jinja2", "babel", "xlsxwriter"),
    ),
}


def digest_of(value: Any) -> str:
    """SHA-256 of the value's canonical JSON, in hex."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code_version(stage: str) -> str:
    """Digest of the source a stage hangs on and of its libraries' versions: other code is other work."""
    folders, libraries = _CODE[stage]
    files = sorted(
        file
        for folder in folders
        for file in ([ROOT / folder] if (ROOT / folder).is_file() else (ROOT / folder).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    )
    sources = {file.relative_to(ROOT).as_posix(): digest_file(file) for file in files}
    return digest_of([sources, {name: version(name) for name in libraries}])[:16]


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_bytes(path: Path, data: bytes) -> None:
    """Write and flush a file that nobody reads yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def put(path: Path, data: bytes) -> None:
    """Put a file in place in one step: temporary file, fsync, rename."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    write_bytes(beside, data)
    beside.replace(path)
    sync_folder(path.parent)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as Parquet whose bytes hang on its rows alone, not on threads or chunks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.rechunk().write_parquet(
        path, compression="zstd", compression_level=3, statistics=True, row_group_size=250_000
    )


@dataclass(frozen=True)
class Done:
    """A finished unit: its folder, the SHA-256 of each file, what it tells, and whether it was found finished."""

    folder: Path
    files: Mapping[str, str]
    facts: Mapping[str, Any]
    reused: bool

    @property
    def digest(self) -> str:
        """Digest of the content: equal content stops the work that hangs on it from being done again."""
        return digest_of([sorted(self.files.items()), self.facts])

    def frame(self, name: str) -> pl.LazyFrame:
        """The Parquet file `name` of the unit, lazily."""
        return pl.scan_parquet(self.folder / f"{name}.parquet")

    def read(self, name: str) -> pl.DataFrame:
        """The Parquet file `name` of the unit."""
        return pl.read_parquet(self.folder / f"{name}.parquet")

    def has(self, name: str) -> bool:
        """Whether the unit wrote the frame `name`."""
        return f"{name}.parquet" in self.files


Work = Callable[[Path], Mapping[str, Any] | None]


class Store:
    """The folder `OUT/work` of finished units."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()  # what it finds is found from any folder

    def address(self, stage: str, unit: str, inputs: Any) -> Path:
        """Folder of the unit with these inputs under today's code."""
        key = digest_of([stage, unit, inputs, code_version(stage)])[:24]
        return self.root / stage / unit / key

    def found(self, folder: Path, reused: bool = True) -> Done | None:
        """The finished unit in that folder, or None."""
        try:
            done = json.loads((folder / "done.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return Done(folder, done["files"], done["facts"], reused)

    def do(self, stage: str, unit: str, inputs: Any, work: Work) -> Done:
        """The finished unit: found, or done now by `work(folder)`, which writes its files there and returns facts."""
        folder = self.address(stage, unit, inputs)
        if (finished := self.found(folder)) is not None:
            return finished
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
        facts = work(beside) or {}
        files = {p.relative_to(beside).as_posix(): digest_file(p) for p in sorted(beside.rglob("*")) if p.is_file()}
        self._flush(beside / name for name in files)
        write_bytes(beside / "done.json", json.dumps({"files": files, "facts": facts}, default=str).encode())
        sync_folder(beside)
        try:
            beside.rename(folder)
        except OSError:  # somebody finished the same unit meanwhile: theirs is as good as ours
            shutil.rmtree(beside)
        sync_folder(folder.parent)
        finished = self.found(folder, reused=False)
        if finished is None:
            raise OSError(f"the finished unit {folder} disappeared; is somebody deleting {self.root}?")
        return finished

    def _flush(self, files: Iterable[Path]) -> None:
        for file in files:
            handle = os.open(file, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def units(self, stage: str, unit: str) -> list[Done]:
        """Every finished unit of that name, whatever it hangs on, by address."""
        folders = sorted(path.parent for path in (self.root / stage / unit).glob("[!.]*/done.json"))
        return [done for folder in folders if (done := self.found(folder)) is not None]

    def sweep(self) -> int:
        """Remove what killed runs left half-made; the caller holds the lock. Returns how many folders went."""
        left = [p for p in self.root.glob("*/**/.*") if p.is_dir()] if self.root.exists() else []
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return len(left)
