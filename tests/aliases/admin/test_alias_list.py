from __future__ import annotations

from typing import Any

import pytest

from aliases.admin import AliasAdmin
from aliases.models import State
from aliases.services.aliases import set_alias_state
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain, deactivate_domain
from tests.aliases.admin.pages import ALIASES, alias, listed, signed_in
from tests.support.site import DOMAIN

pytestmark = pytest.mark.usefixtures("site")


def listing(**query: str) -> Any:
    page = signed_in().get(ALIASES, query)
    assert page.status_code == 200
    return page


def names(**query: str) -> list[str]:
    return [name.partition("@")[0] for name in listed(listing(**query))]


def test_each_state_is_a_badge_with_its_name() -> None:
    for state in State:
        alias(f"{state}1", state=state)
    text = listing().content.decode()
    for state in State:
        assert f">{state}</span>" in text


def test_a_unicode_domain_is_shown_as_people_write_it() -> None:
    add_domain("bücher.example", by="setup")
    alias("shop", "bücher.example")
    assert listed(listing()) == ["shop@bücher.example"]


def test_destinations_that_are_off_say_so() -> None:
    alias(destinations={"alice@tacomail": True, "S3": False}, destination="")
    assert '<span class="off">S3</span>' in listing().content.decode()


@pytest.mark.parametrize(
    "text", ["SHOP", "taco.exa", "My Bank", "bob@", "elsewhere.example.com", "2@bü", "xn--bcher", "  bank "]
)
def test_the_search_finds_a_piece_of_anything_without_case(text: str) -> None:
    add_domain("bücher.example", by="setup")
    wanted = {"SHOP": "shop1", "taco.exa": "shop1", "2@bü": "shop2", "xn--bcher": "shop2"}.get(text, "shop1")
    alias(
        "shop1",
        description="my bank",
        destination="alice@tacomail",
        destinations={"bob@tacomail": True, "carol@elsewhere.example.com": False},
    )
    alias("shop2", "bücher.example")
    assert wanted in names(q=text)


def test_the_search_finds_the_single_destination_that_several_replace() -> None:
    alias("one", destination="old@tacomail", destinations={"new@tacomail": True})
    alias("two")
    assert names(q="old@") == names(q="new@") == ["one"]


def test_the_search_is_about_values_not_about_how_they_are_kept() -> None:
    alias("one", destination="", destinations={"bob@tacomail": True})
    assert names(q="active") == []


def test_a_search_without_a_hit_is_an_empty_list() -> None:
    alias()
    assert names(q="nothing-like-it") == []


def test_it_is_filtered_by_state() -> None:
    for state in State:
        alias(str(state), state=state)
    set_alias_state(alias("both", state=State.IGNORED), State.PAUSED, by="setup")
    assert names(state="active") == ["active"]
    assert names(state="ignored") == ["ignored"]
    assert names(state="paused") == ["both", "paused"]
    assert names(state="nonsense") == []


def test_it_is_filtered_by_domain() -> None:
    add_domain("other.example", by="setup")
    alias("here")
    alias("there", "other.example")
    assert names(domain="other.example") == ["there"]
    assert names(domain="tacomail-config") == names(domain="x" * 3000) == names(domain="\0") == []


def test_it_is_filtered_by_destination_on_or_off() -> None:
    alias("single")
    alias("several", destination="", destinations={"S3": True, "Alice@tacomail": False})
    alias("other", destination="bob@tacomail")
    assert names(destination="alice@tacomail") == ["several", "single"]


def test_filters_and_the_search_hold_together() -> None:
    alias("shop1")
    alias("shop2", state=State.PAUSED)
    alias("bank", state=State.PAUSED)
    assert names(q="shop", state="paused", domain=DOMAIN, destination="alice@tacomail") == ["shop2"]


def test_the_choices_of_the_filters_come_from_what_is_registered() -> None:
    add_domain("empty.example", by="setup")
    add_destination("bob@tacomail", by="setup")
    text = listing().content.decode()
    assert "?domain=empty.example" in text
    assert "?destination=bob%40tacomail" in text


def test_a_domain_that_is_not_served_can_still_be_asked_for() -> None:
    domain = add_domain("old.example", by="setup")
    alias("shop", "old.example")
    deactivate_domain(domain, by="setup")
    page = listing(domain="old.example")
    assert listed(page) == ["shop@old.example"]
    assert "old.example</a>" in page.content.decode()


def test_it_is_sorted_by_what_is_clicked() -> None:
    alias("b", state=State.PAUSED, description="1")
    alias("a", state=State.ACTIVE, description="2")
    alias("c", state=State.IGNORED, description="3")
    assert names() == ["a", "b", "c"]
    assert names(o="-1") == ["c", "b", "a"]
    assert names(o="2") == ["b", "c", "a"]
    assert names(o="-4") == ["c", "a", "b"]
    assert names(o="x.99") == ["a", "b", "c"]


def test_it_comes_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AliasAdmin, "list_per_page", 2)
    for name in ("a", "b", "c"):
        alias(name)
    first = listing()
    assert (listed(first), names(p="2")) == ([f"a@{DOMAIN}", f"b@{DOMAIN}"], ["c"])
    assert "3 aliases" in first.content.decode()
    assert names(all="") == ["a", "b", "c"]
    assert signed_in().get(f"{ALIASES}?p=9").status_code == 302


def test_a_lookup_that_no_filter_offers_is_refused() -> None:
    client = signed_in()
    for query in ("sub_domain__exact=x", "destinations__foo=1", "use_count__gt=1", "alias_address__regex=("):
        assert client.get(f"{ALIASES}?{query}").status_code == 400


def test_descriptions_are_text_and_never_markup() -> None:
    alias(description="<script>alert(1)</script>")
    text = listing().content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_it_says_what_it_is() -> None:
    assert "paused ones bounce it" in listing().content.decode()
