"""parties 主体: one organisation or person the bank can name."""

from collections.abc import Callable

import polars as pl

from expectations.model import Action, Check, Clean, Column, Delivery, Table

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_VALUE = {character: place for place, character in enumerate(_ALPHABET)}


def _uscc_wrong() -> pl.Expr:
    """The check character of GB 32100 (weights 3^i modulo 31) is not the one computed."""
    code = pl.col("uscc")
    values = [
        code.str.slice(i, 1).replace_strict(_VALUE, default=None, return_dtype=pl.Int64) * pow(3, i, 31)
        for i in range(17)
    ]
    expected = (31 - pl.sum_horizontal(values) % 31) % 31
    last = code.str.slice(17, 1).replace_strict(_VALUE, default=None, return_dtype=pl.Int64)
    whole = code.str.contains(f"^[{_ALPHABET}]{{18}}$")
    return code.is_not_null() & ~(whole & (expected == last).fill_null(False))


def _second_with_uscc(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
    """Later parties that share a uscc with an earlier id; one that is left out (P1) is shared by nobody."""
    given = rows.filter(pl.col("uscc").is_not_null(), ~_uscc_wrong())
    return given.filter(pl.col("party_id") > pl.col("party_id").min().over("uscc")).select("row_number")


def _unplaced(clients: bool) -> Callable[[pl.LazyFrame, Clean, Delivery], pl.LazyFrame]:
    """Companies without industry or region: those that are clients, or the others."""

    def rows_unplaced(rows: pl.LazyFrame, clean: Clean, delivery: Delivery) -> pl.LazyFrame:
        missing = pl.col("industry_code").is_null() | pl.col("region_code").is_null()
        client = pl.col("party_id").is_in(pl.Series(delivery.client_ids, dtype=pl.String).implode())
        return rows.filter(pl.col("kind") == "company", missing, client == clients).select("row_number")

    return rows_unplaced


TABLE = Table(
    name="parties",
    zh="主体",
    en="one organisation or person the bank can name",
    grain_zh="银行能够指名的一个机构或自然人",
    core=True,
    mode="upsert",
    recorded="updated_on",
    columns=(
        Column(
            "party_id",
            "主体编号",
            "id",
            "k!",
            "the bank's unified customer number where there is one, else a stable hash",
            "有统一客户号的用统一客户号，否则用稳定的散列值",
            source="B010001 客户ID",
        ),
        Column("kind", "主体类型", "e:party_kind", "!", source="B010026 对公客户类型 + own list"),
        Column(
            "name",
            "名称",
            "text",
            "!p",
            "at most 200 characters; persons are personal data",
            "最长200字；自然人姓名属于个人信息",
            source="B010003",
            length=200,
        ),
        Column(
            "uscc",
            "统一社会信用代码",
            "text",
            "?",
            "18 characters, check character valid (GB 32100)",
            "18位，校验位正确（GB 32100）",
            source="B010004",
        ),
        Column(
            "industry_code",
            "行业代码",
            "text",
            "c",
            "GB/T 4754, 1-5 characters (C, C26, C2614); required for companies",
            "GB/T 4754，1至5位（C、C26、C2614）；企业必填",
            source="B010025 (5 an)",
            when=pl.col("kind") == "company",
            judged_by="P2",
            length=5,
        ),
        Column(
            "region_code",
            "行政区划",
            "text",
            "c",
            "GB/T 2260, 6 digits; required for companies",
            "GB/T 2260，6位数字；企业必填",
            source="B010030 (6 n)",
            when=pl.col("kind") == "company",
            judged_by="P2",
            length=6,
        ),
        Column("size_class", "企业规模", "e:size_class", "?", source="credit system"),
        Column("registered_capital", "注册资本", "money", "?", "CNY, fen", "人民币，分", source="B010019/20", low=0),
        Column("established_on", "成立日期", "date", "?", source="B010023"),
        Column("deregistered_on", "注销日期", "date", "?", source="registry"),
        Column(
            "employees", "员工人数", "int", "?", "0 to 3,000,000", "0至3000000", source="B010041", low=0, high=3000000
        ),
        Column("listed", "是否上市", "bool", "?", source="B010042"),
        Column(
            "birthday_mmdd",
            "生日(月日)",
            "mmdd",
            "?p",
            "persons only; the year is not wanted",
            "仅自然人；不需要年份",
            source="CRM",
        ),
        Column("updated_on", "更新日期", "date", "!", source="all"),
    ),
    checks=(
        Check(
            "P1",
            Action.WARN,
            "uscc has a wrong check character and is left out",
            "统一社会信用代码校验位错误，已置空",
            _uscc_wrong(),
            becomes={"uscc": pl.lit(None, pl.String)},
        ),
        Check("P2", Action.CLIENT, "a client without industry or region", "客户缺行业或地区", _unplaced(clients=True)),
        Check(
            "P2",
            Action.ROW,
            "a company without industry or region",
            "企业缺行业或地区",
            _unplaced(clients=False),
            alone=True,
        ),
        Check(
            "P3",
            Action.CLIENT,
            "shares its uscc with an earlier party",
            "与另一主体的统一社会信用代码相同",
            _second_with_uscc,
        ),
        Check(
            "P4",
            Action.WARN,
            "birthday of an organisation is left out",
            "非自然人填有生日，已置空",
            pl.col("birthday_mmdd").is_not_null() & (pl.col("kind") != "person"),
            becomes={"birthday_mmdd": pl.lit(None, pl.String)},
        ),
    ),
)
