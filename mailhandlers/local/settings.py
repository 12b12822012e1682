"""Ports and folder of the local stack, from the environment, and the names it uses."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"  # nothing of the stack ever listens on a network
HTTP_VARIABLE = "TACOMAIL_HTTP_PORT"
SMTP_VARIABLE = "TACOMAIL_SMTP_PORT"
FOLDER_VARIABLE = "TACOMAIL_VAR"
HTTP_PORT = 8000
SMTP_PORT = 2525
FOLDER = "var"
POLL_SECONDS = 0.1  # how soon a server notices that it is to stop

ACCOUNT = "123456789012"  # moto's own account number
REGION = "us-east-1"
TABLE = "tacomail"
BUCKET = "tacomail-mail"
PREFIX = "incoming/"


class LocalError(Exception):
    """The local stack cannot do what was asked; the text is one sentence for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Port 0 means one that is free."""

    http_port: int
    smtp_port: int
    folder: Path


def read_settings() -> LocalSettings:
    """Raises LocalError that names the variable which is not understood."""
    return LocalSettings(_port(HTTP_VARIABLE, HTTP_PORT), _port(SMTP_VARIABLE, SMTP_PORT), read_folder())


def read_folder() -> Path:
    """Where the stack keeps its state, as an absolute path: commands may run elsewhere."""
    return Path(os.environ.get(FOLDER_VARIABLE) or FOLDER).resolve()


def _port(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise LocalError(f"{name} is {text!r}: give a port from 1 to 65535, or 0 for a free one.")
    return int(text)
