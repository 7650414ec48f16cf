"""Who the client is: the head of every client report."""

from collections.abc import Mapping
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.words import Words
from transforms import text


def client_name(f: Facts, w: Words) -> str:
    """The client's name; masked when it is confidential, its id when the master data were refused."""
    if f.client["confidential"]:
        return w.gettext("Confidential client")
    return str(f.client["name"] or f.client_id)


def facts(f: Facts, w: Words) -> Mapping[str, Any]:
    """Name, id, sector, region, size, grade, RM, branch, start of the relationship, exposure."""
    c, loc = f.client, w.locale
    sector = w.label("section", c["industry_section"])
    rows = [
        (w.gettext("Client number"), c["client_id"]),
        (w.gettext("Sector"), f"{sector} ({c['industry_code']})" if c["industry_code"] else "—"),
        (w.gettext("Region"), c["region_code"] or "—"),
        (w.gettext("Size"), w.label("size", c["size_class"])),
        (w.gettext("Grade"), c["tier_used"] or "—"),
        (w.gettext("Relationship manager"), c["rm_name"] or w.gettext("none assigned")),
        (w.gettext("Branch"), c["branch_id"] or "—"),
        (w.gettext("Client since"), text.day(c["relationship_start"], loc)),
        (w.gettext("Exposure"), text.money(c["exposure"], f.run.currency, loc)),
    ]
    return {"name": client_name(f, w), "rows": rows}


SECTION = Section("identity", facts, ("parties", "clients", "assignments"))
