"""Small charts as inline SVG: few nodes, round coordinates, labels at the lines, readable in black and white.

One unit is the same length on paper in every chart: WIDE spans the text, HALF the left column of a split section.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

WIDE, HALF = 520, 312
LEFT, GUTTER = 2, 74  # room left of a plot, and right of it for names and newest values
GAP, CAPTION, FOOT, ROW = (
    6,
    11,
    11,
    10,
)  # heights: over a plot, of a caption, of the labels under a plot, of a row of marks
STUB = 8  # of a step line beyond its last day
# WeasyPrint draws SVG without the page's style sheet: looks are attributes.
PLAIN = 'fill="#c9ced6" stroke="#555" stroke-width=".5"'
SOLID = 'fill="#4a4f57"'
BAND = 'fill="#ececec"'
LINE = 'fill="none" stroke="#000" stroke-width="1.2"'
THICK = 'fill="none" stroke="#000" stroke-width="2"'
AXIS = 'fill="none" stroke="#555" stroke-width=".6"'
GRID = 'fill="none" stroke="#bbb" stroke-width=".4"'
FONT = 'font-family="Noto Sans SC" fill="#333"'
SIGNS = {"up": "□", "down": "■", "line": "—", "step": "—"}  # before a series' name


@dataclass(frozen=True)
class Series:
    """Values by month, oldest first, and the newest as text. `shape`: of SIGNS; "down" are bars under the line."""

    name: str
    values: Sequence[float | None]
    shape: str
    newest: str


@dataclass(frozen=True)
class Panel:
    """A plot with its own scale from nought; its height in units."""

    series: Sequence[Series]
    height: int


@dataclass(frozen=True)
class Mark:
    """Months, first and last counted from 0, that findings speak of."""

    first: int
    last: int
    label: str


@dataclass(frozen=True)
class Years:
    """Values by year as bars with their figures, and the peers' as ticks across them; `tick`: what the ticks mean."""

    caption: str
    values: Sequence[float | None]
    texts: Sequence[str]
    peers: Sequence[float | None]
    tick: str


def _svg(title: str, body: Sequence[str], width: float, height: float) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="100%" role="img"><title>{escape(title)}</title>'
    return head + "".join(body) + "</svg>"


def _text(x: float, y: float, text: str, anchor: str = "start", size: float = 7.4, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {FONT}{weight}>{escape(text)}</text>'
    )


def _fitted(text: str, room: float, size: float = 7.4) -> float:
    """The size at which a text is no wider than the room: a wide character is a little over its height, any other 0.64 of it."""
    wide = sum(1.1 if character > "⺀" else 0.64 for character in text)
    return min(size, int(room / wide * 10) / 10) if wide else size


def _path(looks: str, d: str) -> str:
    return f'<path {looks} d="{d}"/>' if d else ""


def _bars(values: Sequence[float | None], zero: float, scale: float, step: float) -> str:
    return "".join(
        f"M{LEFT + step * i + 1:.1f} {zero:.1f}v{-v * scale:.1f}h{max(1, step - 2):.1f}V{zero:.1f}z"
        for i, v in enumerate(values)
        if v is not None
    )


def _runs(values: Sequence[float | None], y: Sequence[float], step: float, flat: bool) -> str:
    """A line through the known values, broken where one is unknown; `flat`: level over its whole month."""
    drawn, joined = [], False
    for i, v in enumerate(values):
        if v is not None:
            left, right = LEFT + step * i, LEFT + step * (i + 1)
            points = f"{left:.1f} {y[i]:.1f}H{right:.1f}" if flat else f"{(left + right) / 2:.1f} {y[i]:.1f}"
            drawn.append(("L" if joined else "M") + points)
        joined = v is not None
    return "".join(drawn)


def _lone(values: Sequence[float | None], y: Sequence[float], step: float) -> str:
    """A short stroke for each known value between unknown ones, which no line shows."""
    known = [False, *(v is not None for v in values), False]
    alone = [i for i in range(len(values)) if known[i + 1] and not known[i] and not known[i + 2]]
    return "".join(f"M{LEFT + step * i:.1f} {y[i]:.1f}h{step:.1f}" for i in alone)


def _panel(panel: Panel, top: float, step: float, right: float) -> list[str]:
    signed = [[v if s.shape != "down" or v is None else -v for v in s.values] for s in panel.series]
    known = [v for values in signed for v in values if v is not None]
    high, low = max([*known, 0]), min([*known, 0])
    scale = (panel.height - GAP) / ((high - low) or 1)
    zero = top + GAP + high * scale
    body = []
    for values, series in zip(signed, panel.series, strict=True):
        if series.shape in ("up", "down"):
            body.append(_path(PLAIN if series.shape == "up" else SOLID, _bars(values, zero, scale, step)))
        else:
            y = [zero - (v or 0) * scale for v in values]
            body.append(_path(LINE, _runs(values, y, step, series.shape == "step") + _lone(values, y, step)))
    body.append(_path(AXIS, f"M{LEFT} {zero:.1f}H{right:.1f}"))
    at = top + GAP + (panel.height - GAP) / 2 - 9.5 * len(panel.series) + 7
    for series in panel.series:
        body.append(_text(right + 5, at, f"{SIGNS[series.shape]} {series.name}"))
        size = _fitted(series.newest, GUTTER - 6)
        body.append(_text(right + 5, at + 9, series.newest, size=size, bold=True))
        at += 19
    return body


