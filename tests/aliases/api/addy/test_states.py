"""Activating, deactivating and pinning, as the extension does it."""

from __future__ import annotations

import pytest

from aliases.models import State
from aliases.services.aliases import alias_with_identifier, delete_alias
from tests.aliases.api.addy.clients import ALIAS_KEYS, made, writer
from tests.aliases.services.making import last
from tests.support.api import USERNAME
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")


def state(identifier: str) -> State:
    return alias_with_identifier(identifier).state


def test_deactivating_pauses_and_says_nothing() -> None:
    identifier = made()
    answer = writer().delete(f"/active-aliases/{identifier}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert state(identifier) is State.PAUSED
    assert (last("alias", identifier).action, last("alias", identifier).actor) == ("paused", USERNAME)


@pytest.mark.parametrize("before", list(State))
def test_activating_makes_it_accept_mail_and_shows_it(before: State) -> None:
    identifier = made(state=before)
    answer = writer().post("/active-aliases", {"id": identifier})
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == ALIAS_KEYS
    assert (data["id"], data["active"]) == (identifier, True)
    assert state(identifier) is State.ACTIVE


def test_a_deleted_one_is_to_be_restored_first() -> None:
    identifier = made()
    delete_alias(alias_with_identifier(identifier), by="olivia")
    program = writer()
    for answer in (
        program.post("/active-aliases", {"id": identifier}),
        program.delete(f"/active-aliases/{identifier}"),
        program.patch(f"/aliases/{identifier}", {"description": "x"}),
    ):
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == ["id"]
        assert "Restore it first" in answer.json()["message"]


def test_pinning_is_refused_rather_than_forgotten() -> None:
    identifier = made()
    program = writer()
    answer = program.post("/pinned-aliases", {"id": identifier})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["id"]
    assert program.get(f"/aliases/{identifier}").json()["data"]["pinned"] is False


def test_unpinning_succeeds_since_nothing_is_pinned() -> None:
    identifier = made()
    program = writer()
    answer = program.delete(f"/pinned-aliases/{identifier}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert program.delete("/pinned-aliases/unknown").status_code == 404


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": ""}, {"id": 5}, {"id": ["a"]}])
def test_without_an_id_the_error_is_about_it(body: dict[str, object]) -> None:
    answer = writer().post("/active-aliases", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["id"])


def test_what_it_costs() -> None:
    identifier = made()
    program = writer()
    program.get("/domain-options")
    with counted_requests() as requests:
        program.delete(f"/active-aliases/{identifier}")
        program.post("/active-aliases", {"id": identifier})
    assert len(requests) == 2 * 5
