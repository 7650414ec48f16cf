"""The client risk report: for the risk department. Nothing of REL stands in it but the relationship's level."""

from reports.sections import (
    connections,
    data_notes,
    exposure,
    financials,
    flows,
    history,
    identity,
    level,
    reasons,
    signal_map,
)

SECTIONS = (
    identity.SECTION,
    level.SECTION,
    reasons.SECTION,
    history.SECTION,
    signal_map.SECTION,
    exposure.SECTION,
    flows.SECTION,
    connections.SECTION,
    financials.SECTION,
    data_notes.SECTION,
)
