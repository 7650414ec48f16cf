"""The fonts reports are set in, and the fontconfig file that names them: never the machine's own configuration.

Without any fontconfig configuration Pango crashes, and with the machine's own a page would look different on each.
"""

import hashlib
import os
import re
import tempfile
import unicodedata
from functools import cache
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
_FALLBACK = ("/usr/share/fonts", "/usr/local/share/fonts")  # for a name with a character ours lack
MISSING = "\N{GETA MARK}"  # what Chinese and Japanese printers set for a character they do not have
_OPEN = (".ttf", ".otf", ".ttc", ".otc")
_TEXT = re.compile("(?<=>)[^<]+")  # a stroke through what stands before it must not meet the bracket of a tag
_BLANK = ("Cc", "Zs", "Zl", "Zp")  # need no glyph


def configuration() -> str:
    """The fontconfig file's text: our folder first, the system's fonts behind it."""
    cache = Path(tempfile.gettempdir()) / f"bellwether-fontconfig-{os.getuid()}"
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in (HERE, *_FALLBACK))
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"{folders}<cachedir>{escape(str(cache))}</cachedir></fontconfig>\n"
    )


@cache
def _ours() -> frozenset[int]:
    return _characters(HERE / "NotoSansSC-Regular.ttf") | _characters(HERE / "NotoSans-Regular.ttf")


@cache
def _theirs() -> frozenset[int]:
    """Characters of the system's fonts; read only when a text has one that ours lack."""
    files = (path for folder in _FALLBACK for path in Path(folder).rglob("*") if path.suffix.lower() in _OPEN)
    return frozenset().union(*map(_characters, files))


def _characters(file: Path) -> frozenset[int]:
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        with file.open("rb") as opened:
            several = file.suffix.lower() in _OPEN[2:]
            fonts = TTCollection(opened, lazy=True).fonts if several else [TTFont(opened, lazy=True)]
            return frozenset().union(*(font.getBestCmap() or () for font in fonts))
    except (TTLibError, OSError):  # a broken font of the system's: fontconfig skips it too
        return frozenset()


def outside(text: str) -> bool:
    """Whether a character of the text is not in the shipped fonts, so that a page needs one of the system's."""
    return any(ord(c) not in _ours() for c in text if not c.isspace())


def printable(page: str) -> str:
    """The page with every accent joined to its letter, and 〓 for each character no font at hand has.

    Without it a page shows an empty box, which PDF/A forbids.
    """
    if not unicodedata.is_normalized("NFC", page):
        page = _TEXT.sub(lambda text: unicodedata.normalize("NFC", text[0]), page)
    rare = {c for c in set(page) if ord(c) not in _ours() and unicodedata.category(c) not in _BLANK}
    lost = [c for c in rare if ord(c) not in _theirs()]
    return page.translate(dict.fromkeys(map(ord, lost), MISSING)) if lost else page


def configure() -> Path:
    """Point fontconfig at our fonts; call before WeasyPrint is imported. Returns the file in use."""
    text = configuration()
    name = f"bellwether-fonts-{os.getuid()}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.conf"
    path = Path(tempfile.gettempdir()) / name
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path
