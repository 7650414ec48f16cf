"""The client maintenance report: for the relationship manager and the supervisor, who alone read of the RM's own conduct.

What to do comes first: who, how it stands, the next steps, the next visit. What it rests on follows.
"""

from reports.sections import (
    archive,
    contacts,
    data_notes,
    dates,
    dealings,
    decay,
    grievances,
    identity,
    next_steps,
    next_visit,
    products,
    relationship,
    satisfaction,
    strengthening,
    visit_plan,
)

SECTIONS = (
    identity.SECTION,
    relationship.SECTION,
    next_steps.SECTION,
    next_visit.SECTION,
    decay.SECTION,
    dates.SECTION,
    contacts.SECTION,
    visit_plan.SECTION,
    dealings.SECTION,
    products.SECTION,
    satisfaction.SECTION,
    grievances.SECTION,
    strengthening.SECTION,
    archive.SECTION,
    data_notes.OF_ALL,
)
