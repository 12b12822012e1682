"""An alias, a mailbox and an activity as this dialect writes them.

The apps decode strictly: one null in the place of a text or a number, and they show no list at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.api.simplelogin.numbers import alias_number, mailbox_number
from aliases.models import State
from aliases.services.listing import LONG_AGO
from aliases.services.usage import Use, use_of

if TYPE_CHECKING:
    from datetime import datetime

    from aliases.models import Alias, Destination
    from aliases.services.activity import Entry

FORWARD, BLOCK, BOUNCED = "forward", "block", "bounced"  # "reply" is the fourth; nobody replies through an alias here
ACTIONS = {Use.DELIVERED: FORWARD, Use.IGNORED: BLOCK, Use.REFUSED: BLOCK, Use.WAITING: BOUNCED}


def seconds(moment: datetime | None) -> int:
    """Unix seconds; 0 where nobody knows."""
    return int((moment or LONG_AGO).timestamp())


def is_enabled(alias: Alias) -> bool:
    """Whether its mail is carried on. An ignored alias takes mail and drops it: to who uses it, it is off."""
    return alias.state is State.ACTIVE


def alias_info(alias: Alias) -> dict[str, Any]:
    """Its mailboxes are the destinations that are on for it; `mailbox` is the first one, null where none is."""
    mailboxes = [{"id": mailbox_number(text), "email": text} for text, on in alias.destination_list if on]
    return {
        "id": alias_number(alias),
        "email": alias.address,
        "creation_date": (alias.created_datetime or LONG_AGO).isoformat(" ", "seconds"),
        "creation_timestamp": seconds(alias.created_datetime),
        "enabled": is_enabled(alias),
        "note": alias.description or None,
        "name": None,
        "nb_forward": alias.use_count,
        "nb_block": alias.ignored_count + alias.refused_count,
        "nb_reply": 0,
        "mailbox": mailboxes[0] if mailboxes else None,
        "mailboxes": mailboxes,
        "support_pgp": False,
        "disable_pgp": False,
        "latest_activity": latest_activity(alias),
        "pinned": False,
    }


def made_alias(alias: Alias) -> dict[str, Any]:
    """A new alias: the address once more as `alias`, which is all that password managers read."""
    return {"alias": alias.address, **alias_info(alias)}


def latest_activity(alias: Alias) -> dict[str, Any] | None:
    """When mail was carried on last. Who sent it stands in the log and not in the alias: `contact` has empty texts."""
    if alias.last_used_datetime is None:
        return None
    contact = {"email": "", "name": None, "reverse_alias": ""}
    return {"timestamp": seconds(alias.last_used_datetime), "action": FORWARD, "contact": contact}


def activity(entry: Entry) -> dict[str, Any]:
    """What waits, or could not be delivered, is "bounced", as theirs calls what somebody has to look at."""
    return {
        "action": ACTIONS[use_of(entry.outcome)],
        "from": entry.reverse_path or "",
        "to": entry.address,
        "timestamp": seconds(entry.received),
        "reverse_alias": "",
        "reverse_alias_address": "",
    }


def mailbox_info(destination: Destination, default: str, aliases: int) -> dict[str, Any]:
    """One that is switched off is not verified: no mail goes there."""
    text = destination.destination
    return {
        "id": mailbox_number(text),
        "email": text,
        "verified": destination.active,
        "default": text == default,
        "creation_timestamp": seconds(destination.created_datetime),
        "nb_alias": aliases,
    }
