"""One pass over 100,000 generated clients: every stage from payments to answers, with its time and peak memory.

    python -m benchmarks.pass --clients 6000 --out /tmp/pass
    python -m benchmarks.pass --clients 100000 --shards 17 --out /tmp/pass        (the whole: about 10 GB of disk)

The bank is generated shard by shard (book.py), written as the night's clean tables are: Parquet, payments and balances by month. Then
the night's own units of work run (flows/work.py), each in a fresh process that tells its seconds, its seconds on a processor
and its peak memory: measure (with the months) by shard, compare, first pass, spread, judge, dealings by shard, the other relationship
frames of the whole bank (relate). At last the panel of all clients is judged in one process: 125 signals with their sentences. The run logs as it goes (OUT/log.jsonl); called again it goes on.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import book as books
from benchmarks import measure as clock
from expectations.tables import TABLES
from flows import relating, work
from flows.store import Done, Store, write_frame
from transforms import findings, stages
from transforms.night import Night
from transforms.policy import Policy
from transforms.signals import CATALOGUE

AS_OF = date(2026, 6, 30)
RETURNS = 0.3  # of the clients file a monthly return
TARGET_SECONDS, TARGET_BYTES = 6.0, 2 * 2**30
ROUNDS = 3  # times the panel is judged
SHARDS_AT_ONCE = 4  # of the panel: about 24,000 clients
POLICY = Policy()
STAGES = ("generate", "measure", "compare", "first", "spread", "judge", "dealings", "relate")


@dataclass(frozen=True)
class Run:
    """The bank's size, its shards, and where everything is."""

    clients: int
    shards: int
    seed: int
    out: Path

    @property
    def store(self) -> Store:
        """Finished units."""
        return Store(self.out / "work")

    @property
    def night(self) -> Night:
        """The night all feeds reach."""
        return POLICY.night(AS_OF, dict.fromkeys(TABLES, AS_OF), books.KINDS)

    def size(self, shard: int) -> int:
        """Clients of a shard."""
        return self.clients // self.shards + (shard < self.clients % self.shards)

    def files(self, table: str, shard: int | None = None) -> dict[str, str]:
        """Files of a table's shard, or of the whole bank, with a name for their content (they are never changed)."""
        chosen = f"{shard:04d}" if shard is not None else "[0-9]*"
        found = sorted((self.out / "source" / table).glob(f"{chosen}/*.parquet"))
        return {str(path): f"{self.seed}/{path.relative_to(self.out)}/{path.stat().st_size}" for path in found}

    def tables(self, shard: int) -> dict[str, dict[str, str]]:
        """What a shard reads: its own part, of the tables every shard reads the whole."""
        return {name: self.files(name, None if name in work.WHOLE else shard) for name in TABLES}


# ---- units ---------------------------------------------------------------------------------------------------------


def generate(run: Run, shard: int) -> Mapping[str, Any]:
    """Write the clean tables of one shard; payments and balances by month."""
    marker = run.out / "source" / f"{shard:04d}.json"
    if not marker.exists():
        book = books.generate(run.size(shard), AS_OF, run.seed, shard, returns=RETURNS)
        for name, frame in book.tables.items():
            _write(
                run.out / "source" / name / f"{shard:04d}",
                TABLES[name].months,
                frame.sort(TABLES[name].key),
                shard,
                name,
            )
        marker.write_text(json.dumps({name: frame.height for name, frame in book.tables.items()}))
    return json.loads(marker.read_text())


def _write(folder: Path, months: str | None, frame: pl.DataFrame, shard: int, name: str) -> None:
    if name in ("calendar", "products") and shard:
        return  # the same for all
    if months is None:
        write_frame(frame, folder / "all.parquet")
        return
    parts = frame.with_columns(month=pl.col(months).dt.strftime("%Y-%m")).partition_by(
        "month", as_dict=True, include_key=False
    )
    for (month,), part in parts.items():
        write_frame(part, folder / f"{month}.parquet")


