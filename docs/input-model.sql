create schema if not exists bellwether;

create table bellwether.calendar (
    date date not null,
    is_workday boolean not null,
    holiday text,
    primary key (date)
);
comment on table bellwether.calendar is '日历: one day';
comment on column bellwether.calendar.date is '日期';
comment on column bellwether.calendar.is_workday is '工作日; including make-up working days';
comment on column bellwether.calendar.holiday is '节日; spring_festival, national_day, mid_autumn ...';

create table bellwether.parties (
    party_id varchar(64) not null,
    kind text not null,
    name text not null,
    uscc text,
    industry_code text,
    region_code text,
    size_class text,
    registered_capital bigint,
    established_on date,
    deregistered_on date,
    employees bigint,
    listed boolean,
    birthday_mmdd varchar(5),
    updated_on date not null,
    primary key (party_id)
);
comment on table bellwether.parties is '主体: one organisation or person the bank can name';
comment on column bellwether.parties.party_id is '主体编号; the bank''s unified customer number where there is one, else a stable hash; B010001 客户ID';
comment on column bellwether.parties.kind is '主体类型; B010026 对公客户类型 + own list';
comment on column bellwether.parties.name is '名称; at most 200 characters; persons are personal data; B010003';
comment on column bellwether.parties.uscc is '统一社会信用代码; 18 characters, check character valid (GB 32100); B010004';
comment on column bellwether.parties.industry_code is '行业代码; GB/T 4754, 1-5 characters (C, C26, C2614); required for companies; B010025 (5 an)';
comment on column bellwether.parties.region_code is '行政区划; GB/T 2260, 6 digits; required for companies; B010030 (6 n)';
comment on column bellwether.parties.size_class is '企业规模; credit system';
comment on column bellwether.parties.registered_capital is '注册资本; CNY, fen; B010019/20';
comment on column bellwether.parties.established_on is '成立日期; B010023';
comment on column bellwether.parties.deregistered_on is '注销日期; registry';
comment on column bellwether.parties.employees is '员工人数; 0 to 3,000,000; B010041';
comment on column bellwether.parties.listed is '是否上市; B010042';
comment on column bellwether.parties.birthday_mmdd is '生日(月日); persons only; the year is not wanted; CRM';
comment on column bellwether.parties.updated_on is '更新日期; all';

create table bellwether.staff (
    staff_id varchar(64) not null,
    name text not null,
    role text not null,
    branch_id varchar(64) not null,
    supervisor_id varchar(64),
    authority_limit bigint,
    start_on date not null,
    end_on date,
    primary key (staff_id)
);
comment on table bellwether.staff is '员工: one employee in the relationship or risk line';
comment on column bellwether.staff.staff_id is '员工编号; F020058 管户员工ID';
comment on column bellwether.staff.name is '姓名; HR';
comment on column bellwether.staff.role is '岗位';
comment on column bellwether.staff.branch_id is '机构';
comment on column bellwether.staff.supervisor_id is '上级; staff';
comment on column bellwether.staff.authority_limit is '授权金额; largest compensation or concession the person may promise';
comment on column bellwether.staff.start_on is '上岗日期';
comment on column bellwether.staff.end_on is '离岗日期';

create table bellwether.clients (
    client_id varchar(64) not null,
    status text not null,
    client_kind text not null,
    branch_id varchar(64) not null,
    group_id varchar(64),
    relationship_start date not null,
    tier text,
    tier_set_on date,
    difficult boolean,
    internal_rating text,
    internal_pd double precision,
    basic_account_here boolean,
    reporting_freq text not null,
    site_distance_km double precision,
    anniversary_mmdd varchar(5),
    no_marketing boolean not null,
    confidential boolean not null,
    primary key (client_id)
);
comment on table bellwether.clients is '客户: one corporate client of this bank';
comment on column bellwether.clients.client_id is '客户编号; = parties.party_id; B010001';
comment on column bellwether.clients.status is '客户状态; only active and dormant are assessed; CRM';
comment on column bellwether.clients.client_kind is '客户类别; drives NOT_APPLICABLE; B010026';
comment on column bellwether.clients.branch_id is '归属机构; B010002 机构ID';
comment on column bellwether.clients.group_id is '集团编号; party of the group''s top company; C030007 集团ID';
comment on column bellwether.clients.relationship_start is '建立合作日期; first account or loan; CRM, B010048';
comment on column bellwether.clients.tier is '客户级别; the bank''s own grade; null = computed grade is used; CRM 客户等级';
comment on column bellwether.clients.tier_set_on is '评级日期; required when tier is given; CRM';
comment on column bellwether.clients.difficult is '难以打交道; the seed''s fourth reason to look after a client closely; RM';
comment on column bellwether.clients.internal_rating is '内部评级; at most 10 characters; B010046';
comment on column bellwether.clients.internal_pd is '违约概率; 0 to 1; B010058';
comment on column bellwether.clients.basic_account_here is '基本户在我行; our bank is the basic-account bank; B010039 compared with own bank code';
comment on column bellwether.clients.reporting_freq is '报表报送频率; what the client must file; none = no duty; credit contract';
comment on column bellwether.clients.site_distance_km is '距离; branch to plant, by road, 0 to 5,000; CRM';
comment on column bellwether.clients.anniversary_mmdd is '纪念日(月日); day the client celebrates; default = founding day; RM';
comment on column bellwether.clients.no_marketing is '拒绝营销; true: only service and credit contacts are suggested; CRM consent';
comment on column bellwether.clients.confidential is '涉密; name is masked in every report';

create table bellwether.assignments (
    client_id varchar(64) not null,
    staff_id varchar(64) not null,
    role text not null,
    start_on date not null,
    end_on date,
    end_reason text,
    primary key (client_id, staff_id, role, start_on)
);
comment on table bellwether.assignments is '管户关系: one person''s responsibility for one client over a period';
comment on column bellwether.assignments.client_id is '客户编号; clients; 归属管户关系';
comment on column bellwether.assignments.staff_id is '客户经理; staff';
comment on column bellwether.assignments.role is '归属类型; 主办 or 协办; at most one main per client and day; 1 主办 2 协办';
comment on column bellwether.assignments.start_on is '生效日期; 生效日期';
comment on column bellwether.assignments.end_on is '失效日期; 失效日期';
comment on column bellwether.assignments.end_reason is '调整原因; required when end_on is given; 调整原因';

