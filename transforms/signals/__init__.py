"""The catalogue: every Signal found in this package's modules, by id."""

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator
from types import MappingProxyType

from transforms.signal import Signal

_ORDER = ("EXT", "FIN", "MGT", "MOR", "REL", "ADD")


def _found() -> Iterator[Signal]:
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        yield from (thing for thing in vars(importlib.import_module(module.name)).values() if isinstance(thing, Signal))


def _catalogue() -> dict[str, Signal]:
    signals = list(_found())
    found = {signal.id: signal for signal in signals}
    if len(found) != len(signals):
        raise ValueError("two signals of the catalogue share an id")
    return dict(sorted(found.items(), key=lambda item: (_ORDER.index(item[0][:3]), item[0])))


CATALOGUE = MappingProxyType(_catalogue())
CATALOGUE_VERSION = hashlib.sha256(" ".join(s.version() for s in CATALOGUE.values()).encode()).hexdigest()[:12]
