"""Cut Noto Sans SC to GB 2312 and Latin: `python -m reports.fonts.make FOLDER`, FOLDER holding the two TrueType files.

They come from the npm package @expo-google-fonts/noto-sans-sc (`npm pack`, unpacked). Hinting is dropped, tabular figures are kept.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
WEIGHTS = {"Regular": "NotoSansSC_400Regular.ttf", "Bold": "NotoSansSC_700Bold.ttf"}
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20BF), (0x2150, 0x218B),
          (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x3000, 0x303F), (0xFF00, 0xFFEF)]  # fmt: skip


def characters() -> set[int]:
    """Code points kept: all of GB 2312, Latin, punctuation, signs, shapes."""
    kept = {point for first, last in RANGES for point in range(first, last + 1)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                kept.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return kept


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
    for weight, name in WEIGHTS.items():
        found = next(Path(sys.argv[1]).rglob(name))
        cut(found, HERE / f"NotoSansSC-{weight}.ttf")