create table bellwether.series (
    subject_kind text not null,
    subject_code text not null,
    indicator text not null,
    period_end date not null,
    published_on date not null,
    value double precision not null,
    primary key (subject_kind, subject_code, indicator, period_end, published_on)
);
comment on table bellwether.series is '指标序列: one published or filed value of one indicator';
comment on column bellwether.series.subject_kind is '对象类型';
comment on column bellwether.series.subject_code is '对象代码; CN; industry code; region code; industry@region (C26@440300); client_id; currency pair (USDCNY)';
comment on column bellwether.series.indicator is '指标; must be in the indicator register';
comment on column bellwether.series.period_end is '期末';
comment on column bellwether.series.published_on is '发布日期; a revision is a new row; for replay';
comment on column bellwether.series.value is '值; ratios as fractions (0.05 = 5%), money in CNY, counts as counts';

create table bellwether.statements (
    party_id varchar(64) not null,
    period_end date not null,
    period_type text not null,
    scope text not null,
    version bigint not null,
    months bigint not null,
    gaap text not null,
    currency text not null,
    due_on date,
    received_on date not null,
    audited boolean not null,
    auditor_id varchar(64),
    opinion text not null,
    cash bigint,
    trading_assets bigint,
    notes_receivable bigint,
    accounts_receivable bigint,
    prepayments bigint,
    other_receivables bigint,
    related_receivables bigint,
    inventory bigint,
    contract_assets bigint,
    current_assets bigint,
    long_term_investments bigint,
    fixed_assets_gross bigint,
    fixed_assets_net bigint,
    construction_in_progress bigint,
    intangibles bigint,
    land_use_rights bigint,
    goodwill bigint,
    total_assets bigint not null,
    short_term_loans bigint,
    current_portion_debt bigint,
    notes_payable bigint,
    accounts_payable bigint,
    advances_received bigint,
    current_liabilities bigint,
    long_term_loans bigint,
    bonds_and_leases bigint,
    total_liabilities bigint not null,
    paid_in_capital bigint,
    retained_earnings bigint,
    equity bigint not null,
    revenue bigint not null,
    main_revenue bigint,
    cogs bigint,
    selling_expense bigint,
    admin_expense bigint,
    finance_expense bigint,
    interest_expense bigint,
    investment_income bigint,
    impairment_losses bigint,
    operating_profit bigint,
    non_op_income bigint,
    non_op_expense bigint,
    profit_before_tax bigint not null,
    income_tax bigint,
    net_profit bigint not null,
    dividends_declared bigint,
    cfo bigint,
    cfi bigint,
    cff bigint,
    sales_cash bigint,
    tax_paid bigint,
    capex bigint,
    fixed_asset_disposal_cash bigint,
    investment_purchases_cash bigint,
    investment_disposals_cash bigint,
    dividends_and_interest_paid bigint,
    dividends_paid bigint,
    interest_paid bigint,
    depreciation bigint,
    amortisation bigint,
    payroll bigint,
    welfare_accrual bigint,
    primary key (party_id, period_end, period_type, scope, version)
);
comment on table bellwether.statements is '财务报表: one filing of one party''s statements for one period, scope and version';
comment on column bellwether.statements.party_id is '主体编号; client or guarantor; B060001';
comment on column bellwether.statements.period_end is '报表日期; a month end; B060004';
comment on column bellwether.statements.period_type is '报表周期; B060020';
comment on column bellwether.statements.scope is '报表口径; B060007';
comment on column bellwether.statements.version is '版本; 1, 2, ... every filing is kept; never overwritten; B060021 编号';
comment on column bellwether.statements.months is '累计月数; 1-12; income and cash-flow figures are year to date';
comment on column bellwether.statements.gaap is '会计准则';
comment on column bellwether.statements.currency is '币种; B060008';
comment on column bellwether.statements.due_on is '应报日期; contract date; null = computed from reporting_freq; credit contract';
comment on column bellwether.statements.received_on is '收到日期; for replay; credit system';
comment on column bellwether.statements.audited is '是否审计; B060005';
comment on column bellwether.statements.auditor_id is '审计机构; parties; B060006';
comment on column bellwether.statements.opinion is '审计意见; none when not audited';
comment on column bellwether.statements.cash is '货币资金; balance sheet';
comment on column bellwether.statements.trading_assets is '交易性金融资产; balance sheet';
comment on column bellwether.statements.notes_receivable is '应收票据 + 应收款项融资; balance sheet';
comment on column bellwether.statements.accounts_receivable is '应收账款; balance sheet; B060016';
comment on column bellwether.statements.prepayments is '预付款项; balance sheet';
comment on column bellwether.statements.other_receivables is '其他应收款; balance sheet; B060017';
comment on column bellwether.statements.related_receivables is '其中:应收关联方款项; note or supplement';
comment on column bellwether.statements.inventory is '存货; balance sheet; B060014';
comment on column bellwether.statements.contract_assets is '合同资产; balance sheet';
comment on column bellwether.statements.current_assets is '流动资产合计; balance sheet; B060018';
comment on column bellwether.statements.long_term_investments is '长期股权投资 + 其他权益工具投资 + 债权投资; balance sheet';
comment on column bellwether.statements.fixed_assets_gross is '固定资产原价; note or supplement';
comment on column bellwether.statements.fixed_assets_net is '固定资产; balance sheet';
comment on column bellwether.statements.construction_in_progress is '在建工程; balance sheet';
comment on column bellwether.statements.intangibles is '无形资产; balance sheet';
comment on column bellwether.statements.land_use_rights is '其中:土地使用权; note or supplement';
comment on column bellwether.statements.goodwill is '商誉; balance sheet';
comment on column bellwether.statements.total_assets is '资产总计; balance sheet; B060009';
comment on column bellwether.statements.short_term_loans is '短期借款; balance sheet';
comment on column bellwether.statements.current_portion_debt is '一年内到期的非流动负债; balance sheet';
comment on column bellwether.statements.notes_payable is '应付票据; balance sheet';
comment on column bellwether.statements.accounts_payable is '应付账款; balance sheet';
comment on column bellwether.statements.advances_received is '预收款项 + 合同负债; balance sheet';
comment on column bellwether.statements.current_liabilities is '流动负债合计; balance sheet; B060019';
comment on column bellwether.statements.long_term_loans is '长期借款; balance sheet';
comment on column bellwether.statements.bonds_and_leases is '应付债券 + 租赁负债 + 长期应付款; balance sheet';
comment on column bellwether.statements.total_liabilities is '负债合计; balance sheet; B060010';
comment on column bellwether.statements.paid_in_capital is '实收资本(股本); balance sheet';
comment on column bellwether.statements.retained_earnings is '未分配利润; balance sheet';
comment on column bellwether.statements.equity is '所有者权益合计; balance sheet';
comment on column bellwether.statements.revenue is '营业收入; income, year to date';
comment on column bellwether.statements.main_revenue is '其中:主营业务收入; note or supplement; B060013';
comment on column bellwether.statements.cogs is '营业成本; income, year to date';
comment on column bellwether.statements.selling_expense is '销售费用; income, year to date';
comment on column bellwether.statements.admin_expense is '管理费用 + 研发费用; income, year to date';
comment on column bellwether.statements.finance_expense is '财务费用; income, year to date';
comment on column bellwether.statements.interest_expense is '其中:利息费用; income, year to date';
comment on column bellwether.statements.investment_income is '投资收益; income, year to date';
comment on column bellwether.statements.impairment_losses is '资产减值损失 + 信用减值损失; income, year to date';
comment on column bellwether.statements.operating_profit is '营业利润; income, year to date';
comment on column bellwether.statements.non_op_income is '营业外收入; income, year to date';
comment on column bellwether.statements.non_op_expense is '营业外支出; income, year to date';
comment on column bellwether.statements.profit_before_tax is '利润总额; income, year to date';
comment on column bellwether.statements.income_tax is '所得税费用; income, year to date; B060011';
comment on column bellwether.statements.net_profit is '净利润; income, year to date; B060012';
comment on column bellwether.statements.dividends_declared is '对所有者的分配; note or supplement';
comment on column bellwether.statements.cfo is '经营活动产生的现金流量净额; cash flow, year to date';
comment on column bellwether.statements.cfi is '投资活动产生的现金流量净额; cash flow, year to date';
comment on column bellwether.statements.cff is '筹资活动产生的现金流量净额; cash flow, year to date';
comment on column bellwether.statements.sales_cash is '销售商品、提供劳务收到的现金; cash flow, year to date';
comment on column bellwether.statements.tax_paid is '支付的各项税费; cash flow, year to date';
comment on column bellwether.statements.capex is '购建固定资产、无形资产和其他长期资产支付的现金; cash flow, year to date';
comment on column bellwether.statements.fixed_asset_disposal_cash is '处置固定资产等收回的现金净额; cash flow, year to date';
comment on column bellwether.statements.investment_purchases_cash is '投资支付的现金; cash flow, year to date';
comment on column bellwether.statements.investment_disposals_cash is '收回投资收到的现金; cash flow, year to date';
comment on column bellwether.statements.dividends_and_interest_paid is '分配股利、利润或偿付利息支付的现金; cash flow, year to date';
comment on column bellwether.statements.dividends_paid is '其中:分配股利; note or supplement';
comment on column bellwether.statements.interest_paid is '其中:偿付利息; note or supplement';
comment on column bellwether.statements.depreciation is '固定资产折旧; note or supplement';
comment on column bellwether.statements.amortisation is '无形资产摊销 + 长期待摊费用摊销; note or supplement';
comment on column bellwether.statements.payroll is '应付职工薪酬本期计提:工资、奖金; note or supplement';
comment on column bellwether.statements.welfare_accrual is '应付职工薪酬本期计提:福利费等福利基金; note or supplement';

