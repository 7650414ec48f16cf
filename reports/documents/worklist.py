"""The RM's worklist: a page for each of the next days of his visit plan, the questions at the end of the day, the rest of the
plan, clients without a visit, the twelve self-checks. For the RM and the supervisor alone.

A confidential client stands here as in every other report: by number, without name, people or anybody's own words, since the
pages are carried about and lie on desks; the RM knows his clients by number. The check that is the RM's own feeling stays a
question: the supervisor reads the same page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.desk import Desk
from reports.documents import Document, environment
from reports.facts import Row
from reports.labels import N_
from reports.sections.level import SHAPES
from reports.sections.relationship import SHAPES as RELATIONSHIP_SHAPES
from reports.words import Words
from transforms import text
from transforms.portfolio import CONDUCT
from transforms.relationship.archive_items import ITEMS
from transforms.relationship.methods import METHODS
from transforms.signals import CATALOGUE
from transforms.worklists import DAYS

REASONS = 3  # of a visit, in full
AGENDA = ("task", "promise", "signal", "birthday", "holiday")  # contacts stand in the plan
ITEM = {item.code: item for item in ITEMS}
RATIO, TIMES, SCORE = text.percent, text.times, text.score
CHECKS: Mapping[int, tuple[str, Any, Any]] = {  # number → what its figures say, their units
    1: (N_("{value} of {n} visits beyond twice the rhythm; {second} of the clients due were seen"), RATIO, RATIO),
    2: (N_("{value} of {n} visits were long; warmth against the others {second}"), RATIO, SCORE),
    3: (N_("{value} of {n} visits a call could have replaced"), RATIO, None),
    4: (N_("{value} of {n} grade A and B clients seen less than half as often as due"), RATIO, None),
    5: (N_("{value} of {n} visits entered a day before; {second} of the planned ones held in time"), RATIO, RATIO),
    6: (N_("{value} of {n} visits with purpose and goal written beforehand"), RATIO, None),
    7: (N_("of {n} visits, near clients {value} and warm clients {second} as often as due"), TIMES, TIMES),
    8: (N_("{value} of the contacts with a decision maker, mean of {n} grade A and B clients"), RATIO, None),
    9: (N_("after {value} of {n} refusals you came back within 30 days"), RATIO, None),
    11: (N_("of {n} visits {value} brought less than the one before, {second} more"), RATIO, RATIO),
    12: (N_("{n} clients; change {value} in 90 days, {second} in 365 days"), RATIO, RATIO),
}


@dataclass(frozen=True)
class Worklist(Document):
    """A worklist in one language; `client_id` is the RM's staff id."""

    @property
    def title(self) -> str:
        """The document's title."""
        return f"{Words(self.locale).gettext('Worklist')} · {self.printed['name']}"

    def html(self, issued_on: date) -> str:
        """The page as HTML, issued on that night."""
        issued = text.day(issued_on, self.locale)
        template = environment(self.locale).get_template("worklist.html")
        return template.render(**self.printed, kind=self.kind, title=self.title, issued=issued)


def worklist(desk: Desk, locale: str) -> Worklist:
    """An RM's worklist."""
    w = Words(locale)
    provenance = desk.run.provenance
    days = [_day(desk, row, w) for row in desk.days[:DAYS]]
    tables = provenance.get("tables", {})
    printed = {
        "name": desk.name,
        "staff_id": desk.staff_id,
        "days": days,
        "agenda": _agenda(desk, w),
        "before": _before(desk.report, w),
        "evening": _evening(desk.report, w),
        "follow_ups": [_follow_up(desk, row, w) for row in desk.follow_ups],
        "later": [_later(desk, row, w) for day in desk.days[DAYS:] for row in desk.visits.get(day["plan_on"], [])],
        "stuck": [_later(desk, row, w) for row in desk.visits.get(None, [])],
        "unvisited": [
            (*_client(desk, row["client_id"], w), w.label("no_visit", row["reason"]), text.day(row["due_on"], locale))
            for row in desk.unvisited
        ],
        "checks": [_check(desk, row, w) for row in desk.checks],
        "simulated": tables.get("interactions", {}).get("origin") == "simulated",
        "connected": "interactions" in desk.run.feeds,
        "bank": provenance.get(f"name_{locale}"),
        "attribution": provenance.get(f"attribution_{locale}"),
        "licence": provenance.get("licence"),
    }
    return Worklist("worklist", locale, desk.staff_id, printed)


