"""What a dump never holds, what it holds only with secrets, and what becomes of operators when one is loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.dump import DumpLoader, DumpReader, TableDump
from aliases.records.redaction import SECRETS

if TYPE_CHECKING:
    from aliases.records.connection import Item, Table

HASH = "pbkdf2_sha256$1000000$salt$hash"
OPERATOR = {
    "sub_domain": "django:tacomail_site_operator",
    "alias_address": "alice",
    "data": {"username": "alice", "role": "owner", "password": HASH, "session_salt": "salt", "is_active": True},
}
SESSION = {"sub_domain": "django:django_session", "alias_address": "abc", "data": {"session_data": "x"}, "expires": 5}
LEFT_OUT = [
    "django:otp_totp_totpdevice",
    "django:otp_static_staticdevice",
    "django:otp_static_statictoken",
    "django:tacomail_site_apitoken",
    "django:tacomail_site_recoverycode",
    "django:tacomail_site_usedcode",
    "tacomail-throttle",
]
OTHERS = ["django:django_admin_log", "django:sequence", "tacomail-history/operator/alice", "taco.example"]


@pytest.fixture
def site_rows(rows: Any) -> Any:
    for row in (OPERATOR, SESSION):
        rows.put_item(Item=row)
    for partition in (*LEFT_OUT, *OTHERS):
        rows.put_item(Item={"sub_domain": partition, "alias_address": "1", "data": {"key": "secret"}})
    return rows


def dumped(dump: TableDump) -> dict[str, Item]:
    """The items of the dump by their partitions."""
    found = [json.loads(line) for line in dump.lines()][1:-1]
    return {item["sub_domain"]["S"]: item for item in found}


@pytest.mark.usefixtures("site_rows")
def test_sessions_are_in_no_dump(table: Table) -> None:
    assert SESSION["sub_domain"] not in dumped(TableDump(table))
    assert SESSION["sub_domain"] not in dumped(TableDump(table, with_secrets=True))


@pytest.mark.usefixtures("site_rows")
def test_devices_tokens_and_throttles_are_left_out_without_secrets(table: Table) -> None:
    dump = TableDump(table)
    assert dumped(dump).keys() == {OPERATOR["sub_domain"], *OTHERS}
    assert {secret.partition: count for secret, count in dump.left_out.items()} == dict.fromkeys(
        [*LEFT_OUT, str(SESSION["sub_domain"])], 1
    )
    assert {secret.noun: count for secret, count in dump.blanked.items()} == {"operator": 1}


@pytest.mark.usefixtures("site_rows")
def test_an_operator_is_kept_without_password_and_salt(table: Table) -> None:
    operator = dumped(TableDump(table))["django:tacomail_site_operator"]
    data = operator["data"]["M"]
    assert data.pop("password")["S"].startswith("!")
    assert data == {
        "username": {"S": "alice"},
        "role": {"S": "owner"},
        "session_salt": {"S": ""},
        "is_active": {"BOOL": True},
    }


@pytest.mark.usefixtures("site_rows")
def test_no_secret_is_anywhere_in_the_lines_without_secrets(table: Table) -> None:
    text = "\n".join(TableDump(table).lines())
    assert HASH not in text
    assert '"salt"' not in text


@pytest.mark.usefixtures("site_rows")
def test_a_password_that_stands_in_is_another_one_each_time(table: Table) -> None:
    first, second = (dumped(TableDump(table))["django:tacomail_site_operator"] for _ in range(2))
    assert first != second


@pytest.mark.usefixtures("site_rows")
def test_with_secrets_everything_but_sessions_is_there_as_it_is(table: Table) -> None:
    dump = TableDump(table, with_secrets=True)
    found = dumped(dump)
    assert found.keys() == {OPERATOR["sub_domain"], *LEFT_OUT, *OTHERS}
    assert found["django:tacomail_site_operator"]["data"]["M"]["password"] == {"S": HASH}
    assert (dump.left_out.total(), dump.blanked.total()) == (1, 0)


def test_an_operator_in_an_odd_shape_is_left_out_rather_than_shown(table: Table, rows: Any) -> None:
    rows.put_item(Item={**OPERATOR, "data": HASH})
    assert dumped(TableDump(table)) == {}


def test_every_secret_has_its_reason_and_its_partition_once() -> None:
    assert len({secret.partition for secret in SECRETS}) == len(SECRETS)
    assert all(secret.reason for secret in SECRETS)


def test_a_dump_without_secrets_takes_nobody_his_password(table: Table, rows: Any) -> None:
    rows.put_item(Item=OPERATOR)
    lines = list(TableDump(table).lines())
    changed = {**OPERATOR, "data": {**OPERATOR["data"], "password": "newer"}}  # type: ignore[dict-item]  # a map
    rows.put_item(Item=changed)
    loader = DumpLoader(table, DumpReader(lines))
    loader.run()
    assert (loader.loaded, loader.kept, loader.blank) == (0, 1, 0)
    assert rows.scan()["Items"] == [changed]


def test_a_dump_without_secrets_brings_an_operator_who_is_not_there(table: Table, rows: Any) -> None:
    rows.put_item(Item=OPERATOR)
    lines = list(TableDump(table).lines())
    rows.delete_item(Key={name: OPERATOR[name] for name in ("sub_domain", "alias_address")})
    loader = DumpLoader(table, DumpReader(lines))
    loader.run()
    assert (loader.loaded, loader.kept, loader.blank) == (1, 0, 1)
    assert rows.scan()["Items"][0]["data"]["role"] == "owner"


def test_a_complete_dump_brings_the_password_back(table: Table, rows: Any) -> None:
    rows.put_item(Item=OPERATOR)
    lines = list(TableDump(table, with_secrets=True).lines())
    rows.put_item(Item={**OPERATOR, "data": {"password": "newer"}})
    DumpLoader(table, DumpReader(lines)).run()
    assert rows.scan()["Items"] == [OPERATOR]
