"""Why one message went as it did, for one address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import InvalidAddress, NotFound
from aliases.records.message import Outcome
from aliases.services.activity import find_entry, message_of
from aliases.services.aliases import find_alias
from aliases.ui.activity.explaining import (
    NO_ALIAS,
    changed_since,
    decided_by,
    next_steps,
    other_entries,
    own_decision,
    shortened,
)
from aliases.ui.pages import can_change, found, page, render_page
from aliases.wording.decisions import DISPOSITION_SENTENCES
from aliases.wording.outcomes import OUTCOME_SENTENCES
from aliases.wording.verdicts import verdicts_in_words
from mailhandlers.disposition import Disposition

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.models import Alias
    from aliases.records.message import Message
    from aliases.services.activity import Entry
    from aliases.ui.pages import Request


@page("GET")
def message_page(request: Request, identifier: str) -> HttpResponse:
    """Cost: 5 calls: the session, the operator, the entry, the record of the message, and the alias."""
    entry: Entry = found(find_entry, identifier)
    message = message_of(entry)
    alias = _alias(entry.address)
    context: dict[str, Any] = {
        "entry": entry,
        "message": message,
        "alias": alias,
        "domain": entry.address.rpartition("@")[2],
        "has_alias": entry.reason not in NO_ALIAS,
        "outcome_sentence": OUTCOME_SENTENCES[Outcome(entry.outcome)] if entry.outcome in set(Outcome) else "",
        "decided_by": decided_by(entry),
        "shortened": shortened(entry),
        "changed_since": changed_since(entry, alias),
        "decision": own_decision(entry, message),
        "disposition_sentence": _disposition(message),
        "others": other_entries(entry, message),
        "verdicts": list(verdicts_in_words(entry.verdicts)),
        "steps": list(next_steps(entry, message, alias, may_change=can_change(request))),
    }
    return render_page(request, "ui/activity/message.html", context)


def _disposition(message: Message | None) -> str:
    """What Amazon SES was told; empty where nobody knows it."""
    told = message.disposition if message else ""
    return str(DISPOSITION_SENTENCES[Disposition(told)]) if told in set(Disposition) else ""


def _alias(address: str) -> Alias | None:
    """The alias that has this address now. Cost: 1 call."""
    try:
        return find_alias(address)
    except (NotFound, InvalidAddress):
        return None
