"""The list of domains, and adding one."""

from __future__ import annotations

import pytest

from aliases.models import Domain
from aliases.records.history import Action
from aliases.services.domains import add_domain, deactivate_domain, find_domain, remove_domain
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.services.making import last
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")
LIST, ADD = "/domains/", "/domains/add/"


def test_each_domain_has_its_state_and_its_number_of_aliases() -> None:
    alias("shop")
    alias("news")
    deactivate_domain(add_domain("tacobücher.example", "Books & <more>", by="setup"), by="setup")
    text = signed_in().get(LIST).content.decode()
    assert '<a href="/aliases/?domain=taco.example">2 aliases</a>' in text
    assert '<a href="/domains/xn--tacobcher-u9a.example/">tacobücher.example</a>' in text
    assert "not served" in text
    assert "Books &amp; &lt;more&gt;" in text


def test_it_costs_five_requests() -> None:
    alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        client.get(LIST)
    assert len(requests) == 5, requests.operations


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_without_a_domain_it_says_what_to_do(role: Role) -> None:
    remove_domain(find_domain("taco.example"), by="setup")
    text = signed_in(role).get(LIST).content.decode()
    assert "No domain yet" in text
    assert (ADD in text) is (role is Role.EDITOR)


def test_an_added_domain_shows_its_page_with_what_its_dns_needs() -> None:
    answer = signed_in().post(ADD, {"domain": " B.Example. ", "description": "Lunch"}, follow=True)
    assert answer.redirect_chain == [("/domains/b.example/", 303)]
    text = answer.content.decode()
    assert "b.example is served from now on" in text
    assert "DNS records" in text
    assert Domain.objects.get(pk="b.example").description == "Lunch"
    assert (last("domain", "b.example").action, last("domain", "b.example").actor) == (Action.CREATED, "editor")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required"),
        ("example", "it needs at least one dot"),
        ("a_b.example", "a_b"),
        ("x" * 300, "has 300"),
        ("Taco.example", "is known already"),
    ],
)
def test_wrong_input_stays_with_the_error_beside_it(typed: str, said: str) -> None:
    answer = signed_in().post(ADD, {"domain": typed, "description": "Lunch"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text.split('id="id_domain_error"')[1].split("</div>")[0]
    assert f'value="{typed}"' in text or not typed
    assert ">\nLunch</textarea>" in text
    assert 'aria-invalid="true"' in text
    assert Domain.objects.count() == 1


def test_a_description_that_is_too_long_is_refused_beside_it() -> None:
    answer = signed_in().post(ADD, {"domain": "b.example", "description": "x" * 1001})
    assert answer.status_code == 422
    assert 'id="id_description_error"' in answer.content.decode()
