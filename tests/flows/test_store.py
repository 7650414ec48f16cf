"""Finished work: found, not done again; redone when its input changes; never half-made."""

from pathlib import Path

import polars as pl
import pytest

from flows.lock import LockedError, lock
from flows.store import Store, digest_file, put, write_frame


def writer(text: str, calls: list[str]):
    def work(folder: Path) -> dict[str, int]:
        calls.append(text)
        (folder / "a.txt").write_text(text)
        return {"rows": len(text)}

    return work


def test_work_is_done_once_and_again_when_its_input_changes(tmp_path: Path) -> None:
    store, calls = Store(tmp_path), list[str]()
    first = store.do("judge", "u", ["1"], writer("x", calls))
    again = store.do("judge", "u", ["1"], writer("x", calls))
    other = store.do("judge", "u", ["2"], writer("x", calls))
    assert calls == ["x", "x"]
    assert (first.reused, again.reused, other.reused) == (False, True, False)
    assert first.digest == again.digest == other.digest  # equal content: nothing downstream is redone
    assert first.folder != other.folder


def test_what_a_store_finds_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    done = Store(Path("work")).do("judge", "u", ["1"], writer("x", []))
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert (done.folder / "a.txt").read_text() == "x"


def test_killed_work_leaves_nothing_that_looks_finished(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def killed(folder: Path) -> None:
        (folder / "a.txt").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.do("judge", "u", ["1"], killed)
    assert not list(tmp_path.rglob("done.json"))
    assert store.sweep() == 1
    assert store.do("judge", "u", ["1"], writer("whole", [])).facts == {"rows": 5}


def test_a_frames_bytes_hang_on_its_rows_alone(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": range(1000), "b": ["x"] * 1000})
    chunked = pl.concat([frame[:10], frame[10:700], frame[700:]], rechunk=False)
    write_frame(frame, tmp_path / "1.parquet")
    write_frame(chunked, tmp_path / "2.parquet")
    assert digest_file(tmp_path / "1.parquet") == digest_file(tmp_path / "2.parquet")


def test_put_replaces_in_one_step(tmp_path: Path) -> None:
    put(tmp_path / "f", b"old")
    put(tmp_path / "f", b"new")
    assert (tmp_path / "f").read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_one_night_at_a_time(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(LockedError, match="Another run holds the lock"), lock(tmp_path):
        pass
    with lock(tmp_path):
        pass