def measured(run: Run, shard: int) -> Done:
    """The features of one shard."""
    return work.measure(run.store, run.night, shard, run.tables(shard), run.files("clients"))


def _ready(done: Done, reused: bool = True) -> Done:
    """A unit that was done before this one: else its time would be told as this one's."""
    if reused and not done.reused:
        raise SystemExit(
            f"The code changed since {done.folder.parent} was done: empty the folder and run it all again."
        )
    return done


def _all(run: Run) -> list[Done]:
    return [_ready(measured(run, shard)) for shard in range(run.shards)]


def compared(run: Run) -> Done:
    """What needs the whole book."""
    return work.compare(run.store, run.night, _all(run), {})


def first(run: Run, shard: int, context: Done) -> Done:
    """The panel of one shard before contagion, and its levels."""
    return work.first_pass(run.store, run.night, POLICY, shard, measured(run, shard), context, {})


def spread(run: Run, context: Done) -> Done:
    """What comes over from others."""
    whole = {name: run.files(name) for name in stages.SPREADS}
    return work.spread(
        run.store, run.night, _all(run), [_ready(first(run, s, context)) for s in range(run.shards)], whole
    )


def said(run: Run, shard: int, context: Done, reached: Done) -> Done:
    """Answers, findings and assessments of one shard."""
    mine, before = _ready(measured(run, shard)), _ready(first(run, shard, context))
    return work.judge(run.store, run.night, POLICY, shard, mine, before, _ready(reached), {})


def dealings(run: Run, shard: int, context: Done, reached: Done) -> Done:
    """Table 11-2 of one shard."""
    mine, judged = _ready(measured(run, shard)), _ready(said(run, shard, context, reached))
    return relating.of_shard(run.store, run.night, shard, run.tables(shard), mine, context, judged)


def related(run: Run, context: Done, reached: Done) -> Done:
    """All other relationship frames of the bank."""
    every = range(run.shards)
    judged = [_ready(said(run, s, context, reached)) for s in every]
    ours = [_ready(dealings(run, s, context, reached)) for s in every]
    tables = {name: run.files(name) for name in sorted(relating.READS)}
    return relating.of_book(run.store, run.night, tables, _all(run), context, judged, ours, {})


def unit(run: Run, stage: str, shard: int) -> Mapping[str, Any]:
    """Do one unit; what it found."""
    if stage == "generate":
        return generate(run, shard)
    if stage == "measure":
        return {"reused": measured(run, shard).reused}
    context = _ready(compared(run), stage != "compare")
    if stage == "compare":
        return {"reused": context.reused}
    if stage == "first":
        return {"reused": first(run, shard, context).reused}
    if stage == "spread":
        return {"reused": spread(run, context).reused}
    reached = spread(run, context) if stage == "judge" else _ready(spread(run, context))
    if stage == "judge":
        done = said(run, shard, context, reached)
    elif stage == "dealings":
        done = dealings(run, shard, context, reached)
    else:
        done = related(run, context, reached)
    return {"reused": done.reused, **done.facts}


def judged(run: Run) -> Mapping[str, Any]:
    """All clients' panel judged in one process, some shards at a time: answers, gaps and findings with their sentences.

    `seconds` of every round without reading the panel, which is told apart; all results are kept until the round ends.
    """
    panels = sorted((run.out / "work" / "judge").glob("[0-9]*/*/panel.parquet"))
    slices = [panels[at : at + SHARDS_AT_ONCE] for at in range(0, len(panels), SHARDS_AT_ONCE)]
    rounds = []
    for _ in range(ROUNDS):
        reading = judging = 0.0
        made, columns = [], 0
        for files in slices:
            began = time.perf_counter()
            panel = pl.concat([pl.read_parquet(file) for file in files])
            read = time.perf_counter()
            made.append(findings.judge(panel, CATALOGUE, POLICY, run.night))
            reading, judging, columns = reading + read - began, judging + time.perf_counter() - read, panel.width
        rounds.append((judging, reading))
    return {"clients": sum(part.answers.height for part in made), "columns": columns, "signals": len(CATALOGUE),
            "findings": sum(part.findings.height for part in made), "gaps": sum(part.gaps.height for part in made),
            "seconds": [judging for judging, _ in rounds], "reading": [reading for _, reading in rounds]}  # fmt: skip


