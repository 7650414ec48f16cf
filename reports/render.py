"""HTML to PDF: the only module that knows WeasyPrint. One renderer a process; nothing is fetched, same input same bytes."""

import gc
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from xml.etree import ElementTree

from reports import fonts
from reports.documents import sheet, style
from reports.finish import finish

fonts.configure()

import weasyprint  # noqa: E402 - fontconfig reads its configuration when the library loads
from cssselect2 import ElementWrapper  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: E402

UNDATED = date(2000, 1, 1)


class Closed(URLFetcher):  # type: ignore[misc]
    """Fetches nothing: a report holds all it needs, and a client's name must not open a file or a connection."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)


class Page(weasyprint.HTML):  # type: ignore[misc]
    """HTML that is XML, too, read by Python's own parser and with a short user-agent sheet.

    WeasyPrint's parser takes forty times as long, and by its sheet each element gets six pseudo-elements for its notes. Neither
    the method's name nor the attributes are promised: a page is tested to be the same, to the byte, as WeasyPrint's own.
    """

    def __init__(self, string: str, url_fetcher: URLFetcher) -> None:
        try:
            self.etree_element = ElementTree.fromstring(string)  # noqa: S314 - ours, with every name escaped
        except ElementTree.ParseError:  # a page not of our templates
            super().__init__(string=string, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(self.etree_element, content_language=None)

    def _ua_stylesheets(self, *_: Any, **__: Any) -> list[Any]:
        return [_agent()]


@cache
def _agent() -> Any:
    return weasyprint.CSS(string=sheet("agent"), url_fetcher=Closed())


class Renderer:
    """Turns HTML into PDF/A-3u with tags. Keeps fonts and the parsed style sheet for all documents of the process."""

    def __init__(self) -> None:
        self._fetcher = Closed()
        self._fonts = FontConfiguration()
        self._css: dict[str | None, Any] = {}
        self._style(None)
        _agent()
        gc.collect()
        gc.freeze()

    def _style(self, kind: str | None) -> Any:
        if kind not in self._css:
            self._css[kind] = weasyprint.CSS(string=style(kind), font_config=self._fonts, url_fetcher=self._fetcher)
        return self._css[kind]

    def pdf(
        self,
        html: str,
        attachments: Sequence[tuple[str, bytes, str]] = (),
        day: date = UNDATED,
        kind: str | None = None,
    ) -> bytes:
        """The document as PDF bytes, 〓 for characters without a font. `attachments`: (file name, content, description), dated `day`; `kind`: whose style."""
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        attached: list[Any] = [
            weasyprint.Attachment(
                string=content, name=name, description=about, created=at, modified=at, relationship="Data"
            )
            for name, content, about in attachments
        ]
        page = Page(string=fonts.printable(html), url_fetcher=self._fetcher)
        told = {"stylesheets": [self._style(kind)], "font_config": self._fonts, "attachments": attached}
        gc.disable()  # what a page is made of lives until it is written: to look through it meanwhile finds nothing
        try:
            made: bytes = page.write_pdf(**told, finisher=finish, pdf_variant="pdf/a-3u", pdf_tags=True)
        except FatalURLFetchingError as error:  # it is no Exception of Python's: one page must not end the night
            raise ValueError(f"the page asks for something outside itself: {error}") from error
        finally:
            gc.enable()
        return made


@cache
def renderer() -> Renderer:
    """The process's renderer."""
    return Renderer()
