"""The checks of a delivery as a whole: B3 to B6, B8 (B1, B2 and B7 are the reader's)."""

from collections.abc import Mapping
from datetime import date
from statistics import median

import polars as pl

from expectations.model import Action, Clean, Counts, Delivery, Notice, Refused, Table

WARN_SHARE, STOP_SHARE = 0.001, 0.01
HISTORY_LEAST, HISTORY_LARGE = 5, 1_000
EARLY_LOW, EARLY_HIGH = 0.7, 1.5  # ours
_PARENT = {"balances": ("accounts", "account_id"), "loan_status": ("loans", "loan_id")}  # whose currency a row has


def refuse_miscount(table: Table, rows: int, said: int) -> None:
    """B3: as many rows as the manifest says."""
    if rows != said:
        raise Refused(f"Table {table.name}: {rows} rows came, the manifest says {said} (B3); deliver again.")


def totals(table: Table, frame: pl.LazyFrame, clean: Clean) -> dict[str, int]:
    """Sum of the money column per currency, of transactions per direction too, named as in a manifest (reading I5)."""
    if table.name in _PARENT:
        parent, key = _PARENT[table.name]
        frame = frame.join(clean[parent].select(key, "currency"), on=key, how="left")
    by = (["direction"] if table.name == "transactions" else []) + ["currency"]
    money = pl.col(str(table.money)).cast(pl.Int128)  # one absurd amount must not wrap the sum
    sums = frame.group_by(by).agg(money.sum().alias("total")).collect()
    return {".".join([str(table.money), *map(str, row[:-1])]): int(row[-1]) for row in sums.rows()}


def refuse_totals(table: Table, frame: pl.LazyFrame, clean: Clean, said: Mapping[str, int]) -> None:
    """B4: the sums are the manifest's control totals, to the unit."""
    wanted = {name: total for name, total in said.items() if name.startswith(f"{table.money}.")}
    if table.money is None or not wanted:
        return
    found = totals(table, frame, clean)
    if f"{table.money}.None" in found:  # rows of an account or loan nobody knows have no currency: all sums together
        together = f"{table.money} of all currencies"
        found, wanted = {together: sum(found.values())}, {together: sum(wanted.values())}
    for name, total in wanted.items():
        if found.get(name, 0) != total:
            raise Refused(
                f"Table {table.name}: the sum {name} is {found.get(name, 0)}, the manifest's control total {total} (B4); "
                "deliver the table again."
            )


def stale(table: Table, newest: date | None, clean: Clean, delivery: Delivery) -> Notice | None:
    """B5: the delivery is fresh (reading I2: transactions and balances by their newest row, in working days).

    Raises Refused for a core table; a notice for another: it counts as not connected tonight.
    """
    if table.stale_after is None:
        return None
    last, age = delivery.business_date, (delivery.as_of - delivery.business_date).days
    if table.months is not None and newest is not None and "calendar" in clean:
        last = newest
        working = clean["calendar"].filter("is_workday", pl.col("date") > newest, pl.col("date") <= delivery.as_of)
        age = max(age, working.select(pl.len()).collect().item())
    if age <= table.stale_after:
        return None
    if table.core:
        raise Refused(
            f"Table {table.name}: its newest data is of {last}, {age} days before {delivery.as_of}, allowed are "
            f"{table.stale_after} (B5); deliver it."
        )
    en = f"newest data of {last}, {age} days old: counted as not connected"
    return Notice(table.name, "B5", Action.WARN, 1, en, f"最新数据为{last}，已过{age}天，视为未接入")


def unusual(table: Table, rows: int, delivery: Delivery) -> Notice | None:
    """B6: the newest delivery has half to twice the rows usual on such a day (reading I3: below 1,000 it only tells).

    Ours: of a large feed it tells earlier, so that one cut to 60 % does not pass in silence.
    """
    if len(delivery.usual_rows) < HISTORY_LEAST:
        return None
    usual = median(delivery.usual_rows[-20:])
    odd, large = not 0.5 * usual <= rows <= 2 * usual, usual >= HISTORY_LARGE
    if not odd and not (large and not EARLY_LOW * usual <= rows <= EARLY_HIGH * usual):
        return None
    if odd and large and table.core:
        raise Refused(f"Table {table.name}: {rows} rows came, {usual:.0f} are usual (B6); check the delivery.")
    return Notice(
        table.name,
        "B6",
        Action.WARN,
        1,
        f"{rows} rows came, {usual:.0f} are usual",
        f"收到{rows}行，通常为{usual:.0f}行",
    )


def _share(counts: Counts, tonight: tuple[int, int]) -> float:
    rows, bad = tonight
    share = counts.quarantined / counts.rows_in if counts.rows_in else 0.0
    return max(share, bad / rows) if rows >= HISTORY_LARGE else share


def refused_share(table: Table, counts: Counts, tonight: tuple[int, int], mostly: str) -> Notice | None:
    """B8: the share of refused rows, of all rows and of tonight's delivery once that has a thousand rows and more.

    Raises Refused above 1 % of a core table; a notice above 0.1 %.
    """
    share = _share(counts, tonight)
    if share <= WARN_SHARE:
        return None
    if share > STOP_SHARE and table.core:
        raise Refused(
            f"Table {table.name}: {counts.quarantined} of {counts.rows_in} rows were refused (B8, mostly {mostly}), "
            f"{share:.1%} where {STOP_SHARE:.0%} is allowed; mend the delivery."
        )
    en, zh = f"{share:.2%} of the rows were refused", f"{share:.2%}的记录被拒收"
    return Notice(table.name, "B8", Action.WARN, counts.quarantined, en, zh)


def left_out(notices: list[Notice], table: Table, counts: Counts, tonight: tuple[int, int]) -> bool:
    """Whether an optional table counts as not connected tonight: too old (B5), or more than 1 % refused (B8)."""
    too_bad = _share(counts, tonight) > STOP_SHARE
    return not table.core and (too_bad or any(notice.check_id == "B5" for notice in notices))
