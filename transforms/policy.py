"""Policy: the bank's own limits and switches, as data.

Defaults are the book's and ours; `policy.toml` overrides them by name. An unknown signal, test, limit or switch is
refused with the nearest known name. The hash of the whole effective policy is on every report.
"""

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from expectations.lists import LISTS
from transforms.context.roster import WEIGHTS
from transforms.decline import LIMITS
from transforms.features.credit import HAIRCUTS
from transforms.features.proceeds import WITHIN_PURPOSE
from transforms.night import Night
from transforms.signal import Limit, Resolve, Signal
from transforms.signals import CATALOGUE

GIFT_LIMIT = 500_00  # minor units of the home currency; ours (input model, section 11: the bank decides)
STATEMENTS = {"main_business_revenue_as_revenue": False}  # 主营业务收入 stands for 营业收入 only when the bank says so
WEIGHTS_TOLERANCE = 1e-9
DECLINE = {level: limits._asdict() for level, limits in LIMITS.items()}
CONTACT_MINUTES = 240  # of a working day, ours
WORKING_HOURS = ("09:00", "17:30")
CADENCE = {"A": 30, "B": 60, "C": 90, "D": 180}


class PolicyError(ValueError):
    """The policy names something unknown or gives a wrong kind of value; one sentence says which and what to do."""


@dataclass(frozen=True)
class Policy:
    """The effective policy: switches, tables of defaults, and the limits a bank set by (signal, test, limit name)."""

    home_currency: str = "CNY"
    own_banks: tuple[str, ...] = ()
    count_additions: bool = True
    gift_limit: int = GIFT_LIMIT
    personal_ties: bool = False
    contact_minutes: int = CONTACT_MINUTES
    working_hours: tuple[str, str] = WORKING_HOURS
    cadence: Mapping[str, int] = field(default_factory=lambda: dict(CADENCE))
    haircuts: Mapping[str, float] = field(default_factory=lambda: dict(HAIRCUTS))
    statements: Mapping[str, bool] = field(default_factory=lambda: dict(STATEMENTS))
    roster_weights: Mapping[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    decline: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: dict(DECLINE))
    purposes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(WITHIN_PURPOSE))
    limits: Mapping[tuple[str, str, str], float] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Policy of a TOML text; raises PolicyError where it names what is not known."""
        try:
            given = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"The policy is not valid TOML ({error}); mend that line.") from error
        switches: dict[str, Any] = {}
        limits: dict[tuple[str, str, str], float] = {}
        for name, entry in given.items():
            if name in _SWITCHES:
                switches[name] = _SWITCHES[name](name, entry)
            elif name in CATALOGUE:
                limits |= _limits(name, entry)
            else:
                raise PolicyError(_unknown("entry", name, [*_SWITCHES, *CATALOGUE]))
        return cls(**switches, limits=limits)

    def night(
        self,
        as_of: date,
        feeds: Mapping[str, date] | None = None,
        kinds: Mapping[str, frozenset[str]] | None = None,
    ) -> Night:
        """The night of `as_of` under this policy, with the tables delivered and the kinds of rows they carry."""
        return Night(
            as_of=as_of,
            home_currency=self.home_currency,
            own_banks=self.own_banks,
            haircuts=dict(self.haircuts),
            main_business_revenue_as_revenue=self.statements["main_business_revenue_as_revenue"],
            roster_weights=dict(self.roster_weights),
            decline={level: (one["r3_12"], one["y3"], one["z"]) for level, one in self.decline.items()},
            personal_ties=self.personal_ties,
            contact_minutes=self.contact_minutes,
            working_hours=self.working_hours,
            purposes=dict(self.purposes),
            cadence=dict(self.cadence),
            feeds=dict(feeds or {}),
            kinds=dict(kinds or {}),
        )

    def resolve(self, signal: Signal) -> Resolve:
        """Limit → the value in force in that signal: the bank's when it set one, else the limit's own."""
        names = {id(limit): name for name, limit in signal.limits().items()}

        def of(limit: Limit) -> float:
            if limit.shared is not None:
                table, level, name = limit.shared.split(".")
                return float(getattr(self, table)[level][name])
            return self.limits.get((signal.id, *names.get(id(limit), ("", ""))), limit.value)

        return of

    def describe(self) -> dict[str, Any]:
        """Everything in force, JSON-able: switches and every limit of the catalogue."""
        switches = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "limits"}
        limits = {
            f"{signal.id}.{test}.{name}": float(self.limits.get((signal.id, test, name), limit.value))
            for signal in CATALOGUE.values()
            for (test, name), limit in signal.limits().items()
        }
        return {**{k: list(v) if isinstance(v, tuple) else v for k, v in switches.items()}, "limits": limits}

    def toml(self) -> str:
        """The whole policy in force as TOML that `parse` reads back: every switch and limit, with its source."""
        lines = [_HEADER]
        lines += [f"{name} = {_toml(getattr(self, name))}" for name in _PLAIN]
        for name in ("statements", "cadence", "haircuts", "roster_weights", "purposes"):
            lines += [f"\n[{name}]", *(f"{key} = {_toml(value)}" for key, value in getattr(self, name).items())]
        for level, limits in self.decline.items():
            lines += [f"\n[decline.{level}]", *(f"{key} = {_toml(value)}" for key, value in limits.items())]
        for signal in CATALOGUE.values():
            lines += [f"\n# {signal.id} {signal.en} {signal.zh}"]
            tests: dict[str, list[str]] = {}
            for (test, name), limit in signal.limits().items():
                value = self.limits.get((signal.id, test, name), limit.value)
                tests.setdefault(test, []).append(f"{name} = {_toml(value)}  # {limit.source}: {limit.because}")
            for test, entries in tests.items():
                lines += [f"[{signal.id}.{test}]", *entries]
        return "\n".join(lines) + "\n"

    @property
    def hash(self) -> str:
        """Twelve hex digits of SHA-256 over `describe()`."""
        canonical = json.dumps(self.describe(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]


_HEADER = """\
# Bellwether's policy: every switch and every limit with its default. Copy what you change into a file of your own and
# pass it with --policy; what you leave out keeps the default. "seed" is the book's number, "house" is ours."""


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | tuple):
        return json.dumps(value, ensure_ascii=False)
    return f"{value}" if isinstance(value, int) else f"{value:g}"


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.0)
    return f"The policy names an unknown {what} '{name}'; nearest known: '{near[0]}'." if near else f"Unknown {what}."


