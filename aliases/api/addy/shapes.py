"""Aliases and destinations in the shapes that clients of addy.io read."""

from __future__ import annotations

import uuid
from datetime import UTC
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import HttpResponse, JsonResponse

from aliases.records.destinations import comparison_form
from aliases.services.listing import LONG_AGO

if TYPE_CHECKING:
    from datetime import datetime

    from aliases.api.callers import Caller
    from aliases.models import Alias

NAMESPACE = uuid.UUID("427b7368-8f87-451e-af87-ba45987de290")
NEVER = None  # counted nowhere here: answers to mail, and mail that is sent from an alias


class Row(NamedTuple):
    """An alias, and when it was deleted."""

    alias: Alias
    deleted: datetime | None = None

    @property
    def is_active(self) -> bool:
        return self.alias.active_alias and self.deleted is None

    @property
    def blocked(self) -> int:
        return self.alias.ignored_count + self.alias.refused_count


def user_id(name: str) -> str:
    return _stable_id("operator", name)


def domain_id(domain: str) -> str:
    """`domain` is in its stored form."""
    return _stable_id("domain", domain)


def recipient_id(destination: str) -> str:
    """The same for every spelling of a destination, and for as long as there is this program."""
    return _stable_id("destination", comparison_form(destination))


def _stable_id(kind: str, name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{kind}/{name}"))


def moment_text(moment: datetime | None) -> str | None:
    """In UTC, to the second, without saying so."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def alias_shape(row: Row, caller: Caller) -> dict[str, Any]:
    """Clients calculate with `created_at` and `updated_at`, so these are never null."""
    alias = row.alias
    return {
        "id": alias.identifier,
        "user_id": user_id(caller.name),
        "aliasable_id": domain_id(alias.sub_domain),
        "aliasable_type": "App\\Models\\Domain",  # what addy.io has for a domain that is not shared with strangers
        "local_part": alias.alias_address,
        "extension": None,
        "domain": alias.sub_domain,
        "email": alias.address,
        "active": row.is_active,
        "pinned": False,
        "description": alias.description or None,
        "from_name": None,
        "attached_recipients_only": False,
        "emails_forwarded": alias.use_count,
        "emails_blocked": row.blocked,
        "emails_replied": 0,
        "emails_sent": 0,
        "recipients": [recipient_shape(text, caller) for text, is_on in alias.destination_list if is_on],
        "last_forwarded": moment_text(alias.last_used_datetime),
        "last_blocked": NEVER,
        "last_replied": NEVER,
        "last_sent": NEVER,
        "created_at": moment_text(alias.created_datetime or LONG_AGO),
        "updated_at": moment_text(alias.modified_datetime or alias.created_datetime or LONG_AGO),
        "deleted_at": moment_text(row.deleted),
    }


def recipient_shape(destination: str, caller: Caller) -> dict[str, Any]:
    """What is known of a destination without looking it up. There is no encryption here."""
    return {
        "id": recipient_id(destination),
        "user_id": user_id(caller.name),
        "email": destination,
        "can_reply_send": False,
        "should_encrypt": False,
        "inline_encryption": False,
        "protected_headers": False,
        "fingerprint": None,
    }


def alias_answer(row: Row, caller: Caller, status: int = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse({"data": alias_shape(row, caller)}, status=status)


def nothing_to_say() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
