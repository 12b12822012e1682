"""A real Dovecot reads, over IMAP, what the S3 function has delivered.

Dovecot serves one user here and runs as one: as nobody where the tests run as root, else as whoever runs them.
"""

from __future__ import annotations

import imaplib
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.events import message_id, stored_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.installation import Installation

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
START_SECONDS = 20.0
PASSWORD = "secret"
RECEIVED = '"03-Sep-2024 10:15:30 +0000"'  # of tests.support.events, as IMAP writes it

CONFIGURATION = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{root}/%u
first_valid_uid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def _why_not() -> str:
    if DOVECOT is None:
        return "Dovecot is not installed: 'make system-packages' does it on Debian"
    version = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=False).stdout
    return "" if version.startswith("2.3.") else f"the configuration is for Dovecot 2.3, here is {version.strip()!r}"


WHY_NOT = _why_not()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@pytest.fixture
def owner() -> pwd.struct_passwd:
    """The user that Dovecot runs as; it refuses to read mail as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


@pytest.fixture
def home(owner: pwd.struct_passwd) -> Iterator[Path]:
    """Not below tmp_path: that is closed to every other user, and often too long for the path of a socket."""
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        os.chown(name, owner.pw_uid, owner.pw_gid)
        yield Path(name)


@pytest.fixture
def mail_root(home: Path, owner: pwd.struct_passwd) -> Path:
    root = home / "Maildir"
    root.mkdir()
    hand_over(root, owner)
    return root


def hand_over(root: Path, owner: pwd.struct_passwd) -> None:
    """Give everything to the user that reads it, as the access point of an EFS does with all that is written."""
    for path in (root, *root.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


@pytest.fixture
def port(home: Path, mail_root: Path, owner: pwd.struct_passwd) -> Iterator[int]:
    """The IMAP port of a Dovecot that serves the Maildirs."""
    assert DOVECOT is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    group = subprocess.run(["id", "-gn", owner.pw_name], capture_output=True, text=True, check=True).stdout.strip()
    settings = CONFIGURATION.format(
        home=home, root=mail_root, user=owner.pw_name, group=group, password=PASSWORD,
        uid=owner.pw_uid, gid=owner.pw_gid, port=number,
    )  # fmt: skip
    (home / "dovecot.conf").write_text(settings)
    is_root = os.geteuid() == 0
    with subprocess.Popen(
        [DOVECOT, "-F", "-c", str(home / "dovecot.conf")],
        user=owner.pw_uid if is_root else None,
        group=owner.pw_gid if is_root else None,
        extra_groups=[] if is_root else None,
    ) as server:
        try:
            _wait_until_open(server, number, home / "dovecot.log")
            yield number
        finally:
            server.terminate()


def _wait_until_open(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            said = log.read_text() if log.exists() else ""
            assert server.poll() is None, f"Dovecot ended: {said}"
            assert time.monotonic() < deadline, f"Dovecot does not answer: {said}"
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def alice(installation: Installation, owner: pwd.struct_passwd, port: int) -> Iterator[imaplib.IMAP4]:
    """Alice's connection. Her Maildir is there before Dovecot looks for it."""
    hand_over(installation.root, owner)
    with imaplib.IMAP4("127.0.0.1", port, timeout=START_SECONDS) as connection:
        connection.login("alice", PASSWORD)
        yield connection


def deliver(installation: Installation, owner: pwd.struct_passwd, *, spam: str = "PASS") -> bytes:
    """Receive and deliver one message for Alice; answers its bytes.

    Its lines end with CR LF, as IMAP shows every line, and it holds no NUL, which IMAP cannot show.
    """
    data = stored_message(b"Line one.\r\n..\r\nFrom here on.\r\n\xff\x80 8 bit\r\n")
    installation.deliver(installation.receive("shop@taco.example", body=data, spam=spam))
    hand_over(installation.root, owner)
    return data


def select(connection: imaplib.IMAP4, folder: str = "INBOX") -> int:
    """How many messages there are in the folder."""
    status, (count,) = connection.select(folder)
    assert status == "OK"
    return int(count or b"")


def fetch(connection: imaplib.IMAP4, what: str) -> tuple[bytes, bytes]:
    """What the server says about the first message, and the data that belongs to it."""
    _, (answer, *_) = connection.fetch("1", f"({what})")
    assert isinstance(answer, tuple)
    return answer[0], answer[1]


def test_a_delivered_message_is_read_byte_for_byte(
    installation: Installation, owner: pwd.struct_passwd, alice: imaplib.IMAP4
) -> None:
    data = deliver(installation, owner)
    assert select(alice) == 1
    assert fetch(alice, "BODY.PEEK[]")[1] == data


def test_the_date_of_arrival_is_the_time_of_receipt(
    installation: Installation, owner: pwd.struct_passwd, alice: imaplib.IMAP4
) -> None:
    deliver(installation, owner)
    select(alice)
    said, _ = fetch(alice, "INTERNALDATE BODY.PEEK[HEADER]")
    assert RECEIVED in said.decode()


def test_a_message_arrives_unseen_and_is_seen_after_reading(
    installation: Installation, owner: pwd.struct_passwd, alice: imaplib.IMAP4
) -> None:
    deliver(installation, owner)
    select(alice)
    assert alice.search(None, "UNSEEN")[1] == [b"1"]
    fetch(alice, "BODY[]")
    assert alice.search(None, "UNSEEN")[1] == [b""]
    assert alice.search(None, "SEEN")[1] == [b"1"]


def test_the_same_event_again_writes_nothing_once_the_message_was_read(
    installation: Installation, owner: pwd.struct_passwd, alice: imaplib.IMAP4
) -> None:
    data = deliver(installation, owner)
    select(alice)
    fetch(alice, "BODY[]")
    alice.close()
    (read,) = (installation.root / "alice" / "cur").iterdir()
    assert re.fullmatch(rf"{message_id('message')}\.tacomail:2,S", read.name)
    installation.messages.forget(message_id("message"))  # or its record alone would keep it from being written
    installation.deliver(installation.store(body=data))
    assert installation.mail_of("alice") == []
    assert select(alice) == 1


def test_spam_that_is_to_be_delivered_is_in_the_folder_junk(
    installation: Installation, owner: pwd.struct_passwd, alice: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "deliver")
    data = deliver(installation, owner, spam="FAIL")
    assert select(alice) == 0
    _, folders = alice.list()
    assert any(isinstance(folder, bytes) and folder.endswith(b" Junk") for folder in folders)
    assert select(alice, "Junk") == 1
    assert fetch(alice, "BODY.PEEK[]")[1] == data
