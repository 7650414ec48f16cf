"""Charts: what is drawn where, to the unit; well-formed whatever they are given."""

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from reports import charts
from reports.charts import Mark, Panel, Series, Years

HOSTILE = '<script>&"\u202e'
SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - made by us a line above


def said(svg: str) -> list[str]:
    return [one.text or "" for one in drawn(svg).iter(f"{SVG}text")]


def paths(svg: str, looks: str) -> list[str]:
    return re.findall(f'<path {re.escape(looks)} d="([^"]*)"/>', svg)


def one_panel(values: list[Any], shape: str = "up", marks: tuple[Mark, ...] = (), labels: Any = None) -> str:
    named = labels or [f"m{n}" for n in range(len(values))]
    return charts.months("t", named, [Panel([Series("Inflow", values, shape, "USD 7")], 46)], marks)


def test_bars_grow_from_nought_and_the_newest_value_is_named_beside_them() -> None:
    svg = one_panel([20, None, 40, 10])
    # 59 units a month; 40 units of height for 40
    assert paths(svg, charts.PLAIN) == [
        "M3.0 46.0v-20.0h57.0V46.0zM121.0 46.0v-40.0h57.0V46.0zM180.0 46.0v-10.0h57.0V46.0z"
    ]
    assert said(svg) == ["□ Inflow", "USD 7", "m0", "m3"]


def test_outflow_stands_under_the_line_on_the_same_scale() -> None:
    both = [Series("In", [10, 30], "up", "a"), Series("Out", [10, 10], "down", "b")]
    svg = charts.months("t", ["x", "y"], [Panel(both, 46)])
    assert paths(svg, charts.PLAIN) == ["M3.0 36.0v-10.0h116.0V36.0zM121.0 36.0v-30.0h116.0V36.0z"]
    assert paths(svg, charts.SOLID) == ["M3.0 36.0v10.0h116.0V36.0zM121.0 36.0v10.0h116.0V36.0z"]
    assert said(svg)[:4] == ["□ In", "a", "■ Out", "b"]


def test_a_line_breaks_where_nothing_is_known_and_a_lone_value_is_seen() -> None:
    assert paths(one_panel([4, 2, None, 4], "line"), charts.LINE) == ["M31.5 6.0L90.5 26.0M208.5 6.0M179.0 6.0h59.0"]
    assert paths(one_panel([4, 2], "step"), charts.LINE) == ["M2.0 6.0H120.0L120.0 26.0H238.0"]


def test_a_mark_is_a_band_over_its_months_with_the_findings_named_at_its_edge() -> None:
    svg = one_panel([1] * 24, marks=(Mark(21, 23, "■ MGT-42"), Mark(0, 1, "▲ ADD-03")))
    bands = [(r.get("x"), r.get("y"), r.get("width"), r.get("height")) for r in drawn(svg).iter(f"{SVG}rect")]
    assert bands == [("208.5", "9", "29.5", "57"), ("2.0", "19", "19.7", "47")]  # both reach the foot at 66
    texts = {t.text: (t.get("x"), t.get("text-anchor")) for t in drawn(svg).iter(f"{SVG}text")}
    assert texts["■ MGT-42"] == ("238.0", "end")  # a late one is named to its left: it would leave the page
    assert texts["▲ ADD-03"] == ("2.0", "start")
    assert 'viewBox="0 0 312 77"' in svg


@pytest.mark.parametrize("values", [[None, None], [0, 0], [-5, -10], [10**18, 1]])
@pytest.mark.parametrize("shape", ["up", "down", "line", "step"])
def test_any_values_make_a_chart(values: list[Any], shape: str) -> None:
    svg = one_panel(values, shape)
    heights = [float(y) for y in re.findall(r"[ML]\d+\.\d (-?\d+\.\d)", svg)]
    assert all(0 <= y <= 46 for y in heights)
    assert "nan" not in svg
    assert "inf" not in svg


def years(values: list[Any], peers: list[Any]) -> str:
    texts = ["—" if v is None else str(v) for v in values]
    return charts.years("t", [str(2014 - n) for n in values], [Years("Revenue", values, texts, peers, "median")])


def figures(svg: str) -> dict[str, float]:
    return {t.text or "": float(t.get("y") or 0) for t in drawn(svg).iter(f"{SVG}text") if t.get("font-size") == "6.5"}


def test_the_peers_are_ticks_across_the_years_bars() -> None:
    svg = years([24, 48], [12, None])
    # two years of 259 units, 48 units of height for 48, nought at 69
    assert paths(svg, charts.PLAIN) == ["M59.0 69.0v-24.0h145.0V69.0zM318.0 69.0v-48.0h145.0V69.0z"]
    assert paths(svg, charts.THICK) == ["M33.1 57.0h196.8"]
    assert "▬ median" in said(svg)
    assert "▬ median" not in said(years([24, 48], [None, None]))


@pytest.mark.parametrize(
    ("value", "peer", "at"),
    [
        (40, None, 26.5),  # above the bar's end at 29
        (40, 20, 26.5),  # the tick lies inside the bar
        (40, 45, 20.5),  # the tick at 24 would strike it through: above the tick
        (36, 48, 30.5),  # far enough above
    ],
)
def test_no_tick_strikes_a_figure_through(value: int, peer: int | None, at: float) -> None:
    svg = charts.years("t", ["a", "b"], [Years("R", [value, 48], [str(value), "48 "], [peer, None], "m")])
    assert figures(svg)[str(value)] == at


def test_a_loss_hangs_under_the_line_with_its_figure_below() -> None:
    svg = years([-10, 10], [None, None])
    assert paths(svg, charts.PLAIN) == ["M59.0 40.5v19.5h145.0V40.5zM318.0 40.5v-19.5h145.0V40.5z"]
    assert figures(svg) == {"-10": 67.5, "10": 18.5}


def test_the_level_steps_on_its_day_and_holds_to_the_end() -> None:
    levels = [(date(2014, 1, 1), 0), (date(2014, 11, 1), 2), (date(2015, 6, 30), 1)]
    span = (date(2014, 7, 1), date(2015, 6, 30))
    svg = charts.steps("t", ["○ Clear", "◆ Watch", "▲ Alert"], levels, span, [(span[0], "July 2014")])
    # 232 units for 364 days from 70; rows of 11, the lowest at 27.5; what was before the year stands at its edge
    assert paths(svg, charts.THICK) == ["M70.0 27.5L148.4 27.5L148.4 5.5L302.0 5.5L302.0 16.5H310"]
    assert said(svg) == ["○ Clear", "◆ Watch", "▲ Alert", "July 2014"]


def test_no_text_leaves_its_place() -> None:
    hostile = charts.months(
        HOSTILE, [HOSTILE] * 2, [Panel([Series(HOSTILE, [1, 2], "up", HOSTILE)], 40)], [Mark(0, 1, HOSTILE)]
    )
    hostile += charts.years(HOSTILE, [HOSTILE], [Years(HOSTILE, [1], [HOSTILE], [1], HOSTILE)])
    hostile += charts.steps(HOSTILE, [HOSTILE], [(date(2015, 1, 1), 0)], (date(2015, 1, 1),) * 2, [])
    assert "<script" not in hostile
    assert all(HOSTILE in (one.text or "") for one in drawn(f"<g>{hostile}</g>").iter(f"{SVG}title"))
