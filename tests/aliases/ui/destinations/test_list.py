"""The list of destinations, and registering one."""

from __future__ import annotations

import pytest

from aliases.models import Destination
from aliases.records.configuration import ConfigurationItem
from aliases.records.history import Action
from aliases.records.keys import DESTINATIONS_KEY
from aliases.services.destinations import add_destination, deactivate_destination, find_destination, remove_destination
from aliases.services.stores import site_table
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.services.making import last
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")
LIST, ADD = "/destinations/", "/destinations/add/"


def row_of(text: str, name: str) -> str:
    return next(row for row in text.split("<li") if f">{name}<" in row).split("</li>")[0]


def test_each_destination_explains_its_kind_and_counts_its_aliases() -> None:
    add_destination("S3", by="setup")
    add_destination("eve@example.org", "The & <other>", by="setup")
    deactivate_destination(add_destination("bob@tacomail", by="setup"), by="setup")
    alias("shop")
    alias("news", destination="", destinations={"alice@tacomail": False, "eve@example.org": True})
    text = signed_in().get(LIST).content.decode()
    alice, bob, bucket, eve = (row_of(text, n) for n in ("alice@tacomail", "bob@tacomail", "S3", "eve@example.org"))
    assert "the folder of alice" in alice
    assert '<a href="/aliases/?destination=alice%40tacomail">2 aliases</a>' in alice
    assert ("off, mail is held" in bob, "no aliases" in bob) == (True, True)
    assert "Stored mail" in bucket
    assert ("Forwarding is not available yet" in eve, "mail is held" in eve) == (True, True)
    assert "The &amp; &lt;other&gt;" in eve


def test_what_aliases_name_without_its_being_registered_can_be_registered() -> None:
    alias("shop", destination="Eve@example.org")
    text = signed_in().get(LIST).content.decode()
    assert "Named by aliases, not registered" in text
    assert 'href="/destinations/add/?destination=eve%40example.org"' in text
    form = signed_in().get("/destinations/add/?destination=eve%40example.org").content.decode()
    assert 'value="eve@example.org"' in form
    add_destination("eve@example.org", by="setup")
    assert "not registered" not in signed_in().get(LIST).content.decode()


def test_a_text_that_means_nothing_is_listed_and_opened_all_the_same() -> None:
    """Somebody wrote it into the table by hand."""
    site_table().update(DESTINATIONS_KEY, [ConfigurationItem.values.add({"no destination"})])
    assert "not understood" in signed_in().get(LIST).content.decode()
    assert "cannot be understood" in signed_in().get("/destinations/no%20destination/").content.decode()


def test_it_costs_five_requests() -> None:
    alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        client.get(LIST)
    assert len(requests) == 5, requests.operations


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_without_a_destination_it_says_what_to_do(role: Role) -> None:
    remove_destination(find_destination("alice@tacomail"), by="setup")
    text = signed_in(role).get(LIST).content.decode()
    assert "No destination yet" in text
    assert (ADD in text) is (role is Role.EDITOR)


def test_a_registered_destination_shows_its_page() -> None:
    answer = signed_in().post(ADD, {"destination": " Bob@Tacomail ", "description": "Lunch"}, follow=True)
    assert answer.redirect_chain == [("/destinations/bob@tacomail/", 303)]
    assert "bob@tacomail is registered" in answer.content.decode()
    assert Destination.objects.get(pk="bob@tacomail").description == "Lunch"
    assert (last("destination", "bob@tacomail").action, last("destination", "bob@tacomail").actor) == (
        Action.CREATED,
        "editor",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required"),
        ("nonsense", "give one bare address"),
        ("../up@tacomail", "a local user is a folder name"),
        ("shop@taco.example", "mail would come back to it"),
        ("Alice@tacomail", "is known already"),
        ("x" * 300, "has 300"),
    ],
)
def test_wrong_input_stays_with_the_error_beside_it(typed: str, said: str) -> None:
    answer = signed_in().post(ADD, {"destination": typed, "description": "Lunch"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text.split('id="id_destination_error"')[1].split("</div>")[0]
    assert f'value="{typed}"' in text or not typed
    assert ">\nLunch</textarea>" in text
    assert Destination.objects.count() == 1
