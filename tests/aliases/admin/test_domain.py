from __future__ import annotations

from typing import Any

import pytest

from aliases.admin import reports
from aliases.models import Alias, Domain
from aliases.records.exceptions import AlreadyExists, Conflict
from aliases.records.history import Action
from aliases.services.aliases import check_served
from aliases.services.domains import add_domain
from aliases.services.histories import history_of
from tests.aliases.admin.pages import DOMAINS, alias, errors, fields, listed, opened, saved, sent, signed_in, told
from tests.support.site import DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")
ADD = f"{DOMAINS}add/"
CHANGE = f"{DOMAINS}{DOMAIN}/change/"
DELETE = f"{DOMAINS}{DOMAIN}/delete/"


def test_the_list_counts_the_aliases_of_each_in_one_listing() -> None:
    add_domain("bücher.example", by="setup")
    for name in ("a", "b"):
        alias(name)
    client = signed_in()
    with counted_requests() as requests:
        page = client.get(DOMAINS)
    assert listed(page) == [DOMAIN, "bücher.example"]
    assert {domain.domain: domain.alias_count for domain in page.context["cl"].result_list} == {
        DOMAIN: 2,
        "xn--bcher-kva.example": 0,
    }
    assert f'href="/admin/aliases/alias/?domain={DOMAIN}">2</a>' in page.content.decode()
    assert len(requests) == 5  # session, operator, two for the domains, one listing


def test_a_domain_is_added_in_any_spelling() -> None:
    assert saved(signed_in(), ADD, domain=" Bücher.Example. ", description="Books").status_code == 302
    made = Domain.objects.get(pk="xn--bcher-kva.example")
    assert (made.active, made.description) == (True, "Books")
    assert next(iter(history_of("domain", made.pk))).actor == "editor"


def test_a_domain_can_be_added_without_being_served() -> None:
    saved(signed_in(), ADD, domain="later.example", active=None)
    assert not Domain.objects.get(pk="later.example").active


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "tacomail-config",
        "tacomail-log/x.example",
        "django:session",
        "127.0.0.1",
        "a..example",
        "x" * 254,
        ("a" * 60 + ".") * 5 + "example",
        "-a.example",
        "shop@a.example",
        "<b>.example",
        "a.example\0",
    ],
)
def test_what_is_no_domain_is_a_form_error(text: str) -> None:
    assert list(errors(saved(signed_in(), ADD, domain=text, description="typed"))) == ["domain"]
    assert Domain.objects.count() == 1


def test_a_known_domain_is_a_form_error() -> None:
    page = saved(signed_in(), ADD, domain=DOMAIN.upper(), description="typed")
    assert errors(page) == {"domain": [f"The domain {DOMAIN} is known already."]}
    assert "typed" in page.content.decode()


def test_a_lost_race_is_a_form_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def slower(*args: Any, **kwargs: Any) -> None:
        raise AlreadyExists("The domain new.example is known already.", field="domain")

    monkeypatch.setattr("aliases.admin.domain.add_domain", slower)
    assert list(errors(saved(signed_in(), ADD, domain="new.example"))) == ["domain"]


def test_describing_and_switching_are_written_apart() -> None:
    saved(signed_in(), CHANGE, description="Mine")
    assert Domain.objects.get(pk=DOMAIN).description == "Mine"
    saved(signed_in(), CHANGE, active=None)
    assert not Domain.objects.get(pk=DOMAIN).active
    saved(signed_in(), CHANGE, active="on")
    assert [entry.action for entry in history_of("domain", DOMAIN)] == [Action.RESUMED, Action.PAUSED, Action.CHANGED]


def test_two_operators_at_one_domain_keep_what_each_changed() -> None:
    alice, bob = signed_in(name="alice"), signed_in(name="bob")
    hers, his = opened(alice, CHANGE), opened(bob, CHANGE)
    sent(alice, CHANGE, hers, description="hers")
    sent(bob, CHANGE, his, active=None)
    now = Domain.objects.get(pk=DOMAIN)
    assert (now.description, now.active) == ("hers", False)
    page = sent(bob, CHANGE, his, description="his")
    assert errors(page)["description"][0].startswith("alice changed this")


def test_a_conflict_keeps_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Conflict("The domain was changed or removed at the same moment.", field="domain")

    monkeypatch.setattr("aliases.admin.domain.describe_domain", refuse)
    page = saved(signed_in(), CHANGE, description="typed")
    assert "same moment" in str(errors(page))
    assert "typed" in page.content.decode()


def test_the_name_of_a_domain_cannot_be_changed() -> None:
    saved(signed_in(), CHANGE, domain="other.example", description="x")
    assert [domain.pk for domain in Domain.objects.all()] == [DOMAIN]


def test_bulk_actions_serve_and_stop_serving() -> None:
    add_domain("b.example", by="setup")
    client = signed_in()
    ticked = {"_selected_action": [DOMAIN, "b.example"], "index": "0"}
    assert told(client.post(DOMAINS, {"action": "stop_serving", **ticked})) == ["2 domains: not served any more."]
    assert not Domain.objects.filter(active=True).exists()
    assert told(client.post(DOMAINS, {"action": "serve", **ticked}))[-1] == "2 domains: served."
    check_served(DOMAIN)


def test_an_empty_domain_is_removed() -> None:
    client = signed_in()
    assert "Delete the domain" in client.get(DELETE).content.decode()
    assert client.post(DELETE, {"post": "yes"}).status_code == 302
    assert not Domain.objects.exists()


def test_a_domain_with_aliases_is_refused_with_their_number() -> None:
    for name in ("a", "b"):
        alias(name)
    page = signed_in().post(DELETE, {"post": "yes"})
    text = page.content.decode()
    assert f"{DOMAIN} still has 2 aliases." in text
    assert "Yes, delete all 2 aliases too" in text
    assert Domain.objects.count() == 1
    assert Alias.objects.count() == 2


def test_only_the_second_confirmation_takes_the_aliases_along() -> None:
    for name in ("a", "b"):
        alias(name)
    client = signed_in()
    form = fields(client.post(DELETE, {"post": "yes"}))
    assert "with_aliases" not in form  # it must be ticked
    assert client.post(DELETE, form).status_code == 200
    page = client.post(DELETE, {**form, "with_aliases": "2"})
    assert "2 aliases are deleted." in told(page)
    assert not Alias.objects.exists()
    assert not Domain.objects.exists()


def test_a_confirmation_of_another_number_counts_no_more() -> None:
    alias("a")
    client = signed_in()
    alias("b")
    text = client.post(DELETE, {"post": "yes", "with_aliases": "1"}).content.decode()
    assert "The number of its aliases is another one by now." in text
    assert "delete all 2 aliases" in text
    assert Alias.objects.count() == 2


def test_a_domain_that_never_was_is_told() -> None:
    client = signed_in()
    for name in ("no-such.example", "tacomail-config", "x" * 2000):
        for page in ("change", "delete", "history"):
            assert client.get(f"{DOMAINS}{name}/{page}/").status_code == 302


def test_what_takes_too_long_leaves_the_domain_and_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        alias(name)
    client = signed_in()
    with monkeypatch.context() as patch:
        patch.setattr("aliases.admin.domain.carried_out", lambda changes: reports.carried_out(changes, seconds=0))
        page = client.post(DELETE, {"post": "yes", "with_aliases": "2"})
    assert "1 alias is deleted. The domain is still there: it takes longer" in page.content.decode()
    assert Domain.objects.count() == Alias.objects.count() == 1
    assert client.post(DELETE, {**fields(page), "with_aliases": "1"}).status_code == 302
    assert not Domain.objects.exists()
