"""What kind of party a counterparty is: by the register of parties, else by its name (catalogue section 2, input model 7.2).

One list of words for both languages. The words are those a firm of the kind carries in its registered name; a word that
other firms carry too (租赁 alone: machine hire; trust in a bank's name) is not on it.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

# Kind → words of a name, as a regular expression on the lower-case name; the first kind that matches wins.
NAME_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "bank": r"银行|信用合作社|农信社|\bbank(ers)?\b",
        "futures": r"期货|\bfutures\b",
        "crypto": r"数字货币|虚拟货币|加密货币|比特币|\bcrypto|\bbitcoin\b",
        "precious_metals": r"贵金属|黄金交易|金银制品|\bprecious metals?\b|\bbullion\b",
        "factoring": r"保理|\bfactoring\b|\bfactors\b",
        "microloan": r"小额贷款|小贷公司|\bmicro-?(credit|loans?|finance)\b|\bsmall loans?\b",
        "leasing": r"融资租赁|金融租赁|\bfinance leas(e|ing)\b|\bleasing\b",
        "guarantee_company": r"融资担保|担保公司|担保有限|担保集团|\bguarant(y|ee) (co|company|corp|corporation|ltd|limited)\b",
        "trust": r"信托|\btrust (co|company|corp|corporation|ltd|limited)\b",
        "securities": r"证券|\bsecurities\b|\bbrokerage\b",
    }
)
SPECULATIVE = ("securities", "futures", "crypto", "precious_metals")
LENDERS = ("trust", "leasing", "microloan", "factoring", "guarantee_company")


def by_name(name: pl.Expr) -> pl.Expr:
    """The kind a name speaks of; null when it speaks of none."""
    plain = name.str.normalize("NFKC").str.to_lowercase()
    return pl.coalesce(pl.when(plain.str.contains(words)).then(pl.lit(kind)) for kind, words in NAME_WORDS.items())


def with_kind(rows: pl.LazyFrame, parties: pl.LazyFrame) -> pl.LazyFrame:
    """`rows` (counterparty_id, counterparty_name) with `counterparty_kind`: the register's, else the name's, else null.

    Each spelling is looked at once, not once a row: names repeat.
    """
    registered = parties.select(counterparty_id="party_id", registered="kind")
    named = (
        rows.select("counterparty_name")
        .drop_nulls()
        .unique()
        .with_columns(named=by_name(pl.col("counterparty_name")))
        .drop_nulls()
    )
    return (
        rows.join(registered, on="counterparty_id", how="left")
        .join(named, on="counterparty_name", how="left")
        .with_columns(counterparty_kind=pl.coalesce("registered", "named"))
        .drop("registered", "named")
    )
