"""Who is who in the sample bank: parties, clients, staff, assignments. All of it invented."""

from datetime import date, timedelta
from typing import Any

from sample import happenings, names, ties
from sample.credit import GUARANTORS
from sample.relationship import HANDLERS, HANDOVER, contact_ids
from sample.world import BRANCHES, CONFIDENTIAL, OFFICES, RMS_PER_BRANCH, Client

Row = dict[str, Any]
UPDATED, TIER_SET, HIRED = date(2012, 1, 2), date(2015, 1, 5), date(2009, 1, 5)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: the characters of a code, each worth its place
UNBORN, UNCODED, CELEBRATES = 8, 29, 3  # every so many: no birthday known, no code on file, a day of its own
_OTHERS = (
    ("P-TAX", "government", "Tax Office (simulated)"),
    ("P-SOCIAL", "government", "Social Insurance Fund (simulated)"),
    ("P-UTILITY", "utility", "City Power and Water (simulated)"),
)


def uscc(region: str, number: int) -> str:
    """A unified social credit code nobody has: made as GB 32100 and GB 11714 ask, with an organisation code not given out."""
    body = f"XXXX{number:04d}"
    total = sum(int(c, 36) * weight for c, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    code = f"91{region}{body}{'0X987654321'[total % 11]}"
    last = (31 - sum(_USCC.index(c) * pow(3, place, 31) for place, c in enumerate(code)) % 31) % 31
    return code + _USCC[last]


def _birthday(number: int) -> str | None:
    """Month and day of a person; of some nobody asked."""
    return None if number % UNBORN == 0 else f"{1 + number * 5 % 12:02d}-{1 + number * 11 % 28:02d}"


def parties(clients: list[Client]) -> list[Row]:
    """Clients, the people met there, guarantors, and offices everybody pays."""
    rows: list[Row] = [
        {"party_id": c.client_id, "kind": "company", "name": c.name, "industry_code": c.industry, "region_code": c.region,
         "uscc": uscc(c.region, c.number) if c.firm is not None and c.number % UNCODED else None,
         "size_class": c.size, "established_on": c.since - timedelta(days=900 + 7 * c.number), "listed": c.firm is not None}
        for c in clients
    ]  # fmt: skip
    people = ((c, k, party) for c in clients if c.firm is not None for k, party in enumerate(contact_ids(c)))
    rows += [{"party_id": party, "kind": "person", "name": names.person(2 * c.number + k),
              "birthday_mmdd": _birthday(2 * c.number + k)} for c, k, party in people]  # fmt: skip
    rows += [{"party_id": party, "kind": "person", "name": names.person(900 + k)} for k, party in enumerate(GUARANTORS)]
    rows += [{"party_id": party, "kind": kind, "name": name} for party, kind, name in _OTHERS]
    rows += ties.shared_parties()
    rows += [row for client in clients if client.firm is not None for row in ties.parties(client)]
    return [{**row, "updated_on": UPDATED} for row in rows]


def clients(people: list[Client]) -> list[Row]:
    """The clients table; a client without a firm has no duty to report."""
    return [
        {"client_id": c.client_id, "status": "active", "client_kind": "enterprise", "branch_id": BRANCHES[c.region],
         "relationship_start": c.since, "tier": c.tier, "tier_set_on": TIER_SET if c.tier else None,
         "group_id": ties.owner(c) if c.firm is not None else None,
         "anniversary_mmdd": f"{happenings.anniversary(c):%m-%d}" if c.number % CELEBRATES == 0 else None,
         "basic_account_here": c.firm is not None and c.number % 3 > 0,
         "reporting_freq": "none" if c.firm is None else "Y", "no_marketing": False, "confidential": c.number == CONFIDENTIAL}
        for c in people
    ]  # fmt: skip


def staff() -> list[Row]:
    """Two RMs under a branch head in each branch, one senior manager, a risk officer, two complaint handlers."""
    top = {
        "staff_id": "SM1",
        "name": "He Jun",
        "role": "senior_manager",
        "branch_id": "B-HO",
        "start_on": date(2005, 3, 1),
    }
    rows: list[Row] = [top]
    for k, branch in enumerate(OFFICES):
        head = f"BH{k}"
        rows.append({"staff_id": head, "name": names.HEADS[k], "role": "branch_head", "branch_id": branch,
                     "supervisor_id": "SM1", "authority_limit": 50_000_00, "start_on": date(2008, 1, 2)})  # fmt: skip
        for n in range(RMS_PER_BRANCH * k, RMS_PER_BRANCH * (k + 1)):
            rows.append({"staff_id": f"RM{n}", "name": names.RMS[n], "role": "rm", "branch_id": branch, "supervisor_id": head,
                         "authority_limit": 5_000_00, "start_on": HIRED})  # fmt: skip
    office = {"branch_id": "B-HO", "supervisor_id": "SM1", "start_on": date(2010, 6, 1)}
    rows.append({"staff_id": "RO1", "name": "Xu Wei", "role": "risk_officer", **office})
    rows += [
        {"staff_id": handler, "name": name, "role": "complaint_handler", **office}
        for handler, name in zip(HANDLERS, ("Gao Lan", "Tang Rui"), strict=True)
    ]
    return rows


def assignments(people: list[Client]) -> list[Row]:
    """Each client's main RM, and the one before where it was handed over."""
    return [row for client in people for row in _assigned(client)]


def _assigned(client: Client) -> list[Row]:
    base = {"client_id": client.client_id, "role": "main"}
    start = max(client.since, HIRED)
    if client.former_rm is None:
        return [{**base, "staff_id": client.rm, "start_on": start}]
    before = {**base, "staff_id": client.former_rm, "start_on": start, "end_on": HANDOVER, "end_reason": "handover"}
    return [before, {**base, "staff_id": client.rm, "start_on": HANDOVER}]