create table bellwether.disclosures (
    party_id varchar(64) not null,
    period_end date not null,
    kind text not null,
    item text not null,
    other_id varchar(64),
    text_value text,
    mandated boolean,
    share_pct double precision,
    cost bigint,
    carrying bigint,
    fair_value bigint,
    income bigint,
    impairment bigint,
    received_on date not null,
    primary key (party_id, period_end, kind, item, received_on)
);
comment on table bellwether.disclosures is '报表附注明细: one item from a statement''s notes';
comment on column bellwether.disclosures.party_id is '主体编号';
comment on column bellwether.disclosures.period_end is '报表日期';
comment on column bellwether.disclosures.kind is '明细类型';
comment on column bellwether.disclosures.item is '项目; policy item code (policy_item list), or rank 1-10 of the customer or supplier, or investee or security id';
comment on column bellwether.disclosures.other_id is '对方主体; parties, when known';
comment on column bellwether.disclosures.text_value is '内容; accounting_policy: the policy in force, normalised code';
comment on column bellwether.disclosures.mandated is '准则要求变更; accounting_policy: the change was forced by a new standard';
comment on column bellwether.disclosures.share_pct is '占比; top_customer, top_supplier: share of sales or purchases, 0 to 1';
comment on column bellwether.disclosures.cost is '成本; investment kinds';
comment on column bellwether.disclosures.carrying is '账面价值; investment kinds';
comment on column bellwether.disclosures.fair_value is '公允价值; investment kinds';
comment on column bellwether.disclosures.income is '本期收益; investment kinds; loss < 0';
comment on column bellwether.disclosures.impairment is '减值准备; investment kinds, >= 0';
comment on column bellwether.disclosures.received_on is '收到日期; for replay; a restated note is a new row';

