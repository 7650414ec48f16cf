"""The book at a glance: small frames for the portfolio report, from whole-book panel, assessments, findings and forms.

It may reach the risk department: no sign of the RM's own conduct counts as a reason here, and no table of complaints is by RM.
READS says which columns it needs: the panel has a thousand more. Shares are of what is known; the exposure of a client
that is unknown counts nowhere.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.arithmetic import ratio
from transforms.contracts import RISK_LEVELS
from transforms.relationship.complaint_statistics import FRAMES as COMPLAINT_FRAMES
from transforms.relationship.roster import FRAMES as ROSTER_FRAMES

LEVELS = ("N", "R", "A", "W", "clear", "not_assessable")
RED = ("N", "R")
CONDUCT = tuple(f"REL-{number:02d}" for number in range(1, 11))  # signs of the RM's own conduct: for RM and supervisor
WORST = 24  # clients told with their reason: two pages
MOST = 15  # rows of a table by branch or RM; the others are summed up
LARGEST = 10  # exposures told by name
PERIODS = {"year": 3, "quarter": 5, "month": 6}  # of the complaint statistics, the newest
PARTS = {"branch": MOST, "target": 5, "category": 8, "product": 8, "channel": 5, "grade": 5}  # dimension → rows
SCOPES = ("bank", "branch", "rm")
READS: Mapping[str, tuple[str, ...]] = {
    "panel": (
        *("client_id", "name", "confidential", "rm_id", "rm_name", "branch_id", "industry_section", "region_code"),
        *("group_id", "exposure"),
    ),
    "assessments": (
        *("client_id", "risk_level", "previous_risk_level", "relationship_level", "quadrant", "change", "reasons"),
    ),
    "findings": ("client_id", "signal_id", "state", "text_en", "text_zh"),
    "client_roster": ("client_id", "group_name"),
}
Frame = pl.DataFrame | pl.LazyFrame


def levels(book: pl.DataFrame, column: str) -> pl.DataFrame:
    """Of each value of a level's column: clients, exposure, and both as shares of the book."""
    return (
        book.group_by(pl.col(column).cast(pl.String))
        .agg(clients=pl.len(), exposure=pl.col("exposure").sum())
        .with_columns(
            clients_share=ratio(pl.col("clients"), pl.col("clients").sum()),
            exposure_share=ratio(pl.col("exposure"), pl.col("exposure").sum()),
        )
        .sort(column, nulls_last=True)
    )


def moves(assessments: pl.DataFrame) -> pl.DataFrame:
    """previous_risk_level (null: not known the night before) × risk_level: clients."""
    return (
        assessments.group_by("previous_risk_level", "risk_level").agg(clients=pl.len())
        .sort("previous_risk_level", "risk_level", nulls_last=True)
    )  # fmt: skip


def by(book: pl.DataFrame, column: str, name: str | None = None, most: int | None = None) -> pl.DataFrame:
    """Clients per level for each value of a column: key, name, one count per level, worse (tonight), clients, exposure, share.

    The most non-performing and red first, then the most that got worse. `most`: what lies beyond is one row, `merged` of
    them in it.
    """
    level = pl.col("risk_level").cast(pl.String)
    rows = (
        book.group_by(key=column)
        .agg(
            *((level == one).sum().cast(pl.Int64).alias(one) for one in LEVELS),
            name=pl.col(name or column).first(),
            worse=(pl.col("change").cast(pl.String) == "worse").sum().cast(pl.Int64),
            clients=pl.len().cast(pl.Int64),
            exposure=pl.col("exposure").sum(),
        )
        .with_columns(share=ratio(pl.col("exposure"), pl.col("exposure").sum()))
        .sort(
            pl.col("N") + pl.col("R"), "worse", "A", "exposure", "key",
            descending=[True, True, True, True, False], nulls_last=True,
        )
    )  # fmt: skip
    order = ["key", "name", *LEVELS, "worse", "clients", "exposure", "share"]
    return cut(rows.select(order), most)


