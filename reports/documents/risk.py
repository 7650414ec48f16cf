"""The client risk report: for the risk department."""

from reports.sections import data_notes, exposure, financials, flows, identity, level, reasons, signal_map

SECTIONS = (
    identity.SECTION,
    level.SECTION,
    reasons.SECTION,
    signal_map.SECTION,
    exposure.SECTION,
    flows.SECTION,
    financials.SECTION,
    data_notes.SECTION,
)