create table bellwether.accounts (
    account_id varchar(64) not null,
    client_id varchar(64) not null,
    kind text not null,
    is_basic boolean not null,
    currency text not null,
    opened_on date not null,
    closed_on date,
    matures_on date,
    status text not null,
    primary key (account_id)
);
comment on table bellwether.accounts is '存款账户: one deposit account';
comment on column bellwether.accounts.account_id is '账号; tokenised account number; 分户账号 (T_8_14, EAST 405)';
comment on column bellwether.accounts.client_id is '客户编号; clients';
comment on column bellwether.accounts.kind is '账户种类';
comment on column bellwether.accounts.is_basic is '基本户';
comment on column bellwether.accounts.currency is '币种';
comment on column bellwether.accounts.opened_on is '开户日期; H140011';
comment on column bellwether.accounts.closed_on is '销户日期; H140012';
comment on column bellwether.accounts.matures_on is '到期日; time deposits';
comment on column bellwether.accounts.status is '账户状态; H140014';

create table bellwether.facilities (
    facility_id varchar(64) not null,
    valid_from date not null,
    client_id varchar(64) not null,
    product text not null,
    limit_amount bigint not null,
    currency text not null,
    revolving boolean not null,
    expires_on date not null,
    primary key (facility_id, valid_from)
);
comment on table bellwether.facilities is '授信额度: one credit line from one day on';
comment on column bellwether.facilities.facility_id is '授信编号; F020064 授信ID, T_8_13';
comment on column bellwether.facilities.valid_from is '生效日期; a limit change is a new row';
comment on column bellwether.facilities.client_id is '客户编号; clients';
comment on column bellwether.facilities.product is '授信品种';
comment on column bellwether.facilities.limit_amount is '授信额度; >= 0; a cancelled line gets a row with 0; H130031 贷款授信额度';
comment on column bellwether.facilities.currency is '币种';
comment on column bellwether.facilities.revolving is '循环';
comment on column bellwether.facilities.expires_on is '到期日; H130032';

create table bellwether.loans (
    loan_id varchar(64) not null,
    client_id varchar(64) not null,
    facility_id varchar(64),
    product text not null,
    on_balance boolean not null,
    principal bigint not null,
    currency text not null,
    disbursed_on date not null,
    matures_on date not null,
    rate_kind text not null,
    rate double precision,
    purpose text not null,
    guarantee_mode text not null,
    grant_kind text not null,
    pay_mode text,
    entry_account_id varchar(64),
    prior_loan_id varchar(64),
    primary key (loan_id)
);
comment on table bellwether.loans is '借据: one drawdown or off-balance-sheet item (acceptance, letter of credit, guarantee)';
comment on column bellwether.loans.loan_id is '借据号; F270001 借据ID';
comment on column bellwether.loans.client_id is '客户编号; clients; F270002';
comment on column bellwether.loans.facility_id is '授信编号; facilities; F020064';
comment on column bellwether.loans.product is '业务种类; F270025 01流贷 02法透 03项目 04银团 05固贷 14贴现 19垫款 20委托';
comment on column bellwether.loans.on_balance is '表内';
comment on column bellwether.loans.principal is '发放金额; > 0; F270009';
comment on column bellwether.loans.currency is '币种; F270006';
comment on column bellwether.loans.disbursed_on is '发放日期; F270016';
comment on column bellwether.loans.matures_on is '到期日期; F270018';
comment on column bellwether.loans.rate_kind is '利率类型; F270060 02 LPR';
comment on column bellwether.loans.rate is '执行利率; 0 to 0.36; H010021 实际利率';
comment on column bellwether.loans.purpose is '用途; F270019 借据用途';
comment on column bellwether.loans.guarantee_mode is '担保方式; F020065';
comment on column bellwether.loans.grant_kind is '发放类型; F270010 01新增 02借新还旧 03重组 04无还本续贷';
comment on column bellwether.loans.pay_mode is '支付方式; F270037 01自主 02受托 03混合';
comment on column bellwether.loans.entry_account_id is '入账账号; accounts; the money trail for ADD-06 starts here; F270011';
comment on column bellwether.loans.prior_loan_id is '上笔借据; loans; F270067';

create table bellwether.loan_status (
    loan_id varchar(64) not null,
    as_of date not null,
    outstanding bigint not null,
    class5 text not null,
    state text not null,
    overdue_principal bigint not null,
    overdue_interest bigint not null,
    principal_overdue_since date,
    interest_overdue_since date,
    extensions bigint not null,
    next_due_on date,
    next_principal bigint,
    next_interest bigint,
    primary key (loan_id, as_of)
);
comment on table bellwether.loan_status is '借据状态: one loan''s state on a day, effective until its next row';
comment on column bellwether.loan_status.loan_id is '借据号; loans; H150003';
comment on column bellwether.loan_status.as_of is '日期; 采集日期';
comment on column bellwether.loan_status.outstanding is '余额; >= 0; H010010';
comment on column bellwether.loan_status.class5 is '五级分类; H120005 01-05';
comment on column bellwether.loan_status.state is '贷款状态; H010019 01正常 02核销 03转让 04结清 05逾期';
comment on column bellwether.loan_status.overdue_principal is '欠本金额; >= 0; H150020';
comment on column bellwether.loan_status.overdue_interest is '欠息金额; >= 0, on and off balance sheet; H150021 + H150022';
comment on column bellwether.loan_status.principal_overdue_since is '欠本日期; required when overdue_principal > 0; H150023';
comment on column bellwether.loan_status.interest_overdue_since is '欠息日期; required when overdue_interest > 0; H150024';
comment on column bellwether.loan_status.extensions is '展期次数; >= 0; F070003';
comment on column bellwether.loan_status.next_due_on is '下期还款日; H150008';
comment on column bellwether.loan_status.next_principal is '下期应还本金; H150009';
comment on column bellwether.loan_status.next_interest is '下期应还利息; H150010';

