"""Which products suit which client (input-model.md 8.2)."""

import polars as pl
import pytest

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


def test_features_are_those_a_delivery_may_name() -> None:
    assert frozenset(fits.FEATURES) == language.FEATURES


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


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        ("fx_shar > 1", "product P names the unknown feature 'fx_shar'; the nearest known is fx_share"),
        ('holds("payrol")', "unknown family 'payrol'; the nearest known is payroll"),
        ("opin_12.real > 1", "uses Attribute"),
        ("__import__('os').system('x')", "can be called"),
        ("opin_12 + 1 > 2", "uses BinOp"),
        ("fx_share >=", "cannot be read"),
        ('grade in ("A", "B")', "uses Tuple"),
        ("opin_12", "yes or no"),
        ('opin_12 > "A"', "another kind"),
        ("1 < 2", "no feature"),
        ("holds", "unknown feature 'holds'"),
    ],
)
def test_refused_in_one_sentence(fit: str, words: str) -> None:
    with pytest.raises(ValueError, match="condition of product P") as refused:
        fits.compiled("P", fit)
    assert words in str(refused.value)


def test_shuffled_rows_change_nothing() -> None:
    products = [PRODUCT | {"product_id": f"P{k}", "family": family, "fits": "opin_12 > 0"} for k, family in enumerate(("fx", "bills", "agency"))]  # fmt: skip
    panel = [{"client_id": name, "opin_12": 1} for name in "abc"]
    one = book({"products": products, "holdings": []}, panel)
    other = book({"products": products[::-1], "holdings": []}, panel[::-1])
    assert fits.fitting(one).collect().equals(fits.fitting(other).collect())
    assert fits.fitting(one).collect().height == 9
    assert fits.fit_features(one).collect_schema().names() == ["client_id", *fits.FEATURES, "held"]
    assert fits.fitting(one).collect_schema() == pl.Schema(fits.FITTING)
