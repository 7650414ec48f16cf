"""The portfolio report as printed: what it says of the book, what it may not say, and how it stays short for a large bank."""

import io
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl
import pytest

from flows import nights, paper
from flows.store import Done
from reports.documents import portfolio, seen
from reports.facts import Run
from reports.words import book
from tests.reports.test_documents import printed_text, words_of
from transforms.portfolio import CONDUCT, Frame
from transforms.signals import CATALOGUE

LOCALES = ("en", "zh")


@pytest.fixture(scope="module")
def told(night: nights.Published) -> tuple[paper.Told, list[Done]]:
    kept: Any = pickle.loads((night.out / "work" / "told" / f"{night.as_of}.pickle").read_bytes())  # noqa: S301
    made, chunks = kept
    return made, list({chunk.judged.folder: chunk.judged for chunk in chunks}.values())


@pytest.fixture(scope="module")
def frames(told: tuple[paper.Told, list[Done]]) -> dict[str, Frame]:
    return paper._book(*told)


@pytest.fixture(scope="module")
def run(told: tuple[paper.Told, list[Done]]) -> Run:
    made: Run = paper._run(told[0])
    return made


@pytest.mark.parametrize("locale", LOCALES)
def test_the_printed_report_names_no_conduct_of_a_manager(
    told: tuple[paper.Told, list[Done]], tmp_path: Path, locale: str
) -> None:
    made, judged = told
    pages = paper.portfolio(replace(made, cache=tmp_path), locale, judged)
    assert pages.missing == []
    with pikepdf.open(io.BytesIO(pages.new[f"portfolio.{locale}.pdf"].read_bytes())) as pdf:
        assert 6 <= len(pdf.pages) <= 10
        assert not pdf.attachments
        printed = printed_text(pdf)
    assert not re.findall(r"REL-(?:0\d|10)", printed)
    assert {f"REL-{n}" for n in (11, 12, 13)} <= set(re.findall(r"REL-\d\d", printed))
    plain = re.sub(r"\s", "", printed)
    for signal in CONDUCT:
        assert re.sub(r"\s", "", book(signal) if locale == "zh" else CATALOGUE[signal].en) not in plain, signal
    for heading in (
        (
            "Moves since the last night",
            "Concentration of exposure",
            "Complaint statistics",
            "Client roster",
            "Data of the night",
        )
        if locale == "en"
        else ("较上一晚的等级变动", "敞口集中度", "投诉统计", "客户名册", "当晚数据")
    ):
        assert re.sub(r"\s", "", heading) in plain


def test_conduct_that_jumped_is_not_told_either(frames: dict[str, Frame], run: Run) -> None:
    jumped = pl.col("signal_id").is_in(["REL-01", "REL-11"])
    rates = frames["rates"].lazy().collect()
    rates = rates.with_columns(
        fired=0.5, fired_usual=0.1, jumped=pl.when(jumped).then(pl.lit(["fired"])).otherwise("jumped")
    )
    html, _ = portfolio.html({**frames, "rates": rates}, run, "en")
    assert "<b>REL-11 " in html
    assert "REL-01" not in html


def test_a_second_night_tells_who_moved(frames: dict[str, Frame], run: Run) -> None:
    levels = frames["assessments"].lazy().collect()
    assert "This is the first night" in words_of(portfolio.html(frames, run, "en")[0])
    bad = levels.filter(pl.col("risk_level") == "R").sort("client_id")["client_id"]
    first = pl.col("client_id") == bad[0]
    before = pl.when(first).then(pl.lit("W", levels.schema["risk_level"])).otherwise("risk_level")
    change = pl.when(first).then(pl.lit("worse")).otherwise(pl.lit("standing"))
    moved = levels.with_columns(previous_risk_level=before, change=change)
    text = words_of(portfolio.html({**frames, "assessments": moved}, run, "en")[0])
    assert "of these new or worse tonight: 1. Of all clients 1 got worse since the last night, 0 better." in text
    assert (
        text.index("New or worse tonight") < text.index("before: Watch") < text.index(bad[0]) < text.index("Standing")
    )
    zh = words_of(portfolio.html({**frames, "assessments": moved}, run, "zh")[0])
    assert "其中当晚新增或恶化1户。与上一晚相比，全部客户中等级恶化1户，好转0户。" in zh


