"""The client's own insolvency or enforcement (ADD-09), a predictor the book lacks."""

from transforms.measures import value
from transforms.signal import Signal, alert, at_least, house, red, watch
from transforms.text import Unit

_on_file = "one row on the register"

insolvency = Signal(
    id="ADD-09",
    grade="B",
    zh="客户自身破产、被吊销、注销或被强制执行。",
    en="The client's own insolvency or enforcement",
    tests=(
        watch(
            "abnormal_operation",
            at_least(value("abnormal_operations_365", Unit.COUNT), house(1, _on_file)),
            en="Listings of the client for abnormal operation in 365 days: {value}.",
            zh="近365天被列入经营异常名录{value}次。",
        ),
        alert(
            "enforced",
            at_least(value("enforcements_365", Unit.COUNT), house(1, _on_file)),
            en="Executions, frozen equity or listings as dishonest debtor against the client in 365 days: {value}.",
            zh="近365天客户被执行、股权冻结或列为失信被执行人{value}次。",
        ),
        red(
            "insolvent",
            at_least(value("insolvency_rows", Unit.COUNT), house(1, _on_file)),
            en="Bankruptcy filings, revocations of the licence or deregistrations of the client on record: {value}.",
            zh="客户破产申请、吊销执照或注销的登记记录{value}条。",
        ),
    ),
    ask_en="Fetch the court's and register's papers today; ask who administers the client and register our claim.",
    ask_zh="即日调取法院和登记机关文书，问明由谁管理客户，并申报我行债权。",
    note="The Chinese text is ours: the row is not in the book. Rows lifted or withdrawn do not count.",
)
