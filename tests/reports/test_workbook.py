"""The workbook: typed cells, frozen heads, filters; texts that stay texts, no conduct of the RM, the same bytes."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from expectations.lists import LISTS
from reports import sheets, workbook
from reports.facts import Run
from reports.labels import LABELS
from reports.sheets import FILLS, LONGEST
from reports.words import Words
from reports.workbook import PEOPLE
from transforms.contracts import ASSESSMENTS, CHANGE, FINDINGS, STATE
from transforms.relationship.complaint_statistics import DIMENSIONS, FRAMES, PERIODS
from transforms.relationship.roster import FRAMES as ROSTERS
from transforms.signals import CATALOGUE
from transforms.text import Unit

AT = date(2015, 6, 30)
LOCALES = ("en", "zh")
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PROVENANCE = {
    "name_en": "Sample bank", "name_zh": "样本银行", "attribution_en": "Statements: A & B, 2022", "attribution_zh": "报表来源：A & B",
    "licence": "CC BY 4.0", "tables": {"accounts": {"origin": "simulated", "note_en": "Made up.", "note_zh": "虚构。"}},
}  # fmt: skip
RUN = Run(AT, "CNY", "ee87", "be6d", PROVENANCE, {"clients": AT, "complaints": AT}, {})
HOSTILE = [
    '=HYPERLINK("http://x")',
    "+1",
    "-2",
    "@SUM(A1)",
    "http://example.org",
    "0012",
    "{=1}",
    "<b>&amp;</b>",
    "_x0041_",
]
CLIENTS = {"C1": "R", "C2": "N", "C3": "clear", "C4": "not_assessable", "C5": "W", "C6": "R"}


def rows(schema: Mapping[str, Any], *told: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(schema) | dict(row) for row in told], schema=pl.Schema(schema))


def panel(**names: str) -> pl.DataFrame:
    exposures = {"C1": 1_234_567_890, "C6": 9_999_999_999}
    return pl.DataFrame(
        {
            "client_id": client, "name": names.get(client, f"Name of {client}"), "confidential": client == "C5",
            "industry_section": "C", "industry_code": "C3516", "region_code": "440305", "branch_id": "B-SZ", "rm_id": "RM1",
            "rm_name": None if client == "C4" else "Wu Dan", "exposure": exposures.get(client),
        }
        for client in CLIENTS
    )  # fmt: skip


def assessments() -> pl.DataFrame:
    reasons = {
        "C1": ["FIN-08", "REL-01", "FIN-01", "thin_data"],
        "C4": ["A3 the id is wrong / 编号有误", "MGT-14"],
    }
    told = [
        {
            "as_of": AT, "client_id": client, "risk_level": level, "relationship_level": "cooling", "families": 3,
            "coverage": 0.576, "since": AT, "change": "worse", "previous_risk_level": "W", "quadrant": "reduce",
            "strategy": "prevent", "reasons": reasons.get(client, []),
        }
        for client, level in CLIENTS.items()
    ]  # fmt: skip
    return rows(ASSESSMENTS, *told)


def finding(client: str, signal: str, **more: Any) -> dict[str, Any]:
    told = {
        "as_of": AT, "client_id": client, "signal_id": signal, "level": "A", "value": 0.31, "limit": 0.25, "comparison": ">=",
        "unit": "ratio", "period_from": date(2014, 12, 31), "period_to": AT, "confirm": True, "first_seen": AT,
        "change": "new", "state": "standing", "source_keys": [f"statements:{client}|2014-12-31|Y|consolidated|1"],
        "text_en": f"{signal} tells.", "text_zh": f"{signal}的说明。",
    }  # fmt: skip
    return told | more


def findings(*more: Mapping[str, Any]) -> pl.DataFrame:
    conduct = [
        finding("C1", signal, text_en="his conduct", text_zh="其行为")
        for signal in CATALOGUE
        if signal.startswith("REL")
    ]
    told = [finding("C1", "FIN-01"), finding("C1", "FIN-08", level="R"), finding("C1", "FIN-02", state="resolved")]
    return rows(FINDINGS, *conduct, *told, finding("C3", "FIN-08"), *more)


def frames(**more: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {"panel": panel(), "assessments": assessments(), "findings": findings(), **more}


def unzipped(made: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


class Book:
    """A workbook read back: sheets by name, cells by row and column, formats and fills of cells."""

    def __init__(self, made: bytes) -> None:
        self.files = unzipped(made)
        names = [sheet.attrib["name"] for sheet in self.xml("xl/workbook.xml").iter(f"{NS}sheet")]
        self.roots = {name: self.xml(f"xl/worksheets/sheet{k}.xml") for k, name in enumerate(names, start=1)}
        styles = self.xml("xl/styles.xml")
        codes = {of.attrib["numFmtId"]: of.attrib["formatCode"] for of in styles.iter(f"{NS}numFmt")}
        fills = [of.find(f".//{NS}fgColor") for of in styles.iter(f"{NS}fill")]
        formats = styles.find(f"{NS}cellXfs")
        assert formats is not None
        self.formats = [codes.get(of.attrib["numFmtId"], of.attrib["numFmtId"]) for of in formats]
        colours = ["" if fill is None else fill.attrib.get("rgb", "") for fill in fills]
        self.fills = [colours[int(of.attrib["fillId"])] for of in formats]

    def xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.files[name])  # noqa: S314 - made here

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The sheet's rows by header; a cell that is not there is None."""
        head, *told = self.cells(name)
        return [{said: row.get(place) for place, said in head.items()} for row in told]

    def cells(self, name: str) -> list[dict[str, Any]]:
        return [
            {re.sub(r"\d", "", cell.attrib["r"]): self.value(cell) for cell in row}
            for row in self.roots[name].iter(f"{NS}row")
        ]

    def value(self, cell: ElementTree.Element) -> Any:
        assert cell.find(f"{NS}f") is None
        if cell.attrib.get("t") == "inlineStr":
            return "".join(of.text or "" for of in cell.iter(f"{NS}t"))
        value = cell.find(f"{NS}v")
        return None if value is None or value.text is None else float(value.text)

    def style(self, name: str, header: str, row: int) -> int:
        place = next(k for k, said in self.cells(name)[0].items() if said == header)
        cell = next(cell for cell in self.roots[name].iter(f"{NS}c") if cell.attrib["r"] == f"{place}{row}")
        return int(cell.attrib["s"])

    def tag(self, name: str, tag: str) -> dict[str, str]:
        found = self.roots[name].find(f".//{NS}{tag}")
        assert found is not None, tag
        return dict(found.attrib)


