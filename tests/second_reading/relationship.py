"""The relationship rows (REL), one function a row."""

from datetime import date, timedelta

from tests.second_reading.bank import Row, T
from tests.second_reading.facts import Client, within
from tests.second_reading.logic import Test, Truth, grade_b, highest

COMPLAINT_DAYS = 180


def _complained(client: Client, *categories: str, target: str | None = None) -> bool:
    """A complaint of one of the categories in 180 days."""
    return any(
        row["category"] in categories
        and (target is None or row["target"] == target)
        and within(row["received_at"].date(), COMPLAINT_DAYS)
        for row in client.rows("complaints")
    )


def _scores(client: Client, item: str) -> list[int]:
    """The scores of an item in 400 days, newest first."""
    rows = [row for row in client.rows("survey_answers") if row["item"] == item and within(row["answered_on"], 400)]
    return [row["score"] for row in sorted(rows, key=lambda row: row["answered_on"], reverse=True)]


def _told(said: str | None, records: list[Test], proxies: list[Test], surveyed: bool) -> str:
    """A row decided by what people told: complaints, surveys and answers in full, proxies only to confirm (reading G3)."""
    answers: list[Test] = [*records, (said, True)] if said not in (None, "no") else records  # type: ignore[list-item]
    if hit := highest(answers):
        proved = hit if said in (None, "no") else highest([*answers, *proxies])
        return proved or hit
    if said == "no":
        return "CLEAR"
    if highest(proxies):
        return "W"
    return "CLEAR" if surveyed else "NO_DATA"


def rel_01(client: Client) -> str:
    """RM argues with the client and wants to win."""
    records: list[Test] = [("A", _complained(client, "argument", "attitude", target="rm"))]
    asked: dict[date, int] = {}  # the last surveys, with the lower of the two scores
    for row in client.rows("survey_answers"):
        if row["item"] in ("listens", "respects") and within(row["answered_on"], 400):
            asked[row["answered_on"]] = min(row["score"], asked.get(row["answered_on"], 5))
    last = [asked[on] for on in sorted(asked, reverse=True)[:2]]
    records.append(("W", len(last) == 2 and max(last) <= 2))
    said = client.said("REL-01")
    content = len(last) == 2 or (bool(last) and last[0] > 2)  # one low score alone tells neither way
    return _told("W" if said not in (None, "no") else said, records, [], content)


def rel_02(client: Client) -> str:
    """RM judges the client by own values."""
    scores = _scores(client, "understands_our_business")
    records: list[Test] = [("A", _complained(client, "prejudice")), ("W", bool(scores) and scores[0] <= 2)]
    asked = client.rows("undertakings") if client.world.delivered("undertakings", "proposal") else []
    made = [row for row in asked if row["kind"] == "proposal" and within(row["made_on"], 365)]
    lost = sum(row["outcome"] == "declined" and row["reason"] == "not_relevant" for row in made)
    said = client.said("REL-02")
    proxy = len(made) >= 5 and lost >= 0.6 * len(made)
    return _told("A" if said not in (None, "no") else said, records, [("W", proxy)], bool(scores))


def rel_03(client: Client) -> str:
    """Client's opinion asked but not used, and the client knows."""
    asked: Truth = None
    late: Truth = None
    if client.world.delivered("undertakings", "client_opinion"):
        rows = [r for r in client.rows("undertakings") if r["kind"] == "client_opinion"]
        rows = [row for row in rows if within(row["made_on"], 365)]
        used = sum(row["outcome"] == "adopted" for row in rows)
        asked = len(rows) >= 3 and used < 0.3 * len(rows)
        late = len(rows) >= 3 and any(_unanswered(row) for row in rows)
    complaint = _complained(client, "ignored_feedback") if client.world.delivered("complaints") else None
    return grade_b(("W", asked), ("A", late), ("A", complaint))


def _unanswered(row: Row) -> bool:
    last = row["made_on"] + timedelta(days=30)
    return row["outcome"] != "adopted" and last < T and (row["told_client_on"] is None or row["told_client_on"] > last)


def rel_04(client: Client) -> str:
    """RM repeatedly points out the client's faults."""
    scores = _scores(client, "respects")
    records: list[Test] = [("A", _complained(client, "criticism")), ("A", bool(scores) and scores[0] <= 2)]
    noted = sum(bool(r["criticism"]) and within(r["started_at"].date(), 90) for r in _held(client))
    said = client.said("REL-04")
    return _told("W" if said not in (None, "no") else said, records, [("W", noted >= 2)], bool(scores))


