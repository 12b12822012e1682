"""What stands for a waiting message in the paths: its id may hold slashes, since it is named after a stored object."""

from __future__ import annotations

from django.contrib.admin.utils import quote, unquote


def message_id_of(id: str) -> str:  # noqa: A002  as the paths have it
    """The id of the message that an `id` of ours means."""
    return str(unquote(id))


def short_id(message_id: str) -> str:
    """One part of a path, whatever the name of the object was. Those that Amazon SES gives stay as they are."""
    return str(quote(message_id))
