"""Where mail can go, as mailboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.api.callers import Scope
from aliases.api.simplelogin.numbers import mailbox_number
from aliases.services.destinations import add_destination, deactivate_destination, find_destination
from tests.aliases.api.simplelogin.clients import extension, made
from tests.support.api import token
from tests.support.site import DESTINATION

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

KEYS = {"id", "email", "verified", "default", "creation_timestamp", "nb_alias"}


def test_each_registered_destination_is_a_mailbox(site: SiteTable) -> None:
    made("one")
    made("two", destinations={DESTINATION: False, "bob@tacomail": True})
    add_destination("bob@tacomail", by="olivia")
    answer = extension().get("/api/mailboxes")
    assert answer.status_code == 200
    assert list(answer.json()) == ["mailboxes"]
    found = {one["email"]: one for one in answer.json()["mailboxes"]}
    assert set(found) == {DESTINATION, "bob@tacomail"}
    for text, mailbox in found.items():
        assert set(mailbox) == KEYS
        assert mailbox["id"] == mailbox_number(text)
        assert mailbox["verified"] is True
        assert mailbox["creation_timestamp"] > 1_700_000_000
    assert [one["default"] for one in found.values()].count(True) == 1
    assert found[DESTINATION]["default"] is True
    assert (found[DESTINATION]["nb_alias"], found["bob@tacomail"]["nb_alias"]) == (2, 1)


def test_the_one_of_the_token_is_the_default(site: SiteTable) -> None:
    add_destination("bob@tacomail", by="olivia")
    api = extension(token(Scope.READ, destination="bob@tacomail"))
    default = {one["email"]: one["default"] for one in api.get("/api/v2/mailboxes").json()["mailboxes"]}
    assert default == {DESTINATION: False, "bob@tacomail": True}


def test_one_that_is_off_is_only_in_the_longer_list_and_not_verified(site: SiteTable) -> None:
    add_destination("bob@tacomail", by="olivia")
    deactivate_destination(find_destination("bob@tacomail"), by="olivia")
    api = extension()
    assert [one["email"] for one in api.get("/api/mailboxes").json()["mailboxes"]] == [DESTINATION]
    verified = {one["email"]: one["verified"] for one in api.get("/api/v2/mailboxes").json()["mailboxes"]}
    assert verified == {DESTINATION: True, "bob@tacomail": False}


def test_without_a_destination_there_is_no_mailbox(empty_site: SiteTable) -> None:
    assert extension().get("/api/mailboxes").json() == {"mailboxes": []}
