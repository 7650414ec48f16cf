"""A whole simulated bank without a story, and the same bank with clients that fade or fail.

    book = generate(3000, date(2026, 6, 30), seed=1)
    planted = fading(generate(900, date(2026, 6, 30), seed=1, flow_months=60), 300)
    python -m benchmarks.book --clients 300 --check

`Book.tables` holds all 26 clean tables in their schemas, the events of all kinds connected (`KINDS` for the night), no names of
people; the rows pass the night's own validation (`--check` runs it). Everything is seeded: the same arguments give the same
rows. Nobody's numbers are set so that a rule is quiet, and nothing is planted: what an ordinary company does may fire.

What ordinary means here, each figure ours unless said otherwise, and where it stands:

| Part | Assumption | Module |
| --- | --- | --- |
| Companies | twelve industries, six cities, four sizes (15, 45, 30, 10 %); revenue, heads, days and ratios around the industry's with a log spread of 0.3 to 0.5; 95 % enterprises, 3 % institutions, 2 % financial; 4 % came within two years | firms |
| Growth | 3.5 % a year for all, spread 3 % by industry and year and 11.5 % by company and year, evenly through each year: reported yearly growth spreads by about 9 % | firms |
| Flows | the bank's share of revenue, lognormal months with a coefficient of variation of 0.3 to 0.8 (even), February at 0.6 and December at 1.36 of a usual month, more or less by industry; purchases with lumps of the same size; half of what the balance has too much or too little is made good in a month | firms, money |
| Payments | 22 rows a client and month; 24 payers and 14 suppliers, shares falling with rank to the power 0.3 to 1.1, seven in ten payments by turns; three quarters of them known parties; 0.4 % of outgoing payments bounce; 35 % move money to an own account elsewhere each quarter, 4 % a year open one | money |
| Margin | gross margin around the company's with a spread of 1.2 points and a memory of 0.85 a month, profit before tax 5.5 % of revenue (spread 2.5), six tenths of running costs fixed | filings |
| Balance sheet | receivables, stock and payables around their days with a spread of 8 % and a memory of 0.9 a month; capital expenditure 0.85 of depreciation and what growth asks, by years with a variation of 0.5; dividends 35 % of last year's profit and six tenths of spare cash, none under a quarter of equity; other banks lend a little more when cash is short | filings |
| Filing | borrowers quarterly 60 %, yearly 25, half-yearly 10, monthly 5, others yearly; always on time; audited by size; opinions clean 98 %, emphasis 2 %; 3 % of yearly filings come again with a little other profit; 6 % a year change auditor | filings |
| Credit | 65 % borrow; a line renewed each year in two yearly loans that roll over, use around 65 %, 8 % unused; 30 % an instalment loan, 22 % bills; interest monthly, late in 0.8 % of months by 4 days on average; nobody in lasting arrears | lending |
| Cover | guarantee 38 %, property 36, equipment 5, stock 5, receivables 6, none 10; stock and receivables valued every 91 days, the rest yearly | lending |
| Credit bureau | a report a month on everybody; each other bank that lends asks once a year before approving and three times after | filings, outside |
| Returns | every client files each month; output within 7 %, orders and purchases within 15 %, share of goods returned within 25 % | outside |
| World | GDP 5 % within 0.4 points, PMI 50.3 within 0.7, industries' revenue 4.5 % within 3 points; two rate steps of 10 basis points a year; policies: two monetary and one trade a year, a sector one of tax in 5, industrial in 3, a standard in 7, an environmental limit in 20 years | outside |
| Register | yearly rates between 0.2 % (merger) and 8 % (lawsuit); a tenth to a quarter of the companies change some office holder; 93 % of changes of ownership told in time; 1 % of the counterparties a year struck off, bankrupt or listed | outside, ties |
| Contacts | every 15, 40, 60, 120 days by grade, gamma gaps of shape 4; 8 % one-way, 3 % unanswered, 5 % moved; warmth 3.7 within 0.65; 6 % a year change RM | dealings |
| Promises and complaints | promises kept to 93 %, requests begun in time to 97 %, covenants met to 98.5 %; 4 complaints a year and hundred clients, closed in six days on average; surveys yearly, 4.2 of 5 | dealings |
| The RM's yearly check | 85 % of the clients a year, each grade C row answered "no", valid a year | outside |

`fading` plants failing clients of seven kinds, evenly (module stories): flows fade to 30 to 50 % in 6 to 12 months; flows stop one to
four months before; the gross margin falls by 8 to 15 points; interest comes ever later; the line fills and is broken;
customers pay elsewhere and money goes to relatives; the parent fails. Each ends in arrears; the 91st day of them is its
end. For six in ten people notice some months before, four in ten stop filing.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from benchmarks.simulated import dealings, filings, lending, money, outside, stories, ties
from benchmarks.simulated import firms as founding
from benchmarks.simulated.clock import chance, numbered
from benchmarks.simulated.plan import Plan, Size
from expectations import validation
from expectations.casts import UNPARSED
from expectations.lists import LISTS
from expectations.model import Delivery
from expectations.registers import EVENT_KINDS
from expectations.tables import TABLES

KINDS = {"events": frozenset(EVENT_KINDS), "undertakings": frozenset(LISTS["undertaking_kind"])}


@dataclass(frozen=True)
class Book:
    """A bank: its clean tables, and the plan they were made from."""

    tables: Mapping[str, pl.DataFrame]
    plan: Plan

    def clean(self) -> dict[str, pl.LazyFrame]:
        """The tables as a night reads them."""
        return {name: frame.lazy() for name, frame in self.tables.items()}


def generate(
    clients: int, end: date, seed: int = 1, shard: int = 0, flow_months: int = 42, returns: float = 1.0
) -> Book:
    """A quiet bank with payments of `flow_months` months up to `end`, a month's last day."""
    return make(Plan(Size(clients, end, seed, shard, flow_months, returns)))