# ---- names ---------------------------------------------------------------------------------------------------------


def _confidential(desk: Desk, client_id: str | None) -> bool:
    row = desk.find("clients", client_id) if client_id else None
    return bool(row and row["confidential"])


def _client(desk: Desk, client_id: str, w: Words) -> tuple[str, str]:
    """Name and number; a confidential client's name is masked."""
    row = desk.find("clients", client_id)
    if row and row["confidential"]:
        return w.gettext("Confidential client"), client_id
    return str((row and row["name"]) or client_id), client_id


def _levels(desk: Desk, client_id: str, w: Words) -> list[str]:
    row = desk.find("clients", client_id)
    shapes = {"risk": SHAPES, "relationship": RELATIONSHIP_SHAPES}
    codes = {kind: row[f"{kind}_level"] if row else None for kind in shapes}
    return [f"{shapes[kind][code]} {w.label(kind, code)}" for kind, code in codes.items() if code]


def _person(desk: Desk, client_id: str, party_id: str | None, w: Words) -> str:
    """Whom to see: name and part in decisions; of a confidential client the number alone."""
    if party_id is None:
        return w.gettext("nobody named")
    row = desk.find("people", client_id, party_id)
    if row is None or _confidential(desk, client_id) or not row["name"]:
        return party_id
    role = row["decision_role"]
    part = "" if role in (None, "none") else w.gettext(" ({why})").format(why=w.label("decision_role", role))
    return f"{row['name']}{part}"


def _weekday(day: date, w: Words) -> str:
    return w.gettext("{weekday}, {day}").format(
        weekday=w.label("weekday", day.isoweekday()), day=text.day(day, w.locale)
    )


def _minutes(n: int | None, w: Words) -> str:
    return w.gettext("{n} minutes").format(n=text.count(n, w.locale))


# ---- a day ---------------------------------------------------------------------------------------------------------


def _day(desk: Desk, row: Row, w: Words) -> Mapping[str, Any]:
    """A day of the plan: its sums, its visits in order, the questions for whom."""
    visits = desk.visits.get(row["plan_on"], [])
    sums = w.gettext("Contacts: {n}; {minutes} of {capacity} minutes for clients")
    over = w.gettext("More than a day holds: agree with the supervisor what is moved.")
    return {
        "day": _weekday(row["plan_on"], w),
        "date": text.day(row["plan_on"], w.locale),
        "sums": sums.format(
            **{name: text.count(row[name], w.locale) for name in ("minutes", "capacity")}, n=row["contacts"]
        ),
        "over": over if row["over"] else None,
        "visits": [_visit(desk, visit, at, w) for at, visit in enumerate(visits, 1)],
        "questions": _questions(visits, w),
    }