def _limits(signal_id: str, entry: Any) -> dict[tuple[str, str, str], float]:
    known = CATALOGUE[signal_id].limits()
    if not isinstance(entry, dict):
        raise PolicyError(f"[{signal_id}] must be a table of tests, such as [{signal_id}.{next(iter(known))[0]}].")
    limits = {}
    for test, values in entry.items():
        if test not in {t for t, _ in known}:
            raise PolicyError(_unknown(f"test of {signal_id}", test, {t for t, _ in known}))
        if not isinstance(values, dict):
            raise PolicyError(f"[{signal_id}.{test}] must be a table of limits.")
        for name, value in values.items():
            if (test, name) not in known:
                raise PolicyError(_unknown(f"limit of {signal_id}.{test}", name, [n for t, n in known if t == test]))
            limits[(signal_id, test, name)] = _number(f"{signal_id}.{test}.{name}", value)
    return limits


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
        raise PolicyError(f"'{name}' in the policy must be a number, not {value!r}.")
    return float(value)


def _text(name: str, value: Any) -> str:
    if not (isinstance(value, str) and len(value) == 3 and value.isupper()):
        raise PolicyError(f"'{name}' in the policy must be a currency code such as \"CNY\", not {value!r}.")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise PolicyError(f"'{name}' in the policy must be true or false, not {value!r}.")
    return value


