"""The AWS APIs over HTTP, and noticing what was written."""

from __future__ import annotations

import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

from mailhandlers.local import aws
from mailhandlers.local.aws import AwsServer
from mailhandlers.local.moto_ses import extend_moto
from mailhandlers.local.settings import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from boto3.session import Session


@pytest.fixture
def changes() -> list[int]:
    return []


@pytest.fixture
def server(tmp_path: Path, changes: list[int]) -> Iterator[AwsServer]:
    extend_moto()
    with AwsServer(tmp_path, lambda: changes.append(1)) as running:
        yield running
        urllib.request.urlopen(f"http://{HOST}:{running.port}/moto-api/reset", data=b"").close()


def test_writing_is_noticed_and_reading_is_not(one_session: Session, server: AwsServer, changes: list[int]) -> None:
    dynamodb = one_session.client("dynamodb", endpoint_url=server.endpoint)
    s3 = one_session.client("s3", endpoint_url=server.endpoint)
    dynamodb.create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    s3.create_bucket(Bucket="bucket")
    key: Any = {"id": {"S": "1"}}
    writing = (
        lambda: dynamodb.put_item(TableName="t", Item=key),
        lambda: dynamodb.update_item(TableName="t", Key=key, UpdateExpression="REMOVE nickname"),
        lambda: dynamodb.transact_write_items(TransactItems=[{"Delete": {"TableName": "t", "Key": key}}]),
        lambda: s3.put_object(Bucket="bucket", Key="k", Body=b"x"),
        lambda: s3.copy_object(Bucket="bucket", Key="l", CopySource="bucket/k"),
        lambda: s3.delete_object(Bucket="bucket", Key="k"),
        lambda: s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "l"}]}),
    )
    reading = (
        lambda: dynamodb.get_item(TableName="t", Key=key),
        lambda: dynamodb.batch_get_item(RequestItems={"t": {"Keys": [key]}}),
        lambda: dynamodb.scan(TableName="t"),
        lambda: s3.list_objects_v2(Bucket="bucket"),
        lambda: one_session.client("ses", endpoint_url=server.endpoint).list_identities(),
    )
    for write in writing:
        changes.clear()
        write()
        assert changes
    changes.clear()
    for read in reading:
        read()
    assert changes == []


def test_our_additions_work_over_http(one_session: Session, server: AwsServer) -> None:
    ses = one_session.client("ses", endpoint_url=server.endpoint)
    ses.verify_domain_identity(Domain="taco.example")
    answer = ses.send_bounce(
        OriginalMessageId="m1",
        BounceSender="mailer-daemon@taco.example",
        BouncedRecipientInfoList=[{"Recipient": "nosuch@taco.example", "BounceType": "DoesNotExist"}],
    )
    assert answer["MessageId"]


def test_the_door_tells_whose_it_is(server: AwsServer, tmp_path: Path) -> None:
    with urllib.request.urlopen(f"http://{HOST}:{server.port}/tacomail/stack") as answer:
        assert answer.read().decode() == str(tmp_path)


@dataclass
class SlowApplication:
    """In the place of moto: notes how many requests it has to answer at once."""

    running: int = 0
    most: int = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.running += 1
        self.most = max(self.most, self.running)
        time.sleep(0.05)
        self.running -= 1
        start_response("200 OK", [])
        return [b""]


@pytest.mark.parametrize(
    ("path", "headers", "at_once"),
    [
        ("/", {"X-Amz-Target": "DynamoDB_20120810.PutItem"}, False),
        ("/bucket/key", {}, False),
        ("/", {}, True),
    ],
    ids=["table", "bucket", "SES"],
)
def test_only_requests_that_moto_cannot_keep_apart_wait_for_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, headers: dict[str, str], at_once: bool
) -> None:
    """moto loses writes otherwise: a failed transaction puts back a copy of the table made before it."""
    application = SlowApplication()
    monkeypatch.setattr(aws, "DomainDispatcherApplication", lambda _: application)
    with AwsServer(tmp_path, lambda: None) as server:

        def ask(_: int) -> None:
            connection = HTTPConnection(HOST, server.port)
            connection.request("POST", path, headers=headers)
            connection.getresponse().read()
            connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(ask, range(4)))
    assert (application.most > 1) is at_once
