"""The little language of `products.fits`: a condition over a client's features (input model, section 8.2).

`fx_share >= 0.10 and not holds("fx")`: comparisons of features with numbers or words, joined by and, or, not; `holds(family)`
asks whether the client has a product of that family.
"""

import ast

from expectations.lists import LISTS

FEATURES = frozenset(
    (
        "opin_12", "opout_12", "adb_365", "fx_share", "payroll_elsewhere", "headcount", "bills_share", "cash_share",
        "idle_balance", "time_deposit_maturing_30d", "loans_out", "floating_share", "inventory_days", "receivable_days",
        "importer", "exporter", "group_member", "tenure_years", "grade", "risk_level", "industry_code", "region_code",
    )
)  # fmt: skip
_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Eq, ast.NotEq, ast.Lt,
    ast.LtE, ast.Gt, ast.GtE, ast.Name, ast.Load, ast.Constant, ast.Call,
)  # fmt: skip


def parse(text: str) -> ast.Expression:
    """The condition as a syntax tree of allowed parts; raises ValueError, saying what is wrong.

    >>> parse('fx_share >= 0.10 and not holds("fx")').body.__class__.__name__
    'BoolOp'
    >>> parse("age > 3")
    Traceback (most recent call last):
    ValueError: names the unknown feature 'age'
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"cannot be read: {text[:80]!r}") from error
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ValueError(f"uses {type(node).__name__}, which is not allowed")
        if isinstance(node, ast.Call):
            _check_call(node)
        elif isinstance(node, ast.Name) and node.id not in FEATURES and node.id != "holds":
            raise ValueError(f"names the unknown feature '{node.id}'")
    return tree


def _check_call(node: ast.Call) -> None:
    """Only holds("family")."""
    called = node.func.id if isinstance(node.func, ast.Name) else "?"
    family = node.args[0].value if len(node.args) == 1 and isinstance(node.args[0], ast.Constant) else None
    if called != "holds" or node.keywords or family not in LISTS["holding_family"]:
        raise ValueError(f"calls {called}; only holds(family) is known, with a family of the closed list")
