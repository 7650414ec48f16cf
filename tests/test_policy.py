"""The policy file in the repository is the whole default policy, by name and value."""

from datetime import date
from pathlib import Path

import pytest

from tests.signals.cases import NIGHT, panel
from transforms.findings import judge
from transforms.policy import Policy, PolicyError
from transforms.signals import CATALOGUE

TEXT = (Path(__file__).parents[1] / "policy.toml").read_text(encoding="utf-8")


def test_the_shipped_policy_is_the_default() -> None:
    assert Policy().toml() == TEXT
    assert Policy.parse(TEXT).hash == Policy().hash


def test_what_a_bank_set_is_read_back() -> None:
    policy = Policy.parse(
        'home_currency = "USD"\nown_banks = ["3135"]\n[cadence]\nA = 20\n[FIN-02.growth]\nshare_of_assets = 0.1\n'
    )
    assert Policy.parse(policy.toml()).hash == policy.hash
    assert policy.cadence == {"A": 20, "B": 60, "C": 90, "D": 180}
    assert policy.hash != Policy().hash


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[statements]\nmain_busines = true", "nearest known: 'main_business_revenue_as_revenue'"),
        ("[statements]\nmain_business_revenue_as_revenue = 1", "must be true or false"),
        ("statements = 1", "must be a table"),
        ("[roster_weights]\ntenure_days = 0.5", "sum to 1"),
        ("[roster_weights]\ntenure_days = -0.15\nloans_out = 0.45", "at least 0"),
        ("[roster_weights]\ntenure = 0.15", "nearest known: 'tenure_days'"),
        ("[purposes]\nequipmnt = ['equipment']", "nearest known: 'equipment'"),
        ("[purposes]\nequipment = ['logistic']", "nearest known: 'logistics'"),
        ("[purposes]\nequipment = 'logistics'", "must be a list"),
        ("purposes = 3", "must be a table of lists"),
        ("decline = 3", "must be a table of levels"),
        ("[decline.B]\nz = -1", "unknown level of decline 'B'"),
        ("[decline.W]\nr3 = 0.8", "nearest known: 'r3_12'"),
        ("[decline.W]\nz = true", "must be a number"),
        ("personal_ties = 1", "must be true or false"),
        ("contact_minutes = 0", "1 to 1440"),
        ('working_hours = ["9:00", "17:30"]', "two times of day"),
        ('working_hours = ["18:00", "09:00"]', "two times of day"),
        ('working_hours = ["09:00"]', "two times of day"),
    ],
)
def test_a_switch_that_cannot_be_is_refused(text: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        Policy.parse(text)


def test_switches_reach_the_night() -> None:
    text = """
        [statements]
        main_business_revenue_as_revenue = true
        [roster_weights]
        loans_out = 0.30
        contribution_12m = 0.15
        [purposes]
        equipment = ["equipment"]
    """
    text = f"""
        personal_ties = true
        contact_minutes = 300
        working_hours = ["08:30", "17:00"]
        {text}
        [decline.W]
        r3_12 = 0.75
    """
    policy = Policy.parse(text)
    night = policy.night(date(2015, 6, 30))
    assert (night.personal_ties, night.contact_minutes, night.working_hours) == (True, 300, ("08:30", "17:00"))
    assert night.decline == {"W": (0.75, 0.9, -1.5), "A": (0.7, 0.85, -2.0), "R": (0.5, 0.75, -2.0)}
    assert night.main_business_revenue_as_revenue
    assert (night.roster_weights["loans_out"], night.roster_weights["tenure_days"]) == (0.30, 0.15)
    assert (night.purposes["equipment"], night.purposes["raw_material"]) == (
        ("equipment",),
        ("raw_material", "logistics"),
    )
    assert Policy.parse(policy.toml()).hash == policy.hash


def test_a_finding_of_a_decline_shows_the_limit_the_bank_set() -> None:
    policy = Policy.parse("[decline.W]\nr3_12 = 0.75")
    fallen = panel({"opin_decline": "W", "opin_r3_12": 0.7})
    of_ours, of_theirs = (
        judge(fallen, {"MGT-42": CATALOGUE["MGT-42"]}, one, NIGHT).findings for one in (Policy(), policy)
    )
    assert (of_ours["limit"].to_list(), of_theirs["limit"].to_list()) == ([0.8], [0.75])
    assert "(limit 75.0%)" in of_theirs["text_en"][0]
    assert of_ours["rule_version"][0] != of_theirs["rule_version"][0]
