"""The twelve self-checks of input-model.md 9.2 by number: staff_id, figures, flag and the lists a rule asks for."""

from collections.abc import Callable, Sequence

import polars as pl

from transforms.relationship import self_check_visits, self_check_work
from transforms.relationship.self_check_desk import Desk

RULES: Sequence[tuple[str, Callable[[Desk], pl.LazyFrame]]] = (  # by number: the table it hangs on, the rule
    ("interactions", self_check_visits.favourites),
    ("interactions", self_check_visits.overlong),
    ("interactions", self_check_visits.by_phone),
    ("interactions", self_check_visits.wrong_ones),
    ("interactions", self_check_work.plans),
    ("interactions", self_check_work.purposes),
    ("interactions", self_check_visits.near_or_warm),
    ("interactions", self_check_work.deciders),
    ("interactions", self_check_work.refusals),
    ("staff_days", self_check_work.burden),
    ("interactions", self_check_work.progress),
    ("assignments", self_check_work.clients_kept),
)
