"""The night as prose: nine stages, one direction, each resting on what the one before has finished on disk."""

import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl

from expectations.model import Refused
from expectations.tables import TABLES
from flows import checking, nights, paper, relating, work
from flows.checking import Validated
from flows.progress import Teller
from flows.pull import Pulled, forget, pull
from flows.settings import Settings
from flows.sources.router import Sources, opened
from flows.store import Done, Store, code_version, digest_file, digest_of, put, write_frame
from reports import clients, index
from transforms import rates, stages
from transforms.night import Night
from transforms.policy import Policy, PolicyError
from transforms.signals import CATALOGUE_VERSION

CLIENTS_PER_SHARD = 6_000
PUBLISHED = ("answers", "gaps", "findings", "assessments", "moves")
REMEMBERED = ("findings", "assessments", "moves")  # what a night reads of the one before
Call = Callable[[str, Callable[[], Any]], Any]


def plainly(name: str, stage: Callable[[], Any]) -> Any:
    """Run a stage as it is."""
    return stage()


@dataclass
class Run:
    """One run of one night: what it was told, where it works, whom it tells."""

    settings: Settings
    policy: Policy
    store: Store
    tell: Teller
    sources: Sources
    pool: ProcessPoolExecutor | None = field(default=None, repr=False)

    @property
    def as_of(self) -> date:
        """The night's date."""
        return self.settings.as_of