create table bellwether.credit_support (
    support_id varchar(64) not null,
    valid_from date not null,
    client_id varchar(64) not null,
    loan_id varchar(64),
    kind text not null,
    provider_id varchar(64) not null,
    asset_kind text not null,
    secured_amount bigint not null,
    asset_value bigint,
    valued_on date,
    status text not null,
    ends_on date,
    primary key (support_id, valid_from)
);
comment on table bellwether.credit_support is '担保与押品: one guarantee, mortgage, pledge or margin, from one day on';
comment on column bellwether.credit_support.support_id is '担保编号; 担保协议ID; 9.3 抵质押品';
comment on column bellwether.credit_support.valid_from is '生效日期; a revaluation is a new row';
comment on column bellwether.credit_support.client_id is '债务人; clients';
comment on column bellwether.credit_support.loan_id is '借据号; null: secures the whole client';
comment on column bellwether.credit_support.kind is '担保类型';
comment on column bellwether.credit_support.provider_id is '保证人或物主; parties';
comment on column bellwether.credit_support.asset_kind is '押品类型; none for guarantees; T_9_3 抵质押品';
comment on column bellwether.credit_support.secured_amount is '担保金额; > 0';
comment on column bellwether.credit_support.asset_value is '评估价值; required unless kind = guarantee';
comment on column bellwether.credit_support.valued_on is '评估日期; required unless kind = guarantee';
comment on column bellwether.credit_support.status is '状态';
comment on column bellwether.credit_support.ends_on is '到期日';

create table bellwether.party_links (
    link_id varchar(64) not null,
    from_id varchar(64) not null,
    to_id varchar(64) not null,
    relation text not null,
    share_pct double precision,
    function text,
    decision_role text,
    stance text,
    closeness smallint,
    products text[],
    start_on date,
    end_on date,
    recorded_on date not null,
    source_class text not null,
    primary key (link_id)
);
comment on table bellwether.party_links is '主体关系: one dated, typed tie from one party to another';
comment on column bellwether.party_links.link_id is '关系编号; a change of role, stance or share ends the old row and starts a new one; C010001, C020001 关系ID';
comment on column bellwether.party_links.from_id is '主体; parties; the person, shareholder, adviser, supplier, or (banks_with) the client';
comment on column bellwether.party_links.to_id is '关系方; parties; the company, or (banks_with) the other bank; not equal to from_id';
comment on column bellwether.party_links.relation is '关系类型; read as: from_id IS relation to_id; C010015, C020009 关系类型';
comment on column bellwether.party_links.share_pct is '持股或份额; 0 to 1; shareholding, or wallet share for banks_with; C010012 企业股东持股比例';
comment on column bellwether.party_links.function is '职能; people at a company; RM';
comment on column bellwether.party_links.decision_role is '决策角色; promoter = 客户内部起主要推动力的关系人 (table 11-6); RM';
comment on column bellwether.party_links.stance is '态度; towards our bank; RM''s judgement; RM';
comment on column bellwether.party_links.closeness is '亲疏; 1 slight to 5 close; social ties only; RM';
comment on column bellwether.party_links.products is '往来产品; banks_with only: what the client uses there; RM';
comment on column bellwether.party_links.start_on is '开始日期';
comment on column bellwether.party_links.end_on is '结束日期; not before start_on; null = active; C010016/C020013';
comment on column bellwether.party_links.recorded_on is '登记日期; for replay: known to us from this day';
comment on column bellwether.party_links.source_class is '来源';

create table bellwether.bureau_reports (
    client_id varchar(64) not null,
    report_on date not null,
    worst_class text not null,
    other_bank_balance bigint not null,
    other_bank_count bigint not null,
    nonbank_balance bigint not null,
    overdue_amount bigint not null,
    guarantees_given bigint not null,
    moral_flag text not null,
    primary key (client_id, report_on)
);
comment on table bellwether.bureau_reports is '征信报告: what other lenders report about a client on a day';
comment on column bellwether.bureau_reports.client_id is '客户编号; clients or guarantors (parties); 征信前置文件';
comment on column bellwether.bureau_reports.report_on is '报告日期';
comment on column bellwether.bureau_reports.worst_class is '最差五级分类; over all lenders';
comment on column bellwether.bureau_reports.other_bank_balance is '他行贷款余额';
comment on column bellwether.bureau_reports.other_bank_count is '他行家数';
comment on column bellwether.bureau_reports.nonbank_balance is '非银借款余额; trust, leasing, microloan, factoring';
comment on column bellwether.bureau_reports.overdue_amount is '逾期余额';
comment on column bellwether.bureau_reports.guarantees_given is '对外担保余额';
comment on column bellwether.bureau_reports.moral_flag is '失信类标识';

create table bellwether.transactions (
    account_id varchar(64) not null,
    booked_on date not null,
    txn_id varchar(64) not null,
    direction text not null,
    amount bigint not null,
    currency text not null,
    type text not null,
    channel text,
    status text not null,
    balance_after bigint,
    counterparty_id varchar(64),
    counterparty_name text,
    counterparty_account varchar(64),
    counterparty_bank text,
    summary text,
    payee_count bigint,
    category text,
    primary key (account_id, booked_on, txn_id)
);
comment on table bellwether.transactions is '结算交易: one posted or failed payment on a deposit account';
comment on column bellwether.transactions.account_id is '账号; accounts; 分户账号 FHZH';
comment on column bellwether.transactions.booked_on is '核心交易日期; 核心交易日期';
comment on column bellwether.transactions.txn_id is '交易序列号; unique within account and day; 交易ID JYID';
comment on column bellwether.transactions.direction is '方向; in = credit to the client; 借贷标识 01借=out 02贷=in';
comment on column bellwether.transactions.amount is '金额; > 0; 交易金额 JYJE';
comment on column bellwether.transactions.currency is '币种; 币种 BZ';
comment on column bellwether.transactions.type is '交易类型; 账户交易类型 01转账 02取现 03存现 04消费 05代发 06代扣 07代缴 08结息 09批量 10贷款发放 11贷款还本 12贷款还息 13银证 14投资理财 00其他';
comment on column bellwether.transactions.channel is '交易渠道; 交易渠道 01柜面 02ATM 03VTM 04POS 05网银 06手机 07第三方 08银联 00其他';
comment on column bellwether.transactions.status is '状态; reversed: 冲补抹; returned and insufficient_funds come from the payment system, not the ledger; 冲补抹标识 02';
comment on column bellwether.transactions.balance_after is '账户余额; for the continuity check; 账户余额 ZHYE';
comment on column bellwether.transactions.counterparty_id is '对方主体; parties, when the bank knows it';
comment on column bellwether.transactions.counterparty_name is '对方户名; 对方户名';
comment on column bellwether.transactions.counterparty_account is '对方账号; tokenised; 对方账号 DFZH';
comment on column bellwether.transactions.counterparty_bank is '对方行号; 12-digit CNAPS code; 对方账号行号 DFZHHH';
comment on column bellwether.transactions.summary is '摘要; at most 200 characters; 交易摘要 JYZY';
comment on column bellwether.transactions.payee_count is '代发笔数; payroll rows: persons paid; payroll system';
comment on column bellwether.transactions.category is '用途分类; null: the pipeline classifies (rules on type, summary, counterparty); computed';