def months(title: str, labels: Sequence[str], panels: Sequence[Panel], marks: Sequence[Mark] = ()) -> str:
    """Panels over the same months, one below the other, the newest values beside them; marked months on a grey band."""
    right = HALF - GUTTER
    step = (right - LEFT) / len(labels)
    first = ROW * len(marks)
    foot = first + sum(panel.height for panel in panels)
    body = []
    for row, mark in enumerate(marks):
        x, y = LEFT + step * mark.first, ROW * row
        wide = step * (mark.last - mark.first + 1)
        body.append(f'<rect {BAND} x="{x:.1f}" y="{y + ROW - 1}" width="{wide:.1f}" height="{foot - y - ROW + 1}"/>')
        late = mark.first + mark.last > len(labels) - 1
        body.append(_text(x + wide if late else x, y + ROW - 3, mark.label, "end" if late else "start", bold=True))
        body.append(_path(THICK, f"M{x:.1f} {y + ROW - 1}h{wide:.1f}"))
    top = float(first)
    for panel in panels:
        body += _panel(panel, top, step, right)
        top += panel.height
    body += [_text(LEFT, foot + FOOT - 2, labels[0]), _text(right, foot + FOOT - 2, labels[-1], "end")]
    return _svg(title, body, HALF, foot + FOOT)


def years(title: str, labels: Sequence[str], plots: Sequence[Years], height: int = 80) -> str:
    """Plots side by side, a bar a year each with its figure, the peers' median as a tick across the bar."""
    body = []
    wide = (WIDE - 16 * (len(plots) - 1)) / len(plots)
    for at, plot in enumerate(plots):
        known = [v for v in [*plot.values, *plot.peers] if v is not None]
        high, low = max([*known, 0]), min([*known, 0])
        above, below = CAPTION + 10, FOOT + (9 if low < 0 else 0)  # figures stand on the bars, or under them
        scale = (height - above - below) / ((high - low) or 1)
        zero = above + high * scale
        left, step = LEFT + at * (wide + 16), (wide - LEFT) / len(labels)
        body.append(_text(left, CAPTION - 4, plot.caption, bold=True))
        if any(v is not None for v in plot.peers):
            body.append(_text(left + wide - LEFT, CAPTION - 4, f"▬ {plot.tick}", "end"))
        bars, ticks = "", ""
        for i, (v, peer) in enumerate(zip(plot.values, plot.peers, strict=True)):
            x, bar = left + step * (i + 0.22), step * 0.56
            if v is not None:
                bars += f"M{x:.1f} {zero:.1f}v{-v * scale:.1f}h{bar:.1f}V{zero:.1f}z"
                y = _beside(zero - v * scale, zero - peer * scale if peer is not None else None, up=v >= 0)
                body.append(_text(x + bar / 2, y, plot.texts[i], "middle", _fitted(plot.texts[i], step - 2, 6.5)))
            if peer is not None:
                ticks += f"M{x - step * 0.1:.1f} {zero - peer * scale:.1f}h{bar + step * 0.2:.1f}"
            body.append(_text(x + bar / 2, height - 2, labels[i], "middle"))
        body += [_path(PLAIN, bars), _path(THICK, ticks), _path(AXIS, f"M{left:.1f} {zero:.1f}h{wide - LEFT:.1f}")]
    return _svg(title, body, WIDE, height)


def _beside(end: float, tick: float | None, *, up: bool) -> float:
    """Where a bar's figure stands: beyond the bar's end, and beyond a tick that would strike it through."""
    if up:
        return tick - 3.5 if tick is not None and end - 10 < tick < end + 1 else end - 2.5
    return tick + 8.5 if tick is not None and end - 1 < tick < end + 10 else end + 7.5


def steps(title: str, rows: Sequence[str], levels: Sequence[tuple[date, int]], span: tuple[date, date],
          ticks: Sequence[tuple[date, str]]) -> str:  # fmt: skip
    """A line that steps from row to row (0 the lowest) on the given days and holds to the end of `span`; rows named left."""
    label, high, right = 70, 11, HALF - LEFT
    start, end = span
    scale = (right - STUB - label) / ((end - start).days or 1)  # a step on the last day is seen, too
    foot = high * len(rows)

    def x(day: date) -> float:
        return label + (max(day, start) - start).days * scale

    def y(row: int) -> float:
        return foot - high * (row + 0.5)

    body = [_text(LEFT, y(row) + 3, name) for row, name in enumerate(rows)]
    body.append(_path(GRID, "".join(f"M{label} {y(row):.1f}H{right}" for row in range(len(rows)))))
    body.append(_path(GRID, "".join(f"M{x(day):.1f} 0V{foot}" for day, _ in ticks)))
    path = "".join(f"{'L' if i else 'M'}{x(day):.1f} {y(row):.1f}" for i, (day, row) in enumerate(_squared(levels)))
    body.append(_path(THICK, f"{path}H{right}" if path else ""))
    body += [_text(x(day) + 1, foot + FOOT - 2, text) for day, text in ticks]
    return _svg(title, body, HALF, foot + FOOT)


def _squared(levels: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """The corners of the steps: the old row stands until the day of the new one."""
    corners = [*levels[:1]]
    for (_, before), (day, row) in pairwise(levels):
        corners += [(day, before), (day, row)]
    return corners
