"""Rows of the tables events and party_links as they were known at T. Readings S2, G12, G21, S11."""

from datetime import timedelta

import polars as pl

from transforms.arithmetic import within
from transforms.shard import Shard

GROUP_TIES = ("shareholder_of", "controller_of", "group_member_of", "co_borrower_with")
CONTROL_TIES = ("controller_of", "group_member_of")
CONTROL_SHARE = 0.20
# What makes a person a key person of the company: the catalogue's table key_persons.
KEY_POSTS = ("legal_rep_of", "director_of", "supervisor_of", "executive_of", "finance_head_of")


def known(shard: Shard, kind: str, days: int | None = None, lifted: bool = False) -> pl.LazyFrame:
    """Events of a kind recorded and happened by T, in the last `days` when given; client_id is the party it is about.

    Registry rows lifted or withdrawn by T are left out unless `lifted` (reading G12). `publisher` is the source before its
    first colon; `key` the row's key.
    """
    as_of = shard.night.as_of
    rows = shard.table("events").filter(
        pl.col("kind") == kind, pl.col("recorded_on") <= as_of, pl.col("happened_on") <= as_of
    )
    if days is not None:
        rows = rows.filter(within("happened_on", as_of, days))
    if kind == "registry" and not lifted:
        rows = rows.filter((pl.col("ends_on") > as_of).fill_null(True))
    return rows.with_columns(
        client_id=pl.col("party_id"),
        publisher=pl.col("source_ref").str.split(":").list.first(),
        key=pl.format("events:{}", "event_id"),
    )


def of_clients(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows about the shard's clients themselves."""
    return rows.join(shard.clients.select("client_id"), on="client_id", how="semi")


def links(shard: Shard, *relations: str) -> pl.LazyFrame:
    """Links known and in force at T (start_on <= T < end_on; blank ends are open), of those relations when named."""
    as_of = shard.night.as_of
    rows = shard.table("party_links").filter(
        pl.col("recorded_on") <= as_of,
        (pl.col("start_on") <= as_of).fill_null(True),
        (pl.col("end_on") > as_of).fill_null(True),
    )
    return rows.filter(pl.col("relation").is_in(relations)) if relations else rows


def same_group(groups: pl.LazyFrame) -> pl.LazyFrame:
    """left, right: clients of one group (client_id, group_id) and the group's top company, each pair both ways (G21)."""
    tops = groups.filter(pl.col("group_id").is_not_null()).select(left="client_id", right="group_id")
    others = tops.join(tops, on="right", suffix="_other").select("left", right="left_other")
    pairs = pl.concat([tops, tops.select(left="right", right="left"), others])
    return pairs.filter(pl.col("left") != pl.col("right")).unique()


def bank_groups(shard: Shard) -> pl.LazyFrame:
    """client_id, group_id of every client of the bank, not the shard's alone; without rows where they were not given."""
    if "groups" in shard.clean:
        return shard.clean["groups"]
    return pl.LazyFrame(schema={"client_id": pl.String, "group_id": pl.String})


def group_ties(shard: Shard) -> pl.LazyFrame:
    """left, right, strong: ties of a group in force at T, each pair both ways and once (reading G21).

    They are shareholdings, control, group membership and co-borrowing by the links, and one group by the client master.
    `strong`: by a share of 20 % or more, control or a group.
    """
    strong = (pl.col("share_pct") >= CONTROL_SHARE).fill_null(value=False) | pl.col("relation").is_in(CONTROL_TIES)
    tied = links(shard, *GROUP_TIES).with_columns(strong=strong)
    ways = [
        tied.select(left="from_id", right="to_id", strong="strong"),
        tied.select(left="to_id", right="from_id", strong="strong"),
        same_group(bank_groups(shard)).with_columns(strong=pl.lit(value=True)),
    ]
    return pl.concat(ways).group_by("left", "right").agg(pl.col("strong").any())


def flagged(flag: str) -> pl.Expr:
    """Whether the event carries the flag."""
    return pl.col("flags").list.contains(flag).fill_null(False)


def days_ago(shard: Shard, days: int) -> pl.Expr:
    """The day `days` days before T."""
    return pl.lit(shard.night.as_of - timedelta(days=days))


def place(region: pl.Expr) -> pl.Expr:
    """A region's code without the zeros at its end: that of a province or city is a prefix of all inside it (G23)."""
    return region.str.replace(r"(?:00)+$", "")


def reaching(shard: Shard, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows about a sector, a region or the whole country, once for each client they reach (reading G23); adds client_id.

    Both match by prefix. `sure` is null where the row asks for an industry or a region the client has none of on file.
    Rows about one party reach nobody.
    """
    who = shard.done["identity"].select("client_id", "industry_code", "region_code")
    cell = ["industry_code", "region_code"]
    cells = who.select(cell).unique()
    about = rows.filter(pl.col("party_id").is_null()).drop("client_id").rename({name: f"for_{name}" for name in cell})
    sector, region = pl.col("for_industry_code"), place(pl.col("for_region_code"))
    in_sector = sector.is_null() | pl.col("industry_code").str.starts_with(sector)
    in_region = region.is_null() | place(pl.col("region_code")).str.starts_with(region)
    reached = cells.join(about, how="cross").with_columns(sure=in_sector & in_region)
    return who.join(reached.filter(pl.col("sure").fill_null(True)), on=cell, nulls_equal=True)


def counted(where: pl.Expr, of: pl.Expr | None = None) -> pl.Expr:
    """Of rows that reach a client: how many hold, or how many different `of` they have; null when none surely reaches
    it and one might.
    """
    surely = where & pl.col("sure").fill_null(False)
    count = (surely.sum() if of is None else of.filter(surely).n_unique()).cast(pl.Int64)
    return pl.when((count > 0) | (where & pl.col("sure").is_null()).any().not_()).then(count)
