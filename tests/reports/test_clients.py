"""The clients of the index page: what their file says, and the search in a headless Chromium, from a folder of files."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.paper import file_name
from reports import clients, index
from tests.reports.browser import CHROMIUM, Browser, opened

NIGHT = "nights/2015-06-30"
TOLD: dict[str, Any] = {
    "as_of": "2015-06-30", "previous": None, "policy_hash": "0", "catalogue_version": "0", "locales": ["en", "zh"],
    "levels": {"risk_level": {}, "relationship_level": {}, "change": {}}, "reports": {}, "missing": [], "jumps": [], "tables": {},
}  # fmt: skip
HOSTILE = "</script><img src=x onerror=alert(1)>'\"`${1}\\ \u2028\u2029 {{7*7}} \u202egnp.exe"
LONG = "Ünübertrefflich & Söhne " * 3
BIG = 100_000


def row(client_id: str, name: str | None, **more: Any) -> dict[str, Any]:
    told = {"client_id": client_id, "name": name, "confidential": False, "rm_name": "Wang Min 王敏", "branch_id": "B1"}
    levels = {"risk_level": "clear", "relationship_level": "ok", "change": "standing", "since": date(2015, 6, 1)}
    return told | levels | more


ROWS = [
    row("C1", "Acme Steel Co., Ltd.", risk_level="R", change="worse", since=date(2015, 6, 30)),
    row("C2", "华东钢铁有限公司", risk_level="A", relationship_level="at_risk", rm_name="Li Lei"),
    row("C3", "ＡＣＭＥ　Foods", rm_name=None, branch_id=None, since=None),
    row("C4", "Hidden Gold Ltd.", confidential=True, risk_level="W", branch_id="B2"),
    row("C5", None, risk_level="not_assessable", relationship_level="not_assessable"),
    row("C6/../x\ny<b>", HOSTILE, rm_name=HOSTILE, branch_id=HOSTILE),
    *(row(f"D{i:03d}", LONG if i == 1 else f"Quiet {i}") for i in range(1, 61)),
]


def made(rows: list[dict[str, Any]] = ROWS) -> pl.DataFrame:
    frame = pl.DataFrame(rows)
    panel = frame.select("client_id", "name", "confidential", "rm_name", "branch_id").with_columns(secret=pl.lit("no"))
    levels = frame.select("client_id", *clients.LEVEL_OF.values(), "since").with_columns(reasons=pl.lit("REL-01"))
    return clients.rows(panel, levels)


def reports(rows: list[dict[str, Any]] = ROWS) -> dict[str, dict[str, str]]:
    """All of tonight, but C2's risk reports stand with an earlier night and C5 has none."""
    return {
        f"{one['client_id']}.{kind}.{locale}": {
            "path": f"nights/2015-06-{'02' if (one['client_id'], kind) == ('C2', 'risk') else '30'}/"
            + file_name(one["client_id"], kind, locale)
        }
        for one in rows
        for kind in clients.KINDS
        for locale in index.LANGUAGES
        if one["client_id"] != "C5"
    }


def read(script: str) -> dict[str, Any]:
    found = re.fullmatch(r"globalThis\.bellwetherClients=(\{.*\});\n", script)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_file_holds_what_readers_may_see_and_no_more() -> None:
    script = clients.script(made(), reports(), NIGHT)
    data = read(script)
    assert not {"Hidden", "REL-01", "secret"} & set(re.findall(r"[\w-]+", script))
    columns = {"risk", "relationship", "change", "since", "rm", "branch"}
    links = {"folders", "places", "kinds", "reports"}
    assert set(data) == {"count", "ids", "names", "confidential"} | columns | links
    assert data["ids"].split("\n")[:4] == ["C1", "C2", "C4", "C3"]  # the worst level first
    assert data["names"].split("\n")[2] == ""
    assert data["confidential"] == [2]
    assert all(len(data[column]["rows"]) == data["count"] == len(ROWS) for column in columns)


