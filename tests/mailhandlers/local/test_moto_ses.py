from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError
from moto.ses.models import ses_backends

from mailhandlers.local.moto_ses import BouncedRecipient, Sent, SentBounce, SentMail, extend_moto, listen, sent_bounces
from tests.mailhandlers.local.conftest import ACCOUNT, MESSAGE, REGION

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_ses import SESClient

SENDER = "mailer-daemon@taco.example"
NOSUCH: Any = {"Recipient": "nosuch@taco.example", "BounceType": "DoesNotExist"}


@pytest.fixture
def sent() -> list[Sent]:
    """Everything that is sent, as the listener is told."""
    told: list[Sent] = []
    listen(told.append)
    return told


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_bounce_is_kept_and_told(ses: SESClient, sent: list[Sent]) -> None:
    answer = ses.send_bounce(
        OriginalMessageId="m1",
        BounceSender=SENDER,
        BouncedRecipientInfoList=[NOSUCH, {"Recipient": "closed@taco.example"}],
        Explanation="No such mailbox.",
    )
    bounce = SentBounce(
        answer["MessageId"],
        "m1",
        SENDER,
        (BouncedRecipient("nosuch@taco.example", "DoesNotExist"), BouncedRecipient("closed@taco.example")),
        "No such mailbox.",
    )
    assert sent_bounces(ses_backends[ACCOUNT][REGION]) == [bounce]
    assert sent == [bounce]


def test_the_fields_of_a_bounced_recipient_are_kept(ses: SESClient, sent: list[Sent]) -> None:
    fields = {"Action": "failed", "Status": "5.2.1", "DiagnosticCode": "smtp; 550 5.2.1 Disabled"}
    entry: Any = {"Recipient": "closed@taco.example", "RecipientDsnFields": fields}
    ses.send_bounce(OriginalMessageId="m1", BounceSender=SENDER, BouncedRecipientInfoList=[entry])
    (bounce,) = sent
    assert isinstance(bounce, SentBounce)
    assert bounce.recipients == (BouncedRecipient("closed@taco.example", "", "5.2.1", "smtp; 550 5.2.1 Disabled"),)


@pytest.mark.parametrize("sender", ["mailer-daemon@elsewhere.example", "mailer-daemon@nottaco.example"])
def test_a_bounce_from_an_unverified_sender_is_refused(ses: SESClient, sent: list[Sent], sender: str) -> None:
    with pytest.raises(ClientError) as error:
        ses.send_bounce(OriginalMessageId="m1", BounceSender=sender, BouncedRecipientInfoList=[NOSUCH])
    assert code_of(error) == "MessageRejected"
    assert sent == []
    assert sent_bounces(ses_backends[ACCOUNT][REGION]) == []


@pytest.mark.parametrize("sender", ["Bounces <mailer-daemon@taco.example>", "x@sub.taco.example", "x@TACO.example"])
def test_a_verified_domain_covers_names_subdomains_and_any_case(ses: SESClient, sent: list[Sent], sender: str) -> None:
    ses.send_bounce(OriginalMessageId="m1", BounceSender=sender, BouncedRecipientInfoList=[NOSUCH])
    assert len(sent) == 1


def test_a_bounce_for_nobody_is_refused(ses: SESClient) -> None:
    with pytest.raises(ClientError) as error:
        ses.send_bounce(OriginalMessageId="m1", BounceSender=SENDER, BouncedRecipientInfoList=[])
    assert code_of(error) == "ValidationError"


@pytest.fixture
def rule_set(ses: SESClient) -> str:
    ses.create_receipt_rule_set(RuleSetName="rules")
    for name in ("c", "b", "a"):  # each goes to the front
        ses.create_receipt_rule(RuleSetName="rules", Rule=cast("Any", {"Name": name, "Recipients": ["x.example.org"]}))
    return "rules"


def names(ses: SESClient) -> list[str]:
    return [rule["Name"] for rule in ses.describe_receipt_rule_set(RuleSetName="rules")["Rules"]]


def test_a_receipt_rule_can_be_deleted(ses: SESClient, rule_set: str) -> None:
    ses.delete_receipt_rule(RuleSetName=rule_set, RuleName="b")
    ses.delete_receipt_rule(RuleSetName=rule_set, RuleName="absent")
    assert names(ses) == ["a", "c"]


