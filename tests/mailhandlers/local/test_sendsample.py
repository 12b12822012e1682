from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.core.management import CommandError, call_command

from mailhandlers.local.smtp import SmtpServer, bind
from tests.mailhandlers.local.test_smtp import PlayedReceiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedReceiver]:
    """A listener that the command finds by the environment."""
    listening = bind(0)
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path))
    monkeypatch.setenv("TACOMAIL_SMTP_PORT", str(listening.getsockname()[1]))
    made = PlayedReceiver()
    server = SmtpServer(cast("Any", made), listening)
    server.start()
    yield made
    server.stop()
    listening.close()


def send(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("sendsample", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_sample_goes_to_shop_and_the_answer_is_shown(receiver: PlayedReceiver) -> None:
    out, _ = send()
    (incoming,) = receiver.received
    assert out == f"shop@taco.example: 250 OK {incoming.message_id}\n"
    assert (incoming.reverse_path, incoming.recipients) == ("jane@example.com", ("shop@taco.example",))
    message = message_from_bytes(incoming.data, policy=default)
    assert (message["To"], message["Subject"]) == ("shop@taco.example", "A sample message")


def test_recipients_sender_and_subject_can_be_chosen(receiver: PlayedReceiver) -> None:
    send("--to", "a@taco.example", "--to", "b@taco.example", "--from", "x@example.org", "--subject", "Tacos é")
    (incoming,) = receiver.received
    assert (incoming.reverse_path, incoming.recipients) == ("x@example.org", ("a@taco.example", "b@taco.example"))
    assert message_from_bytes(incoming.data, policy=default)["Subject"] == "Tacos é"


def test_the_null_path_can_be_chosen(receiver: PlayedReceiver) -> None:
    send("--from", "")
    assert receiver.received[0].reverse_path == ""


def test_a_file_is_sent_as_it_is_but_for_its_line_ends(receiver: PlayedReceiver, tmp_path: Path) -> None:
    file = tmp_path / "message.eml"
    file.write_bytes(b"Subject: caf\xe9\n\n.dot\r\nlast\n")
    send(str(file))
    assert receiver.received[0].data == b"Subject: caf\xe9\r\n\r\n.dot\r\nlast\r\n"


def test_refused_recipients_are_named(receiver: PlayedReceiver) -> None:
    out, err = send("--to", "shop@taco.example", "--to", "x@elsewhere.example")
    assert err.startswith("x@elsewhere.example: 550 5.1.1 ")
    assert out.startswith("shop@taco.example: 250 OK ")


def test_it_fails_when_every_recipient_is_refused(receiver: PlayedReceiver) -> None:
    with pytest.raises(CommandError, match="Every recipient was refused"):
        send("--to", "x@elsewhere.example")


def test_it_fails_when_the_message_is_refused(receiver: PlayedReceiver) -> None:
    receiver.failure = ValueError("broken")
    with pytest.raises(CommandError, match=r"The message was refused: 451 4\.3\.0"):
        send()


def test_a_file_that_is_not_there_is_named(receiver: PlayedReceiver, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.eml cannot be read"):
        send(str(tmp_path / "absent.eml"))


def test_nothing_listening_is_said_with_the_command_that_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path))
    monkeypatch.setenv("TACOMAIL_SMTP_PORT", "9")
    with pytest.raises(CommandError, match=r"Nothing answers on 127\.0\.0\.1 port 9: start the local stack"):
        send()