# ---- the run -------------------------------------------------------------------------------------------------------


def _child(run: Run, stage: str, shard: int) -> Mapping[str, Any]:
    """A unit in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.pass", "--unit", f"{stage}:{shard}", *_arguments(run)]
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=clock.ROOT)
    told = json.loads(done.stdout.splitlines()[-1])
    line = {"at": time.strftime("%H:%M:%S"), "stage": stage, "shard": shard, "wall": round(time.perf_counter() - began, 1),
            "seconds": round(told["seconds"]["unit"], 2), "cpu": round(told["cpu"]["unit"], 2), "peak_mb": round(told["peak"] / 2**20),
            "found": told["found"]}  # fmt: skip
    with (run.out / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")
    print(
        f"{line['at']} {stage:9}{shard:4}  {line['seconds']:8.1f} s  cpu {line['cpu']:8.1f} s  {line['peak_mb']:6} MB",
        flush=True,
    )
    return line


def _arguments(run: Run) -> list[str]:
    return ["--clients", str(run.clients), "--shards", str(run.shards), "--seed", str(run.seed), "--out", str(run.out)]


def _machine() -> str:
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.machine()}, Python {platform.python_version()}, Polars {pl.__version__}, load {load}"


def whole(run: Run) -> int:
    """Every unit in order; the table; 1 when the target of judging is missed."""
    run.out.mkdir(parents=True, exist_ok=True)
    print(_machine(), flush=True)
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for stage in STAGES:
        shards = range(run.shards) if stage not in ("compare", "spread", "relate") else [0]
        lines[stage] = [_child(run, stage, shard) for shard in shards]
    lines["judge all"] = [_child(run, "all", 0)]
    rows = []
    for stage, told in lines.items():
        rows.append([stage, str(len(told)), *(f"{sum(line[key] for line in told):,.0f}" for key in ("seconds", "cpu")),
                     f"{max(line['seconds'] for line in told):,.1f}", f"{max(line['peak_mb'] for line in told):,}"])  # fmt: skip
    print("\n" + clock.table(["stage", "units", "s", "CPU s", "s of the longest", "peak MB"], rows))
    counts = [line["found"] for line in lines["generate"]]
    print("\nrows: " + ", ".join(f"{name} {sum(count.get(name, 0) for count in counts):,}" for name in TABLES))
    found, peak = lines["judge all"][0]["found"], lines["judge all"][0]["peak_mb"] * 2**20
    best = min(found["seconds"])
    print(
        f"\n{found['signals']} signals on {found['clients']:,} clients from the panel ({found['columns']} columns), {found['findings']:,} "
        f"findings with their sentences: {best:.1f} s (rounds: {', '.join(f'{s:.1f}' for s in found['seconds'])}; target {TARGET_SECONDS:g} s), "
        f"reading the panel {min(found['reading']):.1f} s, peak {peak / 2**30:.2f} GB (target {TARGET_BYTES / 2**30:.0f} GB)"
    )
    print(_machine())
    return 0 if best <= TARGET_SECONDS and peak <= TARGET_BYTES else 1


def main() -> int:
    """The whole run, or one unit of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=6000)
    parser.add_argument("--shards", type=int, default=0, help="by default one for each 6,000 clients")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("out/pass"))
    parser.add_argument("--unit", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    run = Run(asked.clients, asked.shards or max(1, round(asked.clients / 6000)), asked.seed, asked.out.resolve())
    if asked.unit is None:
        return whole(run)
    stage, shard = asked.unit.split(":")
    watch = clock.Watch()
    with watch.step("unit"):
        found = judged(run) if stage == "all" else unit(run, stage, int(shard))
    watch.tell(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
