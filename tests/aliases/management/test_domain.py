"""`manage.py domain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from aliases.records.history import Action
from aliases.services.histories import history_of
from tests.aliases.management.calling import command, command_json
from tests.support.events import ses_event

if TYPE_CHECKING:
    from tests.support.installation import Installation


@pytest.fixture
def burrito(installation: Installation) -> Installation:
    command("domain", "add", "Burrito.example", "--description", "Lunch")
    return installation


def test_an_added_domain_is_served_at_once(burrito: Installation) -> None:
    command("alias", "add", "shop@burrito.example", "alice@tacomail")
    assert burrito.ask(ses_event("shop@burrito.example")) == "CONTINUE"


@pytest.mark.usefixtures("burrito")
def test_the_list_names_each_domain_with_its_state() -> None:
    command("domain", "deactivate", "burrito.example")
    lines = command("domain", "list").splitlines()
    assert lines[0].split() == ["DOMAIN", "STATE", "CREATED", "DESCRIPTION"]
    assert lines[1].startswith("burrito.example     not served  20")
    assert lines[1].endswith("Z  Lunch")
    assert lines[2:] == [
        "sub.taco.example    served      -",
        "taco.example        served      -",
        "tacobücher.example  served      -",
    ]


@pytest.mark.usefixtures("burrito")
def test_the_list_as_json_has_the_stored_names() -> None:
    found = {entry["domain"]: entry for entry in command_json("domain", "list")}
    assert found["burrito.example"]["description"] == "Lunch"
    assert found["burrito.example"]["active"] is True
    assert found["xn--tacobcher-u9a.example"]["active"] is True


@pytest.mark.usefixtures("installation")
def test_an_empty_list_says_how_to_begin() -> None:
    for entry in command_json("domain", "list"):
        command("domain", "remove", entry["domain"], "--with-aliases")
    assert command("domain", "list") == "There is no domain yet: 'manage.py domain add example.com' adds one.\n"


@pytest.mark.parametrize(
    ("domain", "reason"),
    [("taco.example", "The domain taco.example is known already."), ("taco", "needs at least one dot")],
)
@pytest.mark.usefixtures("installation")
def test_a_domain_that_is_known_or_none_is_refused(domain: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        command("domain", "add", domain)


def test_deactivate_refuses_mail_keeps_the_aliases_and_activate_takes_mail_again(installation: Installation) -> None:
    said = command("domain", "deactivate", "taco.example")
    assert said == "taco.example is no longer served: mail for it is refused. Its aliases stay.\n"
    assert installation.ask(ses_event("shop@taco.example")) == "STOP_RULE"
    assert command("domain", "activate", "taco.example") == "taco.example is served.\n"
    assert installation.ask(ses_event("shop@taco.example", seed="second")) == "CONTINUE"


@pytest.mark.usefixtures("installation")
def test_several_domains_are_activated_although_one_is_unknown() -> None:
    command("domain", "deactivate", "taco.example")
    with pytest.raises(CommandError, match=r"^The domain nosuch\.example is not known\.$"):
        command("domain", "activate", "nosuch.example", "taco.example")
    assert {"taco.example", "sub.taco.example"} <= {e["domain"] for e in command_json("domain", "list") if e["active"]}


@pytest.mark.usefixtures("installation")
def test_describe_sets_the_description_and_changes_nothing_else() -> None:
    assert command("domain", "describe", "tacobücher.example", "Books") == "tacobücher.example is described.\n"
    found = {entry["domain"]: entry for entry in command_json("domain", "list")}
    assert found["xn--tacobcher-u9a.example"]["description"] == "Books"
    assert found["xn--tacobcher-u9a.example"]["active"] is True


def test_a_domain_with_aliases_stays_and_the_ways_out_are_named(installation: Installation) -> None:
    with pytest.raises(CommandError) as refused:
        command("domain", "remove", "sub.taco.example")
    assert "sub.taco.example still has 1 alias." in str(refused.value)
    assert "'manage.py domain remove sub.taco.example --with-aliases'" in str(refused.value)
    assert "'manage.py domain deactivate sub.taco.example'" in str(refused.value)
    assert installation.alias("orders@sub.taco.example")["use_count"] == 1


def test_remove_with_aliases_removes_both(installation: Installation) -> None:
    said = command("domain", "remove", "sub.taco.example", "--with-aliases")
    assert said == "sub.taco.example is removed, and 1 of its aliases.\n"
    assert "sub.taco.example" not in command("domain", "list")
    assert "sub.taco.example" not in command("alias", "list")
    assert installation.ask(ses_event("orders@sub.taco.example")) == "STOP_RULE"


@pytest.mark.usefixtures("burrito")
def test_a_domain_without_aliases_is_removed() -> None:
    assert command("domain", "remove", "burrito.example") == "burrito.example is removed.\n"


@pytest.mark.usefixtures("installation")
def test_an_alias_that_goes_with_its_domain_is_told_to_the_history() -> None:
    command("domain", "remove", "sub.taco.example", "--with-aliases")
    (entry,) = command_json("alias", "history", "orders@sub.taco.example")
    assert (entry["actor"], entry["action"]) == ("command line", "deleted")


@pytest.mark.parametrize(
    ("words", "action"),
    [
        (("add", "b.example"), Action.CREATED),
        (("describe", "b.example", "Lunch"), Action.CHANGED),
        (("deactivate", "b.example"), Action.PAUSED),
        (("activate", "b.example"), Action.RESUMED),
        (("remove", "b.example"), Action.DELETED),
    ],
    ids=str,
)
@pytest.mark.usefixtures("installation")
def test_every_action_is_told_to_the_history(words: tuple[str, ...], action: Action) -> None:
    if action is not Action.CREATED:
        command("domain", "add", "b.example")
    command("domain", *words)
    entry = next(iter(history_of("domain", "b.example")))
    assert (entry.action, entry.actor) == (action, "command line")
