"""Great Expectations' Data Docs of a night: a page per table made by its own renderers, offline and the same every time.

Its pages load styles, scripts and a logo from the network and need them to be readable; here they carry one small style
and no script, so they open from a folder, and the same results give the same bytes.
"""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from great_expectations.core.expectation_validation_result import expectationSuiteValidationResultSchema
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView

from expectations.tables import TABLES

STYLE = """
body{font:15px/1.5 system-ui,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#1a1a1a;margin:2rem auto;max-width:70rem;padding:0 1rem}
h1{font-size:1.5rem}h2,h3,h4,h5{font-size:1.05rem;margin:1.2rem 0 .3rem}a{color:#0b4f8a}
table{border-collapse:collapse;width:100%;margin:.3rem 0 1rem}th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;
vertical-align:top;overflow-wrap:anywhere}th{border-bottom:2px solid #666}.badge{font-family:ui-monospace,monospace;background:#eee;
padding:0 .3em;border-radius:2px}ul{padding-left:1.2rem}.n{text-align:right;font-variant-numeric:tabular-nums}
nav.navbar,.modal,.ge-walkthrough-modal,.card,.sticky,footer,.collapse-toggle{display:none}li::marker{color:#999}
i.fa-check-circle::before{content:"\\2713";color:#1a6b2c}i.fa-times::before,i.fa-times-circle::before{content:"\\2717";color:#a31515}
i.fa-exclamation-triangle::before{content:"!"}tr.failed td:first-child::before{content:"\\2717 "}tr.passed td:first-child::before{content:"\\2713 "}
"""
# Parts of a page that ask the network, need a script, or lead nowhere here.
_GONE = (
    r"<script\b.*?</script>",
    r"<style\b.*?</style>",
    r"<link\b[^>]*>",
    r"<img\b[^>]*>",
    r"<nav\b.*?</nav>\s*(?:</div>\s*</nav>)?",
    r"<!--.*?-->",
    r'<p>[^<]*<a href="https?://.*?</p>',
    r"<a\b[^>]*>\s*Show more info\.\.\.\s*</a>",
)
_RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def write(folder: Path, results: Mapping[str, Mapping[str, Any]], as_of: date) -> None:
    """Write index.html and a page per table of `results` (table → what `suites.result` gave) into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, result in results.items():
        (folder / f"{table}.html").write_text(page(result), encoding="utf-8")
    (folder / "index.html").write_text(index(results, as_of), encoding="utf-8")


@cache
def _view() -> DefaultJinjaPageView:
    """One view for every page: it keeps its templates compiled."""
    return DefaultJinjaPageView()


def page(result: Mapping[str, Any]) -> str:
    """Great Expectations' page of one table's result."""
    loaded = expectationSuiteValidationResultSchema.load(_inert(result))
    said = _view().render(ValidationResultsPageRenderer(run_info_at_end=False).render(loaded))
    body = said[said.index("<body") :]
    body = body[body.index(">") + 1 : body.rindex("</body>")]
    for pattern in _GONE:
        body = re.sub(pattern, "", body, flags=re.DOTALL | re.IGNORECASE)
    body = re.sub(r"<a\b[^>]*>(.*?)</a>", r"\1", body, flags=re.DOTALL)
    seen: dict[str, str] = {}
    settled = _RANDOM.sub(lambda found: seen.setdefault(found[0], f"part-{len(seen)}"), body)
    lines = (line.strip() for line in settled.splitlines())
    return _whole(
        str(result["suite_name"]), '<p><a href="index.html">All tables 全部表</a></p>' + "\n".join(filter(None, lines))
    )


def index(results: Mapping[str, Mapping[str, Any]], as_of: date) -> str:
    """The first page: every table with how many expectations held."""
    rows = [_line(table, result["statistics"]) for table, result in results.items()]
    head = "<tr><th>Table 表</th><th></th><th class=n>Expectations 校验项</th><th class=n>Held 通过</th><th class=n>Failed 未通过</th></tr>"
    title = f"Data Docs, {as_of.isoformat()}"
    return _whole(title, f"<h1>{title}</h1><table>{head}{''.join(rows)}</table>")


def _line(table: str, statistics: Mapping[str, int]) -> str:
    failed = statistics["unsuccessful_expectations"]
    numbers = (statistics["evaluated_expectations"], statistics["successful_expectations"], failed)
    cells = "".join(f"<td class=n>{number}</td>" for number in numbers)
    kind = "failed" if failed else "passed"
    return f'<tr class={kind}><td><a href="{table}.html">{table}</a></td><td>{TABLES[table].zh}</td>{cells}</tr>'


def _whole(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def _inert(value: Any) -> Any:
    """The result with every delivered text escaped: the renderers write values into the page as they are."""
    if isinstance(value, Mapping):
        return {name: _inert(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_inert(one) for one in value]
    return html.escape(value) if isinstance(value, str) else value
