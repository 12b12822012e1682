"""A played SES on in-process moto: bucket, rule set, one verified domain, and functions that tests put in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from boto3.session import Session
from moto import mock_aws

from mailhandlers.local.functions import Functions, register_functions
from mailhandlers.local.moto_ses import extend_moto, listen
from mailhandlers.local.notifications import Notifications
from mailhandlers.local.outbox import Outbox, reverse_path_reader
from mailhandlers.local.receiving import Incoming, Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient

ACCOUNT = "123456789012"
REGION = "us-east-1"
BUCKET = "tacomail-mail"
PREFIX = "incoming/"
DOMAIN = "taco.example"
RULE_SET = "tacomail"
MESSAGE = b"From: Jane <jane@example.com>\r\nTo: shop@taco.example\r\nSubject: Test\r\n\r\nHello.\r\n"


def arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


@pytest.fixture(scope="session")
def one_session() -> Session:
    """Reading the descriptions of the services takes half a second, so it is done once."""
    return Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)


@pytest.fixture
def aws(one_session: Session) -> Iterator[Session]:
    extend_moto()
    with mock_aws():
        yield one_session
    listen(None)


@pytest.fixture
def ses(aws: Session) -> SESClient:
    client = aws.client("ses")
    client.verify_domain_identity(Domain=DOMAIN)
    return client


@pytest.fixture
def s3(aws: Session) -> S3Client:
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


@dataclass
class PlayedSes:
    """Receipt rules as a test wants them, and what became of a message."""

    ses: SESClient
    s3: S3Client
    receiver: Receiver
    functions: Functions
    outbox: Path
    events: list[dict[str, Any]] = field(default_factory=list)

    def answering(self, name: str, answer: Any) -> dict[str, Any]:
        """A Lambda action whose function gives this answer, or raises it."""

        def function(event: dict[str, Any], context: Any) -> Any:
            self.events.append(event)
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.functions.add(arn(name), function)
        return {"LambdaAction": {"FunctionArn": arn(name), "InvocationType": "RequestResponse"}}

    def rule(self, name: str, *actions: dict[str, Any], **changes: Any) -> None:
        """Add a rule behind those that there are."""
        rules = self.ses.describe_receipt_rule_set(RuleSetName=RULE_SET).get("Rules", [])
        after: dict[str, Any] = {"After": rules[-1]["Name"]} if rules else {}
        usual = {"Enabled": True, "TlsPolicy": "Optional", "Recipients": [DOMAIN], "ScanEnabled": True}
        wanted = cast("Any", {"Name": name, "Actions": list(actions), **usual, **changes})
        self.ses.create_receipt_rule(RuleSetName=RULE_SET, Rule=wanted, **after)

    def receive(self, *recipients: str, data: bytes = MESSAGE, sender: str = "jane@example.com") -> Incoming:
        incoming = Incoming(sender, recipients or (f"shop@{DOMAIN}",), data)
        self.receiver.receive(incoming, self.receiver.rule_set())
        return incoming

    def stored(self) -> dict[str, bytes]:
        keys = [entry["Key"] for entry in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        return {key: self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}

    def bounces(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.outbox.glob("*.eml"))]


STORE = {"S3Action": {"BucketName": BUCKET, "ObjectKeyPrefix": PREFIX}}
STOP = {"StopAction": {"Scope": "RuleSet"}}
BOUNCE = {
    "BounceAction": {
        "SmtpReplyCode": "550",
        "StatusCode": "5.1.1",
        "Message": "Mailbox does not exist",
        "Sender": f"mailer-daemon@{DOMAIN}",
    }
}


@pytest.fixture
def played(aws: Session, ses: SESClient, s3: S3Client, tmp_path: Path) -> Iterator[PlayedSes]:
    register_functions(aws, ACCOUNT, ("ask", "ask-again", "tell"))
    ses.create_receipt_rule_set(RuleSetName=RULE_SET)
    ses.set_active_receipt_rule_set(RuleSetName=RULE_SET)
    functions = Functions(retry_delays=(0.0, 0.0))
    folder = tmp_path / "outbox"
    outbox = Outbox(folder, reverse_path_reader(s3, BUCKET, PREFIX))
    receiver = Receiver(ses, s3, functions, Notifications(s3, functions, REGION), outbox, REGION)
    yield PlayedSes(ses, s3, receiver, functions, folder)
    assert functions.finish(5)
