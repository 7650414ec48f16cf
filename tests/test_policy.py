"""The policy file in the repository is the whole default policy, by name and value."""

from pathlib import Path

from transforms.policy import Policy

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
