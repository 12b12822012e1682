"""The description of an alias, edited in place."""

from __future__ import annotations

import pytest

from aliases.records.exceptions import TableUnavailable
from aliases.services.aliases import delete_alias, describe_alias, rename_alias
from aliases.services.histories import history_of
from aliases.ui.alias import access
from tests.aliases.admin.pages import alias, signed_in, told
from tests.aliases.ui.alias.page_of import HTMX, fields, opened, read, text, url
from tests.aliases.ui.alias.racing import lose, refuse
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")
PART = "alias_description"


def test_it_is_saved() -> None:
    shop, client = alias("shop", description="old"), signed_in()
    form = opened(client, shop, PART)
    assert form == {"description": "old", "shown": "old"}
    answer = client.post(url(shop, PART), {**form, "description": "new"})
    assert (answer.status_code, answer["Location"], told(answer)) == (303, url(shop), ["The description is saved."])
    assert read(shop).description == "new"


def test_htmx_gets_the_part_alone_with_what_is_saved() -> None:
    shop = alias("shop")
    shown = text(signed_in().post(url(shop, PART), {"description": "new", "shown": ""}, headers=HTMX))
    assert "<html" not in shown
    assert shown.lstrip().startswith('<section id="description"')
    assert 'name="shown" value="new"' in shown
    assert "The description is saved." in shown


def test_line_ends_are_kept_as_one_character_each() -> None:
    shop, client = alias("shop", description="one\ntwo"), signed_in()
    form = opened(client, shop, PART)
    client.post(url(shop, PART), {"description": "one\r\ntwo\r\nthree", "shown": form["shown"].replace("\n", "\r\n")})
    assert read(shop).description == "one\ntwo\nthree"


def test_one_that_has_other_line_ends_in_the_table_can_be_changed() -> None:
    shop, client = alias("shop", description="one\r\ntwo"), signed_in()
    form = opened(client, shop, PART)
    assert client.post(url(shop, PART), {**form, "description": "three"}).status_code == 303
    assert read(shop).description == "three"


def test_it_can_be_emptied() -> None:
    shop = alias("shop", description="old")
    assert signed_in().post(url(shop, PART), {"description": "", "shown": "old"}).status_code == 303
    assert read(shop).description == ""


def test_one_that_is_too_long_is_told_beside_the_field_and_kept() -> None:
    shop, typed = alias("shop"), "x" * 1001
    for headers in ({}, HTMX):
        answer = signed_in().post(url(shop, PART), {"description": typed, "shown": ""}, headers=headers)
        assert answer.status_code == 422
        assert 'id="description-description_error"' in text(answer)
        assert "1001" in text(answer)
        assert typed in text(answer)
    assert read(shop).description == ""


def test_the_wrong_field_is_where_to_go_on() -> None:
    answer = signed_in().post(url(alias("shop"), PART), {"description": "x" * 1001, "shown": ""}, headers=HTMX)
    assert "autofocus" in text(answer)


def test_a_second_click_does_no_harm_and_leaves_one_entry() -> None:
    shop, client = alias("shop", description="old"), signed_in()
    for _ in range(2):
        assert client.post(url(shop, PART), {"description": "new", "shown": "old"}).status_code == 303
    assert [entry.action for entry in history_of("alias", shop.pk)] == ["changed", "created"]


def test_a_form_that_was_open_while_another_one_changed_it_writes_nothing_over() -> None:
    shop, client = alias("shop", description="old"), signed_in()
    form = opened(client, shop, PART)
    describe_alias(read(shop), "hers", by="carla")
    answer = client.post(url(shop, PART), {**form, "description": "his"})
    assert answer.status_code == 422
    assert "carla changed this while the form was open: it is now “hers”" in text(answer)
    assert fields(answer, url(shop, PART)) == {"description": "his", "shown": "hers"}
    assert read(shop).description == "hers"


def test_saving_again_puts_it_in_its_place() -> None:
    shop, client = alias("shop", description="old"), signed_in()
    form = opened(client, shop, PART)
    describe_alias(read(shop), "hers", by="carla")
    answer = client.post(url(shop, PART), {**form, "description": "his"})
    assert client.post(url(shop, PART), fields(answer, url(shop, PART))).status_code == 303
    assert read(shop).description == "his"


def test_a_change_at_the_very_same_moment_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop", description="old"), signed_in()
    lose(monkeypatch, "changed_alias", lambda: describe_alias(read(shop), "hers", by="carla"))
    answer = client.post(url(shop, PART), {"description": "his", "shown": "old"})
    assert answer.status_code == 422
    assert "it is now “hers”" in text(answer)
    assert read(shop).description == "hers"


def test_the_same_change_by_both_is_no_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop", description="old"), signed_in()
    lose(monkeypatch, "changed_alias", lambda: describe_alias(read(shop), "ours", by="carla"))
    assert client.post(url(shop, PART), {"description": "ours", "shown": "old"}).status_code == 303


def test_one_that_is_renamed_at_the_same_moment_gets_it_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    lose(monkeypatch, "changed_alias", lambda: rename_alias(read(shop), "store", by="carla"))
    assert client.post(url(shop, PART), {"description": "new", "shown": ""}).status_code == 303
    now = read(shop)
    assert (now.address, now.description) == ("store@taco.example", "new")


def test_what_was_typed_for_one_that_is_deleted_meanwhile_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    lose(monkeypatch, "changed_alias", lambda: delete_alias(read(shop), by="carla"))
    answer = client.post(url(shop, PART), {"description": "much <typed> text", "shown": ""})
    assert answer.status_code == 410
    assert "It was deleted by carla" in text(answer)
    assert "<pre>much &lt;typed&gt; text</pre>" in text(answer)


def test_htmx_shows_that_it_is_gone_in_the_place_of_the_page() -> None:
    shop = alias("shop")
    delete_alias(shop, by="carla")
    answer = signed_in().post(url(shop, PART), {"description": "typed", "shown": ""}, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "#alias-page", "outerHTML")
    assert "<html" not in text(answer)
    assert "It was deleted by carla" in text(answer)
    assert "typed" in text(answer)


def test_a_table_that_gives_no_answer_keeps_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias("shop")
    refuse(monkeypatch, "changed_alias", TableUnavailable("throttled"))
    answer = signed_in().post(url(shop, PART), {"description": "typed", "shown": ""})
    assert answer.status_code == 503
    assert fields(answer, url(shop, PART)) == {"description": "typed", "shown": ""}
    assert "Nothing that you typed is lost" in text(answer)


def test_a_table_that_does_not_even_give_the_alias_keeps_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()

    def unavailable(_: str) -> None:
        raise TableUnavailable("throttled")

    monkeypatch.setattr(access, "read_alias", unavailable)
    answer = client.post(url(shop, PART), {"description": "typed", "shown": ""})
    assert answer.status_code == 503
    assert fields(answer, url(shop, PART)) == {"description": "typed", "shown": ""}


def test_it_costs_five_requests() -> None:
    shop, client = alias("shop"), signed_in()
    with counted_requests() as requests:
        client.post(url(shop, PART), {"description": "new", "shown": ""}, headers=HTMX)
    assert requests.operations == ["GetItem", "GetItem", "GetItem", "UpdateItem", "PutItem"]
