"""`manage.py alias add --domain`: an alias whose name is generated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from tests.aliases.management.calling import command

if TYPE_CHECKING:
    from tests.support.installation import Installation


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ((), r"[a-z]+\.[a-z]+\d\d"),
        (("--style", "words"), r"[a-z]+\.[a-z]+\d\d"),
        (("--style", "characters"), r"[a-z2-9]{10}"),
        (("--style", "uuid"), r"[0-9a-f-]{36}"),
    ],
)
def test_its_name_has_the_style_that_was_asked_for(
    installation: Installation, words: tuple[str, ...], form: str
) -> None:
    said = command("alias", "add", "--domain", "Taco.Example", *words, "bob@tacomail", "--description", "Seeds")
    found = re.fullmatch(rf"({form}@taco\.example) is active and goes to bob@tacomail\.\n", said)
    assert found is not None
    assert installation.alias(found[1])["description"] == "Seeds"


@pytest.mark.parametrize(
    "words",
    [
        ("bob@tacomail",),
        ("new@taco.example", "bob@tacomail", "--domain", "taco.example"),
        ("new@taco.example", "bob@tacomail", "--style", "uuid"),
        ("bob@tacomail", "--style", "uuid"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("installation")
def test_either_the_address_or_the_domain_is_given(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        command("alias", "add", *words)
    assert str(refused.value) == (
        "Name the alias: 'alias add ADDRESS DESTINATION'. Or have its name generated: "
        "'alias add --domain DOMAIN [--style words|characters|uuid] DESTINATION'."
    )


@pytest.mark.usefixtures("installation")
def test_a_domain_that_is_not_served_is_refused_with_the_way_to_add_it() -> None:
    with pytest.raises(CommandError, match=r"'manage\.py domain add burrito\.example' makes it so\."):
        command("alias", "add", "--domain", "burrito.example", "bob@tacomail")


@pytest.mark.usefixtures("installation")
def test_a_style_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'poem'"):
        command("alias", "add", "--domain", "taco.example", "--style", "poem", "bob@tacomail")
