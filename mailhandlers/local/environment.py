"""The variables of a running stack. The stack writes them to `var/environment`; commands and shells take them over.

`set -a; . var/environment; set +a` makes them a shell's, so that the AWS command line reaches the stack as well.
"""

from __future__ import annotations

import http.client
import os
import shlex
import urllib.request
from typing import TYPE_CHECKING

from mailhandlers.local.persistence import write_atomically
from mailhandlers.local.settings import (
    BUCKET,
    FOLDER_VARIABLE,
    HOST,
    HTTP_VARIABLE,
    PREFIX,
    REGION,
    SMTP_VARIABLE,
    TABLE,
    read_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

FILE = "environment"
MAILDIR_FOLDER = "Maildir"
TABLE_VARIABLE = "POSTFIX_DYNAMODB_TABLE"
ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"
WHO_PATH = "/tacomail/stack"  # the AWS stand-in answers it with its folder
ANSWER_SECONDS = 2.0

# Each of these would lead some AWS client away from the local stack, or make it refuse the address.
MISLEADING = (
    "AWS_DEFAULT_PROFILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
)
MISLEADING_PREFIX = "AWS_ENDPOINT_URL_"  # an endpoint for one service goes before AWS_ENDPOINT_URL


def stack_environment(folder: Path, endpoint: str, http_port: int, smtp_port: int) -> dict[str, str]:
    """Everything that the mail functions, the site and the commands need to know."""
    return {
        TABLE_VARIABLE: TABLE,
        ENDPOINT_VARIABLE: endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        # A person's own AWS configuration has no say here.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": _with_host(os.environ.get("NO_PROXY", "")),
        "no_proxy": _with_host(os.environ.get("no_proxy", "")),
        "TACOMAIL_MAIL_BUCKET": BUCKET,
        "TACOMAIL_MAIL_PREFIX": PREFIX,
        "TACOMAIL_MAILDIR_ROOT": str(folder / MAILDIR_FOLDER),
        "TACOMAIL_CREATE_MAILDIRS": "1",
        FOLDER_VARIABLE: str(folder),
        HTTP_VARIABLE: str(http_port),
        SMTP_VARIABLE: str(smtp_port),
    }


def _with_host(hosts: str) -> str:
    parts = [part.strip() for part in hosts.split(",") if part.strip()]
    return ",".join(parts if HOST in parts else [*parts, HOST])


def apply_environment(values: dict[str, str]) -> None:
    """Make the variables this process's own, and drop those that would lead away from the stack."""
    for name in list(os.environ):
        if name in MISLEADING or name.startswith(MISLEADING_PREFIX):
            del os.environ[name]
    os.environ.update(values)


def write_environment(folder: Path, values: dict[str, str]) -> None:
    """For the owner's eyes only, like any file of credentials."""
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in values.items()]
    write_atomically(folder / FILE, "".join(lines).encode())  # a new file has mode 0600


def read_environment(folder: Path) -> dict[str, str] | None:
    """The variables of the stack that runs with this folder; None when none does."""
    try:
        text = (folder / FILE).read_text()
    except FileNotFoundError:
        return None
    words = shlex.split(text)
    values = dict(word.split("=", 1) for word in words if "=" in word)
    return values if _answers(values.get(ENDPOINT_VARIABLE, ""), folder) else None


def _answers(endpoint: str, folder: Path) -> bool:
    """Whether the stack is there. A killed one leaves its file behind, and its port to whoever comes next."""
    if not endpoint.startswith(f"http://{HOST}:"):
        return False
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{endpoint}{WHO_PATH}", timeout=ANSWER_SECONDS) as answer:
            found: bytes = answer.read()
    except (OSError, http.client.HTTPException):  # the second when no web server took the port over
        return False
    return found.decode("utf-8", "replace") == str(folder)


def load_environment() -> bool:
    """Take over the variables of the running stack; False when there is nothing to take.

    An environment that names a table already is left alone: it means a real account, or a stack of one's own choice.
    """
    if os.environ.get(TABLE_VARIABLE, "").strip():
        return False
    values = read_environment(read_folder())
    if values is None:
        return False
    apply_environment(values)
    return True