def _visit(desk: Desk, row: Row, at: int, w: Words) -> Mapping[str, Any]:
    client_id = row["client_id"]
    name, number = _client(desk, client_id, w)
    triggers, topics = row["triggers"] or [], _to_client(row["topics"])
    to_raise = [code for code in topics if code not in triggers[:REASONS]]
    more = [_short(code, w) for code in triggers[REASONS:] if code not in topics]
    last = w.gettext("{day}, {outcome}").format(
        day=text.day(row["last_contact_on"], w.locale), outcome=w.label("outcome", row["last_outcome"])
    )
    own = row["goal_text"] and not _confidential(desk, client_id)
    aim = row["goal_text"] if own else w.label("goal", row["goal"]) if row["goal"] else None
    lines = [
        (w.gettext("To raise"), w.join([_topic(desk, client_id, code, w) for code in to_raise])),
        (w.gettext("To bring"), w.join([_material(desk, code, w) for code in row["materials"] or []])),
    ]
    beside = [
        (w.gettext("Last contact"), last if row["last_contact_on"] else w.gettext("never met")),
        (w.gettext("With you"), desk.staff(row["bank_side"]) if row["bank_side"] else None),
        (w.gettext("Urgency"), w.label("visit_class", row["class"]) if row["class"] else None),
    ]
    return {
        "at": at,
        "name": name,
        "number": number,
        "grade": w.gettext("Grade {grade}").format(grade=row["grade"]) if row["grade"] else None,
        "levels": _levels(desk, client_id, w),
        "person": _person(desk, client_id, row["contact_id"], w),
        "how": f"{w.label('channel', row['channel'])} · {_minutes(row['est_minutes'], w)}",
        "purpose": w.gettext(": ").join(said for said in (w.label("purpose", row["purpose"]), aim) if said),
        "state": w.label("visit_state", row["status"]),
        "due": w.gettext("due {day}").format(day=text.day(row["due_on"], w.locale)) if row["due_on"] else None,
        "reasons": [_reason(desk, row, code, w) for code in triggers[:REASONS]],
        "more": w.gettext("and {codes}").format(codes=w.join(more)) if more else None,
        "lines": [(label, said) for label, said in lines if said],
        "beside": [(label, said) for label, said in beside if said],
    }


def _to_client(codes: Sequence[str] | None) -> list[str]:
    """What an RM can take up with the client: not his own conduct, which is the supervisor's to ask about."""
    return [code for code in codes or [] if code not in CONDUCT]


def _reason(desk: Desk, row: Row, code: str, w: Words) -> tuple[str, str]:
    """What asks for the visit: a mark to look it up by (a signal's number), and the sentence."""
    client_id = row["client_id"]
    kind, _, number = code.partition(":")
    if code in CATALOGUE:
        found = desk.find("findings", client_id, code)
        return code, found[f"text_{w.locale}"] if found else w.signal(code)
    if kind == "method":
        return "", _suggestion(desk, client_id, int(number), w)
    if kind == "undertakings":
        return "", _owed(desk, client_id, number, w)
    if kind == "complaints":
        card = desk.find("complaint_cards", number)
        what = w.gettext(" ({why})").format(why=w.label("complaint", card["category"])) if card else ""
        return "", w.label("visit_trigger", kind).format(id=number) + what
    return "", w.label("visit_trigger", kind).format(id=w.label("family", number) if number else "")


def _short(code: str, w: Words) -> str:
    """A further reason in a word or two."""
    kind, _, number = code.partition(":")
    if code in CATALOGUE:
        return code
    if kind == "method":
        return _method(int(number), w)
    return w.label("visit_trigger", kind).format(id=w.label("family", number) if kind == "stopped_using" else number)


def _method(number: int, w: Words) -> str:
    return METHODS[number].zh if w.locale == "zh" else METHODS[number].en


def _suggestion(desk: Desk, client_id: str, method: int, w: Words) -> str:
    """A method by name, and what tonight asked for it."""
    asked = [row["trigger"] for row in desk.suggested.get(client_id, []) if row["method"] == method]
    return _method(method, w) + (
        w.gettext(": ") + w.join([w.label("trigger", code) for code in asked]) if asked else ""
    )


def _owed(desk: Desk, client_id: str, number: str, w: Words) -> str:
    """Something owed, by its title and day."""
    row = desk.find("owed", number)
    if row is None:
        return w.label("visit_trigger", "undertakings").format(id=number)
    title = number if _confidential(desk, client_id) else row["title"]
    due = w.gettext("{title}; due {day}").format(title=title, day=text.day(row["due_on"], w.locale))
    return f"{w.label('undertaking', row['kind'])}{w.gettext(': ')}{due}"


