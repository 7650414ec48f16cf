"""Sheets of a workbook, set row by row with typed cells: the only module that knows XlsxWriter.

A text stays a text whatever it holds: no formula, no link, no markup. What a cell cannot hold is said, and stops no night.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isinf
from typing import Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]

from reports.words import Words
from transforms import text

ROWS = 1_048_575  # of a sheet, its header apart
BLOCK = 10_000  # rows in Python's hands at a time
LONGEST = 32_767  # of a cell's text, in UTF-16 units
FOOT = 220  # units of ours at the foot of a printed page: Excel takes 255 with its codes
WIDE = 110
A3, A4 = 8, 9  # Excel's numbers
LEGIBLE = 280  # characters across a page of A4 above which print is too small
# What XML cannot hold, the other controls, and marks of direction, which would turn round what is read beside them.
_ILLEGAL = r"[\x00-\x08\x0B-\x1F\x7F-\x9F\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}\x{FFFE}\x{FFFF}]"
_DAY_ZERO = date(1899, 12, 30).toordinal()  # Excel takes 1900 for a leap year: from March on its count is right
_FIRST_DAY = date(1900, 3, 1)
_ZH_DAY = 'yyyy"年"m"月"d"日"'
_EN_DAY = "[$-809]d mmm yyyy"  # English months wherever it is opened
_OPTIONS = {
    "constant_memory": True,  # a row goes to a temporary file once it is set
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "use_zip64": True,
}
FILLS: Mapping[str, Mapping[str, Any]] = {  # the darker the worse, in black and white too
    "N": {"bg_color": "#7A0E15", "font_color": "#FFFFFF", "bold": True},
    "R": {"bg_color": "#EE9C9C", "bold": True},
    "A": {"bg_color": "#F9CF9F"},
    "W": {"bg_color": "#FFF3C4"},
    "at_risk": {"bg_color": "#EE9C9C", "bold": True},
    "cooling": {"bg_color": "#F9CF9F"},
    "not_assessable": {"bg_color": "#E6E6E6"},
}

Put = Callable[[Any, int, int, Any], object]  # sheet, row, column, value
Ready = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes: `header`: msgid, `{unit}` the unit of money in it; `kind` of its cells: text, long (wrapped), level (filled
    by its code), day, count, tenth, score, ratio, money (minor units), or figure: in the unit that the frame's column
    `unit` says; `labels`: msgid per code of a closed list.
    """

    header: str
    kind: str = "text"
    width: int = 12
    labels: Mapping[Any, str] = field(default_factory=dict)


def plain(said: pl.Expr) -> pl.Expr:
    """The texts without what XML cannot hold; what XlsxWriter would set as markup of its own gets a blank at its end."""
    kept = said.str.replace_all(r"\r\n?", "\n").str.replace_all(_ILLEGAL, "")
    return kept.str.replace(r"(?s)^(<r>.*</r>)$", "${1} ")


def cut(said: str, mark: str, longest: int = LONGEST) -> str:
    """The text, not longer than that many UTF-16 units; one that was ends in the mark."""
    units = said.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return said
    return units[: 2 * (longest - len(mark))].decode("utf-16-le", errors="ignore") + mark


class _Cells:
    """What sets a cell, by the kind of its column: the formats of a workbook in one language."""

    def __init__(self, book: Any, w: Words) -> None:
        zh = w.locale == "zh"
        font = {"font_name": "Microsoft YaHei" if zh else "Calibri", "font_size": 10, "valign": "top"}

        def form(**of: Any) -> Any:
            return book.add_format({**font, **of})

        whole, tenth, exact = "#,##0", "#,##0.0", "#,##0.00"
        numbers = {"count": whole, "days": whole, "tenth": tenth, "points": tenth, "score": exact, "times": exact}
        numbers |= {"ratio": "0.0%", "money": exact, "day": _ZH_DAY if zh else _EN_DAY}
        self.words = w
        self.text, self.long, self.bold = form(), form(text_wrap=True), form(bold=True, text_wrap=True)
        self.head = form(bold=True, text_wrap=True, bottom=1, bg_color="#EDEDED")
        self._fills = {code: form(**fill) for code, fill in FILLS.items()}
        self._numbers = {name: form(num_format=printed) for name, printed in numbers.items()}
        self._minor = 1_000_000 if zh else 100_000  # minor units in 万元, in thousands
        self._mark = w.gettext("… (cut: a cell holds no more)")

    def of(self, column: Column) -> Put:
        """What sets a cell of that column; its value is not null."""
        words = {code: self.words.gettext(said) for code, said in column.labels.items()}
        if column.kind in ("text", "long", "level"):
            form = self.long if column.kind == "long" else self.text
            return self._worded(words, form, self._fills if column.kind == "level" else {})
        own: Mapping[str, Put] = {"day": self.day, "money": self._money, "figure": self._figure}
        return own.get(column.kind) or self._number(self._numbers[column.kind])

    def say(self, sheet: Any, row: int, place: int, said: str, form: Any) -> None:
        """Sets a text; none for an empty one."""
        if len(said) > LONGEST // 2:
            said = cut(said, self._mark)
        if said:
            sheet.write_string(row, place, said, form)

    def day(self, sheet: Any, row: int, place: int, day: date) -> None:
        """Sets a day; one before Excel's calendar as text."""
        if day < _FIRST_DAY:
            self.say(sheet, row, place, day.isoformat(), self.text)
        else:
            sheet.write_number(row, place, day.toordinal() - _DAY_ZERO, self._numbers["day"])

    def _worded(self, words: Mapping[Any, str], form: Any, fills: Mapping[str, Any]) -> Put:
        def put(sheet: Any, row: int, place: int, value: Any) -> None:
            if isinstance(value, list):
                self.say(sheet, row, place, self.words.join([words.get(code, code) for code in value]), form)
            else:
                self.say(sheet, row, place, words.get(value, value), fills.get(value, form))

        return put

    def _number(self, form: Any) -> Put:
        return lambda sheet, row, place, value: self._set(sheet, row, place, value, form)

    def _money(self, sheet: Any, row: int, place: int, minor: float) -> None:
        self._set(sheet, row, place, minor / self._minor, self._numbers["money"])

    def _figure(self, sheet: Any, row: int, place: int, measured: tuple[float, str]) -> None:
        value, unit = measured
        if unit == "money":
            self._money(sheet, row, place, value)
            return
        mean = unit in ("count", "days") and value % 1 != 0  # it keeps a decimal
        form = self._numbers.get("tenth" if mean else unit, self._numbers["times"])
        self._set(sheet, row, place, value * 100 if unit == "points" else value, form)

    def _set(self, sheet: Any, row: int, place: int, value: float, form: Any) -> None:
        if isinf(value):  # a cell knows no infinity
            self.say(sheet, row, place, text.number(value, self.words.locale), form)
        else:
            sheet.write_number(row, place, value, form)