create table bellwether.balances (
    account_id varchar(64) not null,
    date date not null,
    balance bigint not null,
    primary key (account_id, date)
);
comment on table bellwether.balances is '账户日终余额: end-of-day balance, effective until the account''s next row';
comment on column bellwether.balances.account_id is '账号; accounts';
comment on column bellwether.balances.date is '日期; 采集日期';
comment on column bellwether.balances.balance is '余额; may be negative for overdrafts; H140013 存款余额';

create table bellwether.events (
    event_id varchar(64) not null,
    kind text not null,
    subtype text not null,
    party_id varchar(64),
    other_id varchar(64),
    industry_code text,
    region_code text,
    happened_on date not null,
    due_on date,
    ends_on date,
    recorded_on date not null,
    amount bigint,
    ref_amount bigint,
    severity text,
    confirmed boolean not null,
    signal_id text,
    reported_by varchar(64),
    approved_by varchar(64),
    source_class text not null,
    source_ref text,
    flags text[],
    primary key (event_id)
);
comment on table bellwether.events is '事件: one dated fact of a typed kind';
comment on column bellwether.events.event_id is '事件编号';
comment on column bellwether.events.kind is '事件类型; 15 kinds';
comment on column bellwether.events.subtype is '子类; must be in the kind''s list; 关注事件代码 B010050 can be mapped here';
comment on column bellwether.events.party_id is '主体; parties; who it is about';
comment on column bellwether.events.other_id is '对方主体; parties';
comment on column bellwether.events.industry_code is '行业; events about a sector; prefix match';
comment on column bellwether.events.region_code is '地区; events about a region';
comment on column bellwether.events.happened_on is '发生日期';
comment on column bellwether.events.due_on is '应至日期; takes effect, planned end, reply due (by kind)';
comment on column bellwether.events.ends_on is '结束日期; lifted, restarted, receipt, forecast end, valid until (by kind)';
comment on column bellwether.events.recorded_on is '入库日期; for replay';
comment on column bellwether.events.amount is '金额; CNY, fen';
comment on column bellwether.events.ref_amount is '参照金额; fair value, budget; CNY, fen';
comment on column bellwether.events.severity is '严重程度';
comment on column bellwether.events.confirmed is '已核实; by a second source or a human';
comment on column bellwether.events.signal_id is '信号编号; observation, signal_action: EXT-01 ... REL-13';
comment on column bellwether.events.reported_by is '报告人; staff';
comment on column bellwether.events.approved_by is '批准人; staff; signal_action clear';
comment on column bellwether.events.source_class is '来源类别';
comment on column bellwether.events.source_ref is '来源编号; publisher and item, case number, loan id, project id';
comment on column bellwether.events.flags is '标记; must be in the kind''s list';

create table bellwether.interactions (
    interaction_id varchar(64) not null,
    client_id varchar(64) not null,
    staff_id varchar(64) not null,
    contact_id varchar(64),
    other_contacts text[],
    created_at timestamp(3) not null,
    planned_on date,
    planned_minutes bigint,
    purpose text,
    goal text,
    started_at timestamp(3),
    ended_at timestamp(3),
    channel text not null,
    initiator text not null,
    status text not null,
    changed_by text,
    notice_given boolean,
    apology_given boolean,
    two_way boolean,
    reply text,
    warmth smallint,
    outcome text,
    goal_met boolean,
    products text[],
    senior_bank boolean not null,
    senior_client boolean not null,
    decision_maker boolean,
    satisfaction_asked boolean,
    criticism boolean,
    next_on date,
    gift_value bigint,
    recorded_at timestamp(3) not null,
    primary key (interaction_id)
);
comment on table bellwether.interactions is '客户接触: one planned or held contact between the bank and a client';
comment on column bellwether.interactions.interaction_id is '接触编号; CRM';
comment on column bellwether.interactions.client_id is '客户编号; clients';
comment on column bellwether.interactions.staff_id is '客户经理; staff';
comment on column bellwether.interactions.contact_id is '主要接触人; parties; person met';
comment on column bellwether.interactions.other_contacts is '其他接触人; parties';
comment on column bellwether.interactions.created_at is '登记时间; plan quality is judged from this';
comment on column bellwether.interactions.planned_on is '计划日期; required for status planned; 拜访计划';
comment on column bellwether.interactions.planned_minutes is '计划时长; 5 to 1,440';
comment on column bellwether.interactions.purpose is '目的; null = no purpose written down (self-check 6); 回访目的 1初次拜访 2完善资料 3营销产品 4解决疑问 5维系关系 6其他';
comment on column bellwether.interactions.goal is '目标; what the RM wants to achieve; 准备取得什么效果';
comment on column bellwether.interactions.started_at is '开始时间; required for status done; 回访日期';
comment on column bellwether.interactions.ended_at is '结束时间; not before started_at, at most 12 h later';
comment on column bellwether.interactions.channel is '方式; 回访方式 1上门 2电话 3约谈 4其他';
comment on column bellwether.interactions.initiator is '发起方';
comment on column bellwether.interactions.status is '状态';
comment on column bellwether.interactions.changed_by is '变更方; required for cancelled, no_show, rescheduled';
comment on column bellwether.interactions.notice_given is '事先通知; as above';
comment on column bellwether.interactions.apology_given is '说明致歉; as above, when changed_by = bank';
comment on column bellwether.interactions.two_way is '双向沟通; required for done: the client answered';
comment on column bellwether.interactions.reply is '回复';
comment on column bellwether.interactions.warmth is '热情度; 1 cold to 5 warm, RM''s judgement on the day';
comment on column bellwether.interactions.outcome is '结果; required for done; 营销业务成果 1现场办理 2预约 3继续跟进 4不感兴趣 5其他';
comment on column bellwether.interactions.goal_met is '达成目标';
comment on column bellwether.interactions.products is '涉及产品; 本次营销业务';
comment on column bellwether.interactions.senior_bank is '我行高层参加; branch head or above';
comment on column bellwether.interactions.senior_client is '客户高层参加';
comment on column bellwether.interactions.decision_maker is '决策人参加; null: derived from contact''s decision_role';
comment on column bellwether.interactions.satisfaction_asked is '询问满意度';
comment on column bellwether.interactions.criticism is '指出客户缺点; REL-04';
comment on column bellwether.interactions.next_on is '下次约定日期; 下次回访日期';
comment on column bellwether.interactions.gift_value is '礼品价值; 礼品价值';
comment on column bellwether.interactions.recorded_at is '更新时间; within 1 working day of the contact, see method 1';

