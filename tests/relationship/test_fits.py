"""Which products suit which client (input-model.md 8.2)."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import fits as language
from tests.features.shards import Row, T, ago
from tests.relationship.books import book
from transforms.relationship import fits
from transforms.relationship.book import Book

PRODUCT: Row = {"product_id": "P", "family": "fx", "launched_on": ago(100)}


def made(fit: str | None, panel: Row | None = None, product: Row | None = None, **tables: list[Row]) -> Book:
    given: dict[str, list[Row]] = {"products": [PRODUCT | {"fits": fit} | (product or {})], "holdings": []}
    who = {"client_id": "c", "tier_used": "B", "opin_12": 500, "cross_border_share_12": 0.1, "industry_code": "C26"}
    return book(given | tables, [who | (panel or {})])


def rows(one: Book) -> list[tuple[object, ...]]:
    return fits.fitting(one).collect().rows()


@pytest.mark.parametrize(
    ("fit", "expected"),
    [
        ("fx_share >= 0.10", ("fx_share", 0.1, None)),
        ("fx_share > 0.10", None),
        ("0.05 < fx_share <= 0.10", ("fx_share", 0.1, None)),
        ('fx_share >= 0.10 and not holds("fx")', ("fx_share", 0.1, None)),
        ('not holds("payroll")', ("holds", None, None)),
        ('holds("payroll")', None),
        ('industry_code == "C26"', ("industry_code", None, "C26")),
        ("importer or opin_12 > 100", ("opin_12", 500.0, None)),
        ("not (opin_12 < 100 or fx_share < 0)", ("opin_12", 500.0, None)),
        ("opin_12 > -1", ("opin_12", 500.0, None)),
        ("headcount >= 20", None),  # unknown
        ("not headcount >= 20", None),
        ("headcount >= 20 or opin_12 > 0", ("opin_12", 500.0, None)),
    ],
)
def test_what_fits_and_the_figure_that_makes_it_fit(fit: str, expected: tuple[object, ...] | None) -> None:
    wanted = [("c", "P", "fx", ago(100), *expected)] if expected else []
    assert rows(made(fit)) == wanted


@pytest.mark.parametrize(
    ("product", "tier", "fitting"),
    [
        ({}, "D", True),
        ({"min_tier": "B"}, "B", True),
        ({"min_tier": "B"}, "C", False),
        ({"min_tier": "D"}, None, False),
        ({"launched_on": T}, "B", True),
        ({"launched_on": ago(-1)}, "B", False),
        ({"withdrawn_on": T}, "B", False),
        ({"withdrawn_on": ago(-1)}, "B", True),
    ],
)
def test_a_product_must_be_sold_and_meant_for_the_grade(product: Row, tier: str | None, fitting: bool) -> None:
    assert bool(rows(made("opin_12 > 0", {"tier_used": tier}, product))) == fitting


@pytest.mark.parametrize(
    ("opened", "closed", "fitting"),
    [(T, None, False), (ago(-1), None, True), (ago(9), T, True), (ago(9), ago(-1), False)],
)
def test_a_family_held_is_not_offered(opened: object, closed: object, fitting: bool) -> None:
    held = {"holding_id": "h", "client_id": "c", "product_id": "P", "opened_on": opened, "closed_on": closed}
    assert bool(rows(made("opin_12 > 0", holdings=[held]))) == fitting


def test_without_a_condition_or_a_table_nothing_fits() -> None:
    assert rows(made(None)) == []
    assert rows(book({}, [{"client_id": "c"}])) == []
    alone = book({"products": [PRODUCT | {"fits": 'not holds("payroll")'}]}, [{"client_id": "c"}])
    assert rows(alone) == []  # holdings are unknown


REFUSED = {  # condition → why, and what to write instead
    "fx_shar > 1": "names the unknown feature 'fx_shar'; the nearest known is fx_share",
    'holds("payrol")': "asks for the unknown family 'payrol'; the nearest known is payroll",
    "opin_12.real > 1": "uses Attribute, which is not allowed; write comparisons joined by and, or, not",
    "__import__('os').system('x')": 'calls something; only holds("family") can be called, with a family of the closed list',
    "opin_12 + 1 > 2": "uses + - * /, which is not allowed; write comparisons joined by and, or, not",
    "fx_share >=": "cannot be read: 'fx_share >='",
    'grade in ("A", "B")': "uses in, which is not allowed; write comparisons joined by and, or, not",
    "opin_12": "uses opin_12 as a yes or no, which it is not; write for instance opin_12 > 0",
    "not grade": 'uses grade as a yes or no, which it is not; write for instance grade == "A"',
    'opin_12 > "A"': "compares opin_12, a number, with something of another kind; write for instance opin_12 > 0",
    "grade >= 1": 'compares grade, a word, with something of another kind; write for instance grade == "A"',
    "importer == 1": "compares importer, a yes or no, with something of another kind; write for instance importer",
    "1 < 2": "compares no feature; write for instance fx_share >= 0.1",
    "holds": 'names holds without a family; write holds("fx")',
    'holds("fx") == True': "compares holds('fx'); write holds('fx') or not holds('fx') alone",
    "holds(grade)": 'calls holds; only holds("family") can be called, with a family of the closed list',
    'risk_level < "R"': 'puts risk_level in an order its words do not have; write risk_level == "clear" or risk_level == "W"',
    "opin_12 > 1e999": "writes a number too large to compare with",
    "True": "uses Constant, which is not allowed; write comparisons joined by and, or, not",
    "opin_12 > -True": "uses UnaryOp, which is not allowed; write comparisons joined by and, or, not",
    "": "cannot be read: ''",
}


@pytest.mark.parametrize(("fit", "words"), REFUSED.items())
def test_refused_in_one_sentence_by_the_delivery_and_by_the_night(fit: str, words: str) -> None:
    with pytest.raises(language.FitsError) as told:
        language.parse(fit)
    assert str(told.value) == words
    assert told.value.zh
    with pytest.raises(ValueError, match="condition of product P") as refused:
        fits.compiled("P", fit)
    assert str(refused.value) == f"the condition of product P {words}"


ATOMS = st.one_of(
    st.sampled_from([*language.FEATURES, "holds", "age", "True", "1", "-2.5", "1e999", '"A"', "None"]),
    st.sampled_from(["fx", "bills", "x"]).map('holds("{}")'.format),
)
ALIKE = st.sampled_from(  # of one kind, so that many are accepted
    [["opin_12", "fx_share", "3", "-0.5"], ["grade", "industry_code", '"A"'], ["importer", "exporter", "True"]]
).flatmap(lambda kind: st.lists(st.sampled_from(kind), min_size=2, max_size=3))
CONDITIONS = st.recursive(
    st.one_of(ATOMS, *(st.builds(str.join, st.sampled_from([" < ", " >= ", " == ", " in "]), of)
                       for of in (ALIKE, st.lists(ATOMS, min_size=2, max_size=3)))),
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.builds(str.join, st.sampled_from([" and ", " or "]), st.lists(inner.map("({})".format), min_size=2, max_size=3)),
    ),
    max_leaves=5,
)  # fmt: skip
KNOWN = pl.DataFrame(
    [{name: {"number": 1.0, "flag": True, "word": "A"}[kind] for name, kind in language.FEATURES.items()} | {"held": ["fx"]}],
    schema={**fits.FEATURES, "held": pl.List(pl.String)},
)  # fmt: skip


@given(CONDITIONS)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_what_a_delivery_may_say_the_night_can_reckon(fit: str) -> None:
    """Whatever is read compiles, and holds where Python says it does; whatever is refused is refused by both."""
    try:
        language.parse(fit)
    except language.FitsError:
        with pytest.raises(ValueError, match="condition of product P"):
            fits.compiled("P", fit)
        return
    names = {**KNOWN.row(0, named=True), "holds": ["fx"].__contains__}
    truth = eval(fit, {"__builtins__": {}}, names)  # noqa: S307 (a condition of our own making)
    assert KNOWN.select(fits.compiled("P", fit).holds).item() is truth


def test_shuffled_rows_change_nothing() -> None:
    products = [PRODUCT | {"product_id": f"P{k}", "family": family, "fits": "opin_12 > 0"} for k, family in enumerate(("fx", "bills", "agency"))]  # fmt: skip
    panel = [{"client_id": name, "opin_12": 1} for name in "abc"]
    one = book({"products": products, "holdings": []}, panel)
    other = book({"products": products[::-1], "holdings": []}, panel[::-1])
    assert fits.fitting(one).collect().equals(fits.fitting(other).collect())
    assert fits.fitting(one).collect().height == 9
    assert fits.fit_features(one).collect_schema().names() == ["client_id", *fits.FEATURES, "held"]
    assert fits.fitting(one).collect_schema() == pl.Schema(fits.FITTING)