def test_nothing_in_it_ends_a_script_or_a_line() -> None:
    script = clients.script(made(), reports(), NIGHT)
    assert "<" not in script
    assert len(script.splitlines()) == 1
    data = read(script)
    assert all(data[text].count("\n") == len(ROWS) - 1 for text in ("ids", "names", "places"))
    assert HOSTILE in data["names"]


def test_the_same_clients_give_the_same_bytes() -> None:
    backwards = dict(reversed(reports().items()))
    assert clients.script(made(ROWS[::-1]), backwards, NIGHT) == clients.script(made(), reports(), NIGHT)


def test_a_night_without_clients_or_reports_has_a_file_too() -> None:
    assert read(clients.script(made().clear(), {}, NIGHT))["count"] == 0
    assert read(clients.script(made(), {}, NIGHT))["reports"]["values"] == [[-1] * 4]


# ---- in the browser ------------------------------------------------------------------------------------------------

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def folder(root: Path, frame: pl.DataFrame, entries: dict[str, dict[str, str]]) -> Path:
    place = root / NIGHT
    place.mkdir(parents=True)
    place.joinpath("clients.js").write_text(clients.script(frame, entries, NIGHT), encoding="utf-8")
    html = index.page(TOLD, ["clients.js", "assessments.parquet"], {})
    place.joinpath("index.html").write_text(html, encoding="utf-8")
    return place / "index.html"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("search"), made(), reports())


@pytest.fixture
def browser(page: Path, tmp_path: Path) -> Iterator[Browser]:
    with opened(page, tmp_path) as one:
        yield one
        assert one.complaints == []
        assert {url.split("#")[0] for url in one.requests} == {page.as_uri(), page.with_name("clients.js").as_uri()}


def hits(browser: Browser) -> str:
    return str(browser.ask("document.querySelector('.shown [data-is=hits]').textContent"))


def shown(browser: Browser) -> list[str]:
    return list(browser.ask("[...document.querySelectorAll('.shown [data-is=rows] code')].map(c => c.textContent)"))


def active(browser: Browser) -> str:
    return str(
        browser.ask("(e => e.name || e.querySelector?.('code')?.textContent || e.ariaLabel)(document.activeElement)")
    )


@needs_chromium
def test_the_keyboard_finds_filters_and_turns(browser: Browser) -> None:
    assert hits(browser) == "Clients 1 to 50 of 66, among 66"
    browser.key("/", "/")
    assert active(browser) == "q"
    browser.write("acme")  # case and width do not matter
    assert shown(browser) == ["C1", "C3"]
    browser.key("ArrowDown")
    browser.key("ArrowDown")
    assert active(browser) == "C3"
    browser.key("ArrowUp")
    browser.key("Tab")
    assert active(browser) == "Risk report (English): Acme Steel Co., Ltd."
    browser.key("ArrowUp")
    assert active(browser) == "q"
    browser.key("Escape")
    assert hits(browser) == "Clients 1 to 50 of 66, among 66"
    for word, found in {
        "钢铁": ["C2"],
        "li lei": ["C2"],
        "hidden": [],
        "c4": ["C4"],
        "C5": ["C5"],
        "王敏 steel": ["C1"],
    }.items():
        browser.call("Input.insertText", text=word)
        assert shown(browser) == found, word
        browser.key("Escape")
    browser.key("ArrowDown")
    for _ in range(50):
        browser.key("ArrowDown")  # past the last line: the next page's first
    assert hits(browser) == "Clients 51 to 66 of 66, among 66"
    assert active(browser) == shown(browser)[0]