def _amount(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise PolicyError(f"'{name}' in the policy must be a whole number of minor units, not {value!r}.")
    return value


def _minutes(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 24 * 60:
        raise PolicyError(f"'{name}' in the policy must be minutes of a day, 1 to 1440, not {value!r}.")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
        raise PolicyError(f"'{name}' in the policy must be a list of texts, not {value!r}.")
    return tuple(value)


def _table(name: str, value: Any, defaults: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(value, dict):
        raise PolicyError(f"'{name}' in the policy must be a table, not {value!r}.")
    if unknown := [key for key in value if key not in defaults]:
        raise PolicyError(_unknown(f"key of {name}", unknown[0], defaults))
    return {**defaults, **{key: _number(f"{name}.{key}", v) for key, v in value.items()}}


def _cadence(name: str, value: Any) -> dict[str, int]:
    return {tier: int(days) for tier, days in _table(name, value, CADENCE).items()}


def _haircuts(name: str, value: Any) -> dict[str, float]:
    table = _table(name, value, HAIRCUTS)
    if wrong := [key for key, share in table.items() if not 0 <= share <= 1]:
        raise PolicyError(f"'{name}.{wrong[0]}' in the policy must lie between 0 and 1.")
    return table


def _weights(name: str, value: Any) -> dict[str, float]:
    table = _table(name, value, WEIGHTS)
    if any(weight < 0 for weight in table.values()) or abs(sum(table.values()) - 1) > WEIGHTS_TOLERANCE:
        raise PolicyError(f"'{name}' in the policy must be weights of at least 0 that sum to 1.")
    return table


def _statements(name: str, value: Any) -> dict[str, bool]:
    if not isinstance(value, dict):
        raise PolicyError(f"'{name}' in the policy must be a table, not {value!r}.")
    if unknown := [key for key in value if key not in STATEMENTS]:
        raise PolicyError(_unknown(f"key of {name}", unknown[0], STATEMENTS))
    return {**STATEMENTS, **{key: _flag(f"{name}.{key}", given) for key, given in value.items()}}


def _decline(name: str, value: Any) -> dict[str, dict[str, float]]:
    if not isinstance(value, dict):
        raise PolicyError(f"'{name}' in the policy must be a table of levels, not {value!r}.")
    if unknown := [level for level in value if level not in DECLINE]:
        raise PolicyError(_unknown(f"level of {name}", unknown[0], DECLINE))
    return {level: _table(f"{name}.{level}", value.get(level, {}), limits) for level, limits in DECLINE.items()}


def _hours(name: str, value: Any) -> tuple[str, str]:
    texts = _texts(name, value)
    clock = [re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) for text in texts]
    if len(texts) != len(WORKING_HOURS) or not all(clock) or texts[0] >= texts[1]:
        raise PolicyError(
            f'\'{name}\' in the policy must be two times of day such as ["09:00", "17:30"], not {value!r}.'
        )
    return texts[0], texts[1]


def _purposes(name: str, value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise PolicyError(f"'{name}' in the policy must be a table of lists, not {value!r}.")
    if unknown := [key for key in value if key not in LISTS["purpose"]]:
        raise PolicyError(_unknown(f"key of {name}", unknown[0], LISTS["purpose"]))
    told = {key: _texts(f"{name}.{key}", categories) for key, categories in value.items()}
    for key, categories in told.items():
        if strange := [category for category in categories if category not in LISTS["txn_category"]]:
            raise PolicyError(_unknown(f"category in {name}.{key}", strange[0], LISTS["txn_category"]))
    return {**WITHIN_PURPOSE, **told}


_SWITCHES = {
    "home_currency": _text,
    "own_banks": _texts,
    "count_additions": _flag,
    "gift_limit": _amount,
    "personal_ties": _flag,
    "contact_minutes": _minutes,
    "working_hours": _hours,
    "cadence": _cadence,
    "haircuts": _haircuts,
    "statements": _statements,
    "roster_weights": _weights,
    "decline": _decline,
    "purposes": _purposes,
}
_PLAIN = [name for name, read in _SWITCHES.items() if read in (_text, _texts, _flag, _amount, _minutes, _hours)]
