"""Reports of a night: which are new, which are found finished, which stand as they were. (Pages come with reports/.)"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Pages:
    new: dict[str, Path] = field(default_factory=dict)
    referred: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    rendered: int = 0
    kept: int = 0

    def index(self, folder: str) -> dict[str, Any]:
        return {}
