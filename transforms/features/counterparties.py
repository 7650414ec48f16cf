"""How much of a year's turnover hangs on one payer, one supplier: connected parties counted as one.

Rule MGT-10 and its readings, G21, G22, S1. Connected are parties tied, directly or through others, by a share of 20 % or
more, by control or by a group. The client's own group is not left out: a client that lives off its parent depends on it.
"""

import polars as pl

from transforms.arithmetic import lag, total
from transforms.columns import DAY, KEYS, TEXT, M, R, many
from transforms.events import group_ties
from transforms.night import months_before
from transforms.shard import Shard

READS = ("party_links", "disclosures")
MONTHS = 12
NOTE_MONTHS = 16  # a supplier note older than that is ignored
COUNTERPARTIES = "counterparties"  # what check X7 withholds where too many transfers name nobody

PANEL = [
    *many(
        "transactions",
        ("year_ago", "as_of"),
        ("flow_key",),
        ("purchases_12", M, "purchases of twelve months"),
    ),
    *many(
        COUNTERPARTIES,
        ("year_ago", "as_of"),
        ("flow_key",),
        ("top_payer_amount", M, "what the largest payer brought in"),
        ("top_payer", TEXT, "the largest payer: party id, else name or account"),
        ("top_payer_id", TEXT, "its party id, null when it has none"),
        ("top_payer_members", KEYS, "ids of the connected parties counted as the largest payer"),
        ("top_payee_amount", M, "what was bought from the largest supplier"),
        ("top_payee", TEXT, "the largest supplier: party id, else name or account"),
        ("top_payee_id", TEXT, "its party id, null when it has none"),
        ("top_payee_members", KEYS, "ids of the connected parties counted as the largest supplier"),
    ),
    *many(
        "disclosures",
        (None, "supplier_note_on"),
        ("supplier_note_key",),
        ("supplier_note_share", R, "largest supplier's share by the newest note"),
        ("supplier_note_on", DAY, "period end of that note"),
        ("supplier_note_key", TEXT, "the note"),
    ),
]


def groups(shard: Shard) -> pl.LazyFrame:
    """party_id, group: the parties connected by G21, the smallest id of them naming the group.

    Labels are passed along the ties until none changes; each round also looks up the label's own label, so that long chains
    take few rounds.
    """
    both = group_ties(shard).filter("strong").select(from_id="left", to_id="right").collect()
    labels = both.select(party_id="from_id").unique().with_columns(group=pl.col("party_id"))
    while True:
        heard = (
            both.join(labels, left_on="to_id", right_on="party_id")
            .group_by(party_id="from_id")
            .agg(heard=pl.col("group").min())
        )
        lower = labels.join(heard, on="party_id", how="left").select(
            "party_id", was="group", group=pl.min_horizontal("group", "heard")
        )
        names = lower.select(group="party_id", further="group")
        lower = lower.join(names, on="group", how="left").with_columns(pl.min_horizontal("group", "further"))
        changed = lower.filter(pl.col("group") != pl.col("was")).height
        labels = lower.select("party_id", "group")
        if not changed:
            return labels.lazy().sort("party_id")


def _label(counterparty: pl.Expr) -> pl.Expr:
    """How to name a counterparty: its id, else the name, else the account."""
    parts = counterparty.str.strip_prefix("acct:").str.splitn("|", 2)
    account, name = parts.struct.field("field_0"), parts.struct.field("field_1")
    unnamed = pl.when(name != "").then(name).otherwise(account)
    return pl.when(counterparty.str.starts_with("acct:")).then(unnamed).otherwise(counterparty)


def _largest(rows: pl.LazyFrame, amount: str, side: str) -> pl.LazyFrame:
    """client_id, top_<side>_amount, top_<side>, _id, _members: the largest group of counterparties by `amount`."""
    has_id = pl.col("counterparty").str.starts_with("acct:").not_()
    order = [pl.col("amount"), pl.col("counterparty")]
    # By client, connected parties and counterparty first: a counterparty stands in many months.
    each = rows.group_by("client_id", "group", "counterparty").agg(amount=total(pl.col(amount)))
    each = each.filter(pl.col("amount").is_null() | (pl.col("amount") > 0))
    merged = each.group_by("client_id", "group").agg(
        sum=total(pl.col("amount")),
        member=pl.col("counterparty").sort_by(order, descending=[True, False]).first(),
        members=pl.col("counterparty").filter(has_id).sort(),
    )
    # One amount unknown: nobody can say which is the largest.
    unknown = merged.filter(pl.col("sum").is_null())
    member = pl.col("member")
    return (
        merged.join(unknown, on="client_id", how="anti")
        .sort(["client_id", "sum", "group"], descending=[False, True, False])
        .group_by("client_id", maintain_order=True)
        .first()
        .select(
            "client_id",
            pl.col("sum").alias(f"top_{side}_amount"),
            _label(member).alias(f"top_{side}"),
            pl.when(member.str.starts_with("acct:").not_()).then(member).alias(f"top_{side}_id"),
            pl.col("members").alias(f"top_{side}_members"),
        )
    )