def fading(book: Book, planted: int = 300) -> Book:
    """The same bank with that many of its borrowers fading or failing; `plan.kind` and `plan.end` say which and until when."""
    return make(stories.plant(book.plan, planted))


def make(plan: Plan) -> Book:
    """The tables of a plan. The world's own rows (series, policies, banks, offices) come with shard 0 alone."""
    with numbered(plan.size.shard):
        return _make(plan)


def _make(plan: Plan) -> Book:
    firms = founding.found(plan)
    lent = lending.lend(plan, firms)
    books = filings.economy(plan, firms, lent)
    who = ties.tie(plan, firms, books)
    moved = money.pay(plan, firms, lent, books)
    papers, reports = outside.guarantors(plan, firms)
    filed = filings.statements(plan, firms, books, who.auditors)
    floating = pl.Series(chance(plan.size.seed, plan.size.shard, 40).random(firms.count) < lending.FLOATING)
    series, events = outside.returns(plan, firms, books), outside.client_events(plan, firms, lent, books, who)
    if plan.size.shard == 0:
        series = pl.concat([series, outside.published(plan)])
        events = pl.concat([events, outside.public_events(plan)])
    tables = {
        **who.tables,
        "calendar": plan.size.clock.calendar,
        "series": series,
        "statements": pl.concat([filed, papers]),
        "disclosures": outside.disclosures(plan, firms, books, filed),
        "accounts": moved.accounts,
        "transactions": moved.transactions,
        "balances": moved.balances,
        "facilities": lending.facilities(lent),
        "loans": lending.loans(plan, lent, floating),
        "loan_status": lending.loan_status(plan, firms, lent),
        "credit_support": lending.support(plan, firms, lent, who.guarantors),
        "bureau_reports": pl.concat([filings.bureau(plan, firms, books), reports]),
        "events": events,
        "interactions": dealings.interactions(plan, firms, who),
        "staff_days": dealings.staff_days(plan, who.tables["staff"]),
        "undertakings": dealings.undertakings(plan, firms, lent, who),
        "complaints": dealings.complaints(plan, firms, who),
        "survey_answers": dealings.surveys(plan, firms, who),
        "products": dealings.products(plan),
        "holdings": dealings.holdings(plan, firms),
        "documents": dealings.documents(plan, firms),
    }
    for name, rows in stories.around(plan, lent).items():
        tables[name] = pl.concat([tables[name], rows])
    return Book({name: frame.rechunk() for name, frame in tables.items()}, plan)


def refused(book: Book) -> dict[str, Mapping[str, int]]:
    """Tables of which the night's validation refuses rows, and how many by check; nothing when all pass."""
    end, clean, found = book.plan.size.end, {}, {}
    clients = book.tables["clients"]["client_id"].to_list()
    delivery = Delivery(end, end, newest="all", backfills=frozenset(["all"]), client_ids=clients)
    for name, kind in TABLES.items():
        around = {"delivery": pl.lit("all"), "delivered_on": pl.lit(end), UNPARSED: pl.lit(None, pl.String)}
        verdict = validation.validate(kind, book.tables[name].lazy().with_columns(**around), clean, delivery)
        clean[name] = verdict.clean.lazy()
        if verdict.counts.rows_in != verdict.counts.clean or verdict.held.height:
            found[name] = dict(verdict.quarantine["check_id"].value_counts().rows())
    return found


def main() -> None:
    """Tell a book's size; with --check what its validation refuses."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--planted", type=int, default=0)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    book = generate(asked.clients, date(2026, 6, 30), asked.seed)
    if asked.planted:
        book = fading(book, asked.planted)
    for name in TABLES:
        print(f"{name:16} {book.tables[name].height:>12,} rows")
    if asked.check:
        print("refused:", refused(book) or "nothing")


if __name__ == "__main__":
    main()
