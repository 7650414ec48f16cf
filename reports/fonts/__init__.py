"""The fonts reports are set in, and the fontconfig file that names them: never the machine's own configuration.

Without any fontconfig configuration Pango crashes, and with the machine's own a page would look different on each.
"""

import hashlib
import os
import tempfile
from functools import cache
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
_FALLBACK = ("/usr/share/fonts", "/usr/local/share/fonts")  # for a name with a character outside GB 2312


def configuration() -> str:
    """The fontconfig file's text: our folder first, the system's fonts behind it."""
    cache = Path(tempfile.gettempdir()) / f"bellwether-fontconfig-{os.getuid()}"
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in (HERE, *_FALLBACK))
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"{folders}<cachedir>{escape(str(cache))}</cachedir></fontconfig>\n"
    )


@cache
def _known() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(HERE / "NotoSansSC-Regular.ttf").getBestCmap())


def outside(text: str) -> bool:
    """Whether a character of the text is not in the shipped font, so that a page needs one of the system's."""
    return any(ord(c) not in _known() for c in text if not c.isspace())


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