@pytest.mark.parametrize(
    ("feeds", "says"),
    [
        ({}, "Complaints are not connected: nothing can be said of them."),
        ({"complaints": date(2015, 6, 30)}, "No complaint is on record."),
    ],
)
def test_without_complaints_the_page_says_so(
    frames: dict[str, Frame], run: Run, feeds: dict[str, date], says: str
) -> None:
    none = frames["complaint_statistics"].lazy().collect().clear()
    html, _ = portfolio.html({**frames, "complaint_statistics": none}, replace(run, feeds=feeds), "en")
    assert says in words_of(html)


def test_names_are_inert_and_confidential_ones_masked(frames: dict[str, Frame], run: Run) -> None:
    worse = '<img src=x onerror="1">{{7*7}}\u202e=cmd|' + "长" * 60
    panel = (
        frames["panel"]
        .lazy()
        .collect()
        .with_columns(name=pl.lit(worse), rm_name=pl.lit(worse), branch_id=pl.lit(worse))
    )
    html, _ = portfolio.html({**frames, "panel": panel}, run, "zh")
    assert "<img" not in html
    assert seen(worse) in words_of(html)
    html, _ = portfolio.html({**frames, "panel": panel.with_columns(confidential=True)}, run, "en")
    assert "Confidential client" in html


def _many(frames: dict[str, Frame], times: int) -> dict[str, Frame]:
    """The book so many times over, every copy with branches, RMs and groups of its own."""
    own = {"client_id", "rm_id", "rm_name", "branch_id", "group_id", "scope_id", "region_code"}

    def copied(frame: pl.DataFrame, k: int) -> pl.DataFrame:
        names = [name for name in frame.columns if name in own]
        return frame.with_columns(pl.format("{}-{}", pl.col(name), pl.lit(k)).alias(name) for name in names)

    several = ("panel", "assessments", "findings", "roster_totals")
    return {
        name: pl.concat(copied(frame.lazy().collect(), k) for k in range(times)) if name in several else frame
        for name, frame in frames.items()
    }


def test_a_bank_of_many_branches_and_managers_stays_readable(frames: dict[str, Frame], run: Run) -> None:
    many = _many(frames, 60)
    html, _ = portfolio.html(many, run, "en")
    text = words_of(html)
    assert html.count("<tr") < 420
    managers = many["panel"].lazy().collect()["rm_id"].n_unique()
    assert f"{managers - 15:,} others" in text
    assert "every client on watch stands with branch and RM in the workbook, watchlist.xlsx" in text
    red = many["assessments"].lazy().collect()["risk_level"].cast(pl.String).is_in(["R", "N"]).sum()
    assert f"{red - 24:,} more non-performing and red clients stand in the workbook" in text


def test_nothing_known_prints_dashes_not_none(frames: dict[str, Frame], run: Run) -> None:
    panel = frames["panel"].lazy().collect()
    blank = panel.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in panel.schema.items() if name != "client_id"
    )
    totals = frames["roster_totals"].lazy().collect()
    nothing = totals.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in totals.schema.items() if name != "scope"
    )
    for locale in LOCALES:
        text = words_of(portfolio.html({**frames, "panel": blank, "roster_totals": nothing}, run, locale)[0])
        assert "None" not in text
        assert ("the exposure is not known" if locale == "en" else "户风险敞口不详") in text


def test_the_same_book_gives_the_same_page(frames: dict[str, Frame], run: Run) -> None:
    shuffled = {
        name: frame.lazy().collect().sample(fraction=1, shuffle=True, seed=7) if name != "rates" else frame
        for name, frame in frames.items()
    }
    one: Callable[[dict[str, Frame]], str] = lambda given: portfolio.html(given, run, "en")[0]  # noqa: E731
    assert one(shuffled) == one(frames)
