"""The twelve self-checks of an RM (input-model.md 9.2; readings S2, G5). For the RM and the supervisor alone; no. 10,
how heavy the visits weigh, for the RM alone (`private`). A flag is a question to the RM, not a mark.

Ours, where the text leaves it open:
- An RM is whoever is on the staff at T and the main RM of a client then. In hand for 180 days: main RM at T and 180
  days before.
- Visits and contacts are those he held himself. Clients without a grade have no rhythm: left out of 1, 4 and 7. The
  bank's own rhythm of inspections after lending is not in the model: the rhythms are as printed.
- Too few cases (3, 7, 8, 9, 11) leave the flag open: a few prove neither. So does no case at all.
- No. 3, 8: a decision maker took part when the row says so, else when its main contact had that role on that day.
  Without either, unknown: left out. No. 3 leaves out visits that hang on an unknown length, and thank-you visits to
  grade A altogether.
- No. 4: a request is a service request or a loan request of 180 days, undecided. A feed not connected excuses nobody.
- No. 5: "a day before" is a day of the calendar. A planned visit is due when it was held in time or a working day has
  passed since its day. No. 9: he came back when his own next contact, of any kind, lies within 30 days.
- No. 7: the nearest third is the whole number of clients below it; warmth before is that of every contact with the
  client.
- No. 12: clients of any status today, as the status of then is not kept; one whose assignment ended and who is still or
  again his client was not lost. Figures are the changes in 90 and 365 days.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from transforms.arithmetic import EXACT, within
from transforms.features import contacts
from transforms.relationship.book import Book
from transforms.relationship.self_check_desk import WINDOW, Desk, in_person, main_on
from transforms.relationship.self_check_rules import RULES
from transforms.workdays import Workdays

READS = (
    *("assignments", "staff", "clients", "interactions", "staff_days", "party_links", "complaints", "undertakings"),
    *("events", "calendar"),
)
RHYTHM = {"A": 60, "B": 90, "C": 180, "D": 365}  # days between visits, ours
FEELING = 10  # the number that is asked, not computed

FRAMES: Mapping[str, pl.Schema] = {
    "self_checks": pl.Schema(
        {
            "staff_id": pl.String(),
            "no": pl.Int64(),  # 1 to 12
            "value": pl.Float64(),  # the rule's figure, or its first
            "second": pl.Float64(),
            "n": pl.Int64(),  # what the first figure is a share or a mean of
            "flag": pl.Boolean(),  # null: cannot be said
            "asked": pl.Boolean(),  # the RM's own answer, not computed
            "private": pl.Boolean(),  # for the RM alone
            "clients": pl.List(pl.String()),  # the list the rule asks for, at most five, the worst first
            "others": pl.List(pl.String()),  # no. 4: visited needlessly
            "evidence": pl.String(),  # 11: pairs; 12: clients then and assignments that ended, by reason
        }
    )
}


def managers(book: Book) -> pl.LazyFrame:
    """staff_id of everybody on the staff at T who is the main RM of an assessed client, sorted."""
    as_of = book.night.as_of
    mine = main_on(book, as_of).join(book.clients, on="client_id", how="semi").select("staff_id").unique()
    employed = book.table("staff").filter(
        (pl.col("start_on") <= as_of).fill_null(value=True), (pl.col("end_on") > as_of).fill_null(value=True)
    )
    everybody = mine.join(employed, on="staff_id", how="semi") if book.connected("staff") else mine
    return everybody.sort("staff_id")


def measure(book: Book) -> dict[str, pl.LazyFrame]:
    """self_checks: twelve rows for every RM. All is null where the rule's table is not connected; n is 0 without a case."""
    desk = _desk(book)
    rows = [_rows(desk, no, table, rule(desk)) for no, (table, rule) in enumerate(RULES, 1)]
    return {"self_checks": pl.concat(rows).sort("staff_id", "no")}


