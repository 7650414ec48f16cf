"""What the shipped fonts hold, and what a page shows for a character that no font has."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reports import fonts
from reports.render import renderer
from tests.reports.pages import opened

THAI, PRIVATE = "\u0e01", "\ue000"


@pytest.fixture
def no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts of its own."""
    monkeypatch.setattr(fonts, "_theirs", frozenset)


def test_every_character_of_gbk_is_in_both_weights() -> None:
    regular, bold = (
        set(TTFont(fonts.HERE / f"NotoSansSC-{weight}.ttf").getBestCmap()) for weight in ("Regular", "Bold")
    )
    assert regular == bold
    points = (bytes([high, low]) for high in range(0x81, 0xFE) for low in range(0x40, 0xFF) if low != 0x7F)
    hanzi = {c for pair in points if len(c := pair.decode("gbk", "ignore")) == 1 and "\u4e00" <= c <= "\u9fff"}
    assert len(hanzi) == 20_902
    assert {ord(c) for c in hanzi} <= regular


@pytest.mark.parametrize("name", ["喆堃玥昇珺瑀镕", "陳龍灣", "𬭊𫖯䶮", "Žižek Łódź"])
def test_names_are_set_as_they_are(no_others: None, name: str) -> None:
    assert not fonts.outside(name)
    assert fonts.printable(name) == name


def test_what_no_font_has_is_a_geta_mark(no_others: None) -> None:
    assert fonts.outside(THAI)
    assert fonts.printable(f"a{THAI}{THAI}\n\t b{PRIVATE}") == "a〓〓\n\t b〓"


def test_what_another_font_has_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_theirs", lambda: frozenset({ord(THAI)}))
    assert fonts.printable(THAI + PRIVATE) == f"{THAI}〓"


def test_a_broken_font_of_the_system_has_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("a.ttf", "b.OTF", "c.ttc"):
        (tmp_path / name).write_bytes(b"no font")
    (tmp_path / "folder.ttf").mkdir()
    monkeypatch.setattr(fonts, "_FALLBACK", (str(tmp_path), str(tmp_path / "absent")))
    assert fonts._theirs.__wrapped__() == frozenset()


def test_a_page_shows_it_and_no_empty_box(no_others: None) -> None:
    page = opened(
        renderer().pdf(f"<html lang=zh><title>{PRIVATE}</title><body><p>王喆{PRIVATE}公司 <b>䶮{PRIVATE}</b>")
    )
    texts = [t for each in page.pages for t in each.texts]
    assert "王喆〓公司" in "".join(t.text for t in texts)
    assert all(0 not in t.codes for t in texts)


def test_an_accent_joins_its_letter_but_not_the_page() -> None:
    assert fonts.printable("<b>e\u0301</b>") == "<b>é</b>"
    assert fonts.printable("<b>\u0338x</b>").startswith("<b>")