def cut(rows: pl.DataFrame, most: int | None) -> pl.DataFrame:
    """The first rows, and all others summed up in one: `merged` says how many it stands for, null of a row of its own."""
    told = rows.with_columns(merged=pl.lit(None, pl.Int64))
    if most is None or rows.height <= most + 1:  # one row more costs no more than the row that sums it up
        return told
    rest, numbers = told.tail(-most), [name for name, dtype in rows.schema.items() if dtype.is_numeric()]
    summed = rest.select(*(pl.col(name).sum() for name in numbers), merged=pl.lit(rest.height, pl.Int64))
    return pl.concat([told.head(most), summed], how="diagonal")


def worst(book: pl.DataFrame, findings: Frame) -> pl.DataFrame:
    """The clients at N and R, `moved` (new or worse tonight) first, then the largest, each with its first shown risk
    reason's sentence; at most WORST.

    The signs of decay are no reason here: they tell of the relationship manager's conduct, too.
    """
    order = {level: rank for rank, level in enumerate(RISK_LEVELS)}
    bad = red(book).with_columns(
        rank=pl.col("risk_level").cast(pl.String).replace_strict(order, return_dtype=pl.Int64),
        moved=pl.col("change").cast(pl.String).is_in(["new", "worse"]),
    )
    told = bad.sort(
        "moved", "rank", "exposure", "client_id", descending=[True, True, True, False], nulls_last=True
    ).head(WORST)
    reasons = told.select("client_id", signal_id="reasons").explode("signal_id").with_row_index("place")
    first = (
        findings.lazy()
        .filter(pl.col("client_id").is_in(told["client_id"].to_list()))
        .filter(pl.col("state").cast(pl.String).is_in(["standing", "clearing"]))
        .filter(~pl.col("signal_id").str.starts_with("REL"))
        .select("client_id", "signal_id", "text_en", "text_zh")
        .collect()
        .join(reasons, on=["client_id", "signal_id"])
        .sort("place")
        .unique("client_id", keep="first", maintain_order=True)
        .drop("place")
    )
    return told.join(first, on="client_id", how="left", maintain_order="left")


def red(book: pl.DataFrame) -> pl.DataFrame:
    """The non-performing and red clients."""
    return book.filter(pl.col("risk_level").cast(pl.String).is_in(RED))


def counted(book: pl.DataFrame) -> pl.DataFrame:
    """One row: clients, those at N and R (new or worse tonight, beyond WORST), that got worse and better, exposure."""
    change, bad = pl.col("change").cast(pl.String), pl.col("risk_level").cast(pl.String).is_in(RED)
    return book.select(
        clients=pl.len(),
        red=bad.sum(),
        newly_red=(bad & change.is_in(["new", "worse"])).sum(),
        more_red=(bad.sum().cast(pl.Int64) - WORST).clip(0),
        known_before=pl.col("previous_risk_level").count(),
        worse=(change == "worse").sum(),
        better=(change == "better").sum(),
        exposure=pl.col("exposure").sum(),
        exposure_red=pl.col("exposure").filter(bad).sum(),
        exposure_unknown=pl.col("exposure").null_count(),
    ).with_columns(exposure_red_share=ratio(pl.col("exposure_red"), pl.col("exposure")))


def largest(book: pl.DataFrame) -> pl.DataFrame:
    """The clients with the largest exposures, each with its share of the book's."""
    share = ratio(pl.col("exposure"), pl.col("exposure").sum())
    return book.with_columns(share=share).filter(pl.col("exposure") > 0).sort(
        "exposure", "client_id", descending=[True, False]
    ).head(LARGEST)  # fmt: skip


