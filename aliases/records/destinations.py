"""What the text of a destination means.

`user@tacomail` (any domain in TACOMAIL_LOCAL_DOMAINS) is the Maildir of `user`; `S3` is the designated bucket;
everything else is a mailbox elsewhere, reached through Amazon SES.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from aliases.records.addresses import DOT_ATOM, domain_name, octets, parse_mailbox, stored_form
from aliases.records.exceptions import InvalidAddress
from aliases.records.translatable import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.records.translatable import Text

BUCKET = "S3"
LOCAL_DOMAINS = frozenset({"tacomail"})
LOCAL_DOMAINS_VARIABLE = "TACOMAIL_LOCAL_DOMAINS"
# A folder name in the mail root: nothing that climbs out of it, hides, or is taken for a Maildir++ subfolder.
USER = re.compile(r"[a-z0-9_][a-z0-9_.+-]{0,63}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class DestinationKind(StrEnum):
    MAILDIR = "maildir"  # a folder under the Maildir root
    BUCKET = "bucket"  # kept under mailbox/ in the bucket
    MAILBOX = "mailbox"  # a mailbox elsewhere, forwarded to


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination. `text` is its stored form; `name` the Maildir's user, the address, or `S3`."""

    kind: DestinationKind
    text: str
    name: str


def local_domains(environment: Mapping[str, str] | None = None) -> frozenset[str]:
    """The domains whose mailboxes are Maildirs, from TACOMAIL_LOCAL_DOMAINS (comma separated)."""
    text = (os.environ if environment is None else environment).get(LOCAL_DOMAINS_VARIABLE, "")
    return frozenset(stored_form(part) for part in text.split(",") if part.strip()) or LOCAL_DOMAINS


def parse_destination(text: str, local_domains: frozenset[str] = LOCAL_DOMAINS) -> Destination:
    """What this text means, in its stored form. Raises InvalidAddress with the reason when it means nothing usable.

    Blanks around it go; `s3` is `S3`; a Unicode domain becomes its xn-- form. Refused: control characters (a line
    break would start another header field), a local part outside ASCII (Amazon SES has no SMTPUTF8), a display
    name, several addresses, a user that would leave the mail root.
    """
    bare = text.strip()
    if not bare:
        raise InvalidAddress(gettext_noop("The destination is empty."), code="empty", field="destination")
    if CONTROL.search(bare):
        raise _refused(
            text, gettext_noop("%(text)r is no destination: it holds a line break or another control character.")
        )
    if bare.upper() == BUCKET:
        return Destination(DestinationKind.BUCKET, BUCKET, BUCKET)
    if "<" in bare or bare.count("@") != 1:
        raise _refused(
            text,
            gettext_noop(
                "%(text)r is no destination: give one bare address such as alice@example.org, a local user, or S3."
            ),
        )
    try:
        mailbox = parse_mailbox(bare)
    except InvalidAddress as error:
        why = gettext_noop("%(text)r is no destination: it has nothing before or after the @, or too much.")
        raise _refused(text, why) from error
    if mailbox.domain in local_domains:
        return _maildir(text, mailbox.local_part.lower(), mailbox.domain)
    return _mailbox(text, mailbox.local_part, domain_name(mailbox.domain_as_written, field="destination"))


def _maildir(text: str, user: str, domain: str) -> Destination:
    if not USER.fullmatch(user) or ".." in user or user.endswith("."):
        raise _refused(
            text,
            gettext_noop(
                "%(text)r is no destination: a local user is a folder name: letters, digits, and inner . _ + -."
            ),
        )
    return Destination(DestinationKind.MAILDIR, f"{user}@{domain}", user)


def _mailbox(text: str, local_part: str, domain: str) -> Destination:
    if not local_part.isascii():
        why = gettext_noop("%(text)r is no destination: Amazon SES takes only ASCII before the @.")
        raise _refused(text, why)
    if not DOT_ATOM.fullmatch(local_part):
        why = gettext_noop("%(text)r is no destination: what stands before the @ is not allowed there.")
        raise _refused(text, why)
    address = f"{local_part}@{domain}"
    return Destination(DestinationKind.MAILBOX, address, address)


def comparison_form(text: str) -> str:
    """The form under which two spellings of a destination are the same one. Never raises."""
    bare = text.strip()
    local_part, at, domain = bare.rpartition("@")
    return f"{local_part.lower()}@{stored_form(domain)}" if at else bare.lower()


def _refused(text: str, why: Text) -> InvalidAddress:
    shown = text if octets(text) <= 100 else text[:80] + "..."
    return InvalidAddress(why.given(text=shown), code="bad_destination", field="destination")
