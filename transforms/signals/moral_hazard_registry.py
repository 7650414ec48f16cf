"""Moral hazard on record: defaults of character elsewhere, ownership changed behind our back (MOR-02, MOR-14)."""

import polars as pl

from transforms.measures import value
from transforms.signal import Fact, Signal, alert, at_least, fact, house, red
from transforms.text import Unit

_one = "one listing"

moral_default_elsewhere = Signal(
    id="MOR-02",
    grade="B",
    zh="在其他金融机构存有因道德问题的违约记录。",
    en="Default of moral character at another institution",
    tests=(
        alert(
            "flag_removed",
            Fact(pl.when(pl.col("moral_flag").is_not_null()).then(pl.col("moral_flag_removed_on").is_not_null())),
            en="The bureau's flag for evasion of debt, loan fraud or malicious default was removed less than three years ago, "
            "on {moral_flag_removed_on:day}.",
            zh="征信报告中的逃废债、骗贷或恶意违约标识于{moral_flag_removed_on:day}消除，至今未满三年。",
        ),
        alert(
            "removed",
            at_least(value("dishonest_client_removed", Unit.COUNT), house(1, _one)),
            en="Listings of the client as a dishonest debtor taken off within three years: {value}.",
            zh="客户三年内移出失信被执行人名单{value}次。",
        ),
        alert(
            "controller_removed",
            at_least(value("dishonest_controller_removed", Unit.COUNT), house(1, _one)),
            en="Listings of the client's controller as a dishonest debtor taken off within three years: {value}.",
            zh="客户的控制人三年内移出失信被执行人名单{value}次。",
        ),
        red(
            "flag",
            fact("moral_flag"),
            en="A lender reports evasion of debt, loan fraud or malicious default to the bureau.",
            zh="有金融机构向征信系统报告客户逃废债、骗贷或恶意违约。",
        ),
        red(
            "listed",
            at_least(value("dishonest_client", Unit.COUNT), house(1, _one)),
            en="The client stands on the list of dishonest debtors ({value}).",
            zh="客户在失信被执行人名单中（{value}条）。",
        ),
        red(
            "controller_listed",
            at_least(value("dishonest_controller", Unit.COUNT), house(1, _one)),
            en="The client's controller stands on the list of dishonest debtors ({value}).",
            zh="客户的控制人在失信被执行人名单中（{value}条）。",
        ),
    ),
    ask_en="Fetch the court's file and the lender's account, and ask what has been paid since.",
    ask_zh="调取法院案卷和相关机构的说明，问明此后已偿还多少。",
    note="Controllers are those with a direct, active link. The bureau's flag is read of the client itself: the newest report, "
    "however old; removed from the first report without the flag.",
)

ownership_unnotified = Signal(
    id="MOR-14",
    grade="B",
    zh="在资产经营活动中,发生产权变动却不按合同约定向银行通报,造成银行债权悬空。",
    en="Ownership change not notified, bank claim left hanging",
    tests=(
        alert(
            "unnotified",
            at_least(value("ownership_unnotified", Unit.COUNT), house(1, "ten working days without notice")),
            en="A change of ownership registered on {ownership_unnotified_on:day} was not notified within ten working days; such "
            "changes in 365 days: {value}.",
            zh="{ownership_unnotified_on:day}登记的产权变动未在十个工作日内通知我行，近365天共{value}项。",
        ),
        red(
            "long",
            at_least(value("ownership_unnotified_days", Unit.DAYS), house(30, "30 days without notice")),
            en="A change of ownership registered on {ownership_unnotified_on:day} went without notice for {value} "
            "(limit {limit}).",
            zh="{ownership_unnotified_on:day}登记的产权变动，{value}未通知我行（界限{limit}）。",
        ),
        red(
            "secures_our_loan",
            at_least(value("ownership_unnotified_secured", Unit.COUNT), house(1, "our security is gone")),
            en="Assets that secure our loan changed hands without notice in time; such changes: {value}.",
            zh="我行贷款的担保资产发生产权变动而未按期通知，共{value}项。",
        ),
    ),
    ask_en="Ask for the contracts of the transfer, who holds the assets now, and have our claim acknowledged in writing.",
    ask_zh="索取转让合同，问明资产现归谁所有，并取得对我行债权的书面确认。",
    note="Events of 365 days after the first loan. The contract's term is not in the data: ten working days of the calendar "
    "hold; a notice of the same type up to 60 days before counts. A late notice ends the delay, the breach stays.",
)
