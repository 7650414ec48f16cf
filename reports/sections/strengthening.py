"""Table 11-6, the plan card: our standing, the other banks, the gaps and what is done about each, with room to write."""

from collections.abc import Mapping
from typing import Any

from reports import asks, cells
from reports.facts import Facts, Row
from reports.labels import N_
from reports.sections import Section
from reports.words import Words
from transforms import text

SHARES = {
    "share_loans": N_("Our share: loans"),
    "share_flow": N_("Our share: settlement"),
    "share_deposit": N_("Our share: deposits"),
}
BLANKS = 2  # lines for actions of the RM's own


def _share(plan: Row, name: str, w: Words) -> str:
    """Our share and how it moved in twelve months."""
    change = plan[f"{name}_change"]
    if plan[name] is None or change is None:
        return text.percent(plan[name], w.locale)
    moved = ("+" if change > 0 else "") + text.points(change, w.locale)
    return f"{text.percent(plan[name], w.locale)}{w.gettext(' ({why})').format(why=moved)}"


def _promoter(plan: Row, w: Words) -> str:
    if plan["promoter_id"] is None:
        return w.gettext("not known")
    told = [plan["promoter"] or plan["promoter_id"]]
    told += [w.label(kind, plan[f"promoter_{kind}"]) for kind in ("function", "stance") if plan[f"promoter_{kind}"]]
    return w.join(told)


def _rival(row: Row, f: Facts, w: Words) -> Mapping[str, Any]:
    loc, change = w.locale, row["share_there_change"]
    share = text.percent(row["share_there"], loc)
    if change:
        share += w.gettext(" ({why})").format(why=("+" if change > 0 else "") + text.points(change, loc))
    return {
        "bank": row["bank"] or row["bank_id"] or w.gettext("unnamed bank"),
        "seen": cells.words("seen_in", row["seen_in"], w),
        "products": cells.words("family", row["products_there"], w),
        "share": share,
        "since": cells.short(row["since"]),
        "flow": text.table_money(row["flow_90"], loc),
        "person": row["their_person"],
        "tie": _tie(row, w),
        "strength": w.label("strength", row["their_strength"]) if row["their_strength"] else None,
        "threat": w.label("threat", row["threat"]),
    }


def _tie(row: Row, w: Words) -> str | None:
    """The tie to the client's own people, how close; None where the bank keeps no personal ties."""
    if row["tie"] is None:
        return None
    told = [w.label("tie", row["tie"])]
    told += [w.label("decision_role", row["tie_to"])] if row["tie_to"] else []
    told += [w.gettext("closeness {n} of 5").format(n=row["closeness"])] if row["closeness"] else []
    return w.join(told)


def _figure(target: str | None, value: float | None, w: Words) -> str:
    share = target is not None and target.startswith("share_")
    return text.percent(value, w.locale) if share else text.count(value, w.locale)


def _action(row: Row, f: Facts, w: Words) -> Mapping[str, Any]:
    """A gap with its measure; what nobody has decided yet is None and left to write on."""
    at = [_figure(row["target"], row[name], w) for name in ("start_value", "now_value")]
    owner = asks.staff(row["owner_id"], f)
    senior = asks.staff(row["senior_id"], f) if row["senior_id"] else None
    return {
        "gap": w.label("gap", row["gap"]) if row["gap"] else w.gettext("Other"),
        "measure": asks.method(row["measure"], w) if row["measure"] else None,
        "title": row["title"],
        "owner": owner,
        "senior": senior,
        "start": cells.short(row["start_on"]) if row["undertaking_id"] else None,
        "due": cells.short(row["due_on"]) if row["undertaking_id"] else None,
        "target": w.label("figure", row["target"]) if row["target"] else None,
        "progress": w.gettext("{start} → {now}").format(start=at[0], now=at[1]) if row["target"] else None,
        "outcome": w.label("undertaking_outcome", row["outcome"]) if row["outcome"] else None,
    }


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """The card of a client that needs a plan; who needs one where it does not."""
    plan = next(iter(f.related["strengthening_plans"]), None)
    if plan is None:
        return {"plan": None}
    rivals = [_rival(row, f, w) for row in f.related["strengthening_competitors"]]
    return {
        "plan": {
            "rows": [
                (w.gettext("Grade"), plan["grade"] or text.NONE),
                (w.gettext("Relationship"), w.label("relationship", plan["relationship_level"])),
                (w.gettext("Risk against relationship"), w.label("quadrant", plan["quadrant"])),
                *((w.gettext(title), _share(plan, name, w)) for name, title in SHARES.items()),
                (w.gettext("Promoter inside the client"), _promoter(plan, w)),
                (w.gettext("Decision makers"), w.join(plan["decision_makers"] or []) or w.gettext("not known")),
                (w.gettext("Other banks that lend"), text.count(plan["other_banks"], w.locale)),
            ],
            "promoter": plan["promoter_id"] is not None,
        },
        "unit": text.money_unit(f.run.currency, w.locale),
        "rivals": rivals,
        "ties": any(rival["tie"] for rival in rivals),
        "actions": [
            _action(row, f, w) for row in sorted(f.related["strengthening_actions"], key=lambda row: row["gap"] is None)
        ],
        "blanks": BLANKS,
    }


SECTION = Section("strengthening", facts, ("party_links", "undertakings", "bureau_reports"))
