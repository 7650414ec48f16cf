"""The command line: what an operator, a risk officer or a data engineer types.

Errors are one sentence and what to do; `--debug` shows the traceback. Exit codes: 0 published or nothing new, 1 unexpected,
2 refused, 3 another run holds the lock, 4 published with parts missing. Heavy libraries are imported where they are used.
"""

import json
import os
import sys
import traceback
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Grid

from expectations.model import Refused
from flows import nights
from flows.lock import LockedError, lock
from flows.secrets import redact
from flows.settings import Settings, gathered

OK, UNEXPECTED, REFUSED, LOCKED, INCOMPLETE = 0, 1, 2, 3, 4
SAMPLE_AS_OF = date(2015, 6, 30)

app = typer.Typer(
    name="bellwether",
    help="Early warning and relationship maintenance for corporate banking, every night.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
policy_app = typer.Typer(help="The policy in force: limits and switches.", no_args_is_help=True)
quarantine_app = typer.Typer(help="Rows the validation refused.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(quarantine_app, name="quarantine")

console = Console(highlight=False)
Out = Annotated[Path, typer.Option(help="Folder of nights, work and logs.")]
Locales = Annotated[
    list[str] | None, typer.Option("--locale", help="Language of the reports: en, zh; give it twice for both.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Workers = Annotated[int, typer.Option(help="Worker processes; 0 = one per core.")]
Shards = Annotated[int, typer.Option(help="Parts the book is cut into; 0 = by its size. The result is the same.")]
Log = Annotated[str, typer.Option(help="auto or json.")]
Day = Annotated[str, typer.Option("--as-of", help="Date of the night, YYYY-MM-DD.")]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"'{text}' is not a date; write it as 2015-06-30.") from error


def _say(lines: list[str]) -> None:
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def _show(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


# ---- running -------------------------------------------------------------------------------------------------------


def _run(settings: Settings, log: str, again: tuple[str, ...] = ()) -> int:
    from flows import summary
    from flows.nightly import open_run
    from flows.progress import Teller
    from flows.pull import forget
    from flows.schedule import conduct

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    tell = Teller(settings.out / "runs" / f"{stamp}-{os.getpid()}.jsonl", log)
    with lock(settings.out):
        run = open_run(settings, tell)
        run.store.sweep()
        if idle := [name for name in again if name not in run.sources.live]:
            raise Refused(f"Table {idle[0]} does not come from a database; there is nothing to pull anew.")
        forget(run.store, again)
        outcome, how = conduct(run)
    _say(summary.lines(outcome, settings, how))
    return OK if outcome.night.complete else INCOMPLETE


@app.command(epilog="Example: `bellwether run --as-of 2015-06-30 --source out/sample --policy out/sample/policy.toml`")
def run(
    as_of: Day,
    source: Annotated[Path | None, typer.Option(help="Source folder with the tables.")] = None,
    config: Annotated[Path | None, typer.Option(help="A bellwether.toml instead of single options.")] = None,
    policy: Annotated[Path | None, typer.Option(help="The bank's policy.toml.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of nights, work and logs; default ./out.")] = None,
    locale: Locales = None,
    reports: Annotated[bool, typer.Option(help="Render PDF reports.")] = True,
    shards: Shards = 0,
    workers: Workers = 0,
    pull_again: Annotated[
        list[str] | None, typer.Option(help="A table to pull anew from its database, from the beginning; repeatable.")
    ] = None,
    log: Log = "auto",
) -> None:
    """Run the night of one date: pull, validate, measure, compare, judge, relate, report, publish, deliver."""
    settings = gathered(
        _day(as_of), config, source=source, out=out, policy=policy, locales=locale, shards=shards, workers=workers,
        reports=None if reports else False,
    )  # fmt: skip
    raise typer.Exit(_run(settings, log, _tables(pull_again or [])))


def _tables(names: list[str]) -> tuple[str, ...]:
    """Names of tables, each one of the model's."""
    from expectations.tables import TABLES

    if unknown := [name for name in names if name not in TABLES]:
        raise Refused(f"There is no table '{unknown[0]}'; known are {', '.join(TABLES)}.")
    return tuple(names)


@app.command(epilog="Example: `bellwether demo --locale zh`")
def demo(
    out: Out = Path("out"),
    locale: Locales = None,
    clients: Annotated[int | None, typer.Option(help="How many clients; default all of the sample bank.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the simulated layer.")] = 1,
    shards: Shards = 0,
    workers: Workers = 0,
    log: Log = "auto",
) -> None:
    """Write the sample bank and run its night: real statements, simulated accounts and dealings."""
    folder = out / "sample"
    _sample(folder, clients, seed)
    settings = Settings(
        as_of=SAMPLE_AS_OF,
        source=folder,
        out=out,
        policy=folder / "policy.toml",
        locales=tuple(dict.fromkeys(locale or ["en"])),
        shards=shards,
        workers=workers,
    )
    raise typer.Exit(_run(settings, log))


@app.command(epilog="Example: `bellwether sample --out bank --clients 50`")
def sample(
    out: Annotated[Path, typer.Option(help="Folder to write; `run --source` takes it.")],
    clients: Annotated[int | None, typer.Option(help="How many clients; default all.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the simulated layer.")] = 1,
) -> None:
    """Write the sample bank as a source folder, with the policy it needs."""
    _sample(out, clients, seed)
    _say(
        [
            f"The sample bank stands in {out}.",
            f"Run its night: bellwether run --as-of {SAMPLE_AS_OF} --source {out} --policy {out}/policy.toml",
        ]
    )


def _sample(folder: Path, clients: int | None, seed: int) -> None:
    """The sample bank in that folder, written unless the same one stands there."""
    from flows.store import ROOT, digest_file, digest_of, put

    code = {p.name: digest_file(p) for p in sorted((ROOT / "sample").rglob("*")) if p.suffix in (".py", ".parquet")}
    stamp = digest_of([code, clients, seed])
    marker = folder / ".sample"
    if marker.exists() and marker.read_text(encoding="utf-8") == stamp:
        return
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise Refused(f"The folder {folder} holds something else; name an empty one.")
    from sample.bank import write

    try:
        write(folder, clients=clients, seed=seed, as_of=SAMPLE_AS_OF)
    except ValueError as error:
        raise Refused(str(error)) from error
    put(folder / "policy.toml", b'# The sample bank keeps its books in US dollars.\nhome_currency = "USD"\n')
    put(marker, stamp.encode())


@app.command(
    epilog='Example: `bellwether serve --source /data/bank --out /data/out --cron "0 1 * * *" --timezone Asia/Shanghai`'
)
def serve(
    source: Annotated[Path | None, typer.Option(help="Source folder with the tables.")] = None,
    config: Annotated[Path | None, typer.Option(help="A bellwether.toml instead of single options.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of nights, work and logs; default ./out.")] = None,
    policy: Annotated[Path | None, typer.Option(help="The bank's policy.toml.")] = None,
    cron: Annotated[str, typer.Option(help="When nights start.")] = "0 1 * * *",
    timezone: Annotated[str, typer.Option(help="Time zone of the schedule and of the night's date.")] = "Asia/Shanghai",
    as_of: Annotated[str, typer.Option(help="Date of each night: yesterday, today or YYYY-MM-DD.")] = "yesterday",
    locale: Locales = None,
    reports: Annotated[bool, typer.Option(help="Render PDF reports.")] = True,
) -> None:
    """Keep a schedule: start every night by itself, with a Prefect deployment (a local server is started when none is there)."""
    from flows.schedule import Told, night_date
    from flows.schedule import serve as keep

    if as_of not in ("yesterday", "today"):
        _day(as_of)
    given = {"source": source, "config": config, "out": out, "policy": policy}
    paths = {name: str(path.absolute()) for name, path in given.items() if path is not None}
    told = Told(
        **paths, timezone=timezone, as_of=as_of, locales=locale and list(dict.fromkeys(locale)), reports=reports
    )
    told.settings(night_date("today", timezone))  # what is wrong is said now, not at night
    keep(told, cron)


# ---- looking -------------------------------------------------------------------------------------------------------


def _latest(out: Path, as_of: str | None) -> nights.Published:
    every = [night] if as_of and (night := nights.read(out, _day(as_of))) else [] if as_of else nights.all_of(out)
    if not every:
        raise Refused(f"No night {f'of {as_of} ' if as_of else ''}is published in {out}; run one first.")
    return every[-1]


AnyDay = Annotated[str | None, typer.Option("--as-of", help="Date of the night; default the newest.")]


@app.command(epilog="Example: `bellwether status --out out`")
def status(out: Out = Path("out"), as_json: Json = False) -> None:
    """Show the published nights: levels, refused rows, missing reports."""
    rows = [
        {
            "as_of": night.as_of.isoformat(),
            "levels": night.manifest["levels"]["risk_level"],
            "changes": night.manifest["levels"]["change"],
            "quarantined": sum(t["counts"]["quarantined"] for t in night.manifest["tables"].values()),
            "missing": len(night.manifest["missing"]),
            "previous": (night.manifest["previous"] or {}).get("as_of"),
        }
        for night in nights.all_of(out)
    ]
    if as_json:
        _show(rows)
        return
    if not rows:
        _say([f"No night is published in {out}."])
        return
    grid = Grid("night", "N", "R", "A", "W", "clear", "not assessable", "quarantined", "missing reports")
    for row in rows:
        levels = row["levels"]
        counts = [str(levels.get(level, 0)) for level in ("N", "R", "A", "W", "clear", "not_assessable")]
        grid.add_row(row["as_of"], *counts, str(row["quarantined"]), str(row["missing"]))
    console.print(grid)


@app.command(epilog="Example: `bellwether verify --out out`")
def verify(out: Out = Path("out"), as_json: Json = False) -> None:
    """Check every published file against its manifest, and each night against the one before."""
    wrong = nights.verify(out)
    if as_json:
        _show({"nights": len(nights.all_of(out)), "wrong": wrong})
    else:
        _say(wrong or [f"{len(nights.all_of(out))} nights, every file as published."])
    raise typer.Exit(REFUSED if wrong else OK)


@app.command(epilog="Example: `bellwether doctor`")
def doctor(out: Out = Path("out"), as_json: Json = False) -> None:
    """Check this machine: Python, libraries, fonts, disk, Prefect."""
    from flows.doctor import examine

    found = examine(out)
    if as_json:
        _show(found)
    else:
        _say([f"{'ok  ' if check['ok'] else 'MEND'}  {check['what']}: {check['says']}" for check in found])
    raise typer.Exit(OK if all(check["ok"] for check in found) else REFUSED)


@app.command(epilog="Example: `bellwether signals FIN-08`")
def signals(
    signal_id: Annotated[str | None, typer.Argument(help="A signal's id.")] = None,
    page: Annotated[
        str | None, typer.Option(help="Print a page of the documentation: en, zh, panel or relationship.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the catalogue: a line per signal, or one signal's rule, limits, columns, sentences and cases."""
    from flows import show

    if page is not None:
        print(show.page(page), end="")
        return
    found = show.signals(signal_id)
    if as_json:
        _show(found)
    else:
        _say(show.signal_lines(found))


@app.command(epilog="Example: `bellwether explain US00098 MGT-42`")
def explain(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    signal_id: Annotated[str | None, typer.Argument(help="A signal's id; default every signal.")] = None,
    out: Out = Path("out"),
    as_of: AnyDay = None,
    as_json: Json = False,
) -> None:
    """Show why a client has an answer: value, limit, facts and source rows of a finding, or what was missing."""
    from flows import show

    found = show.explain(_latest(out, as_of), client, signal_id)
    if as_json:
        _show(found)
    else:
        _say(show.explain_lines(found))


@app.command(epilog="Example: `bellwether render US00098 --locale zh`")
def render(
    client: Annotated[str, typer.Argument(help="The client's id; the RM's staff id for a worklist.")],
    out: Out = Path("out"),
    as_of: AnyDay = None,
    locale: Annotated[str, typer.Option(help="en or zh.")] = "en",
    kind: Annotated[str, typer.Option(help="risk, maintenance or worklist.")] = "risk",
    html: Annotated[bool, typer.Option("--html", help="Write the page as HTML instead of PDF.")] = False,
    to: Annotated[Path | None, typer.Option(help="File to write; default ./<client>.<kind>.<locale>.pdf.")] = None,
) -> None:
    """Render one client's report, or an RM's worklist, of a published night again, to look at."""
    from flows import show

    written = show.render(_latest(out, as_of), client, kind, locale, html, to)
    _say([f"Written: {written}"])


@policy_app.command("show", epilog="Example: `bellwether policy show --policy bank.toml`")
def policy_show(
    policy: Annotated[Path | None, typer.Option(help="A policy file; default the defaults.")] = None,
    as_json: Json = False,
) -> None:
    """Print the policy in force as TOML, every limit with its source."""
    found = _policy(policy)
    if as_json:
        _show({**found.describe(), "hash": found.hash})
    else:
        print(found.toml(), end="")


@policy_app.command("check", epilog="Example: `bellwether policy check bank.toml`")
def policy_check(file: Annotated[Path, typer.Argument(help="A policy file.")], as_json: Json = False) -> None:
    """Check a policy file and say what it changes."""
    found, default = _policy(file).describe(), _policy(None).describe()
    changed = [name for name in found if name != "limits" and found[name] != default[name]]
    changed += [name for name, value in found["limits"].items() if value != default["limits"][name]]
    if as_json:
        _show({"hash": _policy(file).hash, "changed": changed})
    else:
        _say(
            [
                f"The policy {file} is good; hash {_policy(file).hash}.",
                f"It changes: {', '.join(changed) or 'nothing'}.",
            ]
        )


@policy_app.command("diff", epilog="Example: `bellwether policy diff live.toml tried.toml`")
def policy_diff(
    first: Annotated[Path, typer.Argument(help="A policy file.")],
    second: Annotated[Path | None, typer.Argument(help="Another; default the defaults.")] = None,
    as_json: Json = False,
) -> None:
    """Show every switch and limit in which two policies differ."""
    from flows import show

    found = show.policy_diff(_policy(first).describe(), _policy(second).describe())
    if as_json:
        _show(found)
    else:
        _say([f"{d['name']}: {d['first']} | {d['second']}" for d in found] or ["The two policies are the same."])


@policy_app.command(
    "try", epilog="Example: `bellwether policy try new.toml --as-of 2015-06-30 --source out/sample --out out`"
)
def policy_try(
    file: Annotated[Path, typer.Argument(help="The policy to try.")],
    as_of: Day,
    source: Annotated[Path | None, typer.Option(help="Source folder with the tables.")] = None,
    config: Annotated[Path | None, typer.Option(help="A bellwether.toml instead of single options.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of nights, work and logs; default ./out.")] = None,
    workers: Workers = 0,
    as_json: Json = False,
) -> None:
    """Judge a published night again under another policy, beside it: which clients would move. Publishes nothing."""
    from flows import trial
    from flows.nightly import open_run
    from flows.progress import Teller

    settings = gathered(_day(as_of), config, source=source, out=out, policy=file, workers=workers)
    with lock(settings.out):
        found = trial.compare(open_run(settings, Teller()))
    if as_json:
        _show(found)
    else:
        _say(trial.lines(found))


def _policy(path: Path | None) -> Any:
    from transforms.policy import Policy, PolicyError

    try:
        return Policy.parse(path.read_text(encoding="utf-8") if path else "")
    except OSError as error:
        raise Refused(f"The policy {path} cannot be read ({error.strerror}); name a file that is there.") from error
    except PolicyError as error:
        raise Refused(str(error)) from error


@quarantine_app.command("list", epilog="Example: `bellwether quarantine list --locale zh`")
def quarantine_list(
    out: Out = Path("out"),
    as_of: AnyDay = None,
    locale: Annotated[str, typer.Option(help="Language of the reasons: en or zh.")] = "en",
    as_json: Json = False,
) -> None:
    """Count the refused rows of a night by table and check, and the rows released since the night before."""
    from flows import show

    found = show.quarantine(_latest(out, as_of))
    lines = show.quarantine_lines(found, locale)
    if as_json:
        _show(found)
    else:
        _say(lines)


@quarantine_app.command("show", epilog="Example: `bellwether quarantine show transactions --check C5 --limit 3`")
def quarantine_show(
    table: Annotated[str, typer.Argument(help="A table.")],
    check: Annotated[str | None, typer.Option(help="Only rows this check refused.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many rows; default all.")] = None,
    out: Out = Path("out"),
    as_of: AnyDay = None,
    as_json: Json = False,
) -> None:
    """Print the refused rows of a table, whole."""
    from flows import show

    rows = show.quarantined(_latest(out, as_of), table, check)[:limit]
    if as_json:
        _show(rows.to_dicts())
    else:
        _say(show.row_lines(rows))


@quarantine_app.command("export", epilog="Example: `bellwether quarantine export transactions refused.csv`")
def quarantine_export(
    table: Annotated[str, typer.Argument(help="A table.")],
    to: Annotated[Path, typer.Argument(help="File to write, .csv or .parquet; one that is there is replaced.")],
    out: Out = Path("out"),
    as_of: AnyDay = None,
) -> None:
    """Write the refused rows of a table as CSV or Parquet, to send back to the source.

    In CSV an apostrophe is put before a text that begins with = + - @, a tab or a carriage return, so that no
    spreadsheet runs it as a formula; numbers and dates are as delivered, and so is all of Parquet. Lists are joined by |.
    """
    from flows import show

    rows = show.export(_latest(out, as_of), table, to)
    _say([f"{rows} refused rows of {table} written to {to}."])


# ---- leaving -------------------------------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; every error becomes one sentence."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    given = [word for word in given if word != "--debug"]
    try:
        code = app(given, standalone_mode=False, prog_name="bellwether")
        return code if isinstance(code, int) else OK
    except typer.Exit as leave:
        return leave.exit_code
    except (Refused, LockedError) as error:
        _fail(str(error))
        return LOCKED if isinstance(error, LockedError) else REFUSED
    except (KeyboardInterrupt, typer.Abort):
        _fail("Stopped; nothing was published. Call again to go on.")
        return 130
    except Exception as error:
        if debug:
            print(redact(traceback.format_exc()), file=sys.stderr, end="")
            return UNEXPECTED
        if (usage := getattr(error, "format_message", None)) is not None:
            _fail(f"{usage()} See bellwether --help.")
            return REFUSED
        first = (redact(str(error)).splitlines() or [""])[0]
        _fail(
            f"Unexpected {type(error).__name__}: {first}. Call again with --debug to see where; nothing was published."
        )
        return UNEXPECTED


def _fail(sentence: str) -> None:
    Console(stderr=True, highlight=False).print(f"bellwether: {redact(sentence)}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    from flows.schedule import leave

    leave(main())
