"""The client maintenance report: for the relationship manager."""

from reports.sections import contacts, data_notes, dealings, grievances, identity, next_steps, relationship

SECTIONS = (
    identity.SECTION,
    relationship.SECTION,
    next_steps.SECTION,
    contacts.SECTION,
    dealings.SECTION,
    grievances.SECTION,
    data_notes.SECTION,
)