def _held(client: Client) -> list[Row]:
    """Contacts that took place."""
    return [row for row in client.rows("interactions") if row["status"] == "done" and row["started_at"].date() <= T]


def rel_05(client: Client) -> str:
    """Courting only useful people."""
    if not client.world.delivered("interactions") or not client.world.delivered("party_links"):
        return "NO_DATA"
    ties = [t for t in client.world.links[client.id] if t["relation"] == "contact_of"]
    active = {t["from_id"]: t["function"] for t in ties if t["end_on"] is None or t["end_on"] > T}
    held = [row for row in _held(client) if within(row["started_at"].date(), 180)]
    met: dict[str, int] = {}
    for row in held:
        for person in {row["contact_id"], *(row["other_contacts"] or [])} - {None}:
            met[person] = met.get(person, 0) + 1
    if len(held) < 5 or len(active) < 3 or not met:
        return "CLEAR"
    main = max(met, key=lambda person: met[person])
    one = met[main] >= 0.8 * sum(met.values())
    others = {active.get(person) for person in met} - {active.get(main), None}
    narrow = len(set(met) & set(active)) < 0.3 * len(active)
    return grade_b(("W", one), ("A", one and not others), ("W", narrow))


def rel_08(client: Client) -> str:
    """RM reschedules without explanation or apology."""
    moved = [
        row["planned_on"]
        for row in client.rows("interactions")
        if row["changed_by"] == "bank" and False in (row["notice_given"], row["apology_given"])
    ]
    if not client.world.delivered("interactions"):
        return "NO_DATA"
    twice = sum(within(d, 180) for d in moved) >= 2
    missed = _complained(client, "missed_appointment") if client.world.delivered("complaints") else None
    return grade_b(("W", any(within(d, 90) for d in moved)), ("A", twice), ("A", missed))


def rel_10(client: Client) -> str:
    """Words and deeds differ, and the client notices."""
    few: Truth = None
    open_: Truth = None
    if client.world.delivered("undertakings", "rm_promise"):
        rows = [r for r in client.rows("undertakings") if r["kind"] == "rm_promise"]
        due = [row for row in rows if within(row["due_on"], 180)]
        kept = sum(_kept(row["done_on"], row["due_on"]) for row in due)
        few = len(due) >= 5 and kept < 0.8 * len(due)
        open_ = sum(row["done_on"] is None and row["due_on"] < T for row in rows) >= 2
    scores = _scores(client, "keeps_promises")
    low = scores[0] <= 2 if scores else None
    broken = _complained(client, "broken_promise") if client.world.delivered("complaints") else None
    return grade_b(("W", few), ("W", open_), ("A", broken), ("A", low))


def _kept(done: date | None, due: date) -> bool:
    return done is not None and done <= due


def rel_12(client: Client) -> str:
    """Complaint received."""
    if not client.world.delivered("complaints"):
        return "NO_DATA"
    rows = client.rows("complaints")
    tests: list[Test] = []
    recent = 0
    for row in rows:
        on = row["received_at"].date()
        closed = row["closed_at"] is not None and row["closed_at"].date() <= T
        waited = 0 if closed else (T - on).days
        recent += within(on, 30)
        tests += [("W", within(on, 90)), ("A", waited > 15), ("A", row["severity"] >= 2 and within(on, 90))]
        tests.append(("R", waited > (60 if row["extension_approved_by"] else 30)))
        tests.append(("R", within(on, 90) and _repeats(row, rows)))
    return grade_b(("A", recent > 3), *tests)


def _repeats(row: Row, rows: list[Row]) -> bool:
    """The card says so, or an earlier one of 365 days has the same category and the same contact or product."""
    for other in rows:
        on = other["received_at"].date()
        if other is row or on > row["received_at"].date() or not within(on, 365):
            continue
        if row["repeat_of"] == other["complaint_id"]:
            return True
        alike = row["contact_id"] == other["contact_id"] or (row["product"] and row["product"] == other["product"])
        if alike and row["category"] == other["category"]:
            return True
    return False


ROWS = {
    "REL-01": rel_01, "REL-02": rel_02, "REL-03": rel_03, "REL-04": rel_04, "REL-05": rel_05, "REL-08": rel_08,
    "REL-10": rel_10, "REL-12": rel_12,
}  # fmt: skip
