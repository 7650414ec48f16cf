"""Deposits and settlement at our bank (MGT-42)."""

from transforms.measures import declined, ratio
from transforms.signal import Measure, Signal, Test, at_most, fact, house, red
from transforms.text import Unit

_MEASURES = {
    "inflow": ("opin", "Inflow", "账户流入"),
    "turnover": ("turnover", "Inflow and outflow together", "收付结算总量"),
    "balance": ("adb", "The average daily balance of the demand accounts", "活期日均余额"),
}


def _decline(name: str, level: str) -> Test:
    column, en, zh = _MEASURES[name]
    return Test(
        level,
        name,
        declined(column, level),
        en=f"{en} of the last three months is {{value}} of the mean of the twelve months before (limit {{limit}}).",
        zh=f"{zh}近三个月月均为此前十二个月月均的{{value}}（界限{{limit}}）。",
    )


persistent_fall = Signal(
    id="MGT-42",
    grade="A",
    zh="在银行的存款余额或结算量持续下降。",
    en="Persistent fall in deposits or settlement volume at our bank",
    tests=(
        *(_decline(name, level) for level in ("W", "A", "R") for name in _MEASURES),
        red(
            "balance_gone",
            at_most(Measure(ratio("adb_180", "adb_180_before"), Unit.RATIO), house(0.05, "95% gone in six months")),
            en="The average balance of 180 days is {adb_180:money}, {value} of the 180 days before (limit {limit}).",
            zh="近180天日均余额{adb_180:money}，为此前180天的{value}（界限{limit}）。",
        ),
        red(
            "accounts_closed",
            fact("all_demand_closed"),
            en="Every demand account has been closed.",
            zh="活期账户已全部销户。",
        ),
    ),
    clear_needs=tuple(_MEASURES),
    ask_en="Ask where the business is settled now, and whether sales fell or only moved to another bank.",
    ask_zh="询问结算业务现在走哪家银行，是销售下降还是仅仅转移到他行。",
    note="A and R must hold at this and the previous month-end; the hold, not a falling row of months, is 'persistent'.",
)
