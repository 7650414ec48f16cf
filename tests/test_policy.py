"""The policy file in the repository is the whole default policy, by name and value."""

from datetime import date
from pathlib import Path

import pytest

from transforms.policy import Policy, PolicyError

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
    policy = Policy.parse(text)
    night = policy.night(date(2015, 6, 30))
    assert night.main_business_revenue_as_revenue
    assert (night.roster_weights["loans_out"], night.roster_weights["tenure_days"]) == (0.30, 0.15)
    assert (night.purposes["equipment"], night.purposes["raw_material"]) == (
        ("equipment",),
        ("raw_material", "logistics"),
    )
    assert Policy.parse(policy.toml()).hash == policy.hash
