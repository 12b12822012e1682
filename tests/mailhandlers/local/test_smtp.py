from __future__ import annotations

import smtplib
import socket
from typing import TYPE_CHECKING, Any, cast

import pytest

from mailhandlers.local.receiving import Incoming, RuleSet
from mailhandlers.local.settings import HOST, LocalError
from mailhandlers.local.smtp import MESSAGE_LIMIT, SmtpServer, bind
from tests.mailhandlers.local.conftest import DOMAIN, MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOP = f"shop@{DOMAIN}"
SENDER = "jane@example.com"


class PlayedReceiver:
    """Accepts every recipient at the one domain, and keeps what it is given."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.failure: Exception | None = None

    def rule_set(self) -> RuleSet:
        return RuleSet(({"Name": "one", "Enabled": True, "Recipients": [DOMAIN]},), frozenset({DOMAIN}))

    def receive(self, incoming: Incoming, rule_set: RuleSet) -> None:
        if self.failure is not None:
            raise self.failure
        self.received.append(incoming)


@pytest.fixture
def receiver() -> PlayedReceiver:
    return PlayedReceiver()


@pytest.fixture
def port(receiver: PlayedReceiver) -> Iterator[int]:
    listening = bind(0)
    server = SmtpServer(cast("Any", receiver), listening)
    server.start()
    yield int(listening.getsockname()[1])
    server.stop()
    listening.close()


@pytest.fixture
def client(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(HOST, port, timeout=10) as made:
        yield made


def test_envelope_and_bytes_arrive_as_they_were_sent(client: smtplib.SMTP, receiver: PlayedReceiver) -> None:
    client.ehlo("mail.example.com")
    client.sendmail(SENDER, ["Shop@TACO.example", "news@taco.example"], MESSAGE)
    (incoming,) = receiver.received
    assert incoming.reverse_path == SENDER
    assert incoming.recipients == ("Shop@TACO.example", "news@taco.example")
    assert incoming.data == MESSAGE
    assert incoming.client.name == "mail.example.com"


def test_the_answer_names_the_message_id(client: smtplib.SMTP, receiver: PlayedReceiver) -> None:
    client.ehlo()
    client.mail(SENDER)
    client.rcpt(SHOP)
    code, text = client.data(MESSAGE)
    assert (code, text.decode()) == (250, f"OK {receiver.received[0].message_id}")
    assert len(receiver.received[0].message_id) == 40


def test_a_recipient_elsewhere_is_refused_in_the_dialogue(client: smtplib.SMTP, receiver: PlayedReceiver) -> None:
    refused = client.sendmail(SENDER, [SHOP, "bob@elsewhere.example"], MESSAGE)
    assert refused["bob@elsewhere.example"][0] == 550
    assert refused["bob@elsewhere.example"][1].startswith(b"5.1.1 ")
    assert receiver.received[0].recipients == (SHOP,)


def test_the_null_reverse_path_is_empty(client: smtplib.SMTP, receiver: PlayedReceiver) -> None:
    client.sendmail("", [SHOP], MESSAGE)
    assert receiver.received[0].reverse_path == ""


def test_any_bytes_pass(client: smtplib.SMTP, receiver: PlayedReceiver) -> None:
    odd = b"Subject: x\r\n\r\n.dot\r\n..\r\n\x00\xff lone \r and \n\r\n" + b"x" * 5000 + b"\r\n.\r\n"
    client.sendmail(SENDER, [SHOP], odd)
    assert receiver.received[0].data == odd


def test_a_fault_of_ours_lets_the_sender_try_again(client: smtplib.SMTP, receiver: PlayedReceiver) -> None:
    receiver.failure = ValueError("broken")
    with pytest.raises(smtplib.SMTPDataError) as error:
        client.sendmail(SENDER, [SHOP], MESSAGE)
    assert error.value.smtp_code == 451
    receiver.failure = None
    client.sendmail(SENDER, [SHOP], MESSAGE)
    assert len(receiver.received) == 1


def test_several_messages_in_one_session(client: smtplib.SMTP, receiver: PlayedReceiver) -> None:
    for _ in range(3):
        client.sendmail(SENDER, [SHOP], MESSAGE)
    assert len({incoming.message_id for incoming in receiver.received}) == 3


def test_the_limit_of_ses_is_told(client: smtplib.SMTP) -> None:
    client.ehlo()
    assert client.esmtp_features["size"] == str(MESSAGE_LIMIT)
    code, _ = client.mail(SENDER, [f"SIZE={MESSAGE_LIMIT + 1}"])
    assert code == 552


def test_a_port_in_use_names_the_variable_to_change() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} on 127.0.0.1 cannot be used for SMTP .*TACOMAIL_SMTP_PORT"):
            bind(port)