@dataclass(frozen=True)
class Related:
    """The relationship side of a night: dealings by shard, the frames of the whole bank."""

    dealings: list[Done]
    book: Done

    def frames(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """What is published of it, name by name."""
        yield "business_dealings", merged(self.dealings, "business_dealings")
        for file in sorted(self.book.files):
            name = file.removesuffix(".parquet")
            yield name, self.book.read(name)


@dataclass(frozen=True)
class Outcome:
    """How a night ended: the night, whether it was new, pages rendered and kept, names the shipped fonts lack a character of."""

    night: nights.Published
    fresh: bool
    rendered: int = 0
    kept: int = 0
    rare: int = 0


# ---- the night -----------------------------------------------------------------------------------------------------


def night(run: Run, call: Call = plainly) -> Outcome:
    """The night of `run.as_of`, from the source to the people; finished work is found, not done again.

    `call(name, stage)` runs one stage: as it is, or as a task of an orchestrator. Raises Refused when input, policy or
    configuration must be mended: then nothing was published and the night before stands.
    """
    pulled: Pulled = call("pull", partial(pull, run))
    key = run_key(run, pulled)
    published = nights.read(run.settings.out, run.as_of)
    if published is not None and published.manifest["run_key"] == key and published.complete:
        return Outcome(published, fresh=False)
    nights.refuse_if_built_upon(run.settings.out, run.as_of)

    before = nights.before(run.settings.out, run.as_of)
    with workers(run):
        checked = call("validate", partial(validate, run, pulled))
        ticks = clock(run, pulled, checked)
        measured = call("measure", partial(measure, run, ticks, checked))
        context = call("compare", partial(compare, run, ticks, measured, before))
        judged = call("judge", partial(judge, run, ticks, measured, context, checked, before))
        related = call("relate", partial(relate, run, ticks, checked, measured, context, judged))
        pages = call("report", partial(report, run, ticks.feeds, checked, measured, context, judged, related, before))
        outcome: Outcome = call("publish", partial(publish, run, key, pulled, checked, judged, related, pages, before))
    call("deliver", partial(deliver, run, outcome))
    return outcome


def open_run(settings: Settings, tell: Teller) -> Run:
    """A run of these settings; raises Refused when the policy or the source is not as it must be."""
    try:
        text = settings.policy.read_text(encoding="utf-8") if settings.policy else ""
        policy = Policy.parse(text)
    except OSError as error:
        raise Refused(
            f"The policy {settings.policy} cannot be read ({error.strerror}); name a file that is there."
        ) from error
    except PolicyError as error:
        raise Refused(f"{error} (in {settings.policy})") from error
    return Run(settings, policy, Store(settings.out / "work"), tell, opened(settings.where))


def run_key(run: Run, pulled: Pulled) -> str:
    """Digest of all that decides a night's bytes: input, policy, code, languages, the night before."""
    before = nights.before(run.settings.out, run.as_of)
    code = [code_version(stage) for stage in ("validate", "judge", "report")]
    told = [run.as_of, sorted(run.settings.locales), run.settings.reports, run.policy.hash]
    return digest_of([told, pulled.digest, run.sources.provenance(), code, before.sha256 if before else None])


def clock(run: Run, pulled: Pulled, checked: Validated) -> Night:
    """The night's point in time, with the tables it uses and the kinds of rows they carry."""
    feeds = {name: day for name, day in pulled.feeds.items() if name in checked.connected}
    return run.policy.night(run.as_of, feeds, checking.kinds(pulled, checked))


@contextmanager
def workers(run: Run) -> Iterator[None]:
    """Worker processes for the shards: the run's own, unless it was given some that serve more nights than one."""
    if run.pool is not None:
        yield
        return
    with processes(run.settings.cores) as pool:
        run.pool = pool
        try:
            yield
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            run.pool = None


def processes(number: int) -> ProcessPoolExecutor:
    """Processes that do units of work; threads are divided so that processes × threads = cores."""
    cores = len(os.sched_getaffinity(0))
    os.environ["POLARS_MAX_THREADS"] = str(max(1, cores // number))
    return ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn"))


def _each(run: Run, jobs: list[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Any]:
    """Results of the jobs in their order, done by the worker processes; the first failure ends the stage."""
    if run.pool is None:
        raise RuntimeError("the stage needs the run's worker processes")
    futures: list[Future[Any]] = [run.pool.submit(job, *given) for job, given in jobs]
    for future in as_completed(futures):
        result = future.result()
        run.tell.step(fresh=not (isinstance(result, Done) and result.reused))
    return [future.result() for future in futures]


# ---- 1 pull --------------------------------------------------------------------------------------------------------
# flows/pull.py


# ---- 2 validate ----------------------------------------------------------------------------------------------------


def validate(run: Run, pulled: Pulled) -> Validated:
    """Clean rows and quarantine of every table, and whom the checks hold.

    What a refused night pulled from databases is forgotten: mended there, the next call pulls it anew.
    """
    with run.tell.stage("validate", len(TABLES)):
        try:
            return checking.check(run, pulled, _shards(run, pulled))
        except Refused as refused:
            forget(run.store, run.sources.live, run.as_of, loads=[refused.table] if refused.table else [])
            raise


def _shards(run: Run, pulled: Pulled) -> int:
    clients = sum(one.done.facts["rows"] for one in pulled.tables["clients"])
    return run.settings.shards or max(run.settings.cores, ceil(clients / CLIENTS_PER_SHARD))


# ---- 3 measure, 4 compare, 5 judge ---------------------------------------------------------------------------------


def measure(run: Run, clock: Night, checked: Validated) -> list[Done]:
    """Features of every shard."""
    cuts = _cuts(checked, stages.READS)
    with run.tell.stage("measure", len(cuts)):
        everybody = _files(checked.tables["clients"])
        return _each(run, [(work.measure, (run.store, clock, shard, cut, everybody)) for shard, cut in enumerate(cuts)])


def _cuts(checked: Validated, tables: Set[str]) -> list[dict[str, work.Cut]]:
    """Per shard the files of those tables."""
    read = {name: one for name, one in checked.connected.items() if name in tables}
    shards = range(len(checked.tables["clients"].files))
    return [{name: one.shard(shard) for name, one in read.items()} for shard in shards]


def compare(run: Run, clock: Night, measured: list[Done], before: nights.Published | None) -> Done:
    """Context of the whole book; computed grades hang on the roster of the night before."""
    with run.tell.stage("compare", 1):
        whole: Done = _each(run, [(work.compare, (run.store, clock, measured, _roster(before)))])[0]
        return whole


def _roster(night: nights.Published | None) -> dict[str, str]:
    """The roster that night published, if any: file → SHA-256."""
    file = night.file("relationship/client_roster.parquet") if night else None
    return {str(file): digest_file(file)} if file and file.exists() else {}


def judge(
    run: Run,
    clock: Night,
    measured: list[Done],
    context: Done,
    checked: Validated,
    before: nights.Published | None,
) -> list[Done]:
    """Panel, answers, gaps, findings, assessments and moves of every shard.

    Two passes: levels without what comes over from others first, then everything with it.
    """
    known = {name: str(before.file(f"{name}.parquet")) for name in REMEMBERED} if before else {}
    if before and not all(Path(file).exists() for file in known.values()):
        raise Refused(
            f"The night of {before.as_of} was published by an earlier version, without its moves; run that night again first."
        )
    whole = {name: _files(one) for name, one in checked.connected.items() if name in stages.SPREADS}
    with run.tell.stage("judge", 2 * len(measured) + 1):
        known["held"] = str(checked.held)
        given = (run.store, clock, run.policy)
        first = _each(run, [(work.first_pass, (*given, s, done, context, known)) for s, done in enumerate(measured)])
        reached = _each(run, [(work.spread, (run.store, clock, measured, first, whole))])[0]
        pairs = zip(measured, first, strict=True)
        return _each(run, [(work.judge, (*given, s, *pair, reached, known)) for s, pair in enumerate(pairs)])


def _files(table: checking.Checked) -> dict[str, str]:
    """All clean files of a table: path → SHA-256."""
    return {str(path): sha256 for path, sha256 in table.files.values()}


def merged(parts: list[Done], name: str, columns: Sequence[str] = ()) -> pl.DataFrame:
    """A frame of all shards, or some of its columns, sorted by client (and signal): the same however the book was cut."""
    whole = pl.concat([done.frame(name) for done in parts])
    frame = (whole.select(columns) if columns else whole).collect()
    return frame.sort(
        [column for column in ("client_id", "signal_id", "line", "month", "on") if column in frame.columns]
    )


# ---- 6 relate ------------------------------------------------------------------------------------------------------


def relate(
    run: Run, clock: Night, checked: Validated, measured: list[Done], context: Done, judged: list[Done]
) -> Related:
    """The relationship side: dealings of every shard, then roster, visits, complaints and the rest of the whole bank."""
    cuts = _cuts(checked, stages.READS | relating.READS)
    whole = {name: _files(one) for name, one in checked.connected.items() if name in relating.READS}
    with run.tell.stage("relate", len(cuts) + 1):
        triples = enumerate(zip(cuts, measured, judged, strict=True))
        jobs = [
            (relating.of_shard, (run.store, clock, s, cut, done, context, said)) for s, (cut, done, said) in triples
        ]
        dealings = _each(run, [*jobs])
        given = (run.store, clock, whole, measured, context, judged, dealings, _roster_before(run))
        return Related(dealings, _each(run, [(relating.of_book, given)])[0])


def _roster_before(run: Run) -> dict[str, str]:
    """The roster published last before this year began, if any: file → SHA-256."""
    earlier = [one for one in nights.all_of(run.settings.out) if one.as_of.year < run.as_of.year]
    return _roster(earlier[-1] if earlier else None)


# ---- 7 report ------------------------------------------------------------------------------------------------------


def report(
    run: Run,
    feeds: Mapping[str, date],
    checked: Validated,
    measured: list[Done],
    context: Done,
    judged: list[Done],
    related: Related,
    before: nights.Published | None,
) -> paper.Pages:
    """PDF pages of the clients and RMs whose report says something new, and the portfolio's."""
    told = paper.Told(
        as_of=run.as_of,
        policy=run.policy,
        provenance=run.sources.provenance(),
        feeds=feeds,
        tables=checked.facts,
        cache=run.store.root / "pages",
        earlier={**before.manifest["reports"], **before.manifest.get("worklists", {})} if before else {},
        held=checked.held,
        rates=before.file("rates.parquet").absolute() if before else None,
        clean={name: [str(path) for path, _ in one.files.values()] for name, one in checked.connected.items()},
        related={
            **{name.removesuffix(".parquet"): related.book.folder / name for name in related.book.files},
            **{name: context.folder / f"{name}.parquet" for name in stages.COMPARED},
        },
    )
    chunks = paper.chunks(measured, judged, related.dealings)
    paper.keep(told, chunks, run.settings.out)
    if not run.settings.reports:
        return paper.Pages()
    locales = run.settings.locales
    jobs: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        *((job, (told, locale, judged)) for job in (paper.portfolio, paper.watchlist) for locale in locales),
        *((paper.of_managers, (told, locales, judged, staff)) for staff in paper.managers(told)),
        *((paper.clients, (told, locales, chunk)) for chunk in chunks),
    ]
    with run.tell.stage("report", len(jobs)):
        return paper.gathered(_each(run, jobs))


# ---- 8 publish -----------------------------------------------------------------------------------------------------


def publish(
    run: Run,
    key: str,
    pulled: Pulled,
    checked: Validated,
    judged: list[Done],
    related: Related,
    pages: paper.Pages,
    before: nights.Published | None,
) -> Outcome:
    """Assemble the night beside its place and make it visible in one step, manifest last."""
    out, day = run.settings.out, run.as_of.isoformat()
    part = out / "nights" / f".{day}.part"
    with run.tell.stage("publish", 1):
        shutil.rmtree(part, ignore_errors=True)
        for name in PUBLISHED:
            write_frame(merged(judged, name), part / f"{name}.parquet")
        for name, frame in related.frames():
            write_frame(frame, part / "relationship" / f"{name}.parquet")
        fired = _rates(run, merged(judged, "answers"), before)
        write_frame(fired, part / "rates.parquet")
        for table, one in checked.tables.items():
            write_frame(one.verdict.read("quarantine"), part / "quarantine" / f"{table}.parquet")
        for name in checked.docs.files:
            _link(checked.docs.folder / name, part / "data_docs" / name)
        for name, page in pages.new.items():
            _link(page, part / name)
        manifest = {
            "run_key": key,
            **_told(run, pulled, checked, pages, before),
            "levels": _levels(part),
            "jumps": _jumps(fired),
        }
        shown = clients.rows(merged(judged, "panel", clients.PANEL), pl.read_parquet(part / "assessments.parquet"))
        put(part / clients.FILE, clients.script(shown, manifest["reports"], f"nights/{day}").encode())
        put(part / "index.html", index.page(manifest, [*_own(part)], run.sources.provenance()).encode())
        own = {f"nights/{day}/{name}": path for name, path in _own(part).items()}
        files = {name: {"sha256": digest_file(path), "bytes": path.stat().st_size} for name, path in own.items()}
        manifest["files"] = {**files, **pages.referred}
        nights.make_visible(out, run.as_of, part, work.dumps(manifest))
        run.tell.step()
    published = nights.read(out, run.as_of)
    if published is None:
        raise OSError(f"the night of {day} was put in place but cannot be read")
    return Outcome(published, fresh=True, rendered=pages.rendered, kept=pages.kept, rare=pages.rare)


def _told(
    run: Run, pulled: Pulled, checked: Validated, pages: paper.Pages, before: nights.Published | None
) -> dict[str, Any]:
    """What the manifest and the index page say of the night beside its levels."""
    return {
        "as_of": run.as_of.isoformat(),
        "previous": {"as_of": before.as_of.isoformat(), "manifest_sha256": before.sha256} if before else None,
        "policy_hash": run.policy.hash,
        "catalogue_version": CATALOGUE_VERSION,
        "code": code_version("report"),
        "locales": list(run.settings.locales),
        "source": {table: [one.delivery.name for one in found] for table, found in pulled.tables.items() if found},
        "tables": _released(checked, before),
        **pages.index(f"nights/{run.as_of.isoformat()}"),
        "missing": pages.missing,
    }


def _own(part: Path) -> dict[str, Path]:
    """Every file of the night so far by its name in the night's folder."""
    return {path.relative_to(part).as_posix(): path for path in sorted(part.rglob("*")) if path.is_file()}


def _released(checked: Validated, before: nights.Published | None) -> dict[str, dict[str, Any]]:
    """What the manifest says of each table: its validation, and the rows quarantine gave back since the night before."""
    return {
        name: {**facts, "released": checking.released(before, checked.tables[name])}
        for name, facts in checked.facts.items()
    }


def _rates(run: Run, answers: pl.DataFrame, before: nights.Published | None) -> pl.DataFrame:
    earlier = pl.read_parquet(before.file("rates.parquet")) if before else None
    return rates.beside(answers, earlier, Night(run.as_of))


def _jumps(fired: pl.DataFrame) -> list[dict[str, Any]]:
    """Signals of which a share jumped tonight, for the manifest, the summary and the index page."""
    newest = fired.filter(pl.col("as_of") == pl.col("as_of").max(), pl.col("jumped").list.len() > 0)
    return [
        {"signal_id": row["signal_id"], "share": share, "tonight": row[share], "usual": row[f"{share}_usual"]}
        for row in newest.to_dicts()
        for share in row["jumped"]
    ]


def _levels(part: Path) -> dict[str, dict[str, int]]:
    assessments = pl.read_parquet(part / "assessments.parquet")
    return {
        name: dict(sorted(assessments[name].cast(pl.String).value_counts().rows()))
        for name in ("risk_level", "relationship_level", "change")
    }


def _link(page: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(page, target)
    except OSError:  # another file system, or no hard links: a copy is as good
        shutil.copyfile(page, target)


# ---- 9 deliver -----------------------------------------------------------------------------------------------------


def deliver(run: Run, outcome: Outcome) -> int:
    """Copy the published night's reports into the outbox, if one is named: a folder for each who may read them.

    A file already there is not sent again.
    """
    if run.settings.outbox is None:
        return 0
    files = {name: told["sha256"] for name, told in outcome.night.manifest["files"].items()}
    names = [name for name in files if name.endswith(paper.ENDINGS)]
    sent = 0
    with run.tell.stage("deliver", len(names)):
        for name in names:
            target = run.settings.outbox / run.as_of.isoformat() / paper.audience(name) / Path(name).name
            fresh = not target.exists() or digest_file(target) != files[name]
            if fresh:
                target.parent.mkdir(parents=True, exist_ok=True)
                beside = target.with_name(f".{target.name}")
                shutil.copyfile(run.settings.out / name, beside)
                beside.replace(target)
                sent += 1
            run.tell.step(fresh=fresh)
    return sent
