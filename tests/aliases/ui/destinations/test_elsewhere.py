"""Sending everything that goes to one destination to another."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import Any

import pytest

from aliases.models import Alias
from aliases.records.exceptions import TableUnavailable
from aliases.services.aliases import delete_alias
from aliases.services.destinations import add_destination, redirect
from aliases.services.histories import history_of
from aliases.ui import batches
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")
PAGE = "/destinations/alice@tacomail/"
ELSEWHERE = f"{PAGE}elsewhere/"
HTMX = {"HX-Request": "true"}


def destinations() -> dict[str, list[tuple[str, bool]]]:
    return {each.alias_address: each.destination_list for each in Alias.objects.all()}


def test_it_suggests_the_other_destinations_and_says_how_many_aliases_it_is_about() -> None:
    add_destination("bob@tacomail", by="setup")
    alias("shop")
    text = signed_in().get(ELSEWHERE).content.decode()
    assert "1 alias gets the new destination" in text
    assert '<option value="bob@tacomail">' in text
    assert '<option value="alice@tacomail">' not in text
    assert 'list="known-destinations"' in text


def test_without_aliases_there_is_nothing_to_do() -> None:
    assert "There is nothing to send elsewhere." in signed_in().get(ELSEWHERE).content.decode()


def test_every_alias_gets_the_new_one_on_or_off_as_it_was() -> None:
    one = alias("shop")
    alias("news", destination="", destinations={"Alice@tacomail": False, "S3": True})
    alias("other", destination="bob@tacomail")
    answer = signed_in().post(ELSEWHERE, {"destination": " Eve@tacomail "}, follow=True)
    assert answer.redirect_chain == [(PAGE, 303)]
    assert "2 aliases send their mail to" in answer.content.decode()
    assert {name: dict(pairs) for name, pairs in destinations().items()} == {
        "shop": {"eve@tacomail": True},
        "news": {"S3": True, "eve@tacomail": False},
        "other": {"bob@tacomail": True},
    }
    assert next(history_of("alias", one.pk)).actor == "editor"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required"),
        ("nonsense", "give one bare address"),
        ("ALICE@tacomail", "is where the mail goes already"),
    ],
)
def test_wrong_input_stays_with_the_error_beside_it(typed: str, said: str) -> None:
    alias("shop")
    answer = signed_in().post(ELSEWHERE, {"destination": typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text.split('id="id_destination_error"')[1].split("</div>")[0]
    assert f'value="{typed}"' in text or not typed
    assert destinations() == {"shop": [("alice@tacomail", True)]}


def test_a_target_on_a_served_domain_is_refused_for_each() -> None:
    alias("shop")
    text = signed_in().post(ELSEWHERE, {"destination": "other@taco.example"}).content.decode()
    assert "1 could not be done" in text
    assert "shop@taco.example" in text
    assert destinations() == {"shop": [("alice@tacomail", True)]}


def test_it_goes_on_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [alias(f"a{number}") for number in range(3)]
    monkeypatch.setattr("aliases.ui.destinations.redirecting.portion", partial(batches.portion, seconds=0.0))
    client = signed_in()
    text = client.post(ELSEWHERE, {"destination": "bob@tacomail"}).content.decode()
    assert '<progress max="3" value="1"' in text
    assert 'name="destination" value="bob@tacomail"' in text
    waiting = [each.pk for each in made if destinations()[each.alias_address] == [("alice@tacomail", True)]]
    data = {"destination": "bob@tacomail", "left": "\n".join(waiting), "done": "1", "failed": "0"}
    part = client.post(ELSEWHERE, data, headers=HTMX).content.decode()
    assert "<html" not in part
    assert '<progress max="3" value="2"' in part
    last = client.post(ELSEWHERE, {**data, "left": waiting[1], "done": "2"}).content.decode()
    assert "3 of 3 are done" in last
    assert set(map(str, destinations().values())) == {"[('bob@tacomail', True)]"}


def test_one_that_was_deleted_meanwhile_is_said_and_stops_nobody() -> None:
    one, two = alias("one"), alias("two")
    delete_alias(one, by="somebody")
    data = {"destination": "bob@tacomail", "left": f"{one.pk}\n{two.pk}", "done": "0", "failed": "0"}
    text = signed_in().post(ELSEWHERE, data).content.decode()
    assert "It was deleted meanwhile" in text
    assert destinations() == {"two": [("bob@tacomail", True)]}


def test_a_table_without_an_answer_stops_it_and_keeps_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        alias(name)

    def silent(*args: object, **options: object) -> object:
        working: Any = redirect(*args, **options)  # type: ignore[arg-type]  # handed on as it comes
        with closing(working):  # or its history is written whenever it is thrown away, in the midst of another test
            yield next(working)
        raise TableUnavailable("no answer")

    monkeypatch.setattr("aliases.ui.destinations.redirecting.redirect", silent)
    text = signed_in().post(ELSEWHERE, {"destination": "bob@tacomail"}).content.decode()
    assert "The table gave no answer" in text
    assert '<progress max="2" value="1"' in text
    assert "Try again" in text


def test_asking_costs_six_requests() -> None:
    alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        client.get(ELSEWHERE)
    assert len(requests) == 6, requests.operations
