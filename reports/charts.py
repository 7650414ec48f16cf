"""Small charts as inline SVG: few nodes, round coordinates, labels at the lines, readable in black and white."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 520, 104, 4, 16, 14
# WeasyPrint draws SVG without the page's style sheet: looks are attributes.
PLAIN = 'fill="#c9ced6" stroke="#555" stroke-width=".5"'
SOLID = 'fill="#4a4f57"'
LINE = 'fill="none" stroke="#000" stroke-width="1.2"'
AXIS = 'fill="none" stroke="#555" stroke-width=".6"'
FONT = 'font-family="Noto Sans SC" fill="#333"'


def _svg(title: str, body: list[str], height: int = HEIGHT) -> str:
    head = f'<svg viewBox="0 0 {WIDTH} {height}" width="100%" role="img"><title>{escape(title)}</title>'
    return head + "".join(body) + "</svg>"


def _text(x: float, y: float, text: str, anchor: str = "start", size: float = 8, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}" {FONT}{weight}>{escape(text)}</text>'
    )


def _points(values: Sequence[float | None], top: float, low: float, width: float) -> str:
    step = width / max(1, len(values))
    span = top - low or 1
    return " ".join(
        f"{LEFT + step * (i + 0.5):.0f},{TOP + (HEIGHT - TOP - BOTTOM) * (1 - (v - low) / span):.0f}"
        for i, v in enumerate(values)
        if v is not None
    )


def months(
    title: str,
    labels: Sequence[str],
    bars: Sequence[float | None],
    line: Sequence[float | None],
    names: tuple[str, str],
    last: tuple[str, str],
    mark: int = 0,
) -> str:
    """Bars and a line over months. `last`: the newest values as text; `mark`: so many last bars are drawn solid."""
    known = [v for v in [*bars, *line] if v is not None]
    if not known:
        return ""
    top, low = max([*known, 0]), min([*known, 0])
    width = WIDTH - 118
    step = width / max(1, len(bars))
    base = HEIGHT - BOTTOM
    scale = (HEIGHT - TOP - BOTTOM) / ((top - low) or 1)
    zero = base + low * scale
    plain: list[str] = []
    solid: list[str] = []
    for i, v in enumerate(bars):
        if v is not None:
            path = f"M{LEFT + step * i + 1:.0f} {zero:.0f}v{-v * scale:.0f}h{max(2, step - 2):.0f}V{zero:.0f}z"
            (solid if i >= len(bars) - mark else plain).append(path)
    body = [f'<path {PLAIN} d="{"".join(plain)}"/>', f'<path {SOLID} d="{"".join(solid)}"/>']
    body += [f'<polyline {LINE} points="{_points(line, top, low, width)}"/>']
    body += [f'<path {AXIS} d="M{LEFT} {zero:.0f}H{width + LEFT:.0f}"/>']
    body += [_text(LEFT, HEIGHT - 4, labels[0]), _text(width + LEFT, HEIGHT - 4, labels[-1], "end")]
    x = width + LEFT + 6
    body += [_text(x, TOP + 18, f"■ {names[0]}"), _text(x, TOP + 31, last[0], bold=True)]
    body += [_text(x, TOP + 56, f"— {names[1]}"), _text(x, TOP + 69, last[1], bold=True)]
    return _svg(title, body)


def pairs(title: str, labels: Sequence[str], first: Sequence[float | None], second: Sequence[float | None],
          names: tuple[str, str], texts: Sequence[tuple[str, str]]) -> str:  # fmt: skip
    """Two bars a year with their values written on them: the first outlined, the second solid."""
    known = [v for v in [*first, *second] if v is not None]
    if not known:
        return ""
    top, low = max([*known, 0]), min([*known, 0])
    below = 9 if low < 0 else 0  # room for the figures under the bars, above the years
    scale = (HEIGHT - TOP - BOTTOM - 10 - below) / ((top - low) or 1)
    zero = HEIGHT - BOTTOM - below + low * scale
    step = (WIDTH - 118) / max(1, len(labels))
    body = []
    for i, label in enumerate(labels):
        for values, css, shift, j in ((first, PLAIN, 0.12, 0), (second, SOLID, 0.5, 1)):
            v = values[i]
            if v is None:
                continue
            x, wide = LEFT + step * (i + shift), step * 0.34
            body.append(f'<path {css} d="M{x:.0f} {zero:.0f}v{-v * scale:.1f}h{wide:.0f}V{zero:.0f}z"/>')
            y = zero - v * scale - 2 if v >= 0 else zero - v * scale + 8
            body.append(_text(x + wide / 2, y, texts[i][j], "middle", 6.5))
        body.append(_text(LEFT + step * (i + 0.5), HEIGHT - 4, label, "middle"))
    body.append(f'<path {AXIS} d="M{LEFT} {zero:.0f}H{WIDTH - 114}"/>')
    body += [_text(WIDTH - 106, TOP + 18, f"□ {names[0]}"), _text(WIDTH - 106, TOP + 34, f"■ {names[1]}")]
    return _svg(title, body)
