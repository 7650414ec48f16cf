"""A PDF as its reader and its reader's software meet it: texts with their boxes, page by page, fonts, and the tree of tags."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf

Box = tuple[float, float, float, float]  # left, top, right, bottom in points from the page's upper left corner
Matrix = pikepdf.Matrix


@dataclass(frozen=True)
class Text:
    """A run of text as drawn: `line` its base line, `mark` its marked-content tag, `number` its MCID, `codes` its glyphs."""

    text: str
    box: Box
    line: float
    size: float
    font: str
    mark: str | None
    number: int | None
    codes: tuple[int, ...]


@dataclass(frozen=True)
class Page:
    """One page: size in points, its texts in drawing order, and what it draws outside any marked content."""

    width: float
    height: float
    texts: tuple[Text, ...]
    unmarked: tuple[str, ...]
    marks: frozenset[int]

    @property
    def body(self) -> list[Text]:
        """Texts that are content, from top to bottom, without running feet and page numbers."""
        return sorted((t for t in self.texts if t.mark != "Artifact"), key=lambda t: (t.line, t.box[0]))

    @property
    def foot(self) -> str:
        """What stands there on every page alike."""
        return "".join(t.text for t in self.texts if t.mark == "Artifact")


@dataclass(frozen=True)
class Element:
    """A node of the tag tree: `content` are (page, MCID) of what is drawn in it."""

    tag: str
    attributes: Mapping[str, Any]
    alt: str | None
    content: tuple[tuple[int, int], ...]
    kids: tuple["Element", ...]

    def walk(self) -> Iterator["Element"]:
        """The element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def all(self, *tags: str) -> list["Element"]:
        """Those of these tags, in reading order."""
        return [each for each in self.walk() if each.tag in tags]


@dataclass(frozen=True)
class Font:
    """A font: glyph code → text and → width in thousandths of the size; above and below the line likewise."""

    name: str
    says: Mapping[int, str]
    widths: Mapping[int, float]
    above: float
    below: float
    embedded: bool
    identity: bool


@dataclass
class Paper:
    """A whole PDF, opened."""

    pdf: pikepdf.Pdf
    fonts: dict[Any, Font] = field(default_factory=dict)

    @cached_property
    def pages(self) -> list[Page]:
        """The pages."""
        return [_page(self, page) for page in self.pdf.pages]

    @cached_property
    def tree(self) -> Element:
        """The tag tree's root, the document."""
        places = {page.objgen: k for k, page in enumerate(self.pdf.pages)}
        return _element(self.pdf.Root.StructTreeRoot.K[0], places)

    @property
    def text(self) -> str:
        """All that is printed, a run a line."""
        return "\n".join(t.text for page in self.pages for t in page.texts)

    @cached_property
    def _said(self) -> dict[tuple[int, int], str]:
        said: dict[tuple[int, int], str] = {}
        for k, page in enumerate(self.pages):
            for t in page.texts:
                if t.number is not None:
                    said[k, t.number] = said.get((k, t.number), "") + t.text
        return said

    def said(self, element: Element) -> str:
        """The element's text."""
        return "".join(self._said.get(key, "") for each in element.walk() for key in each.content)


def opened(pdf: bytes) -> Paper:
    """The PDF, to be read."""
    return Paper(pikepdf.open(io.BytesIO(pdf)))


def printed_text(pdf: pikepdf.Pdf) -> str:
    """The text of a PDF's pages, a run a line."""
    return Paper(pdf).text


def _font(paper: Paper, font: pikepdf.Object) -> Font:
    if font.objgen not in paper.fonts:
        under = font.DescendantFonts[0]
        widths: dict[int, float] = {}
        first = 0
        for part in under.W:
            if isinstance(part, pikepdf.Array):
                widths |= {first + k: float(width) for k, width in enumerate(part)}
            else:
                first = int(part)
        pairs = re.findall(rb"<(\w+)> <(\w*)>", font.ToUnicode.read_bytes())
        told = under.FontDescriptor
        paper.fonts[font.objgen] = Font(
            name=str(font.BaseFont),
            says={int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs},
            widths=widths,
            above=float(told.Ascent),
            below=float(told.Descent),
            embedded="/FontFile2" in told or "/FontFile3" in told,
            identity=str(font.Encoding) == "/Identity-H" if isinstance(font.Encoding, pikepdf.Name) else False,
        )
    return paper.fonts[font.objgen]


