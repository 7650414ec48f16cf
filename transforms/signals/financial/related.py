"""Money that sits with related companies (FIN-17)."""

import polars as pl

from transforms.measures import share
from transforms.signal import Signal, alert, at_least, house, watch

_OWED = pl.col("accounts_receivable") + pl.col("other_receivables")
_share = share("related_receivables", _OWED)
_SHARE_EN = (
    "Related parties owe {related_receivables:money}: {value} of all receivables (accounts {accounts_receivable:money}, other "
    "{other_receivables:money}; limit {limit})."
)
_SHARE_ZH = (
    "应收关联方款项{related_receivables:money}，占全部应收款项（应收账款{accounts_receivable:money}、其他应收款"
    "{other_receivables:money}）的{value}（界限{limit}）。"
)

related_receivables = Signal(
    id="FIN-17",
    grade="A",
    zh="关联企业的应收款项占比过大。",
    en="High share of related-party receivables",
    tests=(
        watch(
            "share", at_least(_share, house(0.30, "related-dealing line of older listing rules")), _SHARE_EN, _SHARE_ZH
        ),
        alert("share", at_least(_share, house(0.50, "half of all receivables")), _SHARE_EN, _SHARE_ZH),
        alert(
            "equity",
            at_least(share("related_receivables", "equity"), house(0.25, "a quarter of the equity")),
            en="Related parties owe {related_receivables:money}: {value} of owners' equity {equity:money} (limit {limit}).",
            zh="应收关联方款项{related_receivables:money}，为所有者权益{equity:money}的{value}（界限{limit}）。",
        ),
    ),
    ask_en="Ask who the related debtors are, what the money was for, when it comes back, and for their own statements.",
    ask_zh="问明关联欠款方是谁、款项用途和归还时间，并索取其财务报表。",
    note="With equity of zero or less any related receivable is over the limit.",
)
