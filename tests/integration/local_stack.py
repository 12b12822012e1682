"""The local stack as a process of its own, as `make run` starts it, with free ports and a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from boto3.session import Session

from aliases.records.connection import Table
from mailhandlers.local.environment import FILE, apply_environment, read_environment
from mailhandlers.local.settings import HOST, REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).resolve().parents[2]
OURS = ("POSTFIX_", "TACOMAIL_", "AWS_", "DJANGO_")
END_SECONDS = 90.0  # a busy machine takes its time to throw everything away
WAIT_SECONDS = 30.0
SENDER = "jane@example.com"


def message(to: str = "shop@taco.example", subject: str = "Test", body: str = "Hello.") -> bytes:
    lines = (f"From: Jane <{SENDER}>", f"To: {to}", f"Subject: {subject}", "", body, "")
    return "\r\n".join(lines).encode()


def wait_for(found: Callable[[], Any], what: str) -> Any:
    """The first truthy answer of `found`."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (answer := found()):
        assert time.monotonic() < deadline, f"waited {WAIT_SECONDS:.0f} s in vain for {what}"
        time.sleep(0.05)
    return answer


class LocalStack:
    """A running stack, as a context manager."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ports = {"TACOMAIL_HTTP_PORT": "0", "TACOMAIL_SMTP_PORT": "0"}
        self._environment = {**inherited, **ports, "TACOMAIL_VAR": str(folder), **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._printed = folder / "printed"
        self.variables: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.launch()
        wait_for(self._is_up_or_gone, "the stack to start")
        assert self._running().poll() is None, f"the stack ended at its start: {self.output}"
        self.variables = read_environment(self.folder) or {}

    def launch(self) -> None:
        """Start the process without waiting for anything."""
        (self.folder / FILE).unlink(missing_ok=True)
        command = [sys.executable, "manage.py", "runlocal"]
        with self._printed.open("wb") as output:  # a pipe that nobody reads would fill, and the stack would stand still
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=output, stderr=subprocess.STDOUT
            )

    def _is_up_or_gone(self) -> bool:
        return self._running().poll() is not None or (self.folder / FILE).exists()

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    @property
    def output(self) -> str:
        """All that it has printed since its last start."""
        return self._printed.read_text()

    @property
    def site(self) -> str:
        return f"http://{HOST}:{self.variables['TACOMAIL_HTTP_PORT']}"

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """The exit code. Stopping twice does no harm."""
        if self._running().poll() is None:
            self._running().send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """The exit code of a stack that ends by itself."""
        return self._running().wait(END_SECONDS)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command in another process, which finds the stack by its folder alone."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False)

    # Mail in

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP(HOST, int(self.variables["TACOMAIL_SMTP_PORT"]), timeout=WAIT_SECONDS)

    def send(self, *recipients: str, data: bytes | None = None, sender: str = SENDER) -> str:
        """The message id that SES gave it. Raises when the server refuses."""
        with self.smtp() as client:
            client.ehlo("mail.example.com")
            client.mail(sender)
            for recipient in recipients:
                code, text = client.rcpt(recipient)
                assert code == 250, f"{recipient}: {code} {text!r}"
            code, text = client.data(message(recipients[0]) if data is None else data)
            assert code == 250, f"{code} {text!r}"
            return text.decode().split()[-1]

    # What became of it

    def maildir(self, user: str, folder: str = "") -> list[bytes]:
        """The messages in new/ of a Maildir (or of its subfolder)."""
        new = self.folder / "Maildir" / user / folder / "new"
        return [path.read_bytes() for path in sorted(new.iterdir())] if new.exists() else []

    def outbox(self) -> list[tuple[bytes, dict[str, Any]]]:
        """Sent messages with their envelopes, oldest first."""
        messages = sorted((self.folder / "outbox").glob("*.eml"))
        return [(path.read_bytes(), json.loads(path.with_suffix(".json").read_text())) for path in messages]

    @cached_property
    def s3(self) -> S3Client:
        session = Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION)
        return session.client("s3", endpoint_url=self.variables["AWS_ENDPOINT_URL"])

    def object_keys(self, prefix: str = "") -> list[str]:
        answer = self.s3.list_objects_v2(Bucket=self.variables["TACOMAIL_MAIL_BUCKET"], Prefix=prefix)
        return [entry["Key"] for entry in answer.get("Contents", [])]

    def stored(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=self.variables["TACOMAIL_MAIL_BUCKET"], Key=key)["Body"].read()

    def settled(self) -> None:
        """Wait until nothing is on its way any more."""
        prefix = self.variables["TACOMAIL_MAIL_PREFIX"]
        wait_for(lambda: not self.object_keys(prefix), "every delivery to end")


@contextmanager
def table_of(stack: LocalStack) -> Iterator[Table]:
    """The table of a running stack, as a command in another process reaches it."""
    with mock.patch.dict(os.environ):
        apply_environment(stack.variables)
        yield Table.from_environment()
