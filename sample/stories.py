"""The planted stories: what happens to which client, and what a good night must say about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A client with something to tell: `client` is set when the bank is written; `signal` must reach `level` at least."""

    name: str
    tells: str
    signal: str | None
    level: str | None


STORIES: dict[str, Story] = {
    story.name: story
    for story in [
        Story("quiet", "nothing happens; nothing may fire above W", None, None),
        Story("fading", "flows fade to a third within nine months", "MGT-42", "A"),
        Story("sudden_stop", "flows stopped two months ago", "MGT-42", "A"),
        Story("cooling", "meetings thin out and the client cools; its business is unharmed", "REL-11", "A"),
        Story("arrears", "more than 90 days past due", "MGT-48", "N"),
        Story("early_arrears", "three days past due", "MGT-48", "W"),
        Story("complaint", "the same complaint came back", "REL-12", "R"),
        Story("bounced", "payments are returned for lack of funds", "ADD-03", "A"),
        Story("restated", "a simulated first version of the accounts said otherwise", "MOR-01", "A"),
        Story("silent", "a client without any feed", None, None),
        Story("late_filers", "no statements for 2014", "FIN-01", "A"),
        Story("downturn", "inflow of one sector and region falls", "EXT-01", "W"),
    ]
}