def _supplier_notes(shard: Shard) -> pl.LazyFrame:
    """client_id, supplier_note_share, _on, _key: the largest share of the newest supplier note not older than 16 months."""
    as_of = shard.night.as_of
    oldest = months_before(as_of, NOTE_MONTHS)
    notes = (
        shard.table("disclosures")
        .filter(
            pl.col("kind") == "top_supplier",
            pl.col("received_on") <= as_of,
            pl.col("period_end").is_between(pl.lit(oldest), pl.lit(as_of)),
        )
        .join(shard.clients.select(party_id="client_id"), on="party_id", how="semi")
    )
    newest = notes.filter(pl.col("period_end") == pl.col("period_end").max().over("party_id"))
    # A restated note is a new row of the same item: the latest received counts.
    restated = newest.filter(pl.col("received_on") == pl.col("received_on").max().over("party_id", "item"))
    key = pl.format("disclosures:{}|{}|{}|{}|{}", "party_id", "period_end", "kind", "item", "received_on")
    return (
        restated.filter(pl.col("share_pct").is_not_null())
        .sort("party_id", "share_pct", "item", descending=[False, True, False])
        .group_by(client_id="party_id", maintain_order=True)
        .agg(
            supplier_note_share=pl.col("share_pct").first().round(9),
            supplier_note_on=pl.col("period_end").first(),
            supplier_note_key=key.first(),
        )
    )


def measure(shard: Shard) -> pl.LazyFrame:
    """One row per client: PANEL. Twelve full months; null when history is shorter, 0 where nothing was paid or bought.

    A supplier's amount is its purchases (reading G22). An amount in another currency makes the largest unknown.
    """
    end = shard.night.last_full_month
    year = pl.col("lag").is_between(0, MONTHS - 1)
    rows = (
        shard.monthly["counterparties"]
        .with_columns(lag=lag(end))
        .filter(year)
        .join(groups(shard), left_on="counterparty", right_on="party_id", how="left")
        .with_columns(group=pl.coalesce("group", "counterparty"))
    )
    bought = (
        shard.monthly["months"]
        .with_columns(lag=lag(end))
        .filter(year)
        .group_by("client_id")
        .agg(opin=total(pl.col("opin")), purchases_12=total(pl.col("purchases")), moved=pl.lit(True))
    )
    paid = _largest(rows.filter(pl.col("direction") == "in"), "amount", "payer")
    sold = _largest(rows.filter(pl.col("direction") == "out"), "purchases", "payee")
    whole = pl.col("history_months") >= MONTHS
    nothing = {"top_payer_amount": "opin", "top_payee_amount": "purchases_12"}
    return (
        shard.done["transactions"]
        .select("client_id", "history_months")
        .join(bought, on="client_id", how="left")
        .join(paid, on="client_id", how="left")
        .join(sold, on="client_id", how="left")
        .with_columns(pl.when(pl.col("moved")).then(name).otherwise(0).alias(name) for name in ("opin", "purchases_12"))
        # No largest although every amount is known: nobody who paid has a name.
        .with_columns(
            pl.coalesce(name, pl.when(pl.col(base).is_not_null()).then(pl.lit(0, pl.Int64))).alias(name)
            for name, base in nothing.items()
        )
        .with_columns(
            pl.when(whole).then(pl.col(column.name).fill_null(pl.lit([], column.dtype)) if column.unit == KEYS else column.name)
            .alias(column.name)
            for column in PANEL
            if column.table in ("transactions", COUNTERPARTIES)
        )
        .join(_supplier_notes(shard), on="client_id", how="left")
        .select("client_id", *(column.name for column in PANEL))
        .sort("client_id")
    )  # fmt: skip