class Workbook:
    """A workbook in one language, sheet by sheet; `close` gives its bytes.

    `unit`: of money, for the headers; `foot`: said on every printed page; `folder`: where rows wait for `close`.
    """

    def __init__(self, w: Words, title: str, as_of: date, unit: str, foot: str, folder: str) -> None:
        self._words, self._unit, self._day = w, unit, text.day(as_of, w.locale)
        self._foot = _uncoded(foot)
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {**_OPTIONS, "tmpdir": folder})
        created = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 - the format knows no zone
        self._book.set_properties({"title": title, "author": "Bellwether", "created": created})
        self._cells = _Cells(self._book, w)

    def close(self) -> bytes:
        """The finished file: the same bytes for the same sheets."""
        self._book.close()
        return self._out.getvalue()

    def table(self, name: str, columns: Mapping[str, Column], frame: pl.DataFrame, ready: Ready, frozen: int) -> None:
        """A sheet of the frame's rows, on a second one where a sheet is full.

        `columns`: by the name of the column that `ready` makes of a slice of the frame; `frozen`: columns that stay in sight.
        """
        for number, part in enumerate(_slices(frame, ROWS), start=1):
            sheet = self._sheet(name if number == 1 else f"{name} ({number})", sum(of.width for of in columns.values()))
            self._header(sheet, columns, part.height, frozen)
            puts = [self._cells.of(column) for column in columns.values()]
            row = 1
            for block in _slices(part, BLOCK):
                for values in zip(*_lists(ready(block), columns), strict=True):
                    for place, value in enumerate(values):
                        if value is not None:
                            puts[place](sheet, row, place, value)
                    row += 1

    def note(self, name: str, said: str) -> None:
        """A sheet that says in one cell why it has no table."""
        sheet = self._sheet(name, WIDE)
        sheet.set_column(0, 0, WIDE)
        self._cells.say(sheet, 0, 0, said, self._cells.long)

    def facts(self, name: str, rows: Iterable[tuple[str, str | date]]) -> None:
        """A sheet of what and its value, a line each."""
        sheet = self._sheet(name, WIDE)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, WIDE)
        for row, (what, value) in enumerate(rows):
            self._cells.say(sheet, row, 0, what, self._cells.bold)
            if isinstance(value, date):
                self._cells.day(sheet, row, 1, value)
            else:
                self._cells.say(sheet, row, 1, _plain(value), self._cells.long)

    def _sheet(self, name: str, width: int) -> Any:
        """A new sheet, ready for the printer: landscape, as wide as the page, page x of y at the foot."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A3 if width > LEGIBLE else A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        pages = self._words.gettext("Page {page} of {pages}").format(page="&P", pages="&N")
        sheet.set_header(f"&L&8 {name}&R&8 {self._day}")
        sheet.set_footer(f"&L&6 {self._foot}&R&8 {pages}")
        return sheet

    def _header(self, sheet: Any, columns: Mapping[str, Column], rows: int, frozen: int) -> None:
        sheet.freeze_panes(1, frozen)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, rows, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # an id of digits is a text and no error
        sheet.set_row(0, 42)
        for place, column in enumerate(columns.values()):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, self._words.gettext(column.header).format(unit=self._unit), self._cells.head)


def _uncoded(said: str) -> str:
    """A text for the head or foot of a printed page, where & begins a code."""
    return cut(_plain(said).replace("&", "＆"), "…", FOOT)


def _plain(said: str) -> str:
    return str(pl.select(plain(pl.lit(said))).item())


def _slices(frame: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    """The frame by so many rows; an empty one once."""
    return frame.iter_slices(rows) if frame.height else iter([frame])


def _lists(frame: pl.DataFrame, columns: Mapping[str, Column]) -> list[list[Any]]:
    """The values per column, texts plain; of a figure with its unit."""
    frame = frame.with_columns(_plained(name, dtype) for name, dtype in frame.schema.items())
    lists = []
    for name, column in columns.items():
        values = frame[name].to_list()
        if column.kind == "figure":
            values = [None if of is None else (of, unit) for of, unit in zip(values, frame["unit"], strict=True)]
        lists.append(values)
    return lists


def _plained(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column ready for Python: enums and texts as plain texts, what is no number as null."""
    if isinstance(dtype, (pl.String, pl.Enum, pl.Categorical)):
        return plain(pl.col(name).cast(pl.String))
    if isinstance(dtype, pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.eval(plain(pl.element())).list.drop_nulls()
    return pl.col(name).fill_nan(None) if dtype.is_float() else pl.col(name)
