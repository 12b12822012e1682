"""When a token stops being good: at once, in every process, and with a 401 whatever is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.backend.documents import partition_of
from aliases.records.attributes import dynamodb_value
from aliases.records.connection import raw_key
from aliases.records.keys import Key
from tacomail_site.accounts import services
from tacomail_site.accounts.tokens import digest_of, find_token, make_token, revoke_token
from tacomail_site.models import ApiToken, Operator, Role
from tests.support.api import USERNAME, Api, token
from tests.support.site import counted_requests, forget_callers

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

LETTERS = "a1B2c3D4e5" * 4
OPERATORS = partition_of(Operator._meta.db_table)
TOKENS = partition_of(ApiToken._meta.db_table)


def status(text: str) -> int:
    return int(Api(text).get("/alias/read").status_code)


def operator() -> Operator:
    return Operator.objects.get(pk=USERNAME)


def revoke(text: str) -> None:
    revoke_token(find_token(operator(), str(digest_of(text))))


def overwrite(table: SiteTable, key: Key, **columns: Any) -> None:
    """As a hand, or another program, leaves an item: these columns otherwise, None for one that is not there."""
    item = table.get(key)
    assert item is not None
    data = {**item["data"]["M"], **{name: dynamodb_value(value) for name, value in columns.items()}}
    table.put({**item, "data": {"M": {name: value for name, value in data.items() if value != {"NULL": True}}}})


def token_key(text: str) -> Key:
    return Key(TOKENS, str(digest_of(text)))


@pytest.mark.parametrize("another_process", [False, True])
def test_a_revoked_one_gets_401_at_once_in_every_process(api_site: SiteTable, another_process: bool) -> None:
    text = token(Scope.READ)
    assert status(text) == 200
    revoke(text)
    if another_process:
        forget_callers()
    assert [status(text), status(text)] == [401, 401]


def test_a_revoked_one_says_that_it_is_none(api_site: SiteTable) -> None:
    text = token(Scope.READ)
    revoke(text)
    answer = Api(text).get("/alias/read")
    assert answer["WWW-Authenticate"] == 'Bearer realm="tacomail"'
    assert "There is no such token" in answer.json()["message"]
    assert answer["Cache-Control"]


@pytest.mark.parametrize("another_process", [False, True])
def test_an_expired_one_gets_401_at_once_in_every_process(
    api_site: SiteTable, clock: Callable[[float], None], another_process: bool
) -> None:
    text = token(Scope.READ, days=1)
    assert status(text) == 200
    clock(86_300)
    assert status(text) == 200
    clock(200)
    if another_process:
        forget_callers()
    answer = Api(text).get("/alias/read")
    assert (answer.status_code, "has expired" in answer.json()["message"]) == (401, True)


def test_those_of_an_operator_who_is_let_in_no_more_are_none_until_they_are_again(api_site: SiteTable) -> None:
    text = token(Scope.ADMIN)
    Operator.objects.create_operator("alice", None, Role.OWNER)
    assert status(text) == 200
    services.deactivate(operator(), by="alice")
    assert status(text) == 401
    services.activate(operator(), by="alice")
    assert status(text) == 200


def test_those_of_an_operator_who_is_removed_go_with_them(api_site: SiteTable) -> None:
    text, other = token(Scope.READ), token(Scope.READ, username="alice")
    services.remove_operator(operator(), by="alice")
    assert status(text) == 401
    assert [left.operator_id for left in ApiToken.objects.all()] == ["alice"]
    assert status(other) == 200


def test_one_that_was_left_behind_is_nothing_to_a_later_operator_of_the_same_name(api_site: SiteTable) -> None:
    text = token(Scope.READ)
    kept = api_site.get(token_key(text))
    token(Scope.READ, username="alice")
    services.remove_operator(operator(), by="alice")
    assert kept is not None
    api_site.put(kept)
    assert status(text) == 401
    assert status(token(Scope.READ)) == 200  # makes the operator anew
    assert status(text) == 401


def test_another_password_and_signing_out_everywhere_leave_programs_at_work(api_site: SiteTable) -> None:
    text = token(Scope.READ)
    services.set_password(operator(), "another correct horse", by=USERNAME)
    services.sign_out_everywhere(operator(), by=USERNAME)
    assert status(text) == 200


@pytest.mark.parametrize(
    "text",
    [
        "taco_",
        LETTERS[:-1],
        LETTERS + "x",
        f"taco_{LETTERS}",
        f"taco_taco_{LETTERS}",
        f"TACO_{LETTERS}",
        f"taco_{LETTERS}\n",
        f"taco_{LETTERS}\x00",
        f"taco_{LETTERS}\r\nX-Other: 1",
        f"\x00{LETTERS}",
        f"taco_{LETTERS[:-1]}ö",
        f"taco_{LETTERS[:-1]}\xa0",
        f"taco_{LETTERS[:-1]}٣",
        f"taco_{LETTERS[:-1]}\ud800",
        "x" * 100_000,
        f"taco_{LETTERS}, Bearer taco_{LETTERS}",
        "%s%s%n",
        "{}",
        "null",
        "undefined",
    ],
)
@pytest.mark.parametrize("scheme", ["Bearer", ""])
def test_text_that_is_none_gets_401(api_site: SiteTable, text: str, scheme: str) -> None:
    assert Api(text, scheme).get("/alias/read").status_code == 401


def test_a_good_one_that_came_twice_or_with_more_gets_401(api_site: SiteTable) -> None:
    text = token(Scope.READ)
    assert status(text) == 200
    for sent in (f"{text},Bearer {text}", f"{text} {text}", f"{text}\n", f"{text}\x00", f"\u00a0{text}"):
        assert status(sent) == 401


@pytest.mark.parametrize("header", [{"Authorization": "Bearer"}, {"Authorization": "Bearer "}, {"Authentication": ""}])
def test_an_empty_one_gets_401_and_counts_as_no_failure(api_site: SiteTable, header: dict[str, str]) -> None:
    api = Api(None)
    api.headers = header
    with counted_requests() as requests:
        answer = api.get("/alias/read")
    assert (answer.status_code, requests.operations) == (401, [])


BROKEN = [
    {"scopes": "read everything"},
    {"scopes": ["read"]},
    {"scopes": None},
    {"scopes": 7},
    {"expires_datetime": "tomorrow"},
    {"expires_datetime": "2099-01-01T00:00:00"},
    {"expires_datetime": 4_000_000_000},
    {"expires_datetime": True},
    {"expires_datetime": ""},
    {"created_datetime": None},
    {"created_datetime": "yesterday"},
    {"operator_id": None},
    {"operator_id": ""},
    {"operator_id": 7},
    {"operator_id": "x" * 3_000},
    {"operator_id": "no body"},
    {"operator_id": "nobody"},
    {"operator_id": [USERNAME]},
    {"name": None},
    {"name": {"a": 1}},
    {"domain": 7},
    {"destination": [1]},
    {"minute": "x"},
    {"minute": None},
    {"minute": [1]},
]


@pytest.mark.parametrize("columns", BROKEN)
def test_one_whose_record_is_broken_gets_401(api_site: SiteTable, columns: dict[str, Any]) -> None:
    text = token(Scope.READ)
    overwrite(api_site, token_key(text), **columns)
    assert [status(text), status(text)] == [401, 401]


@pytest.mark.parametrize("calls", ["x", None, [1], -5, 10**20])
def test_a_broken_count_heals_in_the_next_minute(
    api_site: SiteTable, clock: Callable[[float], None], calls: object
) -> None:
    text = token(Scope.READ)
    assert status(text) == 200
    overwrite(api_site, token_key(text), calls=calls)
    assert status(text) == 401
    clock(60)
    assert [status(text), status(text)] == [200, 200]


def test_a_minute_far_ahead_counts_for_nothing(api_site: SiteTable) -> None:
    text = token(Scope.READ)
    overwrite(api_site, token_key(text), minute=99_999_999_999, calls=1_000_000)
    assert [status(text), status(text)] == [200, 200]
    assert ApiToken.objects.get().calls == 2


@pytest.mark.parametrize("data", [None, "x", [1], {}, 7])
def test_a_record_without_columns_gets_401(api_site: SiteTable, data: object) -> None:
    text = token(Scope.READ)
    api_site.put({**raw_key(token_key(text)), **({} if data is None else {"data": dynamodb_value(data)})})
    assert status(text) == 401


@pytest.mark.parametrize(
    "columns",
    [
        {"role": None},
        {"role": "emperor"},
        {"role": ["owner"]},
        {"role": 1},
        {"is_active": None},
        {"is_active": "true"},
        {"is_active": 1},
        {"created_datetime": None},
        {"created_datetime": "long ago"},
    ],
)
def test_one_whose_operator_is_broken_gets_401(api_site: SiteTable, columns: dict[str, Any]) -> None:
    text = token(Scope.READ)
    overwrite(api_site, Key(OPERATORS, USERNAME), **columns)
    assert status(text) == 401


@pytest.mark.parametrize("data", [None, "x", [1], {}])
def test_one_whose_operator_has_no_columns_gets_401(api_site: SiteTable, data: object) -> None:
    text = token(Scope.READ)
    key = Key(OPERATORS, USERNAME)
    api_site.put({**raw_key(key), **({} if data is None else {"data": dynamodb_value(data)})})
    assert status(text) == 401


def test_one_of_a_token_model_without_an_expiry_goes_on(api_site: SiteTable) -> None:
    made = make_token(Operator.objects.create_operator("bob", None), "x", [Scope.READ])
    assert made.token.expires_datetime is None
    assert status(made.text) == 200
