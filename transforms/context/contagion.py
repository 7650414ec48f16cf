"""Trouble that comes over from others: guarantors, key customers and suppliers, the group, the bankrupt.

Rules FIN-13, MGT-11, MGT-38, MGT-51 and MGT-10's clause on the counterparty's level; readings G5, G12, G16, G21 and the rows'.
Levels of other clients are those of a first pass, judged without these rows: two passes, and nobody's level comes back to
itself.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arithmetic import EXACT
from transforms.columns import FLAG, KEYS, C, R, many
from transforms.events import CONTROL_SHARE, CONTROL_TIES, GROUP_TIES, KEY_POSTS, same_group
from transforms.features import statements
from transforms.features.counterparties import COUNTERPARTIES
from transforms.features.credit import CLASSES, SUBSTANDARD
from transforms.night import Night

Frames = Mapping[str, pl.LazyFrame]

SIGNALS = ("FIN-13", "MGT-11", "MGT-38", "MGT-51")  # left out of the first pass
HALF_YEAR, YEAR, BUREAU_DAYS = 180, 365, 95
ALERTS = 2  # of a guarantor's own
ON_GUARANTOR = ("bankruptcy_filing", "dishonest_executee", "executed", "equity_freeze", "abnormal_operation")
ON_KEY_PARTY = ("bankruptcy_filing", "deregistered", "licence_revoked", "dishonest_executee")
ON_AFFILIATE = ("bankruptcy_filing", "dishonest_executee", "equity_freeze")
EXECUTED_SHARE = 0.01  # of the affiliate's equity
KEY_SHARE, CLOSE_SHARE = 0.10, 0.05  # of a year's flows: a key party, a close one
PARENT_SHARE = 0.50
SILENT, OTHERS_GO_ON, PAID_MONTHS = 0.20, 0.80, 10

PANEL = [
    *many(
        "credit_support",
        (None, "as_of"),
        ("guarantor_keys",),
        ("guarantors_with_signals", C, "guarantors with a red or two alerts of their own"),
        ("guarantors_in_registry", C, "guarantors with a severe registry row in 180 days"),
        ("guarantors_bad_elsewhere", C, "guarantors with a substandard loan at any lender"),
        ("guarantors_overstretched", C, "guarantors whose guarantees exceed their equity"),
        ("distressed_backing", R, "largest share of the exposure one such guarantor backs"),
        ("guarantor_keys", KEYS, "the guarantees and what stands against the guarantors"),
        ("sound_guarantor", FLAG, "a guarantor that is a client at W or better"),
    ),
    *many(
        "transactions",
        ("year_ago", "as_of"),
        ("key_party_keys",),
        ("key_parties_registry", C, "key customers or suppliers with a severe registry row in 180 days"),
        ("key_parties_bad_loans", C, "those that are clients with a substandard loan"),
        ("key_parties_silent", C, "those gone silent while the rest goes on"),
        ("key_party_share", R, "largest share of a year's flows of one of them"),
        ("key_party_keys", KEYS, "what stands against them"),
    ),
    *many(
        COUNTERPARTIES,
        ("year_ago", "as_of"),
        (),
        ("top_payer_troubled", FLAG, "the largest payer is a client at A, R or N"),
        ("top_payee_troubled", FLAG, "the largest supplier is a client at A, R or N"),
    ),
    *many(
        "party_links",
        ("half_year_ago", "as_of"),
        ("affiliate_keys",),
        ("affiliates_registry", C, "affiliates with a severe registry row in 180 days"),
        ("affiliates_executed", C, "affiliates executed for 1% of their equity or more"),
        ("affiliates_news", C, "affiliates with confirmed news of severity 3"),
        ("affiliates_red", C, "affiliates that are clients at R or N"),
        ("parent_troubled", FLAG, "the parent or controller is one of them"),
        ("affiliate_keys", KEYS, "the links and what stands against them"),
    ),
    *many(
        "party_links",
        ("year_ago", "as_of"),
        ("bankrupt_keys",),
        ("bankrupt_parties", C, "bankrupt parties the client is tied to"),
        ("bankrupt_tie_types", C, "kinds of ties to one of them, at most"),
        ("bankrupt_exposure_share", R, "largest guarantee for one of them over equity"),
        ("bankrupt_keys", KEYS, "their registry rows"),
    ),
]


def measure(night: Night, clean: Frames, features: Frames, ties: Frames, levels: pl.LazyFrame) -> pl.LazyFrame:
    """One row per client of `features["identity"]`: PANEL, sorted by client_id.

    `clean` are whole tables of the bank (events, party_links, bureau_reports, statements; absent when not connected),
    `features` the book's feature frames (identity, statements, credit, transactions, counterparties), `ties` the long frames guarantees and flows of
    features/ties.py, `levels` the first pass: client_id, risk_level, reds, alerts (own FIN, MGT and MOR rows).
    """
    ids = features["identity"].select("client_id").sort("client_id").collect().lazy()
    registry = _registry(night, clean)
    links = _links(night, clean)
    group = _group(links, features["identity"])
    parts = [
        _guarantors(night, clean, features, ties["guarantees"], levels, registry),
        _key_parties(features, ties["flows"], registry),
        _affiliates(night, clean, features, group, links, levels, registry),
        _bankrupt(clean, features, ties, group, links, registry, night),
        _partners(features["counterparties"], levels),
    ]
    frame = ids
    for part in parts:
        frame = frame.join(part, on="client_id", how="left")
    have = frame.collect_schema().names()  # a part whose feed is not connected brings nothing
    columns = [(pl.col(c.name) if c.name in have else pl.lit(None)).cast(c.dtype).alias(c.name) for c in PANEL]
    return frame.select("client_id", *columns).sort("client_id")


# ---- what is known of other parties --------------------------------------------------------------------------------


def _events(night: Night, clean: Frames, kind: str) -> pl.LazyFrame | None:
    """party_id, subtype, happened_on, amount, severity, confirmed, key of that kind known at T; None: not connected."""
    if "events" not in clean or kind not in night.kinds.get("events", frozenset()):
        return None
    lifted = (pl.col("ends_on") <= night.as_of).fill_null(value=False) if kind == "registry" else pl.lit(value=False)
    return clean["events"].filter(
        pl.col("kind") == kind, pl.col("recorded_on") <= night.as_of, pl.col("happened_on") <= night.as_of, ~lifted
    ).select(
        "party_id", "subtype", "happened_on", "amount", "severity", "confirmed", key=pl.format("events:{}", "event_id")
    )  # fmt: skip


def _registry(night: Night, clean: Frames) -> pl.LazyFrame | None:
    rows = _events(night, clean, "registry")
    if rows is None:
        return None
    within = (pl.lit(night.as_of) - pl.col("happened_on")).dt.total_days()
    return rows.with_columns(age=within)


def _against(rows: pl.LazyFrame | None, subtypes: tuple[str, ...], days: int) -> pl.LazyFrame | None:
    """party_id, keys: parties with such a registry row in the last `days`."""
    if rows is None:
        return None
    found = rows.filter(pl.col("subtype").is_in(subtypes), pl.col("age") <= days)
    return found.group_by("party_id").agg(keys=pl.col("key").unique().sort())


def _links(night: Night, clean: Frames) -> pl.LazyFrame | None:
    if "party_links" not in clean:
        return None
    return clean["party_links"].filter(
        pl.col("recorded_on") <= night.as_of,
        (pl.col("start_on") <= night.as_of).fill_null(value=True),
        (pl.col("end_on") > night.as_of).fill_null(value=True),
    )


def _group(links: pl.LazyFrame | None, identity: pl.LazyFrame) -> pl.LazyFrame:
    """left, right, strong, key: group ties both ways, and those of one group by the client master (reading G21).

    `strong` is a share of 20 % or more, or control.
    """
    groups = same_group(identity).with_columns(strong=pl.lit(value=True), key=pl.format("clients:{}", "right"))
    if links is None:
        return groups
    strong = (pl.col("share_pct") >= CONTROL_SHARE).fill_null(value=False) | pl.col("relation").is_in(CONTROL_TIES)
    tied = links.filter(pl.col("relation").is_in(GROUP_TIES)).with_columns(
        strong=strong, key=pl.format("party_links:{}", "link_id")
    )
    ways = [
        tied.select(left=a, right=b, strong="strong", key="key")
        for a, b in (("from_id", "to_id"), ("to_id", "from_id"))
    ]
    return pl.concat([groups, *ways])


def _flag(frame: pl.LazyFrame, parties: pl.LazyFrame | None, name: str, on: str) -> pl.LazyFrame:
    """`frame` with the Boolean `name`: its party is among `parties` (null when that feed is not connected), and keys."""
    if parties is None:
        return frame.with_columns(
            pl.lit(None, pl.Boolean).alias(name), pl.lit([], pl.List(pl.String)).alias(f"{name}_keys")
        )
    found = parties.select(pl.col("party_id").alias(on), pl.col("keys").alias(f"{name}_keys"), pl.lit(True).alias(name))
    return frame.join(found, on=on, how="left").with_columns(
        pl.col(name).fill_null(value=False), pl.col(f"{name}_keys").fill_null(pl.lit([], pl.List(pl.String)))
    )


def _tally(flag: str) -> pl.Expr:
    """How many rows of a group have the flag; unknown when none has it and one is unknown (Kleene's or)."""
    value = pl.col(flag)
    return pl.when((value.sum() == 0) & (value.null_count() > 0)).then(None).otherwise(value.sum()).cast(pl.Int64)


def _keys() -> pl.Expr:
    """All keys of a group's rows, once each, from the list column `all_keys`."""
    return pl.col("all_keys").explode().drop_nulls().unique().sort()


# ---- the four rows -------------------------------------------------------------------------------------------------


def _guarantors(
    night: Night,
    clean: Frames,
    features: Frames,
    guarantees: pl.LazyFrame,
    levels: pl.LazyFrame,
    registry: pl.LazyFrame | None,
) -> pl.LazyFrame:
    """FIN-13, one row per client with a guarantor."""
    own = levels.select(
        guarantor_id="client_id",
        signals=(pl.col("reds") >= 1) | (pl.col("alerts") >= ALERTS),
        sound=pl.col("risk_level").cast(pl.String).is_in(["clear", "W"]),
    )
    backed = guarantees.join(own, on="guarantor_id", how="left").with_columns(
        pl.col("signals", "sound").fill_null(value=False)  # who is no client has no signals of its own
    )
    backed = _flag(backed, _against(registry, ON_GUARANTOR, HALF_YEAR), "registry", "guarantor_id")
    backed = backed.join(_elsewhere(night, clean), on="guarantor_id", how="left")
    distressed = pl.any_horizontal("signals", "registry", "elsewhere", "overstretched")
    share = pl.when(pl.col("exposure") > 0).then((pl.col("amount") / pl.col("exposure")).round(EXACT))
    known = (pl.col("backing") > 0).any() | (pl.col("backing").null_count() == 0)
    return (
        backed.join(features["credit"].select("client_id", "exposure"), on="client_id", how="left")
        .with_columns(
            backing=pl.when(distressed).then(share).when(~distressed).then(0.0),
            all_keys=pl.concat_list("keys", "registry_keys"),
        )
        .group_by("client_id")
        .agg(
            guarantors_with_signals=_tally("signals"),
            guarantors_in_registry=_tally("registry"),
            guarantors_bad_elsewhere=_tally("elsewhere"),
            guarantors_overstretched=_tally("overstretched"),
            distressed_backing=pl.when(known).then(pl.col("backing").max()),
            guarantor_keys=_keys(),
            sound_guarantor=pl.col("sound").any(),
        )
    )


def _elsewhere(night: Night, clean: Frames) -> pl.LazyFrame:
    """guarantor_id, elsewhere, overstretched: what the newest bureau report says, null without a fresh one.

    A person has no equity to compare with and skips that test.
    """
    people = clean["parties"].filter(pl.col("kind") == "person").select(guarantor_id="party_id", person=pl.lit(True))
    everybody = clean["parties"].select(guarantor_id="party_id").join(people, on="guarantor_id", how="left")
    if "bureau_reports" not in clean:
        told = pl.LazyFrame(schema={"guarantor_id": pl.String, "elsewhere": pl.Boolean, "guarantees_given": pl.Int64})
    else:
        rank = pl.col("worst_class").replace_strict({name: i for i, name in enumerate(CLASSES)}, return_dtype=pl.Int64)
        age = (pl.lit(night.as_of) - pl.col("report_on")).dt.total_days()
        told = (
            clean["bureau_reports"]
            .filter(age.is_between(0, BUREAU_DAYS))
            .sort("report_on")
            .group_by(guarantor_id="client_id")
            .agg(elsewhere=(rank >= SUBSTANDARD).last(), guarantees_given=pl.col("guarantees_given").last())
        )
    equity = _equity(night, clean, told.select(party_id="guarantor_id")).rename({"party_id": "guarantor_id"})
    over = (pl.col("guarantees_given") > 0) & (pl.col("guarantees_given") > pl.col("equity"))
    return (
        everybody.join(told, on="guarantor_id", how="left")
        .join(equity, on="guarantor_id", how="left")
        .select(
            "guarantor_id",
            "elsewhere",
            overstretched=pl.when(pl.col("person").fill_null(value=False)).then(pl.lit(False)).otherwise(over),
        )
    )


def _equity(night: Night, clean: Frames, parties: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, equity of those parties alone: the book's statements are many."""
    return statements.equity(night, clean["statements"].join(parties.unique(), on="party_id", how="semi"))


def _key_parties(features: Frames, flows: pl.LazyFrame, registry: pl.LazyFrame | None) -> pl.LazyFrame:
    """MGT-11, one row per client whose flows of a year are known."""
    classes = features["credit"].select(
        counterparty="client_id",
        bad=pl.col("worst_class").replace_strict(
            {name: rank >= SUBSTANDARD for rank, name in enumerate(CLASSES)}, default=False, return_dtype=pl.Boolean
        ),
    )
    silent = (
        (pl.col("now_to_before") <= SILENT)
        & (pl.col("others_now_to_before") >= OTHERS_GO_ON)
        & (pl.col("months_before") >= PAID_MONTHS)
    )
    key = flows.filter(pl.col("share") >= KEY_SHARE).join(classes, on="counterparty", how="left")
    key = _flag(key, _against(registry, ON_KEY_PARTY, HALF_YEAR), "registry", "counterparty").with_columns(
        pl.col("bad").fill_null(value=False), silent=silent.fill_null(value=False)
    )
    failed = pl.any_horizontal("registry", "bad", "silent")
    share = pl.when(failed).then("share").when(~failed).then(0.0)
    months = pl.format("transactions:{}|{}", "client_id", "counterparty")
    per_client = (
        key.with_columns(
            failed_share=share,
            all_keys=pl.when(failed.fill_null(value=False)).then(
                pl.concat_list("registry_keys", pl.concat_list(months))
            ).otherwise(pl.lit([], pl.List(pl.String))),
        )
        .group_by("client_id")
        .agg(
            key_parties_registry=_tally("registry"),
            key_parties_bad_loans=_tally("bad"),
            key_parties_silent=_tally("silent"),
            key_party_share=pl.when((pl.col("failed_share") > 0).any() | (pl.col("failed_share").null_count() == 0)).then(
                pl.col("failed_share").max()
            ),
            key_party_keys=_keys(),
        )
    )  # fmt: skip
    # Nobody brings a tenth: nothing can fail. Turnover of under twelve months: unknown.
    known = features["transactions"].filter(pl.col("opin_12").is_not_null() | pl.col("opout_12").is_not_null())
    none = [
        pl.lit(None if registry is None else 0, pl.Int64).alias("none_registry"),
        pl.lit(0, pl.Int64).alias("none"),
        pl.lit(0.0).alias("none_share"),
    ]
    return (
        known.select("client_id", *none)
        .join(per_client, on="client_id", how="left")
        .with_columns(
            pl.col("key_parties_registry").fill_null(pl.col("none_registry")),
            pl.col("key_parties_bad_loans", "key_parties_silent").fill_null(pl.col("none")),
            pl.when(pl.col("key_party_keys").is_null()).then("none_share").otherwise("key_party_share").alias("key_party_share"),
        )
        .drop("none", "none_registry", "none_share")
    )  # fmt: skip


def _partners(counterparties: pl.LazyFrame, levels: pl.LazyFrame) -> pl.LazyFrame:
    """MGT-10's clause: whether one of the connected parties counted as the largest payer or supplier is at A or worse.

    Null where the largest is not known.
    """
    bad = levels.filter(pl.col("risk_level").cast(pl.String).is_in(["A", "R", "N"])).select(
        member="client_id", troubled=pl.lit(value=True)
    )

    def troubled(side: str) -> pl.LazyFrame:
        members = counterparties.select("client_id", member=f"top_{side}_members").explode("member")
        found = members.join(bad, on="member", how="left").group_by("client_id")
        return found.agg(pl.col("troubled").any().fill_null(value=False).alias(f"top_{side}_troubled"))

    both = troubled("payer").join(troubled("payee"), on="client_id", how="full", coalesce=True)
    sides = ("payer", "payee")
    return (
        counterparties.select("client_id", *(f"top_{side}_amount" for side in sides))
        .join(both, on="client_id", how="left")
        .select(
            "client_id",
            *(
                pl.when(pl.col(f"top_{side}_amount").is_not_null())
                .then(pl.col(f"top_{side}_troubled").fill_null(value=False))
                .alias(f"top_{side}_troubled")
                for side in sides
            ),
        )
    )


def _affiliates(
    night: Night,
    clean: Frames,
    features: Frames,
    group: pl.LazyFrame,
    links: pl.LazyFrame | None,
    levels: pl.LazyFrame,
    registry: pl.LazyFrame | None,
) -> pl.LazyFrame:
    """MGT-38: parties within two steps of the client by a share of 20 % or control; all null without party_links."""
    ids = features["identity"].select("client_id")
    if links is None:
        return ids
    strong = group.filter("strong").select("left", "right").unique()
    one = ids.join(strong, left_on="client_id", right_on="left").select("client_id", party_id="right")
    two = one.join(strong, left_on="party_id", right_on="left").select("client_id", party_id="right")
    near = pl.concat([one, two]).unique().filter(pl.col("party_id") != pl.col("client_id"))
    above = (pl.col("relation") == "controller_of") | (
        (pl.col("relation") == "shareholder_of") & (pl.col("share_pct") > PARENT_SHARE).fill_null(value=False)
    )
    parents = links.filter(above).select(client_id="to_id", party_id="from_id", parent=pl.lit(True)).unique()
    news = _events(night, clean, "news")
    reported = None
    if news is not None:
        age = (pl.lit(night.as_of) - pl.col("happened_on")).dt.total_days()
        severe = news.filter(pl.col("party_id").is_not_null(), "confirmed", pl.col("severity") == "3", age <= HALF_YEAR)
        reported = severe.group_by("party_id").agg(keys=pl.col("key").unique().sort())
    red = levels.select(party_id="client_id", red=pl.col("risk_level").cast(pl.String).is_in(["R", "N"]))
    rows = _flag(near, _against(registry, ON_AFFILIATE, HALF_YEAR), "registry", "party_id")
    rows = _flag(rows, reported, "news", "party_id").join(red, on="party_id", how="left")
    rows = (
        rows.join(_executed(night, clean, registry), on="party_id", how="left")
        if registry is not None
        else (rows.with_columns(executed=pl.lit(None, pl.Boolean)))
    )
    if registry is not None:  # no such row at all: not executed
        rows = rows.with_columns(executed=pl.when(pl.col("executed_rows").is_null()).then(False).otherwise("executed"))
    rows = rows.with_columns(pl.col("red").fill_null(value=False)).join(
        parents, on=["client_id", "party_id"], how="left"
    )
    troubled = pl.any_horizontal("registry", "executed", "news", "red")
    bad_parent = pl.when(pl.col("parent").fill_null(value=False)).then(troubled).otherwise(pl.lit(False))
    keys = pl.concat_list("registry_keys", "news_keys")
    per_client = (
        rows.with_columns(bad_parent=bad_parent, all_keys=keys)
        .group_by("client_id")
        .agg(
            affiliates_registry=_tally("registry"),
            affiliates_executed=_tally("executed"),
            affiliates_news=_tally("news"),
            affiliates_red=_tally("red"),
            bad=pl.col("bad_parent").cast(pl.Int64).sum(),
            unsure=pl.col("bad_parent").null_count(),
            affiliate_keys=_keys(),
        )
        .with_columns(parent_troubled=pl.when(pl.col("bad") > 0).then(True).when(pl.col("unsure") == 0).then(False))
    )
    # A client without an affiliate has none in trouble.
    zero = {name: None if feed is None else 0 for name, feed in (
        ("affiliates_registry", registry), ("affiliates_executed", registry), ("affiliates_news", reported), ("affiliates_red", rows)
    )}  # fmt: skip
    alone = pl.col("affiliate_keys").is_null()
    return (
        ids.join(per_client, on="client_id", how="left")
        .with_columns(
            *(pl.when(alone).then(pl.lit(value, pl.Int64)).otherwise(name).alias(name) for name, value in zero.items()),
            pl.when(alone).then(False).otherwise("parent_troubled").alias("parent_troubled"),
        )
        .drop("bad", "unsure")
    )


def _executed(night: Night, clean: Frames, registry: pl.LazyFrame) -> pl.LazyFrame:
    """party_id, executed_rows, executed: the largest row executed in 180 days against equity; unknown equity is unknown."""
    sums = registry.filter(pl.col("subtype") == "executed", pl.col("age") <= HALF_YEAR).group_by("party_id").agg(
        executed_rows=pl.len(), amount=pl.col("amount").max()
    )  # fmt: skip
    against = sums.join(_equity(night, clean, sums.select("party_id")), on="party_id", how="left")
    over = pl.when(pl.col("equity") > 0).then((pl.col("amount") / pl.col("equity")).round(EXACT) >= EXECUTED_SHARE).when(
        pl.col("equity") <= 0
    ).then(pl.col("amount") > 0)  # fmt: skip
    return against.select("party_id", "executed_rows", executed=over)


def _bankrupt(
    clean: Frames,
    features: Frames,
    ties: Frames,
    group: pl.LazyFrame,
    links: pl.LazyFrame | None,
    registry: pl.LazyFrame | None,
    night: Night,
) -> pl.LazyFrame:
    """MGT-51: every party that went bankrupt in 365 days and how the client is tied to it; null without the registry."""
    ids = features["identity"].select("client_id")
    filed = _against(registry, ("bankruptcy_filing",), YEAR)
    if filed is None:
        return ids
    given = ties["guarantees"]
    kinds = [
        group.select(client_id="left", party_id="right", kind=pl.lit("group")),
        given.select("client_id", party_id="guarantor_id", kind=pl.lit("guarantee")),
        given.select(client_id="guarantor_id", party_id="client_id", kind=pl.lit("guarantee")),
        ties["flows"].filter(pl.col("share_both") >= CLOSE_SHARE).select(
            "client_id", party_id="counterparty", kind=pl.lit("flows")
        ),
    ]  # fmt: skip
    if links is not None:
        posts = links.filter(pl.col("relation").is_in(KEY_POSTS)).select("from_id", "to_id").unique()
        shared = posts.join(posts, on="from_id", suffix="_other")
        kinds.append(shared.select(client_id="to_id", party_id="to_id_other", kind=pl.lit("person")))
    tied = (
        pl.concat(kinds).unique().filter(pl.col("client_id") != pl.col("party_id"))
        .join(filed, on="party_id").join(ids, on="client_id", how="semi")
    )  # fmt: skip
    exposed = given.select(client_id="guarantor_id", party_id="client_id", amount="amount")
    equity = features["statements"].select("client_id", "equity")
    share = (
        pl.when(pl.col("amount").is_null()).then(0.0)
        .when(pl.col("equity") > 0).then((pl.col("amount") / pl.col("equity")).round(EXACT))
        .when((pl.col("equity") <= 0) & (pl.col("amount") > 0)).then(float("inf"))
    )  # fmt: skip
    per_party = (
        tied.group_by("client_id", "party_id").agg(kinds=pl.col("kind").n_unique().cast(pl.Int64), all_keys=pl.col("keys").first())
        .join(exposed, on=["client_id", "party_id"], how="left")
        .join(equity, on="client_id", how="left")
        .with_columns(share=share)
    )  # fmt: skip
    per_client = per_party.group_by("client_id").agg(
        bankrupt_parties=pl.len().cast(pl.Int64),
        bankrupt_tie_types=pl.col("kinds").max(),
        bankrupt_exposure_share=pl.when(pl.col("share").null_count() == 0).then(pl.col("share").max()),
        bankrupt_keys=_keys(),
    )
    # Without the links nobody can say that there is no tie.
    none = pl.lit(None if links is None else 0)
    alone = pl.col("bankrupt_keys").is_null()
    return ids.join(per_client, on="client_id", how="left").with_columns(
        pl.when(alone).then(none).otherwise(name).alias(name)
        for name in ("bankrupt_parties", "bankrupt_tie_types", "bankrupt_exposure_share")
    )
