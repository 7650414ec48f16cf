"""Contestants side by side: each a fresh process, one at a time, in turns, with its own seconds and peak memory."""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]


class Watch:
    """A contestant's own clock: seconds by step, told to `compare` with its peak memory and what it found."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.cpu: dict[str, float] = defaultdict(float)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Seconds spent inside, and those of all threads on a processor, are added to the step's."""
        began, busy = time.perf_counter(), time.process_time()
        yield
        self.seconds[name] += time.perf_counter() - began
        self.cpu[name] += time.process_time() - busy

    def tell(self, found: Any) -> None:
        """The last line of standard output, as JSON."""
        print(json.dumps({"seconds": self.seconds, "cpu": self.cpu, "peak": _peak(), "found": found}, default=str))


def _peak() -> int:
    """Most bytes this process ever held: VmHWM, which unlike `ru_maxrss` forgets the process it was forked from."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


@dataclass(frozen=True)
class Row:
    """One contestant, run by run: seconds by step, seconds on a processor by step, peak bytes, what it found."""

    seconds: Sequence[Mapping[str, float]]
    cpu: Sequence[Mapping[str, float]]
    peak: Sequence[int]
    found: Sequence[Any]


def compare(contestants: Mapping[str, Sequence[str]], repeats: int) -> dict[str, Row]:
    """Run A B C A B C ...; a contestant is the arguments of a Python process that ends with `Watch.tell`."""
    told: dict[str, list[Mapping[str, Any]]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, command in contestants.items():
            told[name].append(_run(command))
    fields = ("seconds", "cpu", "peak", "found")
    return {name: Row(*([run[field] for run in runs] for field in fields)) for name, runs in told.items()}


Clock = Sequence[Mapping[str, float]]  # a row's seconds, or its seconds on a processor


def ratio(one: Clock, other: Clock, step: str) -> float:
    """Median over the rounds of how many times the other's time the one took in the same round."""
    return median(mine[step] / theirs[step] for mine, theirs in zip(one, other, strict=True))


def _run(command: Sequence[str]) -> dict[str, Any]:
    run = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return told


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, numbers to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [
        [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in (head, rule, *rows)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
