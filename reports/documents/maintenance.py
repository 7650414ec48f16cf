"""The client maintenance report: for the relationship manager and the supervisor, who alone read of the RM's own conduct."""

from reports.sections import contacts, data_notes, dealings, grievances, identity, next_steps, relationship

SECTIONS = (
    identity.SECTION,
    relationship.SECTION,
    next_steps.SECTION,
    contacts.SECTION,
    dealings.SECTION,
    grievances.SECTION,
    data_notes.OF_ALL,
)
