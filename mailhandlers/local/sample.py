"""Sends a message to the running stack by SMTP, as any mail server would."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid
from typing import TYPE_CHECKING

from mailhandlers.local.environment import read_environment
from mailhandlers.local.seed import DOMAIN
from mailhandlers.local.settings import HOST, SMTP_PORT, SMTP_VARIABLE, LocalError, read_folder, read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

SENDER = "jane@example.com"
RECIPIENT = f"shop@{DOMAIN}"
SUBJECT = "A sample message"
WAIT_SECONDS = 60.0

BARE_LF = re.compile(rb"(?<!\r)\n")

Answer = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What the server answered: to each refused recipient, and to the message (None when it was not sent)."""

    refused: dict[str, Answer]
    message: Answer | None


def sample_message(sender: str, recipients: Sequence[str], subject: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain="example.com")
    message.set_content("Hello,\n\nthis is a sample message.\n")
    return message.as_bytes()


def smtp_port() -> int:
    """The port of the running stack, else the one that the environment asks for. Raises LocalError."""
    running = read_environment(read_folder())
    port = int(running[SMTP_VARIABLE]) if running else read_settings().smtp_port
    return port or SMTP_PORT


def send(port: int, sender: str, recipients: Sequence[str], data: bytes) -> Dialogue:
    """Send to all recipients in one transaction; lines end as SMTP wants it, all else stays.

    Raises LocalError when nothing answers or the sender is refused.
    """
    try:
        with smtplib.SMTP(HOST, port, timeout=WAIT_SECONDS) as client:
            client.ehlo_or_helo_if_needed()
            _accepted(client.mail(sender))
            answers = {recipient: client.rcpt(recipient) for recipient in recipients}
            refused = {recipient: _answer(*answer) for recipient, answer in answers.items() if answer[0] >= 400}
            message = _answer(*client.data(BARE_LF.sub(b"\r\n", data))) if len(refused) < len(answers) else None
            return Dialogue(refused, message)
    except ConnectionRefusedError as error:
        raise LocalError(
            f"Nothing answers on {HOST} port {port}: start the local stack with 'make run', "
            f"or name its port in {SMTP_VARIABLE}."
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise LocalError(f"The server on {HOST} port {port} broke off: {error}") from error


def _accepted(answer: tuple[int, bytes]) -> None:
    if answer[0] >= 400:
        raise LocalError(f"The server refused the sender: {' '.join(map(str, _answer(*answer)))}")


def _answer(code: int, text: bytes) -> Answer:
    return code, text.decode("ascii", "replace").replace("\n", " ")
