"""One module per chapter: the facts it prints (`facts`), and the template of the module's name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reports.facts import Facts
from reports.words import Words


@dataclass(frozen=True)
class Section:
    """A chapter: its template, what it prints, and the tables it speaks from (for the "simulated" label)."""

    name: str
    facts: Callable[[Facts, Words], Mapping[str, Any] | None]
    tables: tuple[str, ...] = ()