def made(locale: str = "en", run: Run = RUN, **more: pl.DataFrame) -> Book:
    return Book(workbook.workbook(frames(**more), locale, run))


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def test_the_watch_list_names_every_client_that_is_not_clear_worst_first() -> None:
    told = made().rows("Watch list")
    assert [row["Client number"] for row in told] == ["C2", "C6", "C1", "C5", "C4"]
    red = told[2]
    assert (red["Risk level"], red["Level before"], red["Change"]) == ("Red", "Watch", "worse")
    assert red["Sector"] == "Manufacturing (C3516)"
    assert red["Exposure (CNY thousand)"] == pytest.approx(12345.6789)
    assert (red["Since"], red["Families of evidence"], red["Signals answered"]) == (serial(AT), 3, 0.576)
    assert red["Reasons"] == "; ".join(
        [*(f"{signal} {CATALOGUE[signal].en}" for signal in ("FIN-08", "FIN-01")), "thin data"]
    )
    held = told[4]
    assert held["Reasons"].startswith("A3 the id is wrong; MGT-14 ")
    assert held["RM"] is None
    assert held["Exposure (CNY thousand)"] is None


def test_chinese_has_its_own_units_dates_and_words() -> None:
    book = made("zh")
    told = book.rows("预警名单")
    assert told[2]["风险敞口（万元）"] == pytest.approx(1234.56789)
    assert told[2]["所属行业"] == "制造业（C3516）"
    assert told[4]["原因"].startswith("A3 编号有误；MGT-14 ")
    assert book.formats[book.style("预警名单", "起始日", 2)] == 'yyyy"年"m"月"d"日"'
    assert book.formats[book.style("预警名单", "风险敞口（万元）", 3)] == "#,##0.00"
    assert book.rows("命中信号")[0]["待客户经理核实"] == "是"
    assert list(book.roots) == ["预警名单", "命中信号", "客户名册", "投诉统计", "说明"]


