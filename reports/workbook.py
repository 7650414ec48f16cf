"""The night's workbook: watch list, findings, roster and complaint statistics for who works on with the figures.

It may reach the risk department: the signs of decay (REL) tell of the relationship manager's own conduct, and none is in it.
"""

from collections.abc import Mapping
from datetime import date
from tempfile import TemporaryDirectory

import polars as pl

from reports.facts import Run
from reports.keys import source
from reports.labels import LABELS, N_
from reports.sheets import Column, Workbook
from reports.words import Words
from transforms import text
from transforms.contracts import RISK
from transforms.signals import CATALOGUE

PANEL = (  # what it reads of the panel
    "client_id", "name", "confidential", "industry_section", "industry_code", "region_code", "branch_id", "rm_id", "rm_name",
    "exposure",
)  # fmt: skip
STATES = {
    "standing": N_("standing"), "clearing": N_("clearing"), "snoozed": N_("snoozed"), "resolved": N_("resolved"),
}  # fmt: skip
YES_NO = {True: N_("yes"), False: N_("no")}
COMPARISONS = {">=": "≥", "<=": "≤"}
UNITS = {
    "ratio": N_("per cent"), "points": N_("percentage points"), "times": N_("times"), "days": N_("days"),
    "count": N_("count"), "score": N_("score"),
}  # fmt: skip
PERIODS = {"month": N_("month"), "quarter": N_("quarter"), "year": N_("year")}
DIMENSIONS = {
    "all": N_("All"), "branch": N_("Branch"), "rm": N_("RM"), "target": N_("Target"), "category": N_("Category"),
    "product": N_("Product"), "channel": N_("Complaint channel"), "grade": N_("Grade"),
}  # fmt: skip
VALUES = {  # dimension → msgid per code
    "all": {"all": N_("All")}, "category": LABELS["complaint"], "target": LABELS["target"],
    "channel": LABELS["channel_of_complaint"], "product": LABELS["family"],
}  # fmt: skip