def _topic(desk: Desk, client_id: str, code: str, w: Words) -> str:
    kind, _, number = code.partition(":")
    if kind == "undertakings":
        return _owed(desk, client_id, number, w)
    return w.label("family", number) if kind == "family" else f"{code} {w.signal(code)}"


def _material(desk: Desk, code: str, w: Words) -> str:
    if code in ITEM:
        return f"{code} {ITEM[code].zh if w.locale == 'zh' else ITEM[code].en}"
    number = code.partition(":")[2]
    return w.gettext("sheet on {product}").format(product=desk.run.names.get("products", {}).get(number, number))


def _questions(visits: Sequence[Row], w: Words) -> list[tuple[str, str, str]]:
    """Every question of the day once: its mark, its words, the visits it belongs to."""
    asked: dict[str, list[int]] = {}
    for at, row in enumerate(visits, 1):
        for code in _to_client(row["questions"]):
            asked.setdefault(code, []).append(at)
    every, some = w.gettext("every visit"), w.gettext("visit {places}")
    return [
        (
            code if code in CATALOGUE else "",
            _question(code, w),
            every if len(places) == len(visits) else some.format(places=w.join([str(at) for at in places])),
        )
        for code, places in asked.items()
    ]


def _question(code: str, w: Words) -> str:
    if code not in CATALOGUE:
        return w.gettext("How satisfied are you with me, and with the bank? Why?")
    return CATALOGUE[code].ask_zh if w.locale == "zh" else CATALOGUE[code].ask_en


# ---- the next working day beside its visits ------------------------------------------------------------------------


def _agenda(desk: Desk, w: Words) -> list[Mapping[str, Any]]:
    """What else the next working day brings: tasks by priority, promises, signals, birthdays, holidays."""
    kinds = {kind: at for at, kind in enumerate(AGENDA)}
    rows = [row for row in desk.agenda if row["item_kind"] in kinds]
    rows.sort(key=lambda row: (kinds[row["item_kind"]], row["priority"] or 9, row["due_on"] or date.max, row["id"]))
    return [_item(desk, row, w) for row in rows]


def _item(desk: Desk, row: Row, w: Words) -> Mapping[str, Any]:
    kind, client_id = row["item_kind"], row["client_id"]
    hidden = _confidential(desk, client_id)
    what = {
        "signal": lambda: f"{SHAPES[row['level']]} {row['id']} {w.signal(row['id'])}",
        "holiday": lambda: w.label("holiday", row["id"]),
        "birthday": lambda: _person(desk, client_id, row["contact_id"], w),
    }
    title = row["id"] if hidden else row["goal"] or row["id"]
    return {
        "kind": w.label("agenda", kind),
        "priority": w.label("priority", row["priority"]) if row["priority"] else None,
        "what": what[kind]() if kind in what else title,
        "client": _client(desk, client_id, w) if client_id else None,
        "due": text.day(row["due_on"], w.locale) if row["due_on"] else "",
        "note": w.label("agenda_note", row["note"]) if row["note"] else None,
        "minutes": text.count(row["planned_minutes"], w.locale) if row["planned_minutes"] else "",
    }


def _before(report: Row | None, w: Words) -> list[str]:
    """What is not yet right with the next working day."""
    if report is None:
        return []
    n = {name: report[name] for name in ("next_without_goal", "next_left_out", "next_tasks_1")}
    said = [
        (n["next_left_out"], w.gettext("Urgent visits proposed and not entered in the log: {n}.")),
        (n["next_without_goal"], w.gettext("Contacts entered without a goal: {n}.")),
        (n["next_tasks_1"] == 0, w.gettext("No task of first priority is set.")),
        (report["next_over_capacity"], w.gettext("The contacts entered take more minutes than a day has for clients.")),
    ]
    return [words.format(n=text.count(count, w.locale)) for count, words in said if count]


# ---- the end of the day --------------------------------------------------------------------------------------------


