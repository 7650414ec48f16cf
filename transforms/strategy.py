"""The advised risk strategy: 摆脱 exit, 转移 transfer, 消减 reduce, 分散 spread, 预防 prevent (input model 9.6).

Grounds are data: the first strategy of the book's order with a ground that holds is the advice, the next two support it.
It advises; people decide.
"""

from dataclasses import dataclass

import polars as pl

from transforms.arithmetic import ratio

SUPPORTING = 2
COVER_FOR_EXIT, COVER_FOR_REDUCE = 0.70, 1.00
FLOATING, CROSS_BORDER = 0.50, 0.20
OF_BOOK, OF_ONE_KIND = 0.10, 0.80
NEW_CLIENT_DAYS = 365
THIN = 0.40  # share of NO_DATA

_level = pl.col("risk_level").cast(pl.String)
_bad = _level.is_in(["A", "R", "N"])
_owes = pl.col("exposure") > 0


def _stands(*signals: str) -> pl.Expr:
    """Whether one of the signals stands."""
    return pl.any_horizontal([pl.col("reasons").list.contains(signal) for signal in signals])


@dataclass(frozen=True, eq=False)
class Ground:
    """A reason for a strategy: a three-valued expression over the assessed panel, and its words."""

    strategy: str
    name: str
    holds: pl.Expr
    en: str
    zh: str

    @property
    def code(self) -> str:
        """strategy.name: what an assessment carries."""
        return f"{self.strategy}.{self.name}"


GROUNDS = (
    Ground("exit", "non_performing", _level == "N", "the client is non-performing", "客户已不良"),
    Ground("exit", "moral_hazard", (_level == "R") & pl.col("moral_red"), "red, with a red moral-hazard signal", "红色且有道德风险红色信号"),
    Ground(
        "exit", "stuck",
        (_level == "R") & pl.col("red_at_month_end") & (pl.col("cover_share") < COVER_FOR_EXIT),
        "red at two month-ends with cover under 70% and no improvement", "连续两个月末为红色，押品覆盖不足70%且未见改善",
    ),
    Ground(
        "exit", "low_value",
        (_level == "A") & pl.col("alert_at_three_month_ends") & (pl.col("tier_used") == "D"),
        "alert at four month-ends, and a client of grade D", "连续四个月末为预警，且为D级客户",
    ),
    Ground(
        "transfer", "guarantor", _level.is_in(["A", "R"]) & pl.col("sound_guarantor"),
        "a guarantor that is a sound client of ours stands behind it", "有我行正常客户作为担保人",
    ),
    Ground(
        "transfer", "securities", _level.is_in(["A", "R"]) & _stands("FIN-06", "FIN-20"),
        "the client carries securities risk it can turn into cash", "客户持有证券风险，可变现转移",
    ),
    Ground(
        "reduce", "floating", _level.is_in(["W", "A", "R"]) & _stands("EXT-05") & (pl.col("policies_monetary") > 0) & (
            ratio(pl.col("floating_outstanding"), pl.col("outstanding")) >= FLOATING),
        "half of the loans float while monetary policy moves", "货币政策变动，浮动利率贷款占比过半",
    ),
    Ground(
        "reduce", "cross_border", _level.is_in(["W", "A", "R"]) & _stands("EXT-05") & (pl.col("policies_trade") > 0)
        & (pl.col("cross_border_share_12") >= CROSS_BORDER),
        "a fifth of the receipts comes from abroad while trade policy moves", "贸易政策变动，跨境收款占比达两成",
    ),
    Ground("reduce", "price", _level.is_in(["W", "A", "R"]) & _stands("MGT-12"), "the product's price falls", "主要产品价格下跌"),
    Ground("reduce", "cover", _bad & _owes & (pl.col("cover_share") < COVER_FOR_REDUCE), "cover is below the exposure", "押品覆盖不足敞口"),
    Ground("reduce", "line", _level.is_in(["W", "A", "R"]) & _stands("ADD-01"), "the line is drawn to the full", "授信已接近用满"),
    Ground("spread", "cell", pl.col("share_of_cell") >= OF_BOOK, "a tenth or more of what we lend to its sector and region", "占同行业同地区敞口一成以上"),
    Ground("spread", "branch", pl.col("share_of_branch") >= OF_BOOK, "a tenth or more of the branch's loans", "占分行贷款一成以上"),
    Ground("spread", "product", pl.col("product_share") >= OF_ONE_KIND, "four fifths of the loans are of one product", "单一产品占贷款八成以上"),
    Ground("spread", "collateral", pl.col("cover_kind_share") >= OF_ONE_KIND, "four fifths of the cover is of one kind", "单一押品种类占八成以上"),
    Ground(
        "spread", "sector", _stands("EXT-01", "EXT-03", "EXT-06", "EXT-08") & (pl.col("cell_share_of_book") >= OF_BOOK),
        "its sector and region is in trouble and a tenth of the book", "所在行业地区承压且占全行敞口一成以上",
    ),
    Ground("spread", "partners", _stands("FIN-18", "MGT-10") & _owes, "it depends on few customers or suppliers", "过度依赖少数客户或供应商"),
    Ground("prevent", "watched", _level.is_in(["W", "A", "R"]), "signals stand", "存在风险信号"),
    Ground("prevent", "thin_data", (_level == "not_assessable") | (1 - pl.col("coverage") > THIN), "too little is known", "信息不足"),
    Ground(
        "prevent", "new_client", (pl.col("as_of_day") - pl.col("relationship_start")).dt.total_days() < NEW_CLIENT_DAYS,
        "a client for less than a year", "建立关系不足一年",
    ),
)  # fmt: skip
ORDER = tuple(dict.fromkeys(ground.strategy for ground in GROUNDS))
COLUMNS = (
    *(
        "exposure",
        "outstanding",
        "cover_share",
        "red_at_month_end",
        "alert_at_three_month_ends",
        "tier_used",
        "sound_guarantor",
    ),
    *(
        "floating_outstanding",
        "cross_border_share_12",
        "share_of_cell",
        "share_of_branch",
        "product_share",
        "cover_kind_share",
    ),
    *("cell_share_of_book", "relationship_start", "policies_monetary", "policies_trade"),
)  # panel columns the grounds read


def advise() -> dict[str, pl.Expr]:
    """strategy (null: none), supporting (list, at most two), grounds (list of codes of the three), as expressions.

    Over a frame with COLUMNS, risk_level, reasons, coverage, moral_red and as_of_day.
    """
    holds = {ground.code: ground.holds.fill_null(value=False) for ground in GROUNDS}
    found = {
        strategy: pl.any_horizontal([holds[g.code] for g in GROUNDS if g.strategy == strategy]) for strategy in ORDER
    }
    names = [pl.when(found[strategy]).then(pl.lit(strategy)) for strategy in ORDER]
    chosen = pl.concat_list(names).list.drop_nulls().list.head(1 + SUPPORTING)
    codes = [pl.when(holds[g.code] & chosen.list.contains(g.strategy)).then(pl.lit(g.code)) for g in GROUNDS]
    return {
        "strategy": chosen.list.first(),
        "supporting": chosen.list.slice(1),
        "grounds": pl.concat_list(codes).list.drop_nulls(),
    }
