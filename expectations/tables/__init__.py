"""The tables of the input model, in the order their foreign keys need."""

from expectations.model import Table
from expectations.tables import (
    accounts,
    assignments,
    balances,
    calendar,
    clients,
    complaints,
    credit_support,
    facilities,
    interactions,
    loan_status,
    loans,
    parties,
    staff,
    statements,
    transactions,
)

_ORDER = (
    calendar,
    parties,
    staff,
    clients,
    assignments,
    statements,
    accounts,
    facilities,
    loans,
    loan_status,
    credit_support,
    transactions,
    balances,
    interactions,
    complaints,
)
TABLES: dict[str, Table] = {module.TABLE.name: module.TABLE for module in _ORDER}