@needs_chromium
def test_the_address_keeps_the_view(page: Path, browser: Browser) -> None:
    browser.ask("document.querySelector('.shown [name=risk][value=R]').click()")
    browser.ask("document.querySelector('.shown [name=risk][value=A]').click()")
    browser.key("/", "/")
    browser.write("钢")
    where = browser.ask("location.hash")
    assert where.startswith("#en&q=%E9%92%A2&risk=R&risk=A")
    counts = "[...document.querySelectorAll('.shown [name=risk] ~ b')].map(b => b.textContent).join(' ')"
    assert browser.ask(counts) == "0 0 1 0 0 0"  # each as if its own filter were not set
    browser.ask("document.querySelector('.shown nav a').click()")
    assert browser.ask("location.hash") == where.replace("#en", "#zh")
    assert hits(browser) == "第1至1户，符合条件1户，全部66户"
    assert browser.ask("document.documentElement.lang") == "zh-CN"
    browser.open("about:blank")
    browser.requests.clear()
    browser.open(page.as_uri() + "#zh&risk=W&branch=B2&sort=name")
    assert shown(browser) == ["C4"]
    assert "涉密客户" in browser.ask("document.querySelector('.shown [data-is=rows]').innerText")
    browser.ask("document.querySelector('.shown [data-is=reset]').click()")
    assert browser.ask("location.hash") == "#zh&sort=name"
    assert "全部66户" in hits(browser)


@needs_chromium
def test_links_lead_to_the_reports(page: Path, browser: Browser) -> None:
    every = {entry["path"] for entry in reports().values()}
    found: set[str] = set()
    for turn in (False, True):
        if turn:
            browser.ask("document.querySelector('.shown [data-is=next]').click()")
        found |= set(browser.ask("[...document.querySelectorAll('.shown [data-is=rows] a')].map(a => a.href)"))
    root = page.parents[2].as_uri() + "/"
    assert {url.removeprefix(root) for url in found} == every


@needs_chromium
def test_hostile_names_are_text(browser: Browser) -> None:
    browser.key("/", "/")
    browser.call("Input.insertText", text="onerror")
    assert hits(browser) == "Clients 1 to 1 of 1, among 66"
    assert browser.ask("document.querySelector('.shown [data-is=rows] bdi').textContent") == HOSTILE
    assert browser.ask("document.querySelectorAll('img, .search b b, .search script').length") == 0


@needs_chromium
@pytest.mark.parametrize("width", [320, 1200])
def test_nothing_is_wider_than_the_page(browser: Browser, tmp_path: Path, width: int) -> None:
    browser.picture(tmp_path / "page.png", width, 900)
    assert browser.ask("document.documentElement.scrollWidth <= innerWidth")


@needs_chromium
def test_without_its_clients_the_page_says_what_is_wanting(page: Path, tmp_path: Path) -> None:
    alone = tmp_path / "index.html"
    alone.write_bytes(page.read_bytes())
    with opened(alone, tmp_path / "profile") as browser:
        assert "Searching needs" in browser.ask("document.body.innerText")
        assert browser.ask("document.querySelector('#en form').hidden")


@needs_chromium
def test_a_hundred_thousand_clients_are_searched(tmp_path: Path) -> None:
    rows = [
        row(f"C{i:06d}", f"Acme 华东 {i * 7919 % BIG} Ltd.", rm_name=f"RM {i % 1000}", branch_id=f"B{i % 97}",
            risk_level=index.LEVELS["risk"][i % 6], change=index.LEVELS["change"][i % 4])
        for i in range(BIG)
    ]  # fmt: skip
    page = folder(tmp_path, made(rows), reports(rows))
    with opened(page, tmp_path / "profile") as browser:
        load = browser.ask("performance.getEntriesByType('navigation')[0].domComplete")
        browser.ask("document.querySelector('.shown [name=q]').focus()")
        browser.ask(
            "addEventListener('input', e => { globalThis.from = performance.now() }, true);"
            "addEventListener('input', e => { (globalThis.took ??= []).push(performance.now() - from) })"
        )
        browser.write("acme 4242")
        assert browser.ask("document.querySelectorAll('.shown [data-is=rows] tr').length") > 10
        took = browser.ask("took")
        assert len(took) == 9
        print(f"loaded in {load:.0f} ms; ms a key: {[round(ms) for ms in took]}")
        assert browser.complaints == []


def test_the_script_is_plain_and_strict() -> None:
    assert index.script().startswith('"use strict";')
    assert "</" not in index.script()
