"""What PDF/A-3u and PDF/UA-1 ask beyond what WeasyPrint writes, put into a document before its bytes are made.

Works on pydyf's objects, plain dictionaries and lists, so that no finished file need be read again.
"""

import zlib
from collections import defaultdict
from typing import Any

_UA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    b"<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF>"
)
_FURNITURE = "<</Type /Pagination>>"
_BLOCKS = {"/P", "/Div", "/Sect", "/L", "/Table"}
_PLAIN = {"/Table": "/Div", "/THead": "/Div", "/TBody": "/Div", "/TR": "/Div"}  # of a table that only lays out


def finish(_: Any, pdf: Any) -> None:
    """WeasyPrint's `finisher`: mends `pdf`, the pydyf.PDF about to be written."""
    _declare(pdf)
    seen: set[int] = set()
    _walk(pdf, _at(pdf, pdf.catalog["StructTreeRoot"]), seen)
    _lay_aside(pdf, seen)
    _pack(pdf)


def _at(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _declare(pdf: Any) -> None:
    """PDF/UA in the one XMP packet; a second one would void both standards. An attached file is named once."""
    packet = _at(pdf, pdf.catalog["Metadata"])
    packet.stream = [bytes(part).replace(b"</rdf:RDF>", _UA, 1) for part in packet.stream]
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def _walk(pdf: Any, element: Any, seen: set[int], around: str = "") -> bool:
    """Mend the element and all below it; whether it or one of them is a table's header. `around`: part of the table."""
    seen.add(element.number)
    tag = element.get("S")
    kids = [_at(pdf, kid) for kid in element["K"] if isinstance(kid, bytes)]
    kids = [kid for kid in kids if "S" in kid]  # others name a link's annotation
    headed = [_walk(pdf, kid, seen, tag if tag in ("/THead", "/TBody") else around) for kid in kids]
    if tag == "/Figure":
        _place(pdf, element)
    elif tag in ("/TH", "/TD"):
        _describe(element, around)
    elif tag == "/Table" and not any(headed):
        _flatten(pdf, element)
    return tag == "/TH" or (tag != "/Table" and any(headed))


def _place(pdf: Any, figure: Any) -> None:
    """A figure's box in the page's own points from its lower edge; WeasyPrint gives CSS pixels from the upper."""
    left, top, right, bottom = figure["A"]["BBox"]
    height = _at(pdf, figure["Pg"])["MediaBox"][3]
    figure["A"]["BBox"][:] = [
        round(v, 2) for v in (left * 0.75, height - bottom * 0.75, right * 0.75, height - top * 0.75)
    ]


def _describe(cell: Any, around: str) -> None:
    """A header says what it heads. That replaces ids, which would need a tree of their own to be found by."""
    cell.pop("ID", None)
    cell["A"].pop("Headers", None)
    if cell["S"] == "/TH":
        cell["A"]["Scope"] = "/Column" if around == "/THead" else "/Row"
    elif len(cell["A"]) == 1:
        del cell["A"]


def _flatten(pdf: Any, element: Any) -> None:
    """A table without headers is no table of data but a way to lay out: its cells are paragraphs, empty ones nothing."""
    element["S"] = _PLAIN[element["S"]]
    kept = []
    for reference in element["K"]:
        part = _at(pdf, reference)
        if part["S"] in _PLAIN:
            _flatten(pdf, part)
        elif part["S"] == "/TD":
            inner = {_at(pdf, kid).get("S") for kid in part["K"] if isinstance(kid, bytes)}
            part["S"] = "/Div" if inner & _BLOCKS else "/P"
            part.pop("A", None)
        if part["K"]:
            kept.append(reference)
        else:
            part.clear()
    element["K"][:] = kept


def _lay_aside(pdf: Any, seen: set[int]) -> None:
    """Running heads, feet and page numbers, which stand outside the document's tree, are artifacts, not content."""
    pages: dict[bytes, set[int]] = defaultdict(set)
    for number, element in enumerate(pdf.objects):
        if isinstance(element, dict) and element.get("Type") == "/StructElem" and number not in seen:
            pages[element["Pg"]].update(kid for kid in element["K"] if isinstance(kid, int))
            element.clear()
    numbers = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for reference, aside in pages.items():
        page = _at(pdf, reference)
        parents = numbers[2 * page["StructParents"] + 1]
        for mark in aside:
            parents[mark] = b"null"
        drawn = _at(pdf, page["Contents"]).stream
        for place, item in enumerate(drawn):
            if isinstance(item, dict) and item.get("MCID") in aside:
                drawn[place - 1 : place + 1] = ["/Artifact", _FURNITURE]


def _pack(pdf: Any) -> None:
    """Compress each stream once; pydyf would do it again for the file's identifier, and at the dearest level."""
    for stream in (each for each in pdf.objects if getattr(each, "compress", False)):
        stream.compress = False
        written = stream.data
        raw = written[written.index(b"\nstream\n") + 8 : -len(b"\nendstream")]
        stream.stream = [zlib.compress(raw, 6)]
        stream.extra["Filter"] = "/FlateDecode"