def test_receipt_rules_can_be_reordered(ses: SESClient, rule_set: str) -> None:
    ses.reorder_receipt_rule_set(RuleSetName=rule_set, RuleNames=["c", "a", "b"])
    assert names(ses) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("order", "code"),
    [(["a", "b"], "ValidationError"), (["a", "b", "c", "c"], "ValidationError"), (["a", "b", "x"], "RuleDoesNotExist")],
)
def test_a_new_order_names_every_rule_once(ses: SESClient, rule_set: str, order: list[str], code: str) -> None:
    with pytest.raises(ClientError) as error:
        ses.reorder_receipt_rule_set(RuleSetName=rule_set, RuleNames=order)
    assert code_of(error) == code
    assert names(ses) == ["a", "b", "c"]


def test_an_absent_rule_set_is_named(ses: SESClient) -> None:
    with pytest.raises(ClientError) as error:
        ses.delete_receipt_rule(RuleSetName="absent", RuleName="a")
    assert code_of(error) == "RuleSetDoesNotExist"


RAW = b"From: news@taco.example\r\nTo: shown@example.com\r\nCc: x@example.com\r\n\r\ncaf\xe9 \x00\xff\r\n"


def test_raw_mail_goes_to_exactly_the_given_destinations_with_its_bytes(ses: SESClient, sent: list[Sent]) -> None:
    answer = ses.send_raw_email(
        Source="srs@taco.example", Destinations=["hidden@example.com"], RawMessage={"Data": RAW}
    )
    assert sent == [SentMail(answer["MessageId"], "srs@taco.example", ("hidden@example.com",), RAW)]


def test_without_destinations_raw_mail_goes_to_those_of_the_header(ses: SESClient, sent: list[Sent]) -> None:
    ses.send_raw_email(RawMessage={"Data": RAW})
    (mail,) = sent
    assert isinstance(mail, SentMail)
    assert mail.reverse_path == "news@taco.example"
    assert mail.recipients == ("shown@example.com", "x@example.com")


def test_raw_mail_whose_author_is_not_verified_is_refused(ses: SESClient, sent: list[Sent]) -> None:
    foreign = RAW.replace(b"news@taco.example", b"news@elsewhere.example")
    with pytest.raises(ClientError) as error:
        ses.send_raw_email(Source="srs@taco.example", Destinations=["a@example.com"], RawMessage={"Data": foreign})
    assert code_of(error) == "MessageRejected"
    assert sent == []


def test_raw_mail_to_more_than_fifty_is_refused(ses: SESClient) -> None:
    many = [f"r{number}@example.com" for number in range(51)]
    with pytest.raises(ClientError) as error:
        ses.send_raw_email(Destinations=many, RawMessage={"Data": RAW})
    assert code_of(error) == "InvalidParameterValue"


def test_the_second_api_sends_raw_mail_by_the_same_rules(aws: Session, ses: SESClient, sent: list[Sent]) -> None:
    second: Any = aws.client(cast("Any", "sesv2"))
    second.send_email(
        FromEmailAddress="srs@taco.example",
        Destination={"ToAddresses": ["hidden@example.com"]},
        Content={"Raw": {"Data": RAW}},
    )
    (mail,) = sent
    assert isinstance(mail, SentMail)
    assert (mail.recipients, mail.data) == (("hidden@example.com",), RAW)


def test_plain_mail_of_both_apis_is_told(aws: Session, ses: SESClient, sent: list[Sent]) -> None:
    text: Any = {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Text é"}}}
    ses.send_email(Source="a@taco.example", Destination={"ToAddresses": ["b@example.com"]}, Message=text)
    second: Any = aws.client(cast("Any", "sesv2"))
    second.send_email(
        FromEmailAddress="a@taco.example", Destination={"ToAddresses": ["b@example.com"]}, Content={"Simple": text}
    )
    assert len(sent) == 2
    for mail in sent:
        assert isinstance(mail, SentMail)
        assert mail.recipients == ("b@example.com",)
        assert mail.data.decode() == "From: a@taco.example\r\nTo: b@example.com\r\nSubject: Hello\r\n\r\nText é\r\n"


def test_extending_twice_tells_once(ses: SESClient, sent: list[Sent]) -> None:
    extend_moto()
    ses.send_raw_email(Source="a@taco.example", Destinations=["b@example.com"], RawMessage={"Data": MESSAGE_OF_OURS})
    assert len(sent) == 1


MESSAGE_OF_OURS = MESSAGE.replace(b"jane@example.com", b"jane@taco.example")


def test_nobody_needs_to_listen(ses: SESClient) -> None:
    ses.send_bounce(OriginalMessageId="m1", BounceSender=SENDER, BouncedRecipientInfoList=[NOSUCH])
    assert len(sent_bounces(ses_backends[ACCOUNT][REGION])) == 1
