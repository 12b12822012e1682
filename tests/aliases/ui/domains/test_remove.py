"""Removing a domain: refused while it has aliases, with the ways out."""

from __future__ import annotations

from functools import partial

import pytest

from aliases.models import Alias, Domain
from aliases.records.exceptions import Conflict
from aliases.records.history import Action
from aliases.services.domains import add_domain
from aliases.services.histories import history_of
from aliases.ui import batches
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")
PAGE = "/domains/taco.example/"
REMOVE = f"{PAGE}remove/"
HTMX = {"HX-Request": "true"}


def left() -> list[str]:
    return sorted(each.alias_address for each in Alias.objects.all())


def test_without_aliases_it_goes_at_once() -> None:
    client = signed_in()
    assert "It has no aliases" in client.get(REMOVE).content.decode()
    answer = client.post(REMOVE, follow=True)
    assert answer.redirect_chain == [("/domains/", 303)]
    assert "taco.example is removed." in answer.content.decode()
    assert not Domain.objects.exists()


def test_with_aliases_it_says_how_many_and_offers_to_move_them() -> None:
    add_domain("b.example", by="setup")
    alias("shop")
    alias("news")
    client = signed_in()
    text = client.get(REMOVE).content.decode()
    assert "It still has 2 aliases" in text
    assert 'href="/aliases/?domain=taco.example"' in text
    move = {"action": "move", "all": "1", "domain": DOMAIN, "next": "/aliases/?domain=taco.example"}
    assert all(f'name="{name}" value="{value}"' in text for name, value in move.items())
    assert "Type taco.example to go on" in text
    asked = client.post("/aliases/bulk/", move).content.decode()
    assert "2 aliases are selected" in asked
    assert "b.example" in asked


@pytest.mark.parametrize("typed", [None, "", "taco", "b.example", "taco.example!"])
def test_another_name_deletes_nothing(typed: str | None) -> None:
    alias("shop")
    answer = signed_in().post(REMOVE, {} if typed is None else {"typed": typed})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="id_typed_error"' in text
    assert not typed or f'value="{typed}"' in text
    assert left() == ["shop"]
    assert Domain.objects.exists()


@pytest.mark.parametrize("typed", [DOMAIN, " TACO.example. "])
def test_its_name_typed_by_hand_deletes_the_aliases_with_it(typed: str) -> None:
    one, _ = alias("shop"), alias("news")
    answer = signed_in().post(REMOVE, {"typed": typed}, follow=True)
    assert answer.redirect_chain == [("/domains/", 303)]
    assert "taco.example is removed, and 2 aliases with it." in answer.content.decode()
    assert left() == []
    assert not Domain.objects.exists()
    assert next(history_of("alias", one.pk)).actor == "editor"
    entry = next(history_of("domain", DOMAIN))
    assert (entry.action, entry.actor, entry.changes) == (Action.DELETED, "editor", {"aliases": [2, 0]})


def test_a_unicode_name_may_be_typed_as_it_is_shown() -> None:
    add_domain("tacobücher.example", by="setup")
    alias("shop", "xn--tacobcher-u9a.example")
    signed_in().post("/domains/xn--tacobcher-u9a.example/remove/", {"typed": "Tacobücher.example"})
    assert left() == []


def test_it_goes_on_in_portions_and_the_domain_goes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        alias(f"a{number}")
    monkeypatch.setattr("aliases.ui.domains.removing.portion", partial(batches.portion, seconds=0.0))
    client = signed_in()
    text = client.post(REMOVE, {"typed": DOMAIN}).content.decode()
    assert '<progress max="4" value="1"' in text
    assert 'name="typed" value="taco.example"' in text
    for done in (1, 2, 3):
        assert len(left()) == 3 - done
        assert Domain.objects.exists()
        waiting = "\n".join([*(each.pk for each in Alias.objects.all()), DOMAIN])
        data = {"typed": DOMAIN, "left": waiting, "done": str(done), "failed": "0"}
        text = client.post(REMOVE, data, headers=HTMX).content.decode()
        assert "<html" not in text
    assert "4 of 4 are done" in text
    assert 'href="/domains/"' in text
    assert not Domain.objects.exists()


def test_an_alias_that_somebody_makes_meanwhile_stops_it() -> None:
    alias("shop")
    data = {"typed": DOMAIN, "left": DOMAIN, "done": "3", "failed": "0"}
    answer = signed_in().post(REMOVE, data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody made another alias on taco.example" in text
    assert "It still has 1 alias" in text
    assert left() == ["shop"]


def test_what_stands_against_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def conflict(*_: object, **__: object) -> None:
        raise Conflict("It is in the older version's list.", code="not_adopted")

    monkeypatch.setattr("aliases.ui.domains.removing.remove_domain", conflict)
    answer = signed_in().post(REMOVE)
    assert answer.status_code == 422
    assert "older version&#x27;s list" in answer.content.decode()


def test_asking_costs_five_requests() -> None:
    alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        client.get(REMOVE)
    assert len(requests) == 5, requests.operations