def _evening(report: Row | None, w: Words) -> Mapping[str, Any] | None:
    """The five questions, and what the log says of the last working day."""
    if report is None:
        return None
    loc = w.locale
    n = {name: text.count(value, loc) for name, value in report.items() if isinstance(value, int | float | None)}
    reached = {True: w.gettext("Reached"), False: w.gettext("Not reached"), None: text.NONE}[report["reached"]]
    said = [
        w.gettext("Clients visited: {clients_visited}. Calls {calls}, video {video}, messages {messages}."),
        w.gettext(
            "{reached}: tasks {tasks_done} of {tasks_due}, contacts {held} of {planned}, goals {goals_met} of {goals_given}."
        ),
        w.gettext(
            "{actual_minutes} of {planned_minutes} planned minutes ({ratio}), first priority {share}; untimed contacts {untimed}."
        ),
        w.gettext(
            "{unrelated_minutes} minutes by your own entry; {unrecorded_minutes} of {worked_minutes} stand nowhere."
        ),
        w.gettext("Contacts to follow up or give up stand below; logged late: {log_gaps}."),
    ]
    given = {**n, "reached": reached, "ratio": text.percent(report["time_ratio"], loc, 0)}
    given["share"] = text.percent(report["share_1"], loc, 0)
    return {
        "day": text.day(report["day"], loc),
        "next": text.day(report["next_day"], loc),
        "questions": [(w.label("evening", at), words.format(**given)) for at, words in enumerate(said, 1)],
    }


def _follow_up(desk: Desk, row: Row, w: Words) -> tuple[str, ...]:
    name, number = _client(desk, row["client_id"], w)
    what = w.label("follow", row["follow_up"])
    family = f"{w.gettext(': ')}{w.label('family', row['family'])}" if row["family"] else ""
    return (name, number, w.label("outcome", row["outcome"]), what + family, text.day(row["on"], w.locale))


# ---- the rest ------------------------------------------------------------------------------------------------------


def _later(desk: Desk, row: Row, w: Words) -> tuple[str, ...]:
    triggers = row["triggers"] or []
    why = w.join([_short(code, w) for code in triggers[:REASONS]]) + ("…" if len(triggers) > REASONS else "")
    return (
        text.day(row["plan_on"] or row["due_on"], w.locale),
        *_client(desk, row["client_id"], w),
        w.label("channel", row["channel"]),
        w.label("purpose", row["purpose"]),
        why or text.NONE,
        text.count(row["est_minutes"], w.locale),
    )


def _check(desk: Desk, row: Row, w: Words) -> Mapping[str, Any]:
    """A self-check: its question, its figures, whether they ask for a second look, the clients they speak of."""
    no = row["no"]
    lists = {w.gettext("Look at: {names}"): "clients", w.gettext("Seen more often than needed: {names}"): "others"}
    flags = {True: w.gettext("▲ look again"), False: w.gettext("○ in order"), None: text.NONE}
    return {
        "no": no,
        "question": w.label("self_check", no),
        "said": w.gettext("Asked, not computed: answer for yourself.") if row["asked"] else _figures(row, w),
        "flag": text.NONE if row["asked"] else flags[row["flag"]],
        "clients": [words.format(names=_named(desk, row[name], w)) for words, name in lists.items() if row[name]],
    }


def _figures(row: Row, w: Words) -> str:
    if row["n"] is None:
        return w.gettext("not connected")
    if row["value"] is None and row["second"] is None:
        return w.gettext("nothing to measure yet")
    words, first, second = CHECKS[row["no"]]
    return w.gettext(words).format(
        value=first(row["value"], w.locale),
        second=second(row["second"], w.locale) if second else "",
        n=text.count(row["n"], w.locale),
    )


def _named(desk: Desk, clients: Iterable[str], w: Words) -> str:
    return w.join([" ".join(dict.fromkeys(_client(desk, client_id, w))) for client_id in clients])
