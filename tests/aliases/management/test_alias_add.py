"""`manage.py alias add`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from tests.aliases.management.calling import command

if TYPE_CHECKING:
    from tests.support.installation import Installation


def test_a_new_alias_takes_mail_at_once(installation: Installation) -> None:
    said = command("alias", "add", "Garden@Taco.Example", "bob@tacomail", "--description", "Seeds")
    assert said == "garden@taco.example is active and goes to bob@tacomail.\n"
    assert installation.alias("garden@taco.example")["description"] == "Seeds"
    installation.deliver(installation.receive("garden@taco.example"))
    assert len(installation.mail_of("bob")) == 1


@pytest.mark.usefixtures("installation")
def test_a_domain_that_is_not_known_is_refused_with_the_served_ones_and_the_way_to_add_it() -> None:
    with pytest.raises(CommandError) as refused:
        command("alias", "add", "shop@burrito.example", "alice@tacomail")
    assert str(refused.value) == (
        "burrito.example is not served, so mail for it would be refused. "
        "Served: sub.taco.example, taco.example, tacobücher.example. "
        "'manage.py domain add burrito.example' makes it so."
    )


@pytest.mark.usefixtures("installation")
def test_a_domain_that_was_deactivated_is_refused_with_the_way_to_activate_it() -> None:
    command("domain", "deactivate", "sub.taco.example")
    with pytest.raises(CommandError, match=r"'manage\.py domain activate sub\.taco\.example' makes it so\."):
        command("alias", "add", "shop@sub.taco.example", "alice@tacomail")


def test_a_refused_alias_is_not_made(installation: Installation) -> None:
    with pytest.raises(CommandError):
        command("alias", "add", "new@burrito.example", "alice@tacomail")
    assert "Item" not in installation.rows.get_item(Key={"sub_domain": "burrito.example", "alias_address": "new"})


@pytest.mark.usefixtures("installation")
def test_an_unregistered_destination_is_taken_with_a_hint() -> None:
    said = command("alias", "add", "new@taco.example", "carol@tacomail")
    assert said.splitlines()[1] == (
        "Hint: carol@tacomail is not registered, which keeps no mail back. "
        "'manage.py destination add carol@tacomail' registers it, so that it can be paused."
    )


@pytest.mark.usefixtures("installation")
def test_a_paused_destination_is_taken_with_a_hint() -> None:
    command("destination", "pause", "bob@tacomail")
    said = command("alias", "add", "new@taco.example", "bob@tacomail")
    assert "Hint: bob@tacomail is paused, so mail waits in the bucket" in said


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("shop@taco.example", "alice@tacomail"), "shop@taco.example exists already."),
        (("shop", "alice@tacomail"), "'shop' is not of the form local-part@domain."),
        (("a..b@taco.example", "alice@tacomail"), "'a..b': a dot may stand neither first nor last"),
        (("new@taco.example", "nowhere"), "'nowhere' is no destination"),
        (("new@taco.example", "new@taco.example"), "mail would come back to it"),
        (("new@taco.example", "shop@taco.example"), "mail would come back to it"),
        (("new@taco.example", "x@TACOBÜCHER.example"), "mail would come back to it"),
    ],
)
@pytest.mark.usefixtures("installation")
def test_what_cannot_be_an_alias_is_refused_with_the_reason(words: tuple[str, str], reason: str) -> None:
    with pytest.raises(CommandError) as refused:
        command("alias", "add", *words)
    assert reason in str(refused.value)


@pytest.mark.usefixtures("installation")
def test_a_unicode_domain_is_shown_as_it_was_typed() -> None:
    assert command("alias", "add", "neu@tacobücher.example", "alice@tacomail").startswith("neu@tacobücher.example is")