create table bellwether.staff_days (
    staff_id varchar(64) not null,
    date date not null,
    worked_minutes bigint not null,
    unrelated_minutes bigint not null,
    burden smallint,
    note text,
    primary key (staff_id, date)
);
comment on table bellwether.staff_days is '客户经理工作日: what only the RM can say about a working day';
comment on column bellwether.staff_days.staff_id is '客户经理; staff; 客户经理工作日志';
comment on column bellwether.staff_days.date is '日期';
comment on column bellwether.staff_days.worked_minutes is '工作时长; 0 to 1,440';
comment on column bellwether.staff_days.unrelated_minutes is '无关事务时长; question 4; not more than worked_minutes';
comment on column bellwether.staff_days.burden is '负担感; self-check 10; shown to nobody but the RM unless the bank decides otherwise';
comment on column bellwether.staff_days.note is '改进; question 5, at most 500 characters';

create table bellwether.products (
    product_id varchar(64) not null,
    name_zh text not null,
    family text not null,
    launched_on date not null,
    withdrawn_on date,
    min_tier text,
    fits text,
    primary key (product_id)
);
comment on table bellwether.products is '产品目录: one product the bank sells to companies';
comment on column bellwether.products.product_id is '产品编号; 产品ID';
comment on column bellwether.products.name_zh is '产品名称';
comment on column bellwether.products.family is '产品族';
comment on column bellwether.products.launched_on is '推出日期';
comment on column bellwether.products.withdrawn_on is '停售日期';
comment on column bellwether.products.min_tier is '适用级别; null = all tiers';
comment on column bellwether.products.fits is '适用条件; one expression over the client''s features, checked at load (section 8.2)';

create table bellwether.holdings (
    holding_id varchar(64) not null,
    client_id varchar(64) not null,
    product_id varchar(64) not null,
    opened_on date not null,
    closed_on date,
    amount bigint,
    income_12m bigint,
    last_used_on date,
    primary key (holding_id)
);
comment on table bellwether.holdings is '产品持有: one product a client holds';
comment on column bellwether.holdings.holding_id is '持有编号; account, contract or agreement number (tokenised); accountNo, contractNo';
comment on column bellwether.holdings.client_id is '客户编号; clients';
comment on column bellwether.holdings.product_id is '产品编号; products';
comment on column bellwether.holdings.opened_on is '开办日期; openDate';
comment on column bellwether.holdings.closed_on is '终止日期; matureDate';
comment on column bellwether.holdings.amount is '持有金额; holdingAmount';
comment on column bellwether.holdings.income_12m is '近12月收入; fees or margin booked by the bank; H110011 手续费总额';
comment on column bellwether.holdings.last_used_on is '最近使用日期; 上次动户日期 H140016';

create table bellwether.undertakings (
    undertaking_id varchar(64) not null,
    kind text not null,
    covenant_class text,
    owed_by text not null,
    client_id varchar(64),
    staff_id varchar(64),
    contact_id varchar(64),
    about_kind text not null,
    about_id varchar(64),
    title text not null,
    made_on date not null,
    due_on date,
    first_action_on date,
    done_on date,
    outcome text not null,
    reason text,
    told_client_on date,
    amount bigint,
    priority bigint,
    planned_minutes bigint,
    actual_minutes bigint,
    waived_until date,
    primary key (undertaking_id)
);
comment on table bellwether.undertakings is '约定与任务: something the bank owes the client, the client owes the bank, or an RM set as a task';
comment on column bellwether.undertakings.undertaking_id is '约定编号';
comment on column bellwether.undertakings.kind is '类型';
comment on column bellwether.undertakings.covenant_class is '约定类别; covenants and conditions only; null = other';
comment on column bellwether.undertakings.owed_by is '责任方; client for covenant, condition, capital_instalment; bank otherwise';
comment on column bellwether.undertakings.client_id is '客户编号; clients; null only for task';
comment on column bellwether.undertakings.staff_id is '负责人; staff; required when owed_by = bank';
comment on column bellwether.undertakings.contact_id is '对方联系人; parties';
comment on column bellwether.undertakings.about_kind is '关联对象类型';
comment on column bellwether.undertakings.about_id is '关联对象; required unless about_kind = none';
comment on column bellwether.undertakings.title is '内容; at most 200 characters; never shown to the client side';
comment on column bellwether.undertakings.made_on is '提出日期';
comment on column bellwether.undertakings.due_on is '到期日期; required for rm_promise, task, strengthening_action, corrective_action, covenant, condition, capital_instalment';
comment on column bellwether.undertakings.first_action_on is '首次处理日期';
comment on column bellwether.undertakings.done_on is '完成日期';
comment on column bellwether.undertakings.outcome is '结果';
comment on column bellwether.undertakings.reason is '原因; declined or not adopted';
comment on column bellwether.undertakings.told_client_on is '告知客户日期; client_opinion: the loop was closed';
comment on column bellwether.undertakings.amount is '金额';
comment on column bellwether.undertakings.priority is '优先级; task: 1 首要, 2 次要, 3 不太重要';
comment on column bellwether.undertakings.planned_minutes is '计划时长; task; 计划开始/结束时间';
comment on column bellwether.undertakings.actual_minutes is '实际时长; task; 实际完成情况';
comment on column bellwether.undertakings.waived_until is '豁免至; covenant, condition';

