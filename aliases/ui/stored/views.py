"""Stored mail: by alias, then message by message; to look at, and to take away as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aliases.mailfiles import mail_file
from aliases.services.headers import header_lines, sender_of, subject_of
from aliases.services.plaintext import PREVIEW_OCTETS, plain_text
from aliases.services.stored import address_of
from aliases.ui.pages import found, page, render_page
from aliases.ui.stored.reaching import with_mailbox

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.services.stored import Mailbox, MailPage, StoredMail
    from aliases.ui.pages import Request
    from mailhandlers.bucket import StoredObject

USUAL_LINES = ("from", "to", "cc", "reply-to", "subject", "date")
FILE_NAME_CHARACTERS = re.compile(r"[^A-Za-z0-9@._+-]+")
LONGEST_FILE_NAME = 120
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def asked_after(request: Request) -> str:
    """Where to go on; from the beginning for what is no place, which S3 cannot even send back (XML 1.0, 2.2)."""
    after = request.GET.get("after", "")
    return "" if CONTROL.search(after) else after


@page("GET")
@with_mailbox
def folder_list(request: Request, mailbox: Mailbox) -> HttpResponse:
    """Cost: 1 LIST, or 2 where much is stored; 2 calls of the table for who asks."""
    after = asked_after(request)
    context = {"listing": mailbox.folders(after), "after": after}
    return render_page(request, "ui/stored/folders.html", context)


@page("GET")
@with_mailbox
def alias_messages(request: Request, mailbox: Mailbox, folder: str) -> HttpResponse:
    """Cost: 1 LIST for each 1,000 messages of the alias (`Mailbox.messages`), 1 GET for each that is shown.

    And 2 calls of the table for who asks.
    """
    after = asked_after(request)
    listing: MailPage = found(mailbox.messages, folder, after)
    context: dict[str, Any] = {
        "folder": folder,
        "address": address_of(folder),
        "listing": listing,
        "messages": mailbox.with_headers(listing.messages),
        "after": after,
    }
    return render_page(request, "ui/stored/messages.html", context, part="ui/stored/rows.html" if after else "")


@page("GET")
@with_mailbox
def message_page(request: Request, mailbox: Mailbox, folder: str, name: str) -> HttpResponse:
    """The header and the plain text of one message. Cost: 1 LIST, 1 GET; 2 calls of the table for who asks."""
    mail: StoredMail = found(mailbox.message, folder, name)
    beginning: bytes = found(mailbox.head, mail, PREVIEW_OCTETS)
    lines = header_lines(beginning)
    context = {
        "mail": mail,
        "subject": subject_of(lines),
        "sender": sender_of(lines),
        "usual": [(field, value) for field, value in lines if field.lower() in USUAL_LINES],
        "others": [(field, value) for field, value in lines if field.lower() not in USUAL_LINES],
        "preview": plain_text(beginning, is_cut=len(beginning) < mail.size),
    }
    return render_page(request, "ui/stored/message.html", context)


@page("GET")
@with_mailbox
def download(request: Request, mailbox: Mailbox, folder: str, name: str) -> HttpResponse:
    """The message, byte for byte, for a mail program. Cost: 1 HEAD, 1 GET; 2 calls of the table for who asks."""
    stored: StoredObject = found(mailbox.find, folder, name)
    chunks = found(mailbox.chunks, stored) if request.method == "GET" else ()
    return mail_file(chunks, stored.size, file_name(folder, name))


def file_name(folder: str, name: str) -> str:
    """A file name that every system takes, of letters that need no quotes."""
    text = FILE_NAME_CHARACTERS.sub("_", f"{address_of(folder)}-{name}").strip("._-")
    return f"{text[-LONGEST_FILE_NAME:].lstrip('._-') or 'message'}.eml"
