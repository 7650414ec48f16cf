"""staff 员工: one employee in the relationship or risk line."""

from expectations.model import Column, Table

TABLE = Table(
    name="staff",
    zh="员工",
    en="one employee in the relationship or risk line",
    grain_zh="客户关系条线或风险条线的一名员工",
    core=False,
    mode="snapshot",
    stale_after=7,
    columns=(
        Column("staff_id", "员工编号", "id", "k!", source="F020058 管户员工ID"),
        Column("name", "姓名", "text", "!p", source="HR"),
        Column("role", "岗位", "e:staff_role", "!"),
        Column("branch_id", "机构", "id", "!"),
        Column("supervisor_id", "上级", "id", "?", "staff", "员工", references="staff"),
        Column(
            "authority_limit",
            "授权金额",
            "money",
            "?",
            "largest compensation or concession the person may promise",
            "本人可承诺的最高补偿或让步金额",
        ),
        Column("start_on", "上岗日期", "date", "!"),
        Column("end_on", "离岗日期", "date", "?"),
    ),
)
