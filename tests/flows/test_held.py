"""Three nights of one bank: a client held and what its reports say of it, an orphan refused until its account comes."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows import nightly, nights, paper, show
from flows.cli import SAMPLE_AS_OF, main
from tests.deliveries import next_day, redeliver
from tests.reports.test_documents import words_of

DAYS = [SAMPLE_AS_OF + timedelta(days=k) for k in range(3)]
HELD, MENDED, NEWCOMER, WITHHELD = "C0012", "C0011", "C0099", "C0002"  # CL1; P2 for a night; K1 for a night; Q5
SINCE = date(2014, 1, 1)
ORPHANS = "A-C0010-9"  # the account of three transactions comes on the third day


def one_of(frame: pl.DataFrame, account: str, rows: int, **told: Any) -> pl.DataFrame:
    """Rows of an account once more, under other numbers."""
    found = frame.filter(pl.col("account_id") == account).head(rows)
    named = pl.format(f"{next(iter(told.values()))}-{{}}", pl.int_range(pl.len()))
    return found.with_columns(**{name: pl.lit(value) for name, value in told.items()}, txn_id=named)


def first(bank: Path) -> None:
    """Eighteen months of a bank; transactions of an account nobody delivered; loans without their last month end."""

    def booked(frame: pl.DataFrame) -> pl.DataFrame:
        recent = frame.filter(pl.col("booked_on") >= SINCE)
        return pl.concat([recent, one_of(recent, "A-C0010-1", 3, account_id=ORPHANS)])

    redeliver(bank, "transactions", booked, backfill=True)
    redeliver(bank, "balances", lambda f: f.filter(pl.col("date") >= SINCE), backfill=True)
    loans = pl.read_parquet(bank / "loans/2015-06-30/part-0000.parquet").filter(pl.col("client_id") == WITHHELD)
    missing = pl.col("loan_id").is_in(loans["loan_id"].implode()) & (pl.col("as_of") == DAYS[0])
    redeliver(bank, "loan_status", lambda f: f.filter(~missing), backfill=True)


def client(frame: pl.DataFrame, **told: Any) -> pl.DataFrame:
    """A row of a client that is there, changed."""
    key = frame.columns[0]
    return frame.filter(pl.col(key) == MENDED).with_columns(**{n: pl.lit(v) for n, v in told.items()})


def second(bank: Path) -> None:
    """Sixty transactions without an amount, a party without industry, a client whose party has not come."""
    next_day(bank, DAYS[1])
    zero = {"booked_on": DAYS[1], "amount": 0}
    redeliver(bank, "transactions", lambda f: one_of(f, f"A-{HELD}-1", 60, **zero), DAYS[1])
    redeliver(bank, "parties", lambda f: client(f, industry_code=None, updated_on=DAYS[1]), DAYS[1])
    redeliver(bank, "clients", lambda f: pl.concat([f, client(f, client_id=NEWCOMER)]), DAYS[1])


def third(bank: Path) -> None:
    """The party mended, the newcomer's party and the orphans' account there, one more transaction."""
    next_day(bank, DAYS[2])
    redeliver(bank, "transactions", lambda f: one_of(f, f"A-{MENDED}-1", 1, booked_on=DAYS[2]), DAYS[2])
    new = {"party_id": NEWCOMER, "name": "Newcomer Ltd.", "uscc": None, "updated_on": DAYS[2]}
    redeliver(bank, "parties", lambda f: pl.concat([client(f, updated_on=DAYS[2]), client(f, **new)]), DAYS[2])
    redeliver(bank, "clients", lambda f: pl.concat([f, client(f, client_id=NEWCOMER)]), DAYS[2])
    account = pl.col("account_id") == "A-C0010-1"
    added = {"account_id": pl.lit(ORPHANS)}
    redeliver(bank, "accounts", lambda f: pl.concat([f, f.filter(account).with_columns(**added)]), DAYS[2])


@pytest.fixture(scope="module")
def three(run_night: Callable[..., nightly.Outcome], tmp_path_factory: pytest.TempPathFactory) -> list[nightly.Outcome]:
    """The three nights, each run when its deliveries have come."""
    root = tmp_path_factory.mktemp("three")
    bank = root / "source"
    assert main(["sample", "--out", str(bank), "--clients", "13"]) == 0
    made = []
    for day, deliver in zip(DAYS, (first, second, third), strict=True):
        deliver(bank)
        made.append(run_night(bank, root / "out", as_of=day))
    return made


def assessed(outcome: nightly.Outcome, client_id: str) -> dict[str, Any]:
    frame = pl.read_parquet(outcome.night.file("assessments.parquet"))
    return frame.row(by_predicate=pl.col("client_id") == client_id, named=True)


def test_a_held_client_keeps_its_level_and_says_why(three: list[nightly.Outcome]) -> None:
    one, two, now = (assessed(outcome, HELD) for outcome in three)
    assert (one["risk_level"], one["held_by"]) == ("R", None)
    for row in (two, now):
        assert (row["risk_level"], row["held_by"], row["previous_risk_level"]) == ("not_assessable", "CL1", "R")
        assert (row["held_level"], row["held_level_on"], row["change"]) == ("R", DAYS[0], "standing")
        assert row["since"] == one["since"]
        assert row["reasons"][0] == (
            "CL1 transactions: more than 5% of the client's rows were refused / transactions：该客户5%以上的记录被拒收"
        )
    explained = show.explain_lines(show.explain(three[-1].night, HELD, "MGT-42"))
    assert explained[0].endswith("held by CL1, last assessed R on 2015-06-30")


def test_a_released_client_goes_on_where_it_stood(three: list[nightly.Outcome]) -> None:
    one, held, now = (assessed(outcome, MENDED) for outcome in three)
    assert (held["risk_level"], held["held_by"], held["held_level"]) == ("not_assessable", "P2", one["risk_level"])
    assert (now["risk_level"], now["held_by"], now["change"]) == (one["risk_level"], None, "standing")
    assert (now["since"], now["previous_risk_level"]) == (one["since"], one["risk_level"])


def test_a_client_whose_party_is_missing_is_held_until_it_comes(three: list[nightly.Outcome]) -> None:
    held, now = (assessed(outcome, NEWCOMER) for outcome in three[1:])
    assert (held["risk_level"], held["held_by"], held["held_level"]) == ("not_assessable", "K1", None)
    assert now["held_by"] is None


@pytest.mark.parametrize("kind", paper.KINDS)
@pytest.mark.parametrize(
    ("locale", "says"),
    [
        (
            "en",
            [
                "Not assessable",
                "until the data are mended: transactions: more than 5% of the client's rows were refused (CL1).",
                "Last assessed level: Red, on 30 June 2015.",
            ],
        ),
        (
            "zh",
            [
                "数据修正前暂不评估：结算交易：该客户5%以上的记录被拒收（CL1）。",
                "最近一次评估等级：红色（2015年6月30日）。",
            ],
        ),
    ],
)
def test_both_reports_of_a_held_client_say_so(
    three: list[nightly.Outcome], kind: str, locale: str, says: list[str]
) -> None:
    text = words_of(paper.again(three[-1].night, HELD, kind, locale)[0].html(DAYS[-1]))
    for words in says:
        assert words in text
    assert "thin data" not in text


def test_a_check_that_withholds_a_table_takes_only_that(three: list[nightly.Outcome]) -> None:
    for outcome in three:
        assert assessed(outcome, WITHHELD)["held_by"] is None
        answers = pl.read_parquet(outcome.night.file("answers.parquet"))
        row = answers.row(by_predicate=pl.col("client_id") == WITHHELD, named=True)
        assert row["MGT-48"] == "NO_DATA"
        assert (row["FIN-01"], row["MGT-42"]) == ("R", "CLEAR")
    for kind in paper.KINDS:
        made = {locale: paper.again(three[-1].night, WITHHELD, kind, locale)[0] for locale in ("en", "zh")}
        english, chinese = (words_of(one.html(DAYS[-1])) for one in made.values())
        assert "Not used for this client: loan states. a loan without a state of the last month end (Q5)." in english
        assert "本客户未采用的数据：借据状态。" in chinese


# ---- the orphan ----------------------------------------------------------------------------------------------------


def listed(outcome: nightly.Outcome, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    out = ["--out", str(outcome.night.out), "--as-of", outcome.night.as_of.isoformat()]
    assert main(["quarantine", "list", *out, *more]) == 0
    return capsys.readouterr().out


def orphans(night: nights.Published) -> int:
    return show.quarantined(night, "transactions").filter(pl.col("account_id") == ORPHANS).height


def test_an_orphan_is_tried_again_until_its_account_comes(
    three: list[nightly.Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    assert [orphans(outcome.night) for outcome in three] == [3, 3, 0]
    told = [outcome.night.manifest["tables"]["transactions"]["released"] for outcome in three]
    assert told == [{}, {}, {"C5": 3}]
    counts = [outcome.night.manifest["tables"]["transactions"]["counts"] for outcome in three]
    assert all(c["rows_in"] == c["clean"] + c["quarantined"] + c["collapsed"] + c["superseded"] for c in counts)
    for outcome in three[:2]:
        assert "account_id is not in accounts" in listed(outcome, capsys)
        assert "released" not in listed(outcome, capsys)
    said = listed(three[2], capsys)
    assert (
        "3 rows of transactions refused by C5 earlier were released: the accounts or parties they name have come."
        in said
    )
    assert "account_id is not in accounts" not in said


def test_the_list_says_since_which_delivery_in_both_languages(
    three: list[nightly.Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = json.loads(listed(three[2], capsys, "--json"))
    late = [r for r in rows["refused"] if r["table"] == "transactions" and r["since"] == f"{DAYS[1]}.1"]
    assert [(r["check_id"], r["rows"], r["action"]) for r in late] == [("X1", 60, "ROW")]
    assert rows["released"] == [{"table": "transactions", "check_id": "C5", "rows": 3}]
    said = listed(three[2], capsys, "--locale", "zh")
    assert "此前被C5拒收的结算交易3行已解除隔离：所指的" in said
    assert "金额" in said
    assert f"{DAYS[1]}.1" in said


def test_the_summary_of_a_night_says_what_was_released(three: list[nightly.Outcome]) -> None:
    from flows.settings import Settings
    from flows.summary import lines

    told = [
        lines(outcome, Settings(outcome.night.as_of, Path("in"), outcome.night.out), "plainly") for outcome in three
    ]
    assert "; 3 refused earlier released;" in "\n".join(told[2])
    assert "released" not in "\n".join(told[1])


def test_the_index_page_says_what_was_released_and_withheld(three: list[nightly.Outcome]) -> None:
    text = words_of(three[2].night.file("index.html").read_text(encoding="utf-8"))
    for words in (
        "C5 Released since the last night",
        "The night before1 July 2015",
        "上一晚2015年7月1日",
        "Q5 a loan without",
    ):
        assert words in text
