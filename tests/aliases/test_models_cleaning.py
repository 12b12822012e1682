"""Validation of the models is that of the records, as errors of the field that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from aliases.models import Alias, Destination, Domain, MessageLog, State
from tests.aliases.backend.rows import made
from tests.support.site import DOMAIN

pytestmark = pytest.mark.usefixtures("site")


def alias(name: str = "shop", domain: str = DOMAIN, destination: str = "alice@tacomail") -> Alias:
    return Alias(alias_address=name, sub_domain=domain, destination=destination)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (alias(name="no spaces"), "alias_address"),
        (alias(name=".dot"), "alias_address"),
        (alias(name="ä"), "alias_address"),
        (alias(domain="nodot"), "sub_domain"),
        (alias(domain="tacomail-config"), "sub_domain"),
        (alias(destination="nowhere"), "destination"),
    ],
)
def test_the_field_that_is_wrong_is_named(wrong: Alias, field: str) -> None:
    with pytest.raises(ValidationError) as raised:
        wrong.full_clean()
    assert list(raised.value.error_dict) == [field]


def test_what_is_right_takes_its_stored_form() -> None:
    right = alias(" Shop ", "TACO.example.", "Alice@TACOMAIL")
    right.full_clean()
    assert (right.alias_address, right.sub_domain) == ("shop", DOMAIN)
    assert right.destination.endswith("@tacomail")


def test_an_address_that_is_taken_is_an_error_of_the_form() -> None:
    made("shop")
    with pytest.raises(ValidationError, match="already exists"):
        alias().full_clean()


def test_an_alias_may_be_cleaned_as_it_is() -> None:
    found = Alias.objects.get(pk=made("shop").pk)
    found.full_clean()
    assert found.changed_fields() == []


def test_domains_and_destinations_are_cleaned_too() -> None:
    domain, destination = Domain(domain="New.EXAMPLE.com"), Destination(destination=" S3 ")
    domain.full_clean()
    destination.full_clean()
    assert (domain.domain, destination.destination) == ("new.example.com", "S3")
    for wrong, field in ((Domain(domain="nodot"), "domain"), (Destination(destination="nowhere"), "destination")):
        with pytest.raises(ValidationError) as raised:
            wrong.full_clean()
        assert list(raised.value.error_dict) == [field]


@pytest.mark.parametrize(
    ("active", "ignore", "state"),
    [
        (True, False, State.ACTIVE),
        (True, True, State.IGNORED),
        (False, False, State.PAUSED),
        (False, True, State.PAUSED),
    ],
)
def test_the_state_is_one_of_three(active: bool, ignore: bool, state: State) -> None:
    assert Alias(active_alias=active, ignore_alias=ignore).state is state


def test_destinations_are_listed_each_on_or_off() -> None:
    assert alias().destination_list == [("alice@tacomail", True)]
    several = alias()
    several.destinations = {"S3": {"active": False}, "bob@tacomail": {"active": True}}
    assert several.destination_list == [("S3", False), ("bob@tacomail", True)]


def test_they_are_shown_as_a_person_reads_them() -> None:
    assert str(alias(domain="xn--bcher-kva.example")) == "shop@bücher.example"
    assert str(Domain(domain="xn--bcher-kva.example")) == "bücher.example"
    assert str(Destination(destination="S3")) == "S3"
    entry = MessageLog(address="shop@taco.example", received_datetime=datetime(2024, 9, 3, 10, 15, tzinfo=UTC))
    assert str(entry) == "shop@taco.example, 2024-09-03 10:15"
