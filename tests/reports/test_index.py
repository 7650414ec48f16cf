"""The night's first page: every link leads to a file of the night, nothing is asked of a network, hostile text is inert."""

import copy
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from expectations.tables import TABLES
from flows import nights
from reports import index
from tests.reports.test_documents import Text, words_of

HOSTILE = '"><img src=http://127.0.0.1:9/x onerror=alert(1)><script>1</script>'


class Tags(HTMLParser):
    """Tags with their attributes, and whether every one that was opened is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def links(self) -> list[str]:
        return [str(attrs["href"]) for tag, attrs in self.seen if tag == "a"]


@pytest.fixture(scope="module")
def page(night: nights.Published) -> str:
    return night.file("index.html").read_text(encoding="utf-8")


def told(night: nights.Published) -> dict[str, Any]:
    return copy.deepcopy({**night.manifest})


def names(night: nights.Published) -> list[str]:
    every = [name.removeprefix("nights/2015-06-30/") for name in night.manifest["files"]]
    return [name for name in every if name != "index.html"]


def without(night: nights.Published) -> list[str]:
    """The names, but for the clients to search."""
    return [name for name in names(night) if name != "clients.js"]


def part(html: str, locale: str) -> str:
    """What the page says in one language."""
    parser = Text()
    parser.feed(html[html.index(f'<div id="{locale}"') :].split("</footer>")[0])
    return " ".join(" ".join(parser.parts).split())


def test_every_link_leads_to_a_file_of_the_night(night: nights.Published, page: str) -> None:
    links = Tags(page).links()
    inner = {link.removeprefix("#") for link in links if link.startswith("#")}
    assert inner == {"en", "zh"} == set(re.findall(r'<div id="(\w+)"', page))
    files = {unquote(link) for link in links if not link.startswith("#")}
    assert all(night.file(name).is_file() for name in files)
    wanted = {f"{name}.parquet" for name in ("answers", "gaps", "findings", "assessments", "moves", "rates")} | {
        "manifest.json"
    }
    wanted |= {f"data_docs/{name}.html" for name in (*TABLES, "index")} | {f"quarantine/{t}.parquet" for t in TABLES}
    assert files == wanted
    assert "nights/2015-06-30/index.html" in night.manifest["files"]


def test_portfolio_and_what_else_is_published_are_linked(night: nights.Published) -> None:
    html = index.page(told(night), ["portfolio.zh.pdf", "portfolio.en.pdf", "watchlist.xlsx", "reports/0a/C1.pdf"], {})
    links = [link for link in Tags(html).links() if not link.startswith("#")]
    each = ["portfolio.en.pdf", "portfolio.zh.pdf", "watchlist.xlsx", "manifest.json"]
    assert links == each * 2  # the one client's report is not: a search comes for those


@pytest.mark.parametrize("searching", [False, True])
def test_it_asks_nothing_of_a_network_and_runs_nothing_but_its_own(night: nights.Published, searching: bool) -> None:
    html = index.page(told(night), [*without(night), *(["clients.js"] if searching else [])], {})
    rule = '<meta http-equiv="Content-Security-Policy" content="'
    before, after = html.split(rule)
    guard, rest = after.split('"', 1)
    assert ("<script" in before + rest) == searching
    assert not re.search(
        r"https?:|//|@import|url\(|<link|<img|<iframe|javascript:|fetch\(|innerHTML", before + rest, re.I
    )
    assert re.findall(r"<script.*?>", rest) == (['<script src="clients.js">', "<script>"] if searching else [])
    assert (f"<script>{index.script()}</script>" in rest) == searching
    parsed = Tags(html)
    assert parsed.open == []
    assert not {name for _, attrs in parsed.seen for name in attrs if name.startswith("on")}
    style = r"style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"
    scripts = r"'self' file: 'sha256-[\w+/=]+'" if searching else "'none'"
    assert re.fullmatch(f"default-src 'none'; script-src {scripts}; {style}", unescape(guard))


def test_the_search_is_offered_where_its_clients_are(night: nights.Published) -> None:
    html = index.page(told(night), [*without(night), "clients.js"], {})
    assert "Searching needs JavaScript and the file clients.js" in part(html, "en")
    assert "检索需启用JavaScript" in part(html, "zh")
    assert "Searching" not in index.page(told(night), without(night), {})
    assert "clients.js" not in Tags(html).links()


def test_it_says_the_night_in_both_languages(night: nights.Published, page: str) -> None:
    levels = night.manifest["levels"]["risk_level"]
    counts = night.manifest["tables"]["transactions"]["counts"]
    english, chinese = part(page, "en"), part(page, "zh")
    for words in ("The night of 30 June 2015", "none, this is the first", f"{levels['R']} ■ Red", "Moves since the last",
                  night.manifest["policy_hash"], "Sample bank", f"{counts['rows_in']:,} {counts['clean']:,} 5"):  # fmt: skip
        assert words in english, words
    for words in (
        "2015年6月30日夜间结果",
        "无，本次为首晚",
        f"{levels['R']} ■ 红色",
        "输入表",
        "样本银行",
        "结算交易 transactions",
    ):
        assert words in chinese, words
    for table in TABLES:
        assert f'href="data_docs/{table}.html"' in page
    assert '<html lang="en">' in page
    assert index.page(told(night) | {"locales": ["zh"]}, names(night), {}).startswith(
        '<!doctype html>\n<html lang="zh-CN">'
    )


def test_it_says_what_is_not_used_and_why_what_is_told_and_what_came_back(night: nights.Published) -> None:
    changed = told(night)
    del changed["tables"]["documents"]
    notice = {"table": "complaints", "check_id": "B8", "action": "WARN", "rows": 12}
    words = {"message_en": "9% of the rows were refused", "message_zh": "9%的记录被拒收"}
    changed["tables"]["complaints"] |= {"skipped": True, "notices": [notice | words], "released": {"C5": 1234}}
    changed["previous"] = {"as_of": "2015-06-29", "manifest_sha256": ""}
    changed["missing"] = ["C1.risk.en: ValueError: no ink"]
    html = index.page(changed, names(night), {})
    english, chinese = part(html, "en"), part(html, "zh")
    for said in ("no: nothing was delivered", "no: 9% of the rows were refused", "B8 9% of the rows were refused warning · rows: 12",
                 "C5 Released since the last night: rows refused then are clean now rows: 1,234", "29 June 2015", "no ink"):  # fmt: skip
        assert said in english, said
    for said in (
        "否：未收到数据",
        "否：9%的记录被拒收",
        "B8 9%的记录被拒收 提示 · 12行",
        "C5 自上一晚起解除隔离",
        "2015年6月29日",
    ):
        assert said in chinese, said


def test_it_says_which_signals_jumped(night: nights.Published, page: str) -> None:
    assert "jumped" not in page
    assert "How levels and findings moved, night by night" in page
    assert "各信号当晚与通常的命中比例" in page
    jump = {"signal_id": "FIN-08", "share": "no_data", "tonight": 0.4, "usual": 0.03}
    html = index.page(told(night) | {"jumps": [jump] * 22}, names(night), {})
    english, chinese = part(html, "en"), part(html, "zh")
    assert (
        "Equity or revenue down 25% or more : without data for 40.0% of the clients it applies to, usually for 3.0%"
        in english
    )
    assert "所有者权益或销售收入降低25%以上 ：当晚无数据的客户占适用客户的40.0%，通常为3.0%" in chinese
    assert "2 more in rates.parquet" in english


def test_hostile_text_is_inert(night: nights.Published) -> None:
    changed = told(night)
    changed["policy_hash"] = HOSTILE
    changed["missing"] = [HOSTILE]
    notice = {"table": "loans", "check_id": HOSTILE, "action": HOSTILE, "rows": 1}
    changed["tables"]["loans"]["notices"] = [notice | {"message_en": HOSTILE, "message_zh": HOSTILE}]
    changed["tables"]["loans"]["released"] = {HOSTILE: 1}
    changed["tables"]["complaints"]["skipped"] = True
    who = dict.fromkeys(("name_en", "name_zh", "attribution_en", "attribution_zh", "licence"), HOSTILE)
    html = index.page(changed, [*without(night), f"{HOSTILE}.parquet"], who)
    parsed = Tags(html)
    assert not {"img", "script"} & {tag for tag, _ in parsed.seen}
    assert words_of(html).count(HOSTILE) >= 14
    assert all(link[0] == "#" or re.fullmatch(r"[A-Za-z0-9_./%-]+", link) for link in parsed.links())


def test_the_same_night_gives_the_same_bytes(night: nights.Published, page: str, bank: Path) -> None:
    who = json.loads((bank / "provenance.json").read_text(encoding="utf-8"))
    for order in (names(night), names(night)[::-1]):
        assert index.page(told(night), order, who) == page
