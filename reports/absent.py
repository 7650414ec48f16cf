"""What is said where a chapter has nothing to show: that a table is not connected, or that it holds nothing."""

from collections.abc import Sequence

from reports.facts import Facts
from reports.words import Words


def unconnected(f: Facts, w: Words, tables: Sequence[str]) -> str | None:
    """The tables among those that no delivery brought, in words; None when all came."""
    names = [w.label("table", name) for name in tables if name not in f.run.feeds]
    return w.join(names) or None


def said(f: Facts, w: Words, tables: Sequence[str], none: str) -> str:
    """The tables that are not connected; else the sentence `none`: they came and hold nothing of the client."""
    missing = unconnected(f, w, tables)
    return w.gettext("Not connected: {tables}.").format(tables=missing) if missing else none
