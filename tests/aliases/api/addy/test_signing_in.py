"""What the extension of addy.io asks when it is connected: domains, recipients, and the first page of aliases."""

from __future__ import annotations

import uuid

import pytest

from aliases.api.addy.shapes import recipient_id
from aliases.api.callers import Scope
from aliases.services.destinations import add_destination, deactivate_destination, find_destination
from aliases.services.domains import add_domain, deactivate_domain, find_domain
from tests.aliases.api.addy.clients import RECIPIENT_KEYS, ROOT, Program, extension, made, writer
from tests.support.api import token
from tests.support.site import DESTINATION, DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")

RECIPIENTS = "/recipients?filter[verified]=true&alias_count=false"


def test_the_domains_are_in_data_and_the_default_one_is_the_tokens() -> None:
    add_domain("second.example.com", by="olivia")
    answer = extension(token(Scope.READ, domain=DOMAIN)).get("/domain-options")
    assert answer.status_code == 200
    assert answer.json() == {
        "data": ["second.example.com", DOMAIN],
        "sharedDomains": [],
        "defaultAliasDomain": DOMAIN,
        "defaultAliasFormat": "random_characters",
    }


def test_without_a_domain_that_is_served_there_is_no_default() -> None:
    deactivate_domain(find_domain(DOMAIN), by="olivia")
    body = extension(token(Scope.READ)).get("/domain-options").json()
    assert (body["data"], body["defaultAliasDomain"]) == ([], None)


def test_a_token_works_with_the_prefix_of_addy_io_and_with_none() -> None:
    text = token(Scope.READ)
    letters = text.removeprefix("taco_")
    for written in (letters, f"addy_io_{letters}", text):
        assert extension(written).get("/domain-options").status_code == 200


def test_recipients_are_the_destinations_that_are_on() -> None:
    add_destination("bob@tacomail", by="olivia")
    deactivate_destination(add_destination("carol@tacomail", by="olivia"), by="olivia")
    answer = extension(token(Scope.READ)).get(RECIPIENTS)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert {one["email"] for one in data} == {DESTINATION, "bob@tacomail"}
    for one in data:
        assert set(one) == RECIPIENT_KEYS | {"email_verified_at", "created_at", "updated_at"}
        assert one["email_verified_at"] == one["created_at"]
        assert uuid.UUID(one["id"]).version == 5


def test_recipients_that_are_off_are_the_unverified_ones() -> None:
    deactivate_destination(find_destination(DESTINATION), by="olivia")
    program = writer()
    (one,) = program.get("/recipients?filter[verified]=false").json()["data"]
    assert (one["email"], one["email_verified_at"]) == (DESTINATION, None)
    assert program.get(RECIPIENTS).json()["data"] == []
    assert len(program.get("/recipients?filter[verified]=").json()["data"]) == 1


def test_recipients_tell_how_many_aliases_they_have_unless_nobody_wants_to_know() -> None:
    made("one")
    made("two")
    (one,) = extension(token(Scope.READ)).get("/recipients").json()["data"]
    assert one["aliases_count"] == 2


def test_a_recipient_has_the_same_id_in_an_alias_and_in_every_spelling() -> None:
    (one,) = writer().get(RECIPIENTS).json()["data"]
    alias = writer().get(f"/aliases/{made()}").json()["data"]
    assert [recipient["id"] for recipient in alias["recipients"]] == [one["id"]]
    assert recipient_id(" Alice@TACOMAIL ") == one["id"]


@pytest.mark.parametrize("path", ["/domain-options", RECIPIENTS, "/aliases?filter[deleted]=with&page[number]=1"])
def test_a_wrong_token_is_told_with_401(path: str) -> None:
    assert extension("x" * 40).get(path).status_code == 401


@pytest.mark.parametrize("accept", ["text/html", "*/*", "image/png", ""])
def test_the_answer_is_json_whatever_is_accepted(accept: str) -> None:
    for text in (token(Scope.READ), "wrong"):
        program = Program(text, ROOT, X_Requested_From="browser-extension", Accept=accept)
        for path in ("/domain-options", "/nothing-here"):
            assert program.get(path)["Content-Type"] == "application/json"


def test_what_it_costs() -> None:
    program = extension(token(Scope.READ))
    program.get("/domain-options")
    for path, cost in (("/domain-options", 2), (RECIPIENTS, 4), ("/aliases?page[size]=10", 3)):
        with counted_requests() as requests:
            assert program.get(path).status_code == 200
        assert len(requests) == cost, (path, requests.operations)


@pytest.mark.parametrize("path", ["login", "mfa"])
@pytest.mark.parametrize("base", ["/addy/api/auth", "/api/auth"])
def test_signing_in_with_a_password_is_refused_with_a_sentence_that_names_the_token(base: str, path: str) -> None:
    body = {"username": "olivia", "password": "secret", "device_name": "Firefox browser extension"}
    with counted_requests() as requests:
        answer = extension(None).post(f"{base}/{path}", body)
    assert answer.status_code == 404
    assert list(answer.json()) == ["message"]
    assert "token" in answer.json()["message"]
    assert len(requests) == 0