def test_findings_come_by_client_and_weight_in_their_unit() -> None:
    units = {
        "points": 0.05, "money": 123_456_700, "times": 2.5, "days": 31.0, "count": 1.5, "score": 2.25, "none": None,
        "ratio": float("inf"),
    }  # fmt: skip
    more = [finding("C6", "FIN-08", unit="ratio", value=-0.5, comparison="<", confirm=False)]
    more += [finding("C6", f"ZZZ-{unit}", unit=unit, value=value, limit=None) for unit, value in units.items()]
    book = made(findings=findings(*more))
    told = book.rows("Findings")
    own = [(row["Client number"], row["Signal"], row["State"]) for row in told if row["Client number"] == "C1"]
    assert own == [("C1", "FIN-08", "standing"), ("C1", "FIN-01", "standing"), ("C1", "FIN-02", "resolved")]
    assert [row["Client number"] for row in told] == ["C6"] * 9 + ["C1"] * 3
    first = told[0]
    assert (first["Value"], first["Test"], first["Limit"], first["Unit"]) == (-0.5, "<", 0.25, "per cent")
    assert (first["To be confirmed by the RM"], told[-1]["To be confirmed by the RM"]) == ("no", "yes")
    assert book.formats[book.style("Findings", "Value", 2)] == "0.0%"
    by = {row["Signal"].removeprefix("ZZZ-"): row for row in told[1:9]}
    assert {unit: row["Value"] for unit, row in by.items()} == {
        **units, "points": pytest.approx(5), "money": 1234.567, "ratio": "∞"
    }  # fmt: skip
    assert by["money"]["Unit"] == "CNY thousand"
    assert all(row["Limit"] is None for row in by.values())
    assert told[-1]["Question to ask"] == CATALOGUE["FIN-02"].ask_en
    assert told[-1]["Finding"] == "FIN-02 tells."
    assert told[-1]["Source rows"] == "financial statements: 31 December 2014"
    assert (told[-1]["Period from"], told[-1]["Period to"]) == (serial(date(2014, 12, 31)), serial(AT))


@pytest.mark.parametrize("locale", LOCALES)
def test_another_reader_sees_days_as_days_and_numbers_as_numbers(locale: str) -> None:
    told = pl.read_excel(io.BytesIO(workbook.workbook(frames(), locale, RUN)), sheet_id=1)
    types = dict(zip(workbook.WATCH, told.dtypes, strict=True))
    assert types["since"].is_temporal()
    assert types["exposure"].is_numeric()
    assert types["coverage"].is_numeric()
    assert types["called"] == pl.String
    assert told.height == 5


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_of_the_rms_own_conduct_is_anywhere(locale: str) -> None:
    everything = "".join(made(locale).files.values())
    w = Words(locale)
    names = [w.signal(signal) for signal in CATALOGUE if signal.startswith("REL")]
    assert "FIN-08" in everything
    for said in ("REL-", "his conduct", "其行为", *names):
        assert said not in everything


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sheet_has_a_frozen_head_a_filter_and_prints_on_pages(locale: str) -> None:
    book = made(locale, client_roster=roster(), complaint_statistics=statistics())
    for name, paper in zip(book.roots, ["9", "8", "8", "8"], strict=False):
        pane, page = book.tag(name, "pane"), book.tag(name, "pageSetup")
        assert (pane["ySplit"], pane["state"]) == ("1", "frozen")
        assert book.tag(name, "autoFilter")["ref"].startswith("A1:")
        assert (page["orientation"], page["paperSize"], page["fitToHeight"]) == ("landscape", paper, "0")
        foot = book.roots[name].findtext(f".//{NS}oddFooter") or ""
        assert ("A ＆ B" in foot, "&P" in foot, "&N" in foot) == (True, True, True)
        assert len(foot) <= 255
    assert book.files["xl/workbook.xml"].count("_xlnm.Print_Titles") == 4
    assert book.tag(next(iter(book.roots)), "autoFilter")["ref"] == "A1:Q6"


