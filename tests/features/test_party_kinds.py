"""What kind of party a name speaks of, and that the register goes before it."""

import polars as pl
import pytest

from transforms.party_kinds import LENDERS, NAME_WORDS, SPECULATIVE, by_name, with_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("中信信托有限责任公司", "trust"),
        ("Harbour Trust Co. Ltd", "trust"),
        ("Trust & Care Clinic", None),
        ("First Bank and Trust Co", "bank"),
        ("远东国际融资租赁有限公司", "leasing"),
        ("FAR EASTERN LEASING", "leasing"),
        ("建筑机械租赁部", None),  # machine hire
        ("华夏金融租赁有限公司", "leasing"),
        ("深圳某某小额贷款有限公司", "microloan"),
        ("Sunrise Micro-Credit Inc", "microloan"),
        ("鑫海商业保理有限公司", "factoring"),
        ("Pacific Factoring", "factoring"),
        ("Manufacturing Works", None),
        ("中合担保有限公司", "guarantee_company"),
        ("City Guaranty Corp", "guarantee_company"),
        ("国泰君安证券股份有限公司", "securities"),
        ("Atlas Securities", "securities"),
        ("Security Doors Ltd", None),
        ("国泰君安期货有限公司", "futures"),
        ("Delta Futures", "futures"),
        ("Bitcoin Exchange", "crypto"),
        ("CryptoWorld", "crypto"),
        ("上海贵金属交易中心", "precious_metals"),
        ("Royal Bullion House", "precious_metals"),
        ("ＡＴＬＡＳ　ＳＥＣＵＲＩＴＩＥＳ", "securities"),  # full width
        ("招商银行证券托管户", "bank"),
        ("", None),
        (None, None),
    ],
)
def test_names(name: str | None, kind: str | None) -> None:
    frame = pl.LazyFrame({"name": [name]}, {"name": pl.String})
    assert frame.select(kind=by_name(pl.col("name"))).collect().item() == kind


def test_the_register_goes_before_the_name() -> None:
    parties = pl.LazyFrame(
        {"party_id": ["p", "q"], "kind": ["company", None]}, {"party_id": pl.String, "kind": pl.String}
    )
    rows = pl.LazyFrame(
        {"counterparty_id": ["p", "q", "unknown", None, None], "counterparty_name": ["XX证券"] * 4 + [None]},
        {"counterparty_id": pl.String, "counterparty_name": pl.String},
    )
    kinds = with_kind(rows.with_row_index(), parties).sort("index").collect()["counterparty_kind"].to_list()
    assert kinds == ["company", "securities", "securities", "securities", None]


def test_every_kind_asked_for_has_words() -> None:
    assert {*LENDERS, *SPECULATIVE} <= set(NAME_WORDS)