def _rows(desk: Desk, no: int, table: str, said: pl.LazyFrame) -> pl.LazyFrame:
    """One row per RM of what a rule said."""
    schema = FRAMES["self_checks"]
    given = set(said.collect_schema())
    connected = desk.book.connected(table)
    fixed = {"no": pl.lit(no), "asked": pl.lit(no == FEELING), "private": pl.lit(no == FEELING)}
    nothing = {"n": pl.lit(0), "clients": pl.lit([], schema["clients"]), "others": pl.lit([], schema["others"])}

    def column(name: str) -> pl.Expr:
        if name in fixed or name == "staff_id":
            return fixed.get(name, pl.col(name))
        if not connected:
            return pl.lit(None)
        found = pl.col(name) if name in given else pl.lit(None, schema[name])
        return found.fill_null(nothing[name]) if name in nothing else found

    columns = [column(name).cast(dtype).alias(name) for name, dtype in schema.items()]
    return desk.managers.join(said, on="staff_id", how="left").select(columns)


def _desk(book: Book) -> Desk:
    as_of, days = book.night.as_of, Workdays.of(book)
    known = contacts.done(book.night, book.table("interactions"))
    recent = known.filter(within("on", as_of, WINDOW)).with_columns(
        in_person=in_person(), minutes=(pl.col("ended_at") - pl.col("started_at")).dt.total_minutes()
    )
    usual = recent.filter("in_person").group_by("purpose").agg(usual=pl.col("minutes").median())
    mine = _in_hand(book)
    held = recent.join(mine.select("staff_id", "client_id", "grade"), on=["staff_id", "client_id"]).join(
        usual, on="purpose", how="left", nulls_equal=True
    )
    held = _with_decider(book, held).collect().lazy()
    seen = held.filter("in_person").group_by("staff_id", "client_id").agg(visits=pl.len().cast(pl.Int64))
    before = within("on", as_of - timedelta(days=WINDOW + 1), WINDOW)
    warmth = known.filter(before).group_by("client_id").agg(warmth_before=pl.col("warmth").mean().round(EXACT))
    clients = (
        mine.join(seen, on=["staff_id", "client_id"], how="left")
        .join(warmth, on="client_id", how="left")
        .with_columns(pl.col("visits").fill_null(0))
    )
    return Desk(book, days, managers(book), clients.collect().lazy(), held)


def _in_hand(book: Book) -> pl.LazyFrame:
    """staff_id, client_id, grade, expected, distance of the clients in hand for 180 days."""
    as_of = book.night.as_of
    rhythm = pl.col("grade").replace_strict(RHYTHM, default=None, return_dtype=pl.Float64)
    both = ["staff_id", "client_id"]
    return (
        main_on(book, as_of)
        .join(managers(book), on="staff_id", how="semi")
        .join(main_on(book, as_of - timedelta(days=WINDOW)), on=both, how="semi")
        .join(book.clients.select("client_id", distance="site_distance_km"), on="client_id")
        .join(book.grades(), on="client_id", how="left")
        .with_columns(expected=WINDOW / rhythm)
    )


def _with_decider(book: Book, held: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `decider`: a decision maker took part, by the row itself, else by the role of its main contact that day."""
    on = pl.col("on")
    roles = (
        book.table("party_links")
        .filter(pl.col("decision_role") == "decision_maker", pl.col("recorded_on") <= book.night.as_of)
        .select("start_on", "end_on", client_id="to_id", contact_id="from_id")
    )
    in_role = (
        held.join(roles, on=["client_id", "contact_id"])
        .filter((pl.col("start_on") <= on).fill_null(value=True), (pl.col("end_on") > on).fill_null(value=True))
        .select("interaction_id", in_role=pl.lit(value=True))
        .unique()
    )
    by_role = pl.col("in_role").fill_null(value=False) if book.connected("party_links") else pl.lit(None, pl.Boolean)
    return held.join(in_role, on="interaction_id", how="left").with_columns(
        decider=pl.coalesce("decision_maker", by_role)
    )
