"""The night a transform works for: its as-of date, the home currency and the own banks."""

from dataclasses import dataclass, field
from datetime import date, timedelta


def month_start(day: date, back: int = 0) -> date:
    """First day of the month `back` months before the month of `day`."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def months_before(day: date, months: int) -> date:
    """The same day of month `months` earlier, or that month's last day when it is shorter."""
    first = month_start(day, months)
    last = month_start(first, -1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


@dataclass(frozen=True)
class Night:
    """One run's point in time and the bank's own facts every transform may need.

    >>> Night(date(2015, 6, 30)).last_full_month
    datetime.date(2015, 6, 1)
    >>> Night(date(2015, 6, 29)).last_full_month
    datetime.date(2015, 5, 1)
    """

    as_of: date
    home_currency: str = "CNY"
    own_banks: tuple[str, ...] = ()
    haircuts: dict[str, float] = field(default_factory=dict)
    cadence: dict[str, int] = field(default_factory=lambda: {"A": 30, "B": 60, "C": 90, "D": 180})
    # 主营业务收入 stands for 营业收入 where a statement leaves the latter blank (the bank switches it on)
    main_business_revenue_as_revenue: bool = False
    roster_weights: dict[str, float] = field(default_factory=dict)  # empty: the book's
    # level → r3/12, y3, z at or below which DECLINE gives it; empty: the catalogue's
    decline: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    personal_ties: bool = False  # table 11-6 names personal ties only where the bank switches them on
    contact_minutes: int = 240  # of an RM's working day
    working_hours: tuple[str, str] = ("09:00", "17:30")
    purposes: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # loan purpose → categories within it; empty: ours
    # table → business date of its newest delivery; a table not in it is not connected
    feeds: dict[str, date] = field(default_factory=dict)
    # table → the kinds of rows its deliveries carry (events, undertakings); a kind not among them is NO_DATA (reading G6)
    kinds: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def last_full_month(self) -> date:
        """First day of the last full calendar month at T; the month of T when T is its last day (reading S1)."""
        tomorrow = self.as_of + timedelta(days=1)
        return month_start(tomorrow, 1)

    def month(self, back: int) -> date:
        """First day of the month `back` months before the last full one."""
        return month_start(self.last_full_month, back)