_PAINTS = {"f", "f*", "F", "B", "B*", "b", "b*", "S", "s", "sh", "TJ", "Tj", "'", '"', "Do", "BI", "INLINE IMAGE"}


def _move(states: list[Matrix], name: str, operands: Any) -> None:
    """Where the next thing is drawn: the last of `states`."""
    if name == "q":
        states.append(states[-1])
    elif name == "Q":
        states.pop()
    else:
        states[-1] = Matrix(*map(float, operands)) @ states[-1]


class _Reader:
    """Follows a content stream as far as text and marked content need."""

    def __init__(self, paper: Paper, height: float) -> None:
        self.paper, self.height = paper, height
        self.texts: list[Text] = []
        self.unmarked: list[str] = []
        self.marks: list[tuple[str, int | None]] = []
        self.numbers: set[int] = set()

    def read(self, stream: Any, resources: Any, base: Matrix) -> None:
        states, text, font, size = [base], Matrix(), None, 0.0
        for operands, operator in pikepdf.parse_content_stream(stream):
            name = str(operator)
            if name in _PAINTS and not self.marks:
                self.unmarked.append(name)
            if name in ("q", "Q", "cm"):
                _move(states, name, operands)
            elif name in ("BDC", "BMC", "EMC"):
                self._mark(name, operands)
            elif name == "Tm":
                text = Matrix(*map(float, operands))
            elif name == "Tf":
                font, size = _font(self.paper, resources.Font[operands[0]]), float(operands[1])
            elif name in ("TJ", "Tj"):
                assert font
                self._show(operands[0] if name == "TJ" else operands, font, size, text @ states[-1])
            elif name == "Do" and (drawn := resources.XObject[operands[0]]).Subtype == "/Form":
                inner = Matrix(*map(float, drawn.get("/Matrix", [1, 0, 0, 1, 0, 0]))) @ states[-1]
                self.read(drawn, drawn.get("/Resources", resources), inner)

    def _mark(self, name: str, operands: Any) -> None:
        if name == "EMC":
            self.marks.pop()
            return
        number = operands[1].get("/MCID") if name == "BDC" else None
        self.marks.append((str(operands[0])[1:], None if number is None else int(number)))
        if number is not None:
            self.numbers.add(int(number))

    def _show(self, parts: Any, font: Font, size: float, at: Matrix) -> None:
        codes: list[int] = []
        advance = 0.0
        for part in parts:
            if isinstance(part, pikepdf.String):
                glyphs = bytes(part)
                found = [int.from_bytes(glyphs[k : k + 2]) for k in range(0, len(glyphs), 2)]
                advance += sum(font.widths.get(code, 0) for code in found)
                codes += found
            else:
                advance -= float(part)
        corners = [
            at.transform(corner)
            for corner in ((0, font.below * size / 1000), (advance * size / 1000, font.above * size / 1000))
        ]
        (x0, y0), (x1, y1) = corners
        number = next((n for _, n in reversed(self.marks) if n is not None), None)
        self.texts.append(
            Text(
                text="".join(font.says.get(code, "\ufffd") for code in codes),
                box=(min(x0, x1), self.height - max(y0, y1), max(x0, x1), self.height - min(y0, y1)),
                line=self.height - at.f,
                size=size * abs(at.d),
                font=font.name,
                mark=self.marks[-1][0] if self.marks else None,
                number=number,
                codes=tuple(codes),
            )
        )


def _page(paper: Paper, page: pikepdf.Page) -> Page:
    _, _, width, height = map(float, page.mediabox)
    reader = _Reader(paper, height)
    reader.read(page, page.Resources, Matrix())
    return Page(width, height, tuple(reader.texts), tuple(reader.unmarked), frozenset(reader.numbers))


def _element(node: Any, places: Mapping[Any, int]) -> Element:
    inner = node.get("/K", [])
    inner = list(inner) if isinstance(inner, pikepdf.Array) else [inner]
    own = places.get(node.Pg.objgen if "/Pg" in node else None, -1)
    attributes = node.get("/A", {})
    return Element(
        tag=str(node.S)[1:],
        attributes={str(key)[1:]: value for key, value in attributes.items()},
        alt=str(node.Alt) if "/Alt" in node else None,
        content=tuple((own, int(kid)) for kid in inner if isinstance(kid, int)),
        kids=tuple(_element(kid, places) for kid in inner if not isinstance(kid, int) and "/S" in kid),
    )
