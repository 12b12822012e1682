"""Callers whose signature AWS has checked, and what nobody can pass off as that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from aliases.api.callers import Scope
from tests.support.api import Api, token
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from pytest_django import Settings

    from aliases.backend.table import SiteTable

USER = "arn:aws:iam::123456789012:user/scripts/backup"
ROLE = "arn:aws:iam::123456789012:role/Backup"
ASSUMED = "arn:aws:sts::123456789012:assumed-role/Backup/i-0123456789abcdef0"
STRANGER = "arn:aws:iam::123456789012:user/scripts/backup2"


def function_url(arn: Any) -> dict[str, Any]:
    """The event of a function URL with AWS_IAM."""
    iam = {"accessKey": "AKIAEXAMPLE", "accountId": "123456789012", "userArn": arn, "userId": "AIDAEXAMPLE"}
    http = {"method": "GET", "path": "/alias/read", "sourceIp": "192.0.2.1"}
    return {"version": "2.0", "headers": {}, "requestContext": {"authorizer": {"iam": iam}, "http": http}}


def http_api(arn: Any) -> dict[str, Any]:
    """That of an HTTP API, whose context names the route, too."""
    event = function_url(arn)
    return {**event, "routeKey": "$default", "requestContext": {**event["requestContext"], "routeKey": "$default"}}


def rest_api(arn: Any) -> dict[str, Any]:
    """That of a REST API."""
    identity = {"userArn": arn, "user": "AIDAEXAMPLE", "caller": "AIDAEXAMPLE", "sourceIp": "192.0.2.1"}
    return {"resource": "/{proxy+}", "httpMethod": "GET", "headers": {}, "requestContext": {"identity": identity}}


KINDS = [function_url, http_api, rest_api]


@pytest.fixture(autouse=True)
def _listed(settings: Settings, api_site: SiteTable) -> None:
    settings.API_ARNS = frozenset({USER, ROLE})


def asked(event: object, method: str = "GET", path: str = "/alias/read", **more: Any) -> Any:
    """As Zappa hands a request on: what Lambda gave stands beside it."""
    beside: dict[str, Any] = {"lambda.event": event, **more}
    return Client(enforce_csrf_checks=True).generic(method, path, content_type="application/json", **beside)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("arn", [USER, ROLE, ASSUMED])
def test_an_arn_on_the_list_is_a_caller_by_its_own_name(kind: Any, arn: str) -> None:
    found = asked(kind(arn)).json()
    assert (found["name"], found["kind"], found["token"]) == (arn, "iam", "")


@pytest.mark.parametrize("scope", Scope)
def test_it_may_do_everything_without_a_csrf_token_and_costs_nothing(scope: Scope) -> None:
    with counted_requests() as requests:
        assert asked(function_url(USER), "POST", f"/alias/{scope}").status_code == 200
    assert requests.operations == []


def test_a_session_may_be_listed_alone(settings: Settings) -> None:
    settings.API_ARNS = frozenset({ASSUMED})
    assert asked(function_url(ASSUMED)).status_code == 200
    assert asked(function_url(ASSUMED[:-1])).status_code == 401


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "arn",
    [
        STRANGER,
        USER[:-1],
        f"{USER}/",
        f" {USER}",
        USER.upper(),
        "arn:aws:iam::210987654321:user/scripts/backup",
        "arn:aws:sts::210987654321:assumed-role/Backup/session",
        "arn:aws:sts::123456789012:assumed-role/Other/Backup",
        "arn:aws:sts::123456789012:assumed-role/Backup",
        "arn:aws:sts::123456789012:assumed-role/Backup/a/b",
        "arn:aws-cn:sts::123456789012:assumed-role/Backup/session",
        "arn:aws:sts::123456789012:federated-user/Backup",
        "",
        "*",
        None,
        7,
        [USER],
        {"userArn": USER},
        True,
    ],
)
def test_any_other_one_is_nobody(kind: Any, arn: object) -> None:
    assert asked(kind(arn)).status_code == 401


def test_with_an_empty_list_everybody_is_nobody(settings: Settings) -> None:
    settings.API_ARNS = frozenset()
    assert [asked(kind(arn)).status_code for kind in KINDS for arn in (USER, "", None)] == [401] * 9


@pytest.mark.parametrize(
    "event",
    [
        json.dumps(function_url(USER)),
        [function_url(USER)],
        {"requestContext": json.dumps(function_url(USER)["requestContext"])},
        {"requestContext": {"authorizer": json.dumps({"iam": {"userArn": USER}})}},
        {"requestContext": {"authorizer": {"iam": json.dumps({"userArn": USER})}}},
        {"requestContext": {"authorizer": {"lambda": {"iam": {"userArn": USER}, "userArn": USER}}}},
        {"requestContext": {"authorizer": {"jwt": {"claims": {"userArn": USER}}, "userArn": USER}}},
        {"requestContext": {"userArn": USER, "http": {"userArn": USER}}},
        {"requestContext": {"identity": json.dumps({"userArn": USER})}},
        {"requestContext": {"identity": {"user": USER, "caller": USER}}},
        {"headers": function_url(USER), "body": json.dumps(function_url(USER)), "requestContext": {}},
        {"headers": {"requestcontext": json.dumps(function_url(USER)["requestContext"])}},
        {"queryStringParameters": {"requestContext": function_url(USER)["requestContext"]}},
        {"requestContext": None},
        {"requestContext": []},
        "requestContext",
        None,
        7,
        b"{}",
    ],
)
def test_an_event_that_says_it_elsewhere_is_no_proof(event: object) -> None:
    assert asked(event).status_code == 401


CONTEXT = json.dumps(function_url(USER)["requestContext"])
HEADERS = [
    *("Lambda.Event", "lambda.event", "Lambda-Event", "Lambda_Event", "X-Lambda-Event", "lambda.context"),
    *("X-Amzn-Request-Context", "X-Apigateway-Event", "X-Amzn-Iam-User-Arn", "User-Arn", "Request-Context"),
    *("Remote-User", "X-Remote-User", "X-Forwarded-User", "Api-Gateway-Authorizer"),
]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("value", [USER, json.dumps(function_url(USER)), json.dumps(rest_api(USER)), CONTEXT])
def test_no_header_imitates_it(header: str, value: str) -> None:
    besides: list[dict[str, Any]] = [{}, {"lambda.event": function_url(None)}, {"lambda.event": function_url(STRANGER)}]
    for beside in besides:
        answer = Client(headers={header: value}).generic("GET", "/alias/read", **beside)
        assert answer.status_code == 401


def test_the_headers_that_a_server_hands_on_all_have_names_of_their_own() -> None:
    """Whatever a caller calls a header: its name in the request begins with HTTP_ (PEP 3333)."""
    client = Client(headers={"Lambda.Event": "x", "lambda.event": "y"})
    meta = client.get("/alias/read").wsgi_request.META
    assert "lambda.event" not in meta
    assert {name for name in meta if "LAMBDA" in name.upper()} == {"HTTP_LAMBDA.EVENT"}


def test_neither_query_nor_cookie_nor_body_imitates_it() -> None:
    event = json.dumps(function_url(USER))
    client = Client()
    for name in ("lambda.event", "lambda_event", "requestContext", "userArn", "HTTP_LAMBDA_EVENT"):
        client.cookies[name] = USER
        for value in (USER, event, CONTEXT):
            assert client.get("/alias/read", {name: value}).status_code == 401
            assert client.post("/alias/read", {name: value}).status_code == 401
            assert client.post("/alias/read", {name: value}, content_type="application/json").status_code == 401
    assert client.post("/alias/read", event, content_type="application/json").status_code == 401


def test_a_token_says_who_asks_where_both_came() -> None:
    text = token(Scope.READ)
    both: dict[str, Any] = {"headers": {"Authentication": text}}
    assert asked(function_url(USER), **both).json()["kind"] == "token"
    assert asked(function_url(USER), "POST", "/alias/admin", **both).status_code == 403


def test_a_wrong_token_is_not_mended_by_a_signature() -> None:
    headers = {"Authorization": f"Bearer taco_{'x' * 40}"}
    assert asked(function_url(USER), headers=headers).status_code == 401


def test_the_signature_itself_is_no_token() -> None:
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20300101/us-east-1/lambda/aws4_request"}
    assert asked(function_url(USER), headers=headers).json()["kind"] == "iam"
    assert Api(None).get("/alias/read", headers=headers.items()).status_code == 401