WATCH = {
    "client_id": Column(N_("Client number"), width=10),
    "called": Column(N_("Name"), "long", 24),
    "rm_name": Column(N_("RM"), width=12),
    "branch_id": Column(N_("Branch"), width=9),
    "sector": Column(N_("Sector"), "long", 18),
    "region_code": Column(N_("Region"), width=9),
    "exposure": Column(N_("Exposure ({unit})"), "money", 14),
    "risk_level": Column(N_("Risk level"), "level", 14, LABELS["risk"]),
    "previous_risk_level": Column(N_("Level before"), "level", 14, LABELS["risk"]),
    "change": Column(N_("Change"), width=10, labels=LABELS["change"]),
    "since": Column(N_("Since"), "day", 13),
    "relationship_level": Column(N_("Relationship level"), "level", 14, LABELS["relationship"]),
    "quadrant": Column(N_("Quadrant"), "long", 18, LABELS["quadrant"]),
    "families": Column(N_("Families of evidence"), "count", 10),
    "reasons": Column(N_("Reasons"), "long", 60),
    "strategy": Column(N_("Advised strategy"), width=17, labels=LABELS["strategy"]),
    "coverage": Column(N_("Signals answered"), "ratio", 10),
}
FINDINGS = {
    "client_id": Column(N_("Client number"), width=10),
    "called": Column(N_("Name"), "long", 24),
    "rm_name": Column(N_("RM"), width=12),
    "level": Column(N_("Level"), "level", 14, LABELS["risk"]),
    "signal_id": Column(N_("Signal"), width=9),
    "signal": Column(N_("Name of the signal"), "long", 26),
    "value": Column(N_("Value"), "figure", 11),
    "comparison": Column(N_("Test"), width=7),
    "limit": Column(N_("Limit"), "figure", 10),
    "measured": Column(N_("Unit"), width=17),
    "period_from": Column(N_("Period from"), "day", 13),
    "period_to": Column(N_("Period to"), "day", 13),
    "says": Column(N_("Finding"), "long", 50),
    "asks": Column(N_("Question to ask"), "long", 40),
    "first_seen": Column(N_("First seen"), "day", 13),
    "change": Column(N_("Change"), width=10, labels=LABELS["change"]),
    "state": Column(N_("State"), width=10, labels=STATES),
    "confirm": Column(N_("To be confirmed by the RM"), width=12, labels=YES_NO),
    "rows": Column(N_("Source rows"), "long", 34),
}
ROSTER = {  # Table 11-1
    "seq_bank": Column(N_("No."), "count", 7),
    "client_id": Column(N_("Client number"), width=10),
    "client_name": Column(N_("Client name"), "long", 24),
    "sector": Column(N_("Sector"), "long", 18),
    "region_code": Column(N_("Region"), width=11),
    "group_name": Column(N_("Group"), "long", 20),
    "grade": Column(N_("Grade"), width=9),
    "grade_computed": Column(N_("Computed grade"), width=10),
    "grade_move": Column(N_("Move of the grade"), width=10, labels=LABELS["grade_move"]),
    "importance_score": Column(N_("Importance score"), "tenth", 11),
    "focus_reasons": Column(N_("Reasons for closer care"), "long", 18, LABELS["focus"]),
    "service_mode": Column(N_("Kind of care"), width=12, labels=LABELS["mode"]),
    "main_rm_name": Column(N_("Main RM"), width=12),
    "assist_rm": Column(N_("Assisting RM"), "long", 12),
    "branch": Column(N_("Branch"), width=9),
    "key_contact_name": Column(N_("Key contact"), width=12),
    "relationship_start": Column(N_("Client since"), "day", 13),
    "tenure_years": Column(N_("Years with us"), "tenth", 9),
    "deposit_adb_365": Column(N_("Average deposits ({unit})"), "money", 14),
    "loans_out": Column(N_("Loans outstanding ({unit})"), "money", 15),
    "settlement_12m": Column(N_("Settlement, twelve months ({unit})"), "money", 17),
    "contribution_12m": Column(N_("Contribution, twelve months ({unit})"), "money", 17),
    "products_held": Column(N_("Products held"), "count", 10),
    "satisfaction_rm": Column(N_("Satisfaction with the RM"), "score", 12),
    "satisfaction_bank": Column(N_("Satisfaction with the bank"), "score", 12),
    "risk_level": Column(N_("Risk level"), "level", 14, LABELS["risk"]),
    "relationship_level": Column(N_("Relationship level"), "level", 14, LABELS["relationship"]),
    "last_contact_on": Column(N_("Last contact"), "day", 13),
    "days_since_contact": Column(N_("Days since"), "count", 8),
    "next_visit_on": Column(N_("Next visit"), "day", 13),
    "file_complete": Column(N_("Archive complete"), "ratio", 10),
}
STATISTICS = {  # Table 11-4
    "period": Column(N_("Period"), width=10),
    "unit": Column(N_("Kind of period"), width=9, labels=PERIODS),
    "complete": Column(N_("Period over"), width=9, labels=YES_NO),
    "dimension": Column(N_("Dimension"), width=17, labels=DIMENSIONS),
    "value": Column(N_("Value of the dimension"), "long", 24),
    "received": Column(N_("Complaints received"), "count", 11),
    "received_prev": Column(N_("Period before"), "count", 9),
    "received_yoy": Column(N_("Against a year ago"), "ratio", 11),
    "per_100_clients": Column(N_("Per 100 clients"), "score", 10),
    "share": Column(N_("Share"), "ratio", 9),
    "severe": Column(N_("Complex and major"), "count", 11),
    "closed": Column(N_("Complaints closed"), "count", 11),
    "open_end": Column(N_("Open at the end"), "count", 10),
    "overdue_end": Column(N_("Overdue at the end"), "count", 11),
    "on_time_rate": Column(N_("Closed in time"), "ratio", 10),
    "ack_median_h": Column(N_("Median working hours to the first answer"), "tenth", 16),
    "close_median_d": Column(N_("Median days to close"), "tenth", 12),
    "repeat_rate": Column(N_("Repeated"), "ratio", 10),
    "upheld_rate": Column(N_("Upheld"), "ratio", 9),
    "fault_bank_rate": Column(N_("Fault of the bank"), "ratio", 10),
    "client_score_mean": Column(N_("Score of the handling"), "score", 11),
    "client_score_n": Column(N_("Scores given"), "count", 9),
    "compensation": Column(N_("Compensation ({unit})"), "money", 14),
    "root_cause_top": Column(N_("First root cause"), "long", 16, LABELS["root_cause"]),
    "corrective_done_rate": Column(N_("Corrective actions done in time"), "ratio", 12),
    "follow_up_rate": Column(N_("Follow-ups held"), "ratio", 11),
    "volunteered_share": Column(N_("Found by ourselves"), "ratio", 11),
}
SHEETS = {
    "watch": N_("Watch list"), "findings": N_("Findings"), "client_roster": N_("Client roster"),
    "complaint_statistics": N_("Complaint statistics"), "about": N_("About"),
}  # fmt: skip
PEOPLE = {"client_id": pl.String, "party_id": pl.String, "name": pl.String}  # what it reads of people
FORMS = ("client_roster", "people", "complaint_statistics")  # relationship frames it reads
_NEEDS = {"client_roster": "clients", "complaint_statistics": "complaints"}  # without it the form has nothing to say
_OURS = ~pl.col("signal_id").str.starts_with("REL")


