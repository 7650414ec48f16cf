"""A client's payments, as the rules count them (readings S1 and S7)."""

from datetime import date, timedelta

from tests.second_reading.bank import Row, T
from tests.second_reading.facts import Client

NO_TURNOVER = ("loan_disbursement", "loan_principal", "loan_interest")
SAVED = ("brokerage", "investment")


def turnover(row: Row) -> bool:
    """Whether a payment is turnover: none of loans, of interest going out, of investments redeemed, of one's own."""
    category, inward = row["category"], row["direction"] == "in"
    if row["status"] != "ok" or row["type"] in NO_TURNOVER or category in ("loan", "own_transfer"):
        return False
    if category == "interest" or row["type"] == "interest":
        return inward
    return not (inward and (row["type"] in SAVED or category in ("securities", "wealth_product", "equity_investment")))


class Flows:
    """Sums of a client's payments; a window its history does not cover is unknown."""

    def __init__(self, client: Client) -> None:
        self.rows = client.world.payments.get(client.id, [])
        self.rates = client.world.series("fx", "USDCNY", "mid_rate"), client.world.series("fx", "EURCNY", "mid_rate")
        self.first = min((row["booked_on"] for row in self.rows), default=None)

    @property
    def start(self) -> date | None:
        """The first day of its history; a first month that begins after its fifth day does not count."""
        if self.first is None or self.first.day <= 5:
            return self.first and self.first.replace(day=1)
        return (self.first.replace(day=1) + timedelta(days=31)).replace(day=1)

    def between(self, since: date, until: date, direction: str = "in", *categories: str) -> int | None:
        """The sum over those days, both in."""
        if self.first is None or since < self.first:
            return None
        amounts = [
            self.home(row)
            for row in self.rows
            if since <= row["booked_on"] <= until
            and row["direction"] == direction
            and turnover(row)
            and (not categories or row["category"] in categories)
        ]
        return None if None in amounts else sum(amounts)  # type: ignore[arg-type]

    def home(self, row: Row) -> int | None:
        """The amount in fen at the rate of the day, at most seven days old (reading S5)."""
        if row["currency"] == "CNY":
            return row["amount"]
        rates = self.rates[row["currency"] == "EUR"]
        for back in range(8):
            if rate := rates.get(row["booked_on"] - timedelta(days=back)):
                return round(row["amount"] * rate)
        return None

    def paid(self, month: date, category: str) -> bool:
        """Whether anything of a category was paid in a month."""
        return any(
            row["booked_on"].replace(day=1) == month and row["direction"] == "out" and row["category"] == category
            for row in self.rows
            if row["status"] == "ok"
        )

    def months(self, count: int, back: int = 0, direction: str = "in") -> int | None:
        """The sum over so many full months, ending `back` months before T's, which is full."""
        first = month(T, count + back - 1)
        last = month(T, back - 1) - timedelta(days=1)
        return (
            None
            if self.start is None or first < self.start
            else self.between(max(first, self.first or first), last, direction)
        )


def month(day: date, back: int) -> date:
    """The first day of the month so many months before a day's."""
    n = day.year * 12 + day.month - 1 - back
    return date(n // 12, n % 12 + 1, 1)