def test_a_level_is_a_word_on_a_fill() -> None:
    book = made()
    for row, told in enumerate(book.rows("Watch list"), start=2):
        code = CLIENTS[told["Client number"]]
        assert told["Risk level"] == LABELS["risk"][code]
        fill = book.fills[book.style("Watch list", "Risk level", row)]
        assert fill.endswith(FILLS[code]["bg_color"].removeprefix("#"))
    assert set(FILLS) < {*LABELS["risk"], *LABELS["relationship"]}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_text_stays_a_text(hostile: str) -> None:
    told = findings(finding("C6", "FIN-08", text_en=hostile))
    book = made(panel=panel(C1=hostile), findings=told)
    assert book.rows("Watch list")[2]["Name"] == hostile.replace("_x0041_", "_x005F_x0041_")
    assert book.rows("Findings")[0]["Finding"] == hostile.replace("_x0041_", "_x005F_x0041_")
    everything = "".join(text for name, text in book.files.items() if name.startswith("xl/worksheets"))
    assert "<f>" not in everything
    assert "hyperlink" not in everything
    assert not [name for name in book.files if "rels" in name and "sheet" in name]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\x00b\x0bc\x1fd\x7fe\ufffff\ufffe", "abcdef"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("<r><t>raw</t></r>", "<r><t>raw</t></r> "),  # XlsxWriter would set it as markup
        ("<r>\n</broken></r>", "<r>\n</broken></r> "),
        ("𠮷野家\u202eexe.fdp", "𠮷野家exe.fdp"),  # it would be read as pdf.exe
        ("\x01\x02", None),
        ("\u202e\u2066fdp.exe\u2069\u202c \u200f\u061cA", "fdp.exe A"),
    ],
)
def test_what_a_cell_cannot_hold_is_left_out(name: str, kept: str | None) -> None:
    assert made(panel=panel(C1=name)).rows("Watch list")[2]["Name"] == kept


@pytest.mark.parametrize("letter", ["a", "𠮷"])
def test_a_text_too_long_is_cut_and_says_so(letter: str) -> None:
    said = made(panel=panel(C1=letter * 40_000)).rows("Watch list")[2]["Name"]
    assert said.endswith("… (cut: a cell holds no more)")
    assert LONGEST - 1 <= len(said.encode("utf-16-le")) / 2 <= LONGEST
    exact = "a" * LONGEST
    assert made(panel=panel(C1=exact)).rows("Watch list")[2]["Name"] == exact


def test_a_full_sheet_goes_on_in_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 3)
    monkeypatch.setattr(sheets, "BLOCK", 2)
    book = made()
    assert list(book.roots)[:3] == ["Watch list", "Watch list (2)", "Findings"]
    told = [row["Client number"] for name in ("Watch list", "Watch list (2)") for row in book.rows(name)]
    assert told == ["C2", "C6", "C1", "C5", "C4"]
    assert book.tag("Watch list (2)", "autoFilter")["ref"] == "A1:Q3"


def roster() -> pl.DataFrame:
    told = {
        "seq_bank": 1, "client_id": "C1", "client_name": "Name of C1", "group_name": "A group", "key_contact": "P1",
        "industry_code": "C3516", "main_rm_name": "Wu Dan", "grade": "A", "grade_move": "up", "importance_score": 71.5,
        "focus_reasons": ["satisfied", "difficult"], "service_mode": "key", "assist_rm": ["RM1", "=1+1"],
        "relationship_start": date(1899, 1, 1), "loans_out": 5_000_000, "satisfaction_rm": float("nan"), "risk_level": "R",
        "last_contact_on": AT, "file_complete": 0.75,
    }  # fmt: skip
    second = {"seq_bank": 2, "client_id": "C5", "client_name": "Name of C5"}
    return rows(ROSTERS["client_roster"], told | second, told)


def people() -> pl.DataFrame:
    return rows(PEOPLE, *({"client_id": client, "party_id": "P1", "name": "Li Na"} for client in ("C1", "C5")))


def test_the_roster_is_the_forms_and_masks_who_is_confidential() -> None:
    book = made(client_roster=roster(), people=people(), run=replace(RUN, names={"staff": {"RM1": "Wu Dan"}}))
    open_one, masked = book.rows("Client roster")
    assert (open_one["No."], open_one["Group"], open_one["Key contact"]) == (1, "A group", "Li Na")
    assert open_one["Reasons for closer care"] == "satisfied, difficult"
    assert (open_one["Main RM"], open_one["Assisting RM"]) == ("Wu Dan", "Wu Dan, =1+1")
    assert open_one["Sector"] == "Manufacturing (C3516)"
    assert open_one["Client since"] == "1899-01-01"
    assert (open_one["Loans outstanding (CNY thousand)"], open_one["Archive complete"]) == (50, 0.75)
    assert open_one["Satisfaction with the RM"] is None
    assert (open_one["Risk level"], open_one["Last contact"]) == ("Red", serial(AT))
    assert (masked["Client name"], masked["Group"], masked["Key contact"]) == ("Confidential client", None, None)
    assert "Name of C5" not in "".join(book.files.values())


