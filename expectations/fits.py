"""The little language of `products.fits`: a condition over a client's features (input model, section 8.2).

`fx_share >= 0.10 and not holds("fx")`: comparisons of features with numbers or words, joined by and, or, not; a feature that
is a yes or a no stands alone; `holds(family)` asks whether the client has a product of that family. What is read here can be
reckoned: transforms/relationship/fits.py asks this module first and refuses nothing of its own.
"""

import ast
import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from expectations.lists import LISTS

NUMBER, FLAG, WORD = "number", "flag", "word"
FEATURES: Mapping[str, str] = {  # what each is
    "opin_12": NUMBER, "opout_12": NUMBER, "adb_365": NUMBER, "fx_share": NUMBER, "payroll_elsewhere": FLAG,
    "headcount": NUMBER, "bills_share": NUMBER, "cash_share": NUMBER, "idle_balance": NUMBER,
    "time_deposit_maturing_30d": FLAG, "loans_out": NUMBER, "floating_share": NUMBER, "inventory_days": NUMBER,
    "receivable_days": NUMBER, "importer": FLAG, "exporter": FLAG, "group_member": FLAG, "tenure_years": NUMBER,
    "grade": WORD, "risk_level": WORD, "industry_code": WORD, "region_code": WORD,
}  # fmt: skip
UNORDERED = "risk_level"  # its words do not sort as they weigh
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_EXAMPLE = {NUMBER: "{} > 0", FLAG: "{}", WORD: '{} == "A"'}
_KINDS = {NUMBER: ("a number", "数值"), FLAG: ("a yes or no", "是否"), WORD: ("a word", "文字")}
_SAID = {"BinOp": "+ - * /", "In": "in", "NotIn": "not in", "Is": "is", "IsNot": "is not"}  # else the part's own name


class FitsError(ValueError):
    """A condition that is refused: why, and what to write instead, in English and Chinese (`zh`)."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def parse(text: str) -> ast.Expression:
    """The condition as a syntax tree of allowed parts; raises FitsError.

    >>> parse('fx_share >= 0.10 and not holds("fx")').body.__class__.__name__
    'BoolOp'
    >>> parse("age > 3")
    Traceback (most recent call last):
    expectations.fits.FitsError: names the unknown feature 'age'; the nearest known is grade
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
        _condition(tree.body)
    except FitsError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        shown = repr(text[:80])
        raise FitsError(f"cannot be read: {shown}", f"无法解析：{shown}") from error
    return tree


def _condition(node: ast.expr) -> None:
    """Something that holds or does not."""
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _condition(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _condition(operand)
        case ast.Compare():
            _comparison(node)
        case ast.Call():
            _family(node)
        case ast.Name(id=name):
            if (kind := _feature(name)) != FLAG:
                instead = _EXAMPLE[kind].format(name)
                raise FitsError(
                    f"uses {name} as a yes or no, which it is not; write for instance {instead}",
                    f"把{name}当作是否使用；可写作 {instead}",
                )
        case _:
            raise _forbidden(node)


def _comparison(node: ast.Compare) -> None:
    """A chain of values of one kind, a feature among them."""
    if strange := [op for op in node.ops if not isinstance(op, _COMPARISONS)]:
        raise _forbidden(strange[0])
    operands = [node.left, *node.comparators]
    kinds = [_value(operand) for operand in operands]
    named = [operand.id for operand in operands if isinstance(operand, ast.Name)]
    if not named:
        raise FitsError(
            "compares no feature; write for instance fx_share >= 0.1", "比较中没有特征；可写作 fx_share >= 0.1"
        )
    first, kind = named[0], FEATURES[named[0]]
    if set(kinds) != {kind}:
        (en, zh), instead = _KINDS[kind], _EXAMPLE[kind].format(first)
        raise FitsError(
            f"compares {first}, {en}, with something of another kind; write for instance {instead}",
            f"{first}是{zh}，不能与其他类型比较；可写作 {instead}",
        )
    if UNORDERED in named and not all(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
        instead = f'{UNORDERED} == "clear" or {UNORDERED} == "W"'
        raise FitsError(
            f"puts {UNORDERED} in an order its words do not have; write {instead}",
            f"{UNORDERED}不能比较大小；应写作 {instead}",
        )


def _value(node: ast.expr) -> str:
    """The kind of one side of a comparison."""
    match node:
        case ast.Name(id=name):
            return _feature(name)
        case ast.Constant(value=bool()):
            return FLAG
        case ast.Constant(value=str()):
            return WORD
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
            number, bool
        ):
            return _finite(number)
        case ast.Constant(value=int() | float() as number):
            return _finite(number)
        case ast.Call():
            _family(node)
            instead = ast.unparse(node)
            raise FitsError(
                f"compares {instead}; write {instead} or not {instead} alone",
                f"不能比较{instead}；应单独写作 {instead} 或 not {instead}",
            )
    raise _forbidden(node)


def _finite(number: float) -> str:
    try:
        if math.isfinite(float(number)):
            return NUMBER
    except OverflowError:
        pass
    raise FitsError("writes a number too large to compare with", "数值过大，无法比较")


def _feature(name: str) -> str:
    """The kind of a feature."""
    if name == "holds":
        raise FitsError('names holds without a family; write holds("fx")', 'holds缺产品族；应写作 holds("fx")')
    if name not in FEATURES:
        near = _nearest(name, FEATURES)
        raise FitsError(
            f"names the unknown feature '{name}'; the nearest known is {near}", f"含未知特征'{name}'；最接近的是{near}"
        )
    return FEATURES[name]


def _family(node: ast.Call) -> None:
    """Only holds("family")."""
    match node:
        case ast.Call(func=ast.Name(id="holds"), args=[ast.Constant(value=str(family))], keywords=[]):
            if family in LISTS["holding_family"]:
                return
            near = _nearest(family, LISTS["holding_family"])
            raise FitsError(
                f"asks for the unknown family '{family}'; the nearest known is {near}",
                f"含未知产品族'{family}'；最接近的是{near}",
            )
    called = node.func.id if isinstance(node.func, ast.Name) else "something"
    raise FitsError(
        f'calls {called}; only holds("family") can be called, with a family of the closed list',
        '含函数调用；只能写 holds("产品族")',
    )


def _forbidden(node: ast.AST) -> FitsError:
    part = _SAID.get(type(node).__name__, type(node).__name__)
    return FitsError(
        f"uses {part}, which is not allowed; write comparisons joined by and, or, not",
        f"使用了{part}；只能用and、or、not连接比较式",
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    return get_close_matches(name, sorted(known), n=1, cutoff=0.0)[0]
