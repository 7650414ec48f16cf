"""Signals of which a share jumped tonight, in words: for the portfolio report and the index page."""

from collections.abc import Mapping
from typing import Any

from reports.words import Words
from transforms import text


def told(jump: Mapping[str, Any], w: Words) -> tuple[str, str]:
    """The signal with its name, and which share of its clients is how large tonight and usually.

    `jump`: signal_id, share (fired, clear or no_data), tonight, usual.
    """
    said = w.gettext("{share} for {tonight} of the clients it applies to, usually for {usual}").format(
        share=w.label("share", jump["share"]),
        tonight=text.percent(jump["tonight"], w.locale),
        usual=text.percent(jump["usual"], w.locale),
    )
    return f"{jump['signal_id']} {w.signal(jump['signal_id'])}", said
