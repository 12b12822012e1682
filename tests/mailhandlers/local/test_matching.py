from __future__ import annotations

import pytest

from mailhandlers.local.matching import is_accepted, matched_recipients

VERIFIED = frozenset({"taco.example", "other.example"})


@pytest.mark.parametrize(
    ("condition", "recipient", "matches"),
    [
        ("taco.example", "shop@taco.example", True),
        ("taco.example", "Shop@TACO.Example", True),
        ("TACO.example", "shop@taco.example", True),
        ("taco.example", "shop@mail.taco.example", False),
        ("taco.example", "shop@nottaco.example", False),
        (".taco.example", "shop@mail.taco.example", True),
        (".taco.example", "shop@a.b.taco.example", True),
        (".taco.example", "shop@taco.example", False),
        ("shop@taco.example", "shop@taco.example", True),
        ("shop@taco.example", "SHOP@taco.example", True),
        ("shop@taco.example", "shop+label@taco.example", True),
        ("shop@taco.example", "shopping@taco.example", False),
        ("shop+label@taco.example", "shop+label@taco.example", True),
        ("shop+label@taco.example", "shop@taco.example", False),
        ("taco.example", '"a@b"@taco.example', True),
    ],
)
def test_a_condition_is_an_address_a_domain_or_subdomains(condition: str, recipient: str, matches: bool) -> None:
    found = matched_recipients({"Recipients": [condition]}, [recipient], VERIFIED)
    assert found == ((recipient,) if matches else ())


def test_one_of_several_conditions_is_enough() -> None:
    rule = {"Recipients": ["a.example", "taco.example"]}
    assert matched_recipients(rule, ["x@taco.example", "x@b.example"], VERIFIED) == ("x@taco.example",)


def test_a_rule_without_conditions_is_for_every_verified_domain() -> None:
    recipients = ["x@taco.example", "x@sub.other.example", "x@elsewhere.example"]
    assert matched_recipients({}, recipients, VERIFIED) == ("x@taco.example", "x@sub.other.example")


def test_a_recipient_of_no_verified_domain_is_not_accepted() -> None:
    rules = [{"Enabled": True, "Recipients": ["elsewhere.example"]}]
    assert not is_accepted("x@elsewhere.example", rules, VERIFIED)


def test_a_recipient_of_no_enabled_rule_is_not_accepted() -> None:
    assert not is_accepted("x@taco.example", [{"Enabled": False, "Recipients": ["taco.example"]}], VERIFIED)
    assert is_accepted("x@taco.example", [{"Enabled": True, "Recipients": ["taco.example"]}], VERIFIED)
