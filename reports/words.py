"""Words per language: gettext catalogues read from .po files; codes of closed lists (labels.py) in that language."""

import gettext
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from reports.labels import LABELS
from transforms.signals import CATALOGUE

LOCALE = Path(__file__).parent / "locale"


_WIDE = str.maketrans({",": "，", ";": "；"})


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """msgid → text of a language; empty for English, whose texts are the msgids."""
    path = LOCALE / locale / "LC_MESSAGES" / "bellwether.po"
    if locale == "en":
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=locale) if m.id}


class Words(gettext.NullTranslations):
    """A language's words; a text without a translation raises KeyError: no report is half translated."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self.locale = locale
        self._texts = catalogue(locale)

    def gettext(self, message: str) -> str:
        """The text in this language."""
        return message if self.locale == "en" else self._texts[message]

    def label(self, kind: str, code: Any) -> str:
        """A code of a closed list in words; a dash when it is unknown."""
        if code is None:
            return "—"
        text = LABELS[kind].get(str(code))
        return str(code) if text is None else self.gettext(text)

    def signal(self, signal_id: str) -> str:
        """A signal's name; the book's Chinese text is set with Chinese punctuation and without its full stop."""
        signal = CATALOGUE[signal_id]
        return book(signal_id) if self.locale == "zh" else signal.en

    def line(self, sentences: list[str]) -> str:
        """Sentences one after the other."""
        return ("" if self.locale == "zh" else " ").join(sentences)

    def join(self, parts: list[str]) -> str:
        """A list in the language's punctuation."""
        return ("、" if self.locale == "zh" else ", ").join(parts)


def book(signal_id: str) -> str:
    """The book's own words for a signal, as a heading prints them."""
    return CATALOGUE[signal_id].zh.translate(_WIDE).rstrip("。")


def used() -> set[str]:
    """Every msgid the labels, sections and templates use (for the test that none lacks a translation)."""
    root = Path(__file__).parent
    found = {text for labels in LABELS.values() for text in labels.values()}
    for path in [*root.rglob("*.html"), *root.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found |= {m[1] for m in re.findall(r"""(?:(?<![\w.])_|(?<![\w.])N_|gettext)\(\s*(["'])(.+?)\1\s*[,)]""", text)}
    return found