def groups(book: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    """The groups with the largest exposures: group_id, name, clients, risk_level (its worst), exposure, share."""
    named = roster.filter(pl.col("group_name").is_not_null()).unique("client_id")
    total = book["exposure"].sum()
    return (
        book.join(named, on="client_id", how="left")
        .filter(pl.col("group_id").is_not_null())
        .group_by("group_id")
        .agg(
            name=pl.col("group_name").drop_nulls().sort().first(),
            clients=pl.len(),
            risk_level=pl.col("risk_level").sort().last(),
            exposure=pl.col("exposure").sum(),
        )
        .filter(pl.col("exposure") > 0)
        .with_columns(share=ratio(pl.col("exposure"), pl.lit(total)))
        .sort("exposure", "group_id", descending=[True, False])
        .head(LARGEST)
    )


def concentration(book: pl.DataFrame) -> pl.DataFrame:
    """measure, exposure, share: of what is at N and R, of the largest obligors (a group is one), industries and regions."""
    keys = {
        "obligors": (pl.coalesce("group_id", "client_id"), (1, 10, 20)),
        "sectors": (pl.col("industry_section"), (1, 3)),
        "regions": (pl.col("region_code"), (1, 3)),
    }
    rows = [("red", red(book)["exposure"].sum())]
    for name, (key, several) in keys.items():
        sums = book.group_by(key=key).agg(pl.col("exposure").sum()).drop_nulls("key")["exposure"].sort(descending=True)
        rows += [(f"{name}_{most}", sums.head(most).sum()) for most in several]
    frame = pl.DataFrame(rows, schema={"measure": pl.String, "exposure": pl.Int64}, orient="row")
    return frame.with_columns(share=ratio(pl.col("exposure"), pl.lit(book["exposure"].sum())))


def complaint_periods(statistics: pl.DataFrame) -> pl.DataFrame:
    """Of complaint_statistics the rows of the whole bank: its newest years, quarters and months, the newest first."""
    whole = statistics.filter(pl.col("dimension") == "all")
    newest = [
        whole.filter(pl.col("unit") == unit).sort("period", descending=True).head(n) for unit, n in PERIODS.items()
    ]
    return pl.concat(newest)


def complaint_parts(statistics: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Dimension → its rows of the running year, the most complaints first. None by RM: that would tell of one's conduct."""
    year = statistics.filter(pl.col("unit") == "year")
    running = year.filter(pl.col("period") == pl.col("period").max())
    figures = ("value", "received", "share", "severe", "open_end", "overdue_end", "on_time_rate", "close_median_d")
    parts = {}
    for name, most in PARTS.items():
        rows = running.filter(pl.col("dimension") == name, pl.col("received") > 0)
        told = rows.sort("received", "value", descending=[True, False], nulls_last=True).select(figures)
        merged = cut(told, most)
        of_all = pl.when(pl.col("merged").is_null())  # a rate or a median of several cannot be summed
        parts[name] = merged.with_columns(of_all.then(column) for column in ("on_time_rate", "close_median_d"))
    return parts


def roster(totals: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Scope → its rows of roster_totals; branches and RMs with the largest deposits and loans first."""
    large = pl.sum_horizontal("deposit_adb_365", "loans_out")
    return {
        scope: cut(totals.filter(pl.col("scope") == scope).sort(large, "scope_id", descending=[True, False]), MOST)
        for scope in SCOPES
    }


def glance(frames: Mapping[str, Frame]) -> dict[str, pl.DataFrame]:
    """Every frame of the portfolio report. `frames`: READS, findings lazily or not; the forms where the night made them."""
    panel, assessments = (_read(frames[name], READS[name]) for name in ("panel", "assessments"))
    book = panel.join(assessments, on="client_id")
    made = {name: _read(frames[name], schema.names()) for name, schema in _FORMS.items() if name in frames}
    forms = {name: made.get(name, pl.DataFrame(schema=schema)) for name, schema in _FORMS.items()}
    told = {
        "counted": counted(book),
        "levels": levels(book, "risk_level"),
        "relationship": levels(book, "relationship_level"),
        "quadrants": levels(book, "quadrant"),
        "moves": moves(assessments),
        "worst": worst(book, frames["findings"]),
        "sectors": by(book, "industry_section"),
        "regions": by(book, "region_code", most=MOST),
        "branches": by(book, "branch_id", most=MOST),
        "rms": by(book, "rm_id", "rm_name", most=MOST),
        "largest": largest(book),
        "groups": groups(book, forms["client_roster"]),
        "concentration": concentration(book),
        "complaint_periods": complaint_periods(forms["complaint_statistics"]),
    }
    parts = {f"complaints_{name}": rows for name, rows in complaint_parts(forms["complaint_statistics"]).items()}
    return told | parts | {f"roster_{scope}": rows for scope, rows in roster(forms["roster_totals"]).items()}


_FORMS: Mapping[str, pl.Schema] = {
    "client_roster": pl.Schema({name: pl.String() for name in READS["client_roster"]}),
    "complaint_statistics": COMPLAINT_FRAMES["complaint_statistics"],
    "roster_totals": ROSTER_FRAMES["roster_totals"],
}


def _read(frame: Frame, columns: Sequence[str]) -> pl.DataFrame:
    return frame.lazy().select(columns).collect()
