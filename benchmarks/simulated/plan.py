"""What a book is made from: its size, and what happens to which client. A quiet book has nothing happen to anybody."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from benchmarks.simulated.clock import NEVER, Clock, Floats, Ints

PAPER_MONTHS = 30  # months of statements before the first month of payments


@dataclass(frozen=True)
class Size:
    """How large a book is, and its seed. `shard` sets apart the parts of a book too large to be made at once.

    `flow_months` are the months of payments; statements reach further back. `returns` is the share of clients that file
    a monthly return.
    """

    clients: int
    end: date
    seed: int = 1
    shard: int = 0
    flow_months: int = 42
    returns: float = 1.0

    @cached_property
    def clock(self) -> Clock:
        """Months of firms and statements: those of the payments and the years before."""
        return Clock(self.end, self.flow_months + PAPER_MONTHS)

    @property
    def first(self) -> int:
        """Index of the first month of payments."""
        return PAPER_MONTHS


@dataclass
class Plan:
    """What happens to each client (rows) in each month (columns); neutral unless a story sets it.

    business: factor on sales, purchases, wages; here: factor on what of it runs through our accounts; margin: added to the
    gross margin; fill: least use of the credit line (may exceed 1); related: part of a year's sales paid to relatives in
    the month; slack: factor on the days customers take to pay; delay: days the month's interest comes late; bounces: payments
    that bounce. By client, as day numbers: late: the arrears begin; trouble: people notice; silent: no more statements;
    end: it stops counting. kind: name of the story, "" for none.
    """

    size: Size
    business: Floats = field(init=False)
    here: Floats = field(init=False)
    margin: Floats = field(init=False)
    fill: Floats = field(init=False)
    related: Floats = field(init=False)
    slack: Floats = field(init=False)
    delay: Ints = field(init=False)
    bounces: Ints = field(init=False)
    late: Ints = field(init=False)
    trouble: Ints = field(init=False)
    silent: Ints = field(init=False)
    end: Ints = field(init=False)
    kind: list[str] = field(init=False)

    def __post_init__(self) -> None:
        shape = (self.size.clients, self.size.clock.months)
        self.business, self.here, self.slack = np.ones(shape), np.ones(shape), np.ones(shape)
        self.margin, self.fill, self.related = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.delay, self.bounces = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.late, self.trouble, self.silent, self.end = (np.full(shape[0], NEVER) for _ in range(4))
        self.kind = [""] * shape[0]
