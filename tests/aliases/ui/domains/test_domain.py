"""The page of one domain: what it says, its description, its history; switching it on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.models import Domain
from aliases.records.exceptions import Conflict
from aliases.records.history import Action
from aliases.services.domains import add_domain, deactivate_domain, describe_domain, find_domain
from aliases.services.histories import history_of
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from tests.support.dns_server import DnsServer

pytestmark = pytest.mark.usefixtures("site")
PAGE = "/domains/taco.example/"
SWITCH = f"{PAGE}switch/"


def test_it_says_what_depends_on_the_domain() -> None:
    alias("shop")
    text = signed_in().get(PAGE).content.decode()
    assert '<a href="/aliases/?domain=taco.example">1 alias</a>' in text
    assert "not served" not in text


def test_a_unicode_domain_is_shown_as_people_write_it_and_as_dns_has_it() -> None:
    add_domain("tacobücher.example", by="setup")
    text = signed_in().get("/domains/xn--tacobcher-u9a.example/").content.decode()
    assert "<h1>tacobücher.example</h1>" in text
    assert 'data-copy="xn--tacobcher-u9a.example"' in text


def test_it_looks_nothing_up_before_the_page_is_there(name_server: DnsServer) -> None:
    text = signed_in().get(PAGE).content.decode()
    assert '<div id="dns" hx-get="?check=1" hx-trigger="load"' in text
    assert 'href="?check=1#dns-heading"' in text
    assert not name_server.asked


def test_it_costs_six_requests() -> None:
    alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        client.get(PAGE)
    assert len(requests) == 6, requests.operations


def test_its_description_is_changed() -> None:
    answer = signed_in().post(PAGE, {"description": "Lunch"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 303)]
    text = answer.content.decode()
    assert "The description is saved." in text
    assert ">\nLunch</textarea>" in text
    assert find_domain(DOMAIN).description == "Lunch"


def test_a_description_that_is_too_long_stays_with_the_error_beside_it() -> None:
    answer = signed_in().post(PAGE, {"description": "x" * 1001})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_description_error"' in text
    assert "x" * 1001 in text


def test_a_change_that_met_another_one_is_said_on_top(monkeypatch: pytest.MonkeyPatch) -> None:
    def conflict(*_: object, **__: object) -> None:
        raise Conflict("It was changed at the same moment.", field="domain")

    monkeypatch.setattr("aliases.ui.domains.views.describe_domain", conflict)
    answer = signed_in().post(PAGE, {"description": "Lunch"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "It was changed at the same moment." in text.split('role="alert"')[1]
    assert ">\nLunch</textarea>" in text


def test_its_history_tells_who_changed_what() -> None:
    describe_domain(find_domain(DOMAIN), "Lunch & <more>", by="ann")
    text = signed_in(Role.VIEWER).get(PAGE).content.decode().split("<summary>History")[1]
    assert "ann" in text
    assert "description: nothing → Lunch &amp; &lt;more&gt;" in text


@pytest.mark.parametrize(("count", "said"), [(0, "nobody misses any mail"), (1, "its 1 alias is"), (2, "2 aliases is")])
def test_before_it_is_switched_off_it_says_what_happens(count: int, said: str) -> None:
    for number in range(count):
        alias(f"a{number}")
    assert said in signed_in().get(SWITCH).content.decode()
    assert find_domain(DOMAIN).active


def test_it_is_switched_off_and_on_again() -> None:
    client = signed_in()
    answer = client.post(SWITCH, {"to": "off"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 303)]
    text = answer.content.decode()
    assert "taco.example is not served any more" in text
    assert "mail for every address on it is refused" in text
    assert not find_domain(DOMAIN).active
    assert "accepted again" in client.get(SWITCH).content.decode()
    assert "taco.example is served again." in client.post(SWITCH, {"to": "on"}, follow=True).content.decode()
    assert find_domain(DOMAIN).active
    assert [entry.action for entry in history_of("domain", DOMAIN)] == [Action.RESUMED, Action.PAUSED]


def test_switching_off_what_is_off_is_not_told_twice() -> None:
    deactivate_domain(find_domain(DOMAIN), by="ann")
    signed_in().post(SWITCH, {"to": "off"})
    assert [entry.actor for entry in history_of("domain", DOMAIN)] == ["ann"]


@pytest.mark.parametrize("data", [{}, {"to": "sideways"}])
def test_a_switch_to_nowhere_asks_again(data: dict[str, str]) -> None:
    assert "Stop serving taco.example?" in signed_in().post(SWITCH, data).content.decode()
    assert find_domain(DOMAIN).active


def test_what_stands_against_switching_it_off_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def conflict(*_: object, **__: object) -> None:
        raise Conflict("It is in the older version's list.", code="not_adopted")

    monkeypatch.setattr("aliases.ui.domains.views.deactivate_domain", conflict)
    answer = signed_in().post(SWITCH, {"to": "off"})
    assert answer.status_code == 422
    assert "It is in the older version&#x27;s list." in answer.content.decode()
    assert Domain.objects.get().active
