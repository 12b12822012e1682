"""Real mail by SMTP into the running stack, and what becomes of it."""

from __future__ import annotations

import smtplib
import urllib.request
from typing import TYPE_CHECKING

import pytest

from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from mailhandlers.local.settings import HOST
from mailhandlers.local.verdicts import EICAR
from tests.integration.local_stack import SENDER, LocalStack, message, table_of, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("mail")) as running:
        yield running


def containing(messages: list[bytes], text: str) -> list[bytes]:
    return [data for data in messages if text.encode() in data]


def test_mail_to_a_live_alias_lies_in_the_maildir_byte_for_byte_as_it_was_stored(stack: LocalStack) -> None:
    odd = message(subject="live") + b"8-bit \xe9, NUL \x00\r\n.dot\r\n" + b"x" * 3000
    message_id = stack.send("shop@taco.example", "archive@taco.example", data=odd)
    (delivered,) = wait_for(lambda: containing(stack.maildir("alice"), "Subject: live"), "the delivery to alice")
    key = f"mailbox/archive@taco.example/{message_id}"
    wait_for(lambda: key in stack.object_keys("mailbox/"), "the copy in the bucket")
    assert delivered == stack.stored(key)
    assert delivered.startswith(f"Return-Path: <{SENDER}>\r\n".encode())
    assert delivered.endswith(b"\r\n" + odd + b"\r\n")


def test_mail_to_an_ignored_alias_leaves_no_trace(stack: LocalStack) -> None:
    stack.send("quiet@taco.example", data=message(subject="ignored"))
    stack.settled()
    assert containing(stack.maildir("alice"), "Subject: ignored") == []
    assert [envelope for data, envelope in stack.outbox() if b"quiet@" in data] == []


@pytest.mark.parametrize("name", ["nosuch", "closed"])
def test_mail_to_an_unknown_or_inactive_alias_bounces_once(stack: LocalStack, name: str) -> None:
    stack.send(f"{name}@taco.example", data=message(subject=name), sender=f"{name}-sender@example.com")
    stack.settled()
    expected = {"X-Envelope-From": "<>", "X-Envelope-To": [f"{name}-sender@example.com"]}
    (data,) = [data for data, envelope in stack.outbox() if envelope == expected]
    assert f"Final-Recipient: rfc822; {name}@taco.example".encode() in data
    assert containing(stack.maildir("alice"), f"Subject: {name}") == []


def test_in_a_mix_the_live_one_gets_the_mail_and_only_the_refused_ones_are_bounced(stack: LocalStack) -> None:
    recipients = [f"{name}@taco.example" for name in ("news", "quiet", "closed", "mixed-nosuch")]
    stack.send(*recipients, data=message(subject="mixed"), sender="mixed-sender@example.com")
    wait_for(lambda: containing(stack.maildir("bob"), "Subject: mixed"), "the delivery to bob")
    stack.settled()
    (bounce,) = [data for data, envelope in stack.outbox() if envelope["X-Envelope-To"] == ["mixed-sender@example.com"]]
    assert b"mixed-nosuch@taco.example" in bounce
    assert b"closed@taco.example" in bounce
    assert b"quiet@taco.example" not in bounce
    assert b"news@taco.example" not in bounce


def test_a_null_reverse_path_is_never_bounced(stack: LocalStack) -> None:
    stack.send("null-nosuch@taco.example", sender="")
    stack.settled()
    assert [data for data, _ in stack.outbox() if b"null-nosuch@" in data] == []


def test_infected_mail_is_neither_delivered_nor_bounced(stack: LocalStack) -> None:
    stack.send("news@taco.example", data=message(subject="infected", body=EICAR.decode()))
    held = wait_for(lambda: stack.object_keys("incoming/"), "the stored message")
    assert containing(stack.maildir("bob"), "Subject: infected") == []
    stack.s3.delete_object(Bucket=stack.variables["TACOMAIL_MAIL_BUCKET"], Key=held[0])


def test_a_recipient_elsewhere_is_refused_in_the_dialogue(stack: LocalStack) -> None:
    with stack.smtp() as client, pytest.raises(smtplib.SMTPRecipientsRefused) as error:
        client.sendmail(SENDER, ["bob@elsewhere.example"], message())
    assert error.value.recipients["bob@elsewhere.example"][0] == 550


def test_a_domain_that_another_process_adds_or_removes_is_followed(stack: LocalStack) -> None:
    with table_of(stack) as table:
        registry = Registry(table)
        registry.add_domain("other.example")
        AliasStore(table).create("tacos", "other.example", "bob@tacomail")
        stack.send("tacos@other.example", data=message(subject="other domain"))
        wait_for(lambda: containing(stack.maildir("bob"), "Subject: other domain"), "the delivery to bob")
        registry.set_domain_active("other.example", False)
    with stack.smtp() as client:
        client.ehlo()
        client.mail(SENDER)
        assert client.rcpt("tacos@other.example")[0] == 550
        assert client.rcpt("shop@taco.example")[0] == 250


def test_the_site_answers(stack: LocalStack) -> None:
    with urllib.request.urlopen(f"http://{HOST}:{stack.variables['TACOMAIL_HTTP_PORT']}/") as answer:
        assert answer.status == 200


def test_the_command_sends_a_sample_to_the_running_stack(stack: LocalStack) -> None:
    sent = stack.manage("sendsample", "--to", "news@taco.example", "--subject", "by command")
    assert sent.returncode == 0, sent.stderr
    assert sent.stdout.startswith("news@taco.example: 250 OK ")
    wait_for(lambda: containing(stack.maildir("bob"), "Subject: by command"), "the delivery to bob")


def test_a_second_stack_with_the_same_folder_says_why_it_does_not_start(stack: LocalStack) -> None:
    second = stack.manage("runlocal")
    assert second.returncode == 1
    assert second.stderr.startswith("CommandError: A local stack is running with the folder ")
    assert "TACOMAIL_VAR" in second.stderr


@pytest.mark.parametrize("variable", ["TACOMAIL_HTTP_PORT", "TACOMAIL_SMTP_PORT"])
def test_a_port_in_use_is_one_sentence_that_names_the_variable(
    stack: LocalStack, tmp_path_factory: pytest.TempPathFactory, variable: str
) -> None:
    second = LocalStack(tmp_path_factory.mktemp("second"), **{variable: stack.variables[variable]})
    second.launch()
    assert second.ended() == 1
    (line,) = second.output.splitlines()
    assert f"Port {stack.variables[variable]} on {HOST} cannot be used" in line
    assert line.endswith(f"choose another in {variable}.")