def statistics() -> pl.DataFrame:
    told = {
        "period": "2015-06",
        "unit": "month",
        "complete": True,
        "received": 4,
        "received_yoy": -0.25,
        "compensation": 35_000,
    }
    values = {"all": "all", "category": "attitude", "rm": "RM1", "grade": None}
    schema = FRAMES["complaint_statistics"]
    return rows(schema, *(told | {"dimension": name, "value": value} for name, value in values.items()))


def test_complaint_statistics_are_the_forms_with_values_in_words() -> None:
    told = made("en", complaint_statistics=statistics()).rows("Complaint statistics")
    assert [row["Value of the dimension"] for row in told] == ["All", "Attitude", "RM1 Wu Dan", None]
    assert [row["Dimension"] for row in told] == ["All", "Category", "RM", "Grade"]
    assert (told[0]["Complaints received"], told[0]["Against a year ago"]) == (4, -0.25)
    assert (told[0]["Compensation (CNY thousand)"], told[0]["Period over"]) == (0.35, "yes")
    assert told[0]["Complaints closed"] is None
    assert set(workbook.STATISTICS) == set(FRAMES["complaint_statistics"])


def test_a_form_the_night_has_not_says_why() -> None:
    book = made(run=replace(RUN, feeds={"clients": AT}), complaint_statistics=statistics().clear())
    assert book.cells("Client roster") == [{"A": "Client roster is missing: the night did not make it."}]
    assert book.cells("Complaint statistics") == [
        {"A": "Complaint statistics is missing: the table of complaints was not delivered."}
    ]
    connected = made(complaint_statistics=statistics().clear())
    assert connected.rows("Complaint statistics") == []
    assert len(connected.cells("Complaint statistics")[0]) == len(workbook.STATISTICS)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_empty_night_has_its_heads(locale: str) -> None:
    nobody = {name: frame.clear() for name, frame in frames(client_roster=roster()).items()}
    book = Book(workbook.workbook(nobody, locale, RUN))
    watch, found, listed, *_ = book.roots
    assert [len(book.cells(name)) for name in (watch, found, listed)] == [1, 1, 1]
    assert book.tag(watch, "autoFilter")["ref"] == "A1:Q1"


def test_the_last_sheet_says_what_it_is_and_whence() -> None:
    told = {row["A"]: row["B"] for row in made().cells("About")}
    assert (told["Bank"], told["As of"], told["Policy"], told["Catalogue"]) == (
        "Sample bank",
        serial(AT),
        "ee87",
        "be6d",
    )
    assert told["Source"] == "Statements: A & B, 2022 (CC BY 4.0). Bellwether"
    assert told["Simulated tables"] == "accounts\nMade up."
    assert "risk department" in told["To contest"]
    bare = made(run=replace(RUN, provenance={})).cells("About")
    assert not {"Bank", "Simulated tables"} & {row["A"] for row in bare}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_same_night_gives_the_same_bytes(locale: str) -> None:
    told = frames(client_roster=roster(), complaint_statistics=statistics())
    first = workbook.workbook(told, locale, RUN)
    assert first == workbook.workbook(told, locale, RUN)
    assert "2015-06-30T00:00:00Z" in unzipped(first)["docProps/core.xml"]


def test_every_code_a_cell_can_hold_has_words() -> None:
    assert set(workbook.STATES) == set(STATE.categories)
    assert set(LABELS["change"]) == set(CHANGE.categories)
    assert set(workbook.UNITS) | {"money", "day", "month", "text"} == {unit.value for unit in Unit}
    assert set(workbook.PERIODS) == set(PERIODS)
    assert set(workbook.DIMENSIONS) == {"all", *DIMENSIONS}
    assert set(LABELS["root_cause"]) == set(LISTS["root_cause"])
    lists = {"category": "complaint_category", "target": "complaint_target", "channel": "complaint_channel"}
    for name, codes in {**lists, "product": "holding_family"}.items():
        assert set(workbook.VALUES[name]) == set(LISTS[codes]), name
