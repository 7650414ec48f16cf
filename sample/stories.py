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
    no firm. `awaits` names the signal that is to see the story once it is built.
    """

    name: str
    clients: tuple[str, ...]
    tells: str
    signal: str | None = None
    level: str | None = None
    firms: tuple[str, ...] = ()
    awaits: str | None = None


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
    Story("dishonest", _ids(70, 1), "a court lists it as a dishonest executee", awaits="MGT-27"),
    Story("controller_gone", _ids(71, 1), "its controller changed and pledged the shares", awaits="MOR-14"),
    Story("stalled_project", _ids(72, 1), "its project slowed, then stopped", awaits="MGT-20"),
    Story("courted", _ids(73, 1), "another bank visits, offers, and takes the payroll", awaits="REL-13"),
    Story("observed", _ids(74, 1), "its RM answered one signal and cleared another", awaits="MGT-02"),
    Story("policy_change", _ids(75, 1), "it changed its depreciation without being made to", awaits="FIN-19"),
    Story("one_customer", _ids(76, 1), "half of its sales go to one customer", awaits="MGT-11"),
    Story("late_elsewhere", _ids(77, 1), "other lenders report arrears", awaits="MOR-02"),
    Story("broken_promises", _ids(78, 1), "its RM broke three promises", awaits="REL-10"),
    Story("dissatisfied", _ids(79, 1), "it gives its RM the lowest scores", awaits="REL-01"),
    Story("covenant_missed", _ids(80, 1), "it missed a covenant", awaits="MOR-03"),
)
STORIES: Mapping[str, Story] = {story.name: story for story in (SILENT, LATE_FILERS, *SINGLE, DOWNTURN, *ORDINARY)}
