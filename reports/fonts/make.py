"""Cut Noto Sans SC, and Noto Sans behind it, to the characters of names: `python -m reports.fonts.make FOLDER`.

FOLDER holds the TrueType files of the npm packages @expo-google-fonts/noto-sans-sc and noto-sans (`npm pack`, unpacked). Hinting is
dropped, tabular figures are kept.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
FONTS = {
    "NotoSansSC-Regular.ttf": "NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "NotoSansSC_700Bold.ttf",
    "NotoSans-Regular.ttf": "NotoSans_400Regular.ttf",
    "NotoSans-Bold.ttf": "NotoSans_700Bold.ttf",
}
# Latin, Greek, Cyrillic, punctuation, signs, kana, bopomofo; all Chinese characters of GBK, and those beyond the basic plane.
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x2C6, 0x52F), (0x1E00, 0x1FFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20BF),
          (0x2100, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x26FF), (0x3000, 0x30FF), (0x3105, 0x3129), (0x3220, 0x3229),
          (0x4E00, 0x9FFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF)]  # fmt: skip
# Of Extension A only what the Table of General Standard Chinese Characters (2013) lists: names may be made of no other.
LISTED = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴"
    "䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)


def characters() -> set[int]:
    """Code points kept, of those the font has."""
    return {point for first, last in RANGES for point in range(first, last + 1)} | set(map(ord, LISTED))


def cut(source: Path, target: Path) -> None:
    """One weight, cut; the same source gives the same bytes."""
    options = Options(
        hinting=False, desubroutinize=True, layout_features=["kern", "tnum", "lnum", "locl", "ccmp", "mark"]
    )
    options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    font.save(target)


if __name__ == "__main__":
    for shipped, name in FONTS.items():
        cut(next(Path(sys.argv[1]).rglob(name)), HERE / shipped)
