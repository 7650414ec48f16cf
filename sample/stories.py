"""The planted stories: which client, what happens to it, and what a good night must say about it.

The firms behind the single stories were chosen by hand because their real statements are calm (profit and equity up,
receivables in step with revenue), so that what is planted is all there is to see.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """Clients with something to tell: `signal` must reach `level` at least for each of them; None: none must fire.

    `firms` are the real firms behind `clients`, in the same order; empty where the clients are chosen by rule or have
    no firm.
    """

    name: str
    clients: tuple[str, ...]
    tells: str
    signal: str | None = None
    level: str | None = None
    firms: tuple[str, ...] = ()


def _ids(first: int, many: int) -> tuple[str, ...]:
    return tuple(f"C{number:04d}" for number in range(first, first + many))


SILENT = Story(
    "silent",
    _ids(0, 1),
    "a client of long standing without any feed: nothing may look healthy",
)
LATE_FILERS = Story("late_filers", _ids(1, 10), "real firms whose last year is 2013: nothing for 2014", "FIN-01", "A")
SINGLE = (
    Story("quiet", _ids(11, 1), "nothing happens; nothing may fire", None, None, ("US01290",)),
    Story("fading", _ids(12, 1), "flows fade to a sixth within nine months", "MGT-42", "A", ("US05484",)),
    Story("sudden_stop", _ids(13, 1), "flows stopped two months ago", "MGT-42", "A", ("US02251",)),
    Story(
        "cooling",
        _ids(14, 1),
        "meetings thin out and the client cools; its business is unharmed",
        "REL-11",
        "A",
        ("US00926",),
    ),
    Story("arrears", _ids(15, 1), "principal and interest 120 days past due", "MGT-48", "N", ("US06073",)),
    Story("early_arrears", _ids(16, 1), "interest three days past due", "MGT-48", "W", ("US01296",)),
    Story("arrears_20", _ids(17, 1), "principal and interest 20 days past due", "MGT-48", "A", ("US06285",)),
    Story("arrears_60", _ids(18, 1), "principal and interest 60 days past due", "MGT-48", "R", ("US02640",)),
    Story("complaint_repeat", _ids(19, 1), "the same complaint came back within a year", "REL-12", "R", ("US01527",)),
    Story("complaint_open", _ids(20, 1), "a complaint stands open for twenty days", "REL-12", "A", ("US04427",)),
    Story("returned", _ids(21, 1), "seven payments bounced within 80 days", "ADD-03", "A", ("US03657",)),
    Story(
        "restated",
        _ids(22, 1),
        "the real filing for 2014 is version 2; a SIMULATED version 1 told 12 % more revenue",
        "MOR-01",
        "A",
        ("US00449",),
    ),
    Story("handover", _ids(23, 1), "a new RM for five months; contacts go on as before", None, None, ("US05734",)),
    Story("bad_rows", _ids(24, 1), "five transactions no bank would trust go to quarantine", None, None, ("US01760",)),
)
DOWNTURN = Story("downturn", _ids(25, 34), "the inflow of one industry in one region falls", "EXT-01", "W")
ORDINARY = (  # ordinary clients to whom one thing happens; their flows and statements are as they are
    Story("dishonest", _ids(70, 1), "a court lists it as a dishonest executee", "MOR-02", "R"),
    Story("controller_gone", _ids(71, 1), "its controller changed and pledged the shares", "MOR-14", "R"),
    Story("stalled_project", _ids(72, 1), "its project slowed, then stopped", "MGT-20", "R"),
    Story("courted", _ids(73, 1), "another bank visits, offers, and takes the payroll", "REL-13", "A"),
    Story("observed", _ids(74, 1), "its RM answered one signal and cleared another", "MGT-02", "A"),
    Story("policy_change", _ids(75, 1), "it changed its depreciation without being made to", "FIN-19", "A"),
    Story("one_customer", _ids(76, 1), "more than half of its sales go to one customer", "FIN-18", "A"),
    Story("late_elsewhere", _ids(77, 1), "other lenders report arrears since April", "MGT-44", "A"),
    Story("broken_promises", _ids(78, 1), "its RM broke three promises", "REL-10", "W"),
    Story("dissatisfied", _ids(79, 1), "it gives its RM the lowest scores", "REL-04", "A"),
    Story("covenant_missed", _ids(80, 1), "it missed a covenant", "MOR-03", "W"),
    Story("guarantor_down", _ids(89, 1), "its guarantor is the client of the story arrears", "FIN-13", "A"),
    Story("customer_bankrupt", _ids(93, 1), "its largest customer filed for bankruptcy", "MGT-11", "A"),
    Story("affiliate_red", _ids(98, 1), "it holds three tenths of the client of the story arrears", "MGT-38", "A"),
    Story("fire", _ids(103, 1), "a fire at its works", "MGT-49", "R"),
    Story("polluter", _ids(113, 1), "the news report pollution", "MGT-50", "A"),
    Story("line_full", _ids(114, 1), "its credit line is as good as full", "ADD-01", "W"),
    Story("dues_stopped", _ids(115, 1), "no social insurance for two months", "ADD-08", "W"),
    Story("payroll_late", _ids(122, 1), "wages came late twice running", "MGT-33", "W"),
    Story("new_bank", _ids(127, 1), "it moves money to a new account at another bank", "MGT-46", "W"),
    Story("auditor_gone", _ids(131, 1), "its auditor left in mid-term", "MGT-40", "A"),
    Story("sudden_request", _ids(135, 1), "it asks for new money, a quarter of its sales", "MGT-47", "W"),
    Story("product_recalled", _ids(136, 1), "a product was recalled", "MGT-21", "A"),
    Story("flooded", _ids(140, 1), "a flood in its region stopped half of its inflow for a month", "EXT-07", "A"),
    Story("dunned", _ids(141, 1), "it did not answer two dunning notices", "MOR-05", "A"),
    Story("misused_loan", _ids(148, 1), "its loan for equipment bought securities", "ADD-06", "R"),
    Story("shopping_around", _ids(149, 1), "three banks asked the bureau about it within a month", "MGT-43", "W"),
    Story("board_gone", _ids(169, 1), "a director and the finance head left", "MGT-22", "A"),
)
STORIES: Mapping[str, Story] = {story.name: story for story in (SILENT, LATE_FILERS, *SINGLE, DOWNTURN, *ORDINARY)}
