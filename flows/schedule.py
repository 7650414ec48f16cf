"""Prefect around the night: the same stages as coarse tasks when a server answers, plainly when none does.

Truth is on disk. A server that is lost on the way never fails a night: it is finished plainly, finished stages are found. A
stage's own failure is never a reason to fall back. Overlap is held by our lock, not by Prefect.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from expectations.model import Refused
from flows.lock import lock
from flows.nightly import Outcome, Run, night, open_run
from flows.progress import Teller
from flows.secrets import redact
from flows.settings import Settings, gathered

FLOW = "bellwether-night"
HEALTH_SECONDS = 2.0
_QUIET = {
    "PREFECT_CLIENT_MAX_RETRIES": "1",  # a lost server must not hold a night for minutes
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


class StageFailed(Exception):  # noqa: N818 - it carries the stage's own error across Prefect
    """A stage failed by itself; `error` is what it raised."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(redact(f"{type(error).__name__}: {error}"))
        self.error = error


def reachable(api: str | None) -> bool:
    """Whether a Prefect server answers at that address."""
    if not api or not api.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=HEALTH_SECONDS) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def shown(api: str) -> str:
    """The address of a Prefect server without the name and password it may hold."""
    return re.sub(r"//[^/@]*@", "//***@", api)


def conduct(run: Run) -> tuple[Outcome, str]:
    """Run the night, with Prefect when its server answers; returns the outcome and how it ran, in words."""
    api = os.environ.get("PREFECT_API_URL")
    if not reachable(api):
        return night(run), "plain Python" if not api else f"plain Python (no Prefect server at {shown(api)})"
    os.environ.update(_QUIET)
    try:
        return _with_prefect(run), "as a Prefect flow"
    except StageFailed as failed:
        raise failed.error from failed
    except (Refused, KeyboardInterrupt):
        raise
    except Exception as lost:
        run.tell.note(f"Prefect was lost on the way ({type(lost).__name__}); finishing plainly.")
        return night(run), "plain Python after the Prefect server was lost"


def _with_prefect(run: Run) -> Outcome:
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE

    _mark_crashed(run)

    def call(name: str, stage: Callable[[], Any]) -> Any:
        def guarded() -> Any:
            try:
                return stage()
            except BaseException as error:
                raise StageFailed(error) from None  # Prefect would keep the error's own words

        made = task(name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False)(guarded)
        return made()

    @flow(name=FLOW, flow_run_name=f"night {run.as_of}", persist_result=False)
    def bellwether_night(as_of: str, pid: int) -> Outcome:
        return night(run, call)

    return bellwether_night(run.as_of.isoformat(), os.getpid())


def _mark_crashed(run: Run) -> None:
    """We hold the lock: any other RUNNING run of this flow belongs to a process that is gone."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterState
    from prefect.client.schemas.filters import FlowRunFilterStateType as StateType
    from prefect.client.schemas.objects import StateType as Kind
    from prefect.runtime import flow_run
    from prefect.states import Crashed

    own = flow_run.get_id()
    with get_client(sync_client=True) as client:
        running = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW])),
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=StateType(any_=[Kind.RUNNING]))),
        )
        for left in running:
            if str(left.id) != own:
                client.set_flow_run_state(
                    left.id, Crashed(message="its process is gone: the lock was free"), force=True
                )
                run.tell.note(
                    f"The Prefect run '{left.name}' was left behind by a process that is gone; marked Crashed."
                )


# ---- schedule ------------------------------------------------------------------------------------------------------


def night_date(rule: str, timezone: str, now: datetime | None = None) -> date:
    """The date of a scheduled night: yesterday or today in that time zone, or the date itself."""
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(f"There is no time zone '{timezone}'; use a name such as Asia/Shanghai.") from error
    today = (now or datetime.now(ZoneInfo(timezone))).astimezone(ZoneInfo(timezone)).date()
    if rule == "today":
        return today
    return today - timedelta(days=1) if rule == "yesterday" else date.fromisoformat(rule)


@dataclass(frozen=True)
class Told:
    """What a schedule tells each of its nights, in words JSON knows."""

    timezone: str
    as_of: str
    source: str | None = None
    config: str | None = None
    out: str | None = None
    policy: str | None = None
    locales: list[str] | None = None
    reports: bool = True

    def settings(self, day: date) -> Settings:
        """The settings of one night."""
        paths = {name: Path(said) for name in ("source", "out", "policy") if (said := getattr(self, name)) is not None}
        config = Path(self.config) if self.config else None
        return gathered(day, config, **paths, locales=self.locales, reports=None if self.reports else False)


def serve(told: Told, cron: str) -> None:
    """Keep a Prefect deployment that starts a night at every tick of `cron` in the time zone; ends on Ctrl-C or SIGTERM."""
    settings = told.settings(night_date("today", told.timezone))
    os.environ.update(_QUIET)
    tell = Teller()
    with _server(settings.out, tell):
        from prefect import flow
        from prefect.schedules import Cron

        try:
            schedule = Cron(cron, timezone=told.timezone)
        except ValueError as error:
            raise Refused(
                f"'{cron}' is not a cron schedule ({error}); write five fields such as '0 1 * * *'."
            ) from error

        tell.note(
            f"Serving '{FLOW}': {cron} in {told.timezone}, nights of {told.as_of}, from {told.config or told.source} "
            f"to {settings.out}. Ctrl-C ends it."
        )
        served = flow(name=FLOW + "-schedule", persist_result=False)(scheduled_night)
        served.serve(
            name="nightly", schedule=schedule, parameters={"told": asdict(told)}, limit=1, print_starting_message=False
        )


def scheduled_night(told: dict[str, Any]) -> str:
    """One scheduled night; returns how it ended in one sentence."""
    known = Told(**told)
    settings = known.settings(night_date(known.as_of, known.timezone))
    tell = Teller(settings.out / "runs" / f"scheduled-{os.getpid()}.jsonl")
    with lock(settings.out):
        run = open_run(settings, tell)
        run.store.sweep()
        outcome, how = conduct(run)
    said = f"The night of {settings.as_of} is {'published' if outcome.fresh else 'as published before'}, {how}."
    tell.note(said)
    return said


class _server:  # noqa: N801 - used as a context manager
    """A Prefect server for the schedule: the one at PREFECT_API_URL, or our own on this machine, ended with us."""

    def __init__(self, out: Path, tell: Teller) -> None:
        self.out, self.tell = out, tell
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> None:
        if reachable(os.environ.get("PREFECT_API_URL")):
            return
        home = (self.out / "prefect").absolute()
        home.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        os.environ["PREFECT_HOME"] = str(home)
        with (home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "prefect",
                    "server",
                    "start",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    str(port),
                    "--no-ui",
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
        for _ in range(120):
            if reachable(os.environ["PREFECT_API_URL"]):
                self.tell.note(f"No Prefect server was there: started one at {os.environ['PREFECT_API_URL']}.")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.5)
        self.__exit__()
        raise Refused(f"The Prefect server did not start; its log is {home / 'server.log'}.")

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)


def leave(code: int) -> None:
    """Leave the process at once when Prefect was used: its exit would drain events to a lost server for minutes."""
    sys.stdout.flush()
    sys.stderr.flush()
    if "prefect" in sys.modules:
        os._exit(code)
    sys.exit(code)
