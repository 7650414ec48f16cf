"""What a run tells while it works: a bar on a terminal, one line per stage elsewhere, or JSON lines. No client data."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.secrets import redact, redacted


class Teller:
    """Tells stages and steps; keeps every line in the run's own log as JSON too."""

    def __init__(self, log: Path | None = None, style: str = "auto") -> None:
        self.console = Console(stderr=True, highlight=False)
        self.json = style == "json"
        self.live = not self.json and self.console.is_terminal
        self.log = log
        self._progress: Progress | None = None
        self._task: Any = None

    def line(self, event: str, **facts: Any) -> None:
        """Write one event to the log, and to the screen with `--log json`."""
        told = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
        said = json.dumps(redacted(told))
        if self.log is not None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("a", encoding="utf-8") as file:
                file.write(said + "\n")
        if self.json:
            print(said, file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Say a sentence to the operator."""
        self.line("note", text=text)
        if not self.json:
            self.console.print(redact(text), markup=False)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[None]:
        """Tell that a stage began and how it ended."""
        self.line("begin", stage=name)
        started = time.monotonic()
        if self.live:
            columns = (SpinnerColumn(), TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn())
            self._progress = Progress(*columns, TimeElapsedColumn(), console=self.console)
            self._task = self._progress.add_task(name, total=total)
            self._progress.start()
        self._did, self._fresh = 0, 0
        try:
            yield
        finally:
            if self._progress is not None:
                self._progress.stop()
                self._progress = None
        seconds = time.monotonic() - started
        self.line("end", stage=name, units=self._did, done_now=self._fresh, seconds=round(seconds, 3))
        if not self.live and not self.json:
            self.console.print(
                f"{name:<9} {self._did:>5} units, {self._fresh:>5} done now  {seconds:6.1f} s", markup=False
            )

    def step(self, fresh: bool = True, units: int = 1) -> None:
        """One unit of the stage is finished; `fresh` when it was done now, not found finished."""
        self._did += units
        self._fresh += units if fresh else 0
        if self._progress is not None:
            self._progress.update(self._task, advance=units)

    def total(self, units: int) -> None:
        """How many units the stage has."""
        if self._progress is not None:
            self._progress.update(self._task, total=units)
