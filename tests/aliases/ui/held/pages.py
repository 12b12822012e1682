"""Where the pages of held mail are, and what they say."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.urls import reverse

HELD = "/held/"
BULK = "/held/bulk/"
TAGS = re.compile(r"<[^>]*>")


def page_of(message_id: str) -> str:
    return reverse("ui:held_message", args=[message_id])


def file_of(message_id: str) -> str:
    return reverse("ui:held_download", args=[message_id])


def text(answer: Any) -> str:
    """What a reader sees of the main part of a page, its blanks made one."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0] or answer.content.decode()
    return " ".join(unescape(TAGS.sub(" ", main)).split())