def workbook(frames: Mapping[str, pl.DataFrame], locale: str, run: Run) -> bytes:
    """The workbook as XLSX; same input, same bytes.

    `frames`: whole-book panel (at least PANEL), assessments and findings; client_roster, people and
    complaint_statistics where the night made them.
    """
    w = Words(locale)
    listed = watched(frames["assessments"], frames["panel"])
    rows = found(frames["findings"], listed)
    with TemporaryDirectory() as folder:  # where rows wait; gone with whatever an error leaves
        unit = text.money_unit(run.currency, locale)
        made = Workbook(w, w.gettext("Watch list"), run.as_of, unit, _foot(run, locale), folder)
        made.table(w.gettext(SHEETS["watch"]), WATCH, listed, lambda block: _watch(block, w), frozen=2)
        made.table(
            w.gettext(SHEETS["findings"]), FINDINGS, rows, lambda block: _findings(block, w, run.currency), frozen=2
        )
        _form(made, "client_roster", frames, run, w)
        _form(made, "complaint_statistics", frames, run, w)
        made.facts(w.gettext(SHEETS["about"]), _about(run, w))
        return made.close()


def watched(assessments: pl.DataFrame, panel: pl.DataFrame) -> pl.DataFrame:
    """The assessments of the clients that are not clear with who they are: worst first, then by exposure."""
    listed = assessments.with_columns(pl.col("risk_level").cast(RISK)).filter(pl.col("risk_level") != "clear")
    worst = [pl.col("risk_level").to_physical(), pl.col("exposure"), pl.col("client_id")]
    return listed.join(panel.select(PANEL), on="client_id", how="left").sort(
        worst, descending=[True, True, False], nulls_last=True
    )


