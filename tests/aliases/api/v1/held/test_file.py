"""A held message as a file, on the modern paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.api.callers import Scope
from tests.aliases.services.heldmail.mail import SHOP, hold
from tests.support.api import Api, token
from tests.support.events import BUCKET, PREFIX, stored_message
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation

PATH = "/api/v1/held"


def test_it_is_octet_by_octet_what_lies_in_the_bucket(installation: Installation) -> None:
    body = stored_message(b"\x00\xff binary\r\n" * 50_000)
    held = hold(installation, body=body)
    answer = Api(token(Scope.READ)).get(f"{PATH}/{held}/message")
    assert answer.status_code == 200
    assert answer.getvalue() == body
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"] == f'attachment; filename="{held}.eml"'
    assert answer["Content-Length"] == str(len(body))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_an_infected_one_is_given_only_where_that_is_asked_for(installation: Installation) -> None:
    held, client = hold(installation, SHOP, virus="FAIL"), Api(token(Scope.WRITE))
    refused = client.get(f"{PATH}/{held}/message")
    assert refused.status_code == 409
    assert refused.json()["code"] == "infected"
    assert "infected=true" in refused.json()["detail"]
    assert client.get(f"{PATH}/{held}").json()["data"]["infected"] is True
    assert client.get(f"{PATH}/{held}/message?infected=false").status_code == 409
    assert client.get(f"{PATH}/{held}/message?infected=true").getvalue() == stored_message()


def test_a_token_that_only_reads_gets_no_infected_one(installation: Installation) -> None:
    infected, clean = hold(installation, SHOP, seed="bad", virus="FAIL"), hold(installation)
    client = Api(token(Scope.READ))
    answer = client.get(f"{PATH}/{infected}/message?infected=true")
    assert answer.status_code == 403
    assert "“write”" in answer.json()["detail"]
    assert client.get(f"{PATH}/{clean}/message?infected=true").status_code == 200


@pytest.mark.parametrize("query", ["infected=perhaps", "infect=true"])
def test_a_mistyped_wish_is_refused(installation: Installation, query: str) -> None:
    held = hold(installation, SHOP, virus="FAIL")
    assert Api(token()).get(f"{PATH}/{held}/message?{query}").status_code == 422


@pytest.mark.parametrize("path", ["nosuch", "%00", "..%2f.."])
def test_one_that_nobody_knows_is_not_found(path: str) -> None:
    assert Api(token()).get(f"{PATH}/{path}/message").status_code == 404


def test_one_that_disappears_meanwhile_is_not_found(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, client = hold(installation), Api(token())
    Traffic.watch(monkeypatch).answer_always("s3.GetObject", Refusal("NoSuchKey", 404))
    assert client.get(f"{PATH}/{held}/message").status_code == 404
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    assert client.get(f"{PATH}/{held}/message").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_is_only_read(method: str) -> None:
    answer = Api(token()).call(method, f"{PATH}/x/message")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
