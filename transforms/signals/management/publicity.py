"""What the news tells of the client (MGT-49, MGT-50)."""

from transforms.measures import value
from transforms.signal import Signal, alert, answered, at_least, house, red, watch
from transforms.text import Unit

catastrophe = Signal(
    id="MGT-49",
    grade="B",
    zh="发生灾难性事件。",
    en="Catastrophic event",
    tests=(
        alert(
            "unconfirmed",
            at_least(value("catastrophes_unconfirmed_90", Unit.COUNT), house(1, "one item")),
            en="Unconfirmed news of a fire, explosion, flood, accident with casualties or death of a key person in 90 days: "
            "{value}.",
            zh="近90天关于火灾、爆炸、水灾、伤亡事故或关键人物死亡的未核实新闻{value}条。",
        ),
        red(
            "confirmed",
            at_least(value("catastrophes_confirmed_90", Unit.COUNT), house(1, "one confirmed item")),
            en="Confirmed news of a fire, explosion, flood, accident with casualties or death of a key person in 90 days: "
            "{value}.",
            zh="近90天关于火灾、爆炸、水灾、伤亡事故或关键人物死亡的已核实新闻{value}条。",
        ),
        red(
            "safety_order",
            at_least(value("safety_orders_365", Unit.COUNT), house(1, "an order on the register")),
            en="Production safety orders registered in 365 days: {value}.",
            zh="近365天登记安全生产监管命令{value}次。",
        ),
        *answered("MGT-49", levels=("R",)),
    ),
    ask_en="Visit the site; ask what stands still, what the insurance covers and who leads now.",
    ask_zh="实地查看，问明停产范围、保险赔付情况以及现由谁负责。",
    note="The death of a key person counts, too, when the news is filed under a person with an active link to the client as "
    "legal representative, director, supervisor, executive, head of finance or controller.",
)

adverse_media = Signal(
    id="MGT-50",
    grade="B",
    zh="新闻媒介披露其有不良行为。",
    en="Adverse media on misconduct",
    tests=(
        watch(
            "news",
            at_least(value("misconduct_news_90", Unit.COUNT), house(1, "one item")),
            en="News of misconduct of severity 2 or 3 in 90 days: {value}.",
            zh="近90天严重程度2级以上的不良行为新闻{value}条。",
        ),
        alert(
            "confirmed",
            at_least(value("misconduct_confirmed_90", Unit.COUNT), house(1, "one confirmed item")),
            en="Confirmed news of misconduct in 90 days: {value}.",
            zh="近90天已核实的不良行为新闻{value}条。",
        ),
        alert(
            "publishers",
            at_least(value("misconduct_publishers_30", Unit.COUNT), house(3, "three publishers in a month")),
            en="Publishers that reported misconduct in 30 days: {value} (limit {limit}).",
            zh="近30天报道其不良行为的媒体{value}家（界限{limit}）。",
        ),
        red(
            "penalty",
            at_least(value("misconduct_penalties", Unit.COUNT), house(1, "the authority acted")),
            en="After news of misconduct a penalty was registered ({value}).",
            zh="不良行为见诸报道后登记行政处罚{value}起。",
        ),
    ),
    ask_en="Ask for the client's statement on the report, and for the authority's papers if there are any.",
    ask_zh="要求客户对报道作出说明，如有监管文书一并索取。",
    note="Fraud, tax evasion, pollution, unpaid wages, false advertising, corruption; all levels count items of severity 2 or 3 "
    "only. The penalty must be registered on a later day than the first item; a penalty after an unconfirmed item counts.",
)