def found(findings: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The findings of those clients in any state but the signs of decay: clients in that order, each by weight."""
    who = listed.select("client_id", "name", "confidential", "rm_name").with_row_index("place")
    weight = listed.select("client_id", signal_id="reasons").explode("signal_id").with_row_index("weight")
    return (
        findings.filter(_OURS)
        .join(who, on="client_id")
        .join(weight, on=["client_id", "signal_id"], how="left")
        .sort("place", "weight", "signal_id", nulls_last=True)
    )


def _called(w: Words) -> pl.Expr:
    """The client's name; masked when it is confidential, its id when the master data were refused."""
    return (
        pl.when("confidential")
        .then(pl.lit(w.gettext("Confidential client")))
        .otherwise(pl.coalesce("name", "client_id"))
    )


def _sector(w: Words) -> pl.Expr:
    """The sector in words with its code."""
    named = pl.col("industry_section").replace({code: w.label("section", code) for code in LABELS["section"]})
    return pl.coalesce(pl.format(w.gettext("{} ({})"), named, "industry_code"), named)


def _watch(rows: pl.DataFrame, w: Words) -> pl.DataFrame:
    """Rows of the watch list with names in words."""
    known = {signal: f"{signal} {w.signal(signal)}" for signal in CATALOGUE} | {"thin_data": w.gettext("thin data")}
    ours = pl.element().filter(~pl.element().str.starts_with("REL"))
    check = (r"^(\S+) .* / (.*)$", "${1} ${2}") if w.locale == "zh" else (r" / .*$", "")  # told in both languages
    return rows.with_columns(
        called=_called(w),
        sector=_sector(w),
        reasons=pl.col("reasons").list.eval(ours.str.replace(*check).replace(known)).list.join(w.gettext("; ")),
    )


def _findings(rows: pl.DataFrame, w: Words, currency: str) -> pl.DataFrame:
    """Rows of the findings with the signal, its unit, question and source rows in words."""
    asks = {signal.id: signal.ask_zh if w.locale == "zh" else signal.ask_en for signal in CATALOGUE.values()}
    units = {unit: w.gettext(said) for unit, said in UNITS.items()} | {"money": text.money_unit(currency, w.locale)}
    keys = zip(rows["source_keys"].to_list(), rows["client_id"].to_list(), strict=True)
    return rows.with_columns(
        called=_called(w),
        signal=pl.col("signal_id").replace_strict({signal: w.signal(signal) for signal in asks}, default=None),
        asks=pl.col("signal_id").replace_strict(asks, default=None),
        comparison=pl.col("comparison").cast(pl.String).replace(COMPARISONS),
        measured=pl.col("unit").replace_strict(units, default=pl.col("unit")),
        says=f"text_{w.locale}",
        rows=pl.Series([source(key or [], client, w) for key, client in keys], dtype=pl.String),
    )


def _roster(rows: pl.DataFrame, frames: Mapping[str, pl.DataFrame], run: Run, w: Words) -> pl.DataFrame:
    """Rows of the roster with names in words; of a confidential client nothing that names it."""
    own = frames["panel"].select("client_id", "industry_section", masked="confidential")
    people = frames.get("people", pl.DataFrame(schema=PEOPLE)).select(*PEOPLE)
    named = pl.element().replace(run.names.get("staff", {}))
    hidden = pl.lit(w.gettext("Confidential client"))
    return (
        rows.join(own, on="client_id", how="left", maintain_order="left")
        .join(
            people.rename({"party_id": "key_contact", "name": "key_contact_name"}),
            on=["client_id", "key_contact"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            client_name=pl.when("masked").then(hidden).otherwise("client_name"),
            group_name=pl.when(~pl.col("masked")).then("group_name"),
            key_contact_name=pl.when(~pl.col("masked")).then("key_contact_name"),
            sector=_sector(w),
            assist_rm=pl.col("assist_rm").list.eval(named),
        )
    )


def _statistics(rows: pl.DataFrame, frames: Mapping[str, pl.DataFrame], run: Run, w: Words) -> pl.DataFrame:
    """Rows of the statistics, the value of each dimension in words."""
    managers = frames["panel"].select("rm_id", said=pl.format("{} {}", "rm_id", "rm_name")).drop_nulls()
    said = {name: {code: w.gettext(of) for code, of in codes.items()} for name, codes in VALUES.items()}
    said["rm"] = dict(managers.unique(maintain_order=True).rows())
    value = pl.col("value")
    for name, codes in said.items():
        value = pl.when(pl.col("dimension") == name).then(pl.col("value").replace(codes)).otherwise(value)
    return rows.with_columns(value=value)


def _form(made: Workbook, name: str, frames: Mapping[str, pl.DataFrame], run: Run, w: Words) -> None:
    """The sheet of a form; in its place why there is none."""
    title, table = w.gettext(SHEETS[name]), _NEEDS[name]
    frame = frames.get(name)
    if frame is None or (frame.is_empty() and table not in run.feeds):
        why = w.gettext("the night did not make it")
        if table not in run.feeds:
            why = w.gettext("the table of {table} was not delivered").format(table=w.label("table", table))
        made.note(title, w.gettext("{sheet} is missing: {why}.").format(sheet=title, why=why))
        return
    columns, ready = (ROSTER, _roster) if name == "client_roster" else (STATISTICS, _statistics)
    order = "seq_bank" if name == "client_roster" else None
    made.table(
        title, columns, frame.sort(order) if order else frame, lambda block: ready(block, frames, run, w), frozen=3
    )


def _simulated(run: Run, w: Words) -> str | None:
    """Which tables are simulated and how, as the source says it; None: none is."""
    tables = run.provenance.get("tables", {})
    made = {name: of for name, of in tables.items() if of.get("origin") == "simulated"}
    notes = dict.fromkeys(of.get(f"note_{w.locale}") for of in made.values())
    return "\n".join([w.join([w.label("table", name) for name in made]), *filter(None, notes)]) if made else None


def _foot(run: Run, locale: str) -> str:
    """Where the figures come from, as the pages say it at their foot."""
    attribution, licence = run.provenance.get(f"attribution_{locale}"), run.provenance.get("licence")
    return f"{attribution} ({licence}). Bellwether" if attribution else "Bellwether"


def _about(run: Run, w: Words) -> list[tuple[str, str | date]]:
    """What the workbook is and where it comes from, line by line."""
    contest = w.gettext(
        "To contest a finding, send the client number, the signal and the correct figure with its document to the risk department; a recorded correction is taken up the next night. This page advises; it does not decide."
    )
    lines: dict[str, str | date | None] = {
        w.gettext("Bank"): run.provenance.get(f"name_{w.locale}"),
        w.gettext("As of"): run.as_of,
        w.gettext("Policy"): run.policy,
        w.gettext("Catalogue"): run.catalogue,
        w.gettext("Amounts"): text.money_unit(run.currency, w.locale),
        w.gettext("Watch list"): w.gettext("Every client that is not clear, the worst first, then by exposure."),
        w.gettext("Findings"): w.gettext("What those clients' levels rest on, with snoozed and resolved findings."),
        w.gettext("Client roster"): w.gettext("Table 11-1: every client by importance."),
        w.gettext("Complaint statistics"): w.gettext("Table 11-4: complaints by month, quarter and year."),
        w.gettext("Empty cells"): w.gettext("What is not known or does not apply; never zero."),
        w.gettext("To contest"): contest,
        w.gettext("Source"): _foot(run, w.locale),
        w.gettext("Simulated tables"): _simulated(run, w),
    }
    return [(what, said) for what, said in lines.items() if said is not None]