create table bellwether.complaints (
    complaint_id varchar(64) not null,
    client_id varchar(64) not null,
    contact_id varchar(64),
    handler_id varchar(64) not null,
    about_staff_id varchar(64),
    received_at timestamp(3) not null,
    channel text not null,
    target text not null,
    category text not null,
    product text,
    severity text not null,
    content text not null,
    demand text,
    volunteered boolean not null,
    acknowledged_at timestamp(3),
    apology_given boolean,
    restated boolean,
    investigated_at timestamp(3),
    facts text,
    fault text not null,
    fault_decided_at timestamp(3),
    consulted boolean,
    resolved_at timestamp(3),
    closed_at timestamp(3),
    outcome text not null,
    client_score smallint,
    compensation bigint,
    root_cause text,
    corrective text,
    extension_approved_by varchar(64),
    repeat_of varchar(64),
    thanked_on date,
    risk_told_on date,
    primary key (complaint_id)
);
comment on table bellwether.complaints is '抱怨与投诉: one complaint and how it was handled';
comment on column bellwether.complaints.complaint_id is '编号';
comment on column bellwether.complaints.client_id is '客户编号; clients';
comment on column bellwether.complaints.contact_id is '投诉人; parties';
comment on column bellwether.complaints.handler_id is '受理人; staff';
comment on column bellwether.complaints.about_staff_id is '被投诉员工; staff';
comment on column bellwether.complaints.received_at is '受理时间; 投诉时间';
comment on column bellwether.complaints.channel is '渠道; JR/T 0169 class A';
comment on column bellwether.complaints.target is '对象';
comment on column bellwether.complaints.category is '原因; JR/T 0169 class C';
comment on column bellwether.complaints.product is '涉及产品; JR/T 0169 class B';
comment on column bellwether.complaints.severity is '等级; 1 ordinary, 2 complex, 3 major; 普通/复杂/重大';
comment on column bellwether.complaints.content is '抱怨内容; at most 2,000 characters; internal reports only; 投诉内容';
comment on column bellwether.complaints.demand is '客户要求; 客户要求';
comment on column bellwether.complaints.volunteered is '主动发现; drawn out by the RM before the client complained formally';
comment on column bellwether.complaints.acknowledged_at is '首次回应时间';
comment on column bellwether.complaints.apology_given is '已致歉';
comment on column bellwether.complaints.restated is '复述并经客户确认; the problem was repeated back and confirmed';
comment on column bellwether.complaints.investigated_at is '调查完成时间';
comment on column bellwether.complaints.facts is '事实; 调查分析';
comment on column bellwether.complaints.fault is '责任认定';
comment on column bellwether.complaints.fault_decided_at is '认定时间; required unless undecided';
comment on column bellwether.complaints.consulted is '方案征求客户意见';
comment on column bellwether.complaints.resolved_at is '解决时间';
comment on column bellwether.complaints.closed_at is '结案时间';
comment on column bellwether.complaints.outcome is '处理结果; 处理结果';
comment on column bellwether.complaints.client_score is '客户对处理的满意度; 结果反馈';
comment on column bellwether.complaints.compensation is '补偿金额; 赔偿';
comment on column bellwether.complaints.root_cause is '根本原因';
comment on column bellwether.complaints.corrective is '改进措施; at most 500 characters; 改善对策';
comment on column bellwether.complaints.extension_approved_by is '延期批准人; staff';
comment on column bellwether.complaints.repeat_of is '重复投诉自; complaints';
comment on column bellwether.complaints.thanked_on is '致谢日期; those who helped were thanked';
comment on column bellwether.complaints.risk_told_on is '报风险部门日期; rule 15';

create table bellwether.survey_answers (
    answer_id varchar(64) not null,
    client_id varchar(64) not null,
    contact_id varchar(64),
    staff_id varchar(64),
    subject text not null,
    item text not null,
    expected smallint,
    score smallint not null,
    why text,
    asked_by text not null,
    answered_on date not null,
    primary key (answer_id)
);
comment on table bellwether.survey_answers is '满意度: one answer to one item';
comment on column bellwether.survey_answers.answer_id is '编号';
comment on column bellwether.survey_answers.client_id is '客户编号; clients';
comment on column bellwether.survey_answers.contact_id is '答复人; parties';
comment on column bellwether.survey_answers.staff_id is '被评客户经理; required when subject = rm';
comment on column bellwether.survey_answers.subject is '对象; satisfaction with the RM, or with the bank''s business';
comment on column bellwether.survey_answers.item is '项目';
comment on column bellwether.survey_answers.expected is '期望; what the client expected, 1 to 5';
comment on column bellwether.survey_answers.score is '得分; what the client got: 5 非常满意 to 1 很不满意';
comment on column bellwether.survey_answers.why is '原因; at most 500 characters';
comment on column bellwether.survey_answers.asked_by is '询问方式';
comment on column bellwether.survey_answers.answered_on is '日期';

create table bellwether.documents (
    document_id varchar(64) not null,
    client_id varchar(64) not null,
    subject_id varchar(64) not null,
    checklist text not null,
    item_code text not null,
    about_id varchar(64),
    period_end date,
    received_on date,
    valid_until date,
    status text not null,
    checked_by varchar(64),
    reason text,
    primary key (document_id)
);
comment on table bellwether.documents is '档案: one archive item of one client or product file';
comment on column bellwether.documents.document_id is '档案编号';
comment on column bellwether.documents.client_id is '客户编号; whose file it is';
comment on column bellwether.documents.subject_id is '材料主体; parties; the client, or the guarantor for guarantor items';
comment on column bellwether.documents.checklist is '清单';
comment on column bellwether.documents.item_code is '清单项; must be in the checklist (section 10)';
comment on column bellwether.documents.about_id is '业务编号; required for the two fixed_asset lists: loan or facility';
comment on column bellwether.documents.period_end is '所属期间; yearly items: statement year';
comment on column bellwether.documents.received_on is '收到日期; required for present, expired, rejected';
comment on column bellwether.documents.valid_until is '有效期至';
comment on column bellwether.documents.status is '状态';
comment on column bellwether.documents.checked_by is '核验人; staff';
comment on column bellwether.documents.reason is '原因; required for waived, rejected';
