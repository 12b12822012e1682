"""Bytes are sacred: what lies in a Maildir, in .Junk or under mailbox/ equals the object that SES stored."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import subprocess
from base64 import b64decode, encodebytes
from typing import TYPE_CHECKING

import pytest

from mailhandlers.bucket import CHUNK_OCTETS, Bucket
from tests.support.events import BUCKET, message_id, stored_message
from tests.support.inputs import message
from tests.support.installation import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mailhandlers.bucket import StoredObject
    from tests.support.installation import Installation

MESSAGES = FIXTURES / "messages"
NAMES = sorted(path.stem for path in MESSAGES.glob("*.eml"))
MEGABYTE = 1024 * 1024


def large(megabytes: int, parts: int = 1, *, text: bool = False) -> bytes:
    """A multipart message of about this size, with attachments in base64 or one long text."""
    source = random.Random(45)  # noqa: S311  the same message every time
    head = b"Content-Type: multipart/mixed; boundary=large\r\n\r\nSee the attachment.\r\n"
    each = []
    for number in range(parts):
        wanted = megabytes * MEGABYTE // parts
        if text:
            body = (b"synthetic line of text, number %08d\r\n" % number) * (wanted // 41)
        else:
            body = encodebytes(source.randbytes(wanted * 3 // 4)).replace(b"\n", b"\r\n")
        each.append(b"--large\r\nContent-Disposition: attachment; filename=p%d.bin\r\n\r\n" % number + body)
    return b"".join([b"Subject: large\r\n", head, *each, b"--large--\r\n"])


@pytest.mark.parametrize("name", NAMES)
def test_every_catalogued_message_lies_in_the_maildir_byte_for_byte(installation: Installation, name: str) -> None:
    assert installation.deliver(installation.receive("shop@taco.example", body=message(name))) == {"done": 1}
    assert installation.mail_of("alice") == [message(name)]


@pytest.mark.parametrize("name", NAMES)
def test_every_catalogued_message_is_byte_for_byte_under_mailbox_and_in_the_junk_folder(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "deliver")
    installation.deliver(
        installation.receive("shop@taco.example", "drop@taco.example", body=message(name), spam="FAIL")
    )
    (key,) = installation.stored_keys()
    assert key == f"mailbox/drop@taco.example/{message_id('message')}"
    assert installation.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == message(name)
    assert installation.mail_of("alice", ".Junk") == [message(name)]


ODD = {
    "nothing but a byte": b"\x00",
    "every byte": bytes(range(256)) * 4,
    "only line ends": b"\r\n\r\n\n\n\r\r",
    "no end of line": b"Subject: x\r\n\r\nlast line",
    "mbox": b"From jane@example.com Tue Sep  3 10:15:30 2024\nSubject: x\n\nFrom here on\n>From there\n",
    "dots": b"Subject: x\r\n\r\n.\r\n..\r\n...\r\n.",
    "bare carriage returns": b"Subject: x\rTo: y\r\rbody\r",
    "one line of two million characters": b"Subject: x\r\n\r\n" + b"y" * 2_000_000,
    "utf-16": "Subject: x\r\n\r\nüber".encode("utf-16"),
    "header only": b"Subject: x",
    "surrogates": b"Subject: \xed\xa0\x80\xff\xfe\r\n\r\n",
    "blank lines first": b"\r\n\r\nSubject: x\r\n\r\nbody",
    "trailing blanks": b"Subject: x   \r\n \r\n\t\r\n\r\nbody  \t \r\n   ",
    "a gzip file": b"\x1f\x8b\x08\x00" + bytes(200),
    "exactly one piece": b"z" * CHUNK_OCTETS,
    "one piece and one byte": b"z" * (CHUNK_OCTETS + 1),
}


@pytest.mark.parametrize("name", ODD)
def test_whatever_a_sender_sends_is_kept_as_it_is(installation: Installation, name: str) -> None:
    assert installation.deliver(installation.receive("shop@taco.example", body=ODD[name])) == {"done": 1}
    assert installation.mail_of("alice") == [ODD[name]]


@pytest.mark.parametrize(
    ("megabytes", "parts", "text"), [(12, 1, False), (12, 40, False), (9, 1, True)], ids=["one part", "forty", "text"]
)
def test_a_large_message_is_kept_as_it_is_and_passes_in_pieces(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, megabytes: int, parts: int, text: bool
) -> None:
    body = large(megabytes, parts, text=text)
    pieces: list[int] = []
    chunks = Bucket.chunks

    def watched(bucket: Bucket, stored: StoredObject) -> Iterator[bytes]:
        for chunk in chunks(bucket, stored):
            pieces.append(len(chunk))
            yield chunk

    monkeypatch.setattr(Bucket, "chunks", watched)
    assert installation.deliver(installation.receive("shop@taco.example", body=body)) == {"done": 1}
    (delivered,) = installation.mail_of("alice")
    assert hashlib.sha256(delivered).digest() == hashlib.sha256(body).digest()
    assert max(pieces) <= CHUNK_OCTETS
    assert sum(pieces) == len(body)


def test_names_of_attachments_become_no_files(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example", body=message("odd_attachment_names")))
    files = [path.name for path in installation.root.rglob("*") if path.is_file()]
    assert files == [f"{message_id('message')}.tacomail"]


def test_an_invitation_keeps_its_method_and_its_addresses(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example", body=message("invitation")))
    (delivered,) = installation.mail_of("alice")
    assert re.search(rb"text/calendar;[^\r]*(\r\n\s[^\r]*)*method=\"?REQUEST", delivered, re.IGNORECASE)
    assert delivered.count(b"@taco.example") == message("invitation").count(b"@taco.example") > 0


def signed_part_and_signature(raw: bytes) -> tuple[bytes, bytes]:
    """The two parts of a multipart/signed message, the first exactly as it was signed."""
    found = re.search(rb'boundary="?([^"\r\n;]+)', raw)
    assert found is not None
    _, signed, signature, _ = raw.split(b"--" + found.group(1), 3)
    return signed.removeprefix(b"\r\n").removesuffix(b"\r\n"), b64decode(signature.split(b"\r\n\r\n", 1)[1])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed: it verifies the signature")
@pytest.mark.parametrize("broken", [False, True])
def test_a_signed_message_still_verifies(installation: Installation, tmp_path: Path, broken: bool) -> None:
    raw = message("smime_signed")
    assert b"multipart/signed" in raw
    installation.deliver(installation.receive("shop@taco.example", body=raw))
    (delivered,) = installation.mail_of("alice")
    signed, signature = signed_part_and_signature(delivered)
    (tmp_path / "signed").write_bytes(signed + b"x" if broken else signed)
    (tmp_path / "signature").write_bytes(signature)
    certificate = MESSAGES / "smime_signed_certificate.pem"
    verify = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-noverify", "-certfile", str(certificate)]
    files = ["-in", "signature", "-content", "signed", "-out", "content"]
    done = subprocess.run([*verify, *files], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode == 0) is not broken, done.stderr


def test_the_size_of_what_was_stored_is_known(installation: Installation) -> None:
    body = stored_message(b"x" * 777)
    key = installation.receive("shop@taco.example", body=body)
    installation.deliver(key)
    (entry,) = installation.messages.log_of("shop@taco.example")
    assert entry.size == 2048  # what the event says
