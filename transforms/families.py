"""Evidence families: signals that see the same fact count once (catalogue section 7; one family per signal: G17)."""

_MEMBERS = {
    "receivables": "FIN-02 FIN-15",
    "paper_growth": "FIN-29 MOR-01",
    "stock": "FIN-16 MGT-05 MGT-08 MGT-09 EXT-08",
    "output": "MGT-01 MGT-13 MGT-14 MGT-15 FIN-26",
    "concentration": "FIN-18 MGT-10",
    "contagion": "FIN-13 MGT-11 MGT-38 MGT-51",
    "fixed_assets": "FIN-25 MGT-18 MGT-19",
    "accounting": "FIN-19 FIN-21 FIN-24 MGT-40",
    "related_dealing": "FIN-17 FIN-22 FIN-23 FIN-28 MGT-17",
    "governance": "MGT-22 MGT-23 MGT-25 MGT-26 MGT-30 MGT-37 MOR-14",
    "lifestyle": "MGT-27 MGT-29 MGT-31 MGT-32",
    "staff": "MGT-33 MGT-34",
    "flows_leaving": "MGT-42 MGT-46 ADD-07",
    "outside_credit": "MGT-41 MGT-43 MGT-44 MGT-45",
    "arrears": "MGT-48 MOR-04 MOR-05 MOR-06 MOR-07 MOR-08 MOR-09 MOR-10 MOR-11 MOR-12 MOR-13",
    "media": "MGT-28 MGT-49 MGT-50",
    "sector": "EXT-01 EXT-04 EXT-06",
    "policy": "EXT-03 EXT-05",
    "legal": "ADD-09",
    # relationship families (reading G19)
    "contact": "REL-05 REL-06 REL-07 REL-11",
    "conduct": "REL-01 REL-02 REL-03 REL-04 REL-08 REL-09 REL-10",
    "complaint": "REL-12",
    "rival": "REL-13",
}
FAMILY: dict[str, str] = {signal: family for family, members in _MEMBERS.items() for signal in members.split()}
NEVER_ABOVE_WATCH = ("sector", "policy", "media")  # for the client's level (reading G18)


def family_of(signal_id: str) -> str:
    """The signal's family; a signal in none is a family of its own."""
    return FAMILY.get(signal_id, signal_id)
