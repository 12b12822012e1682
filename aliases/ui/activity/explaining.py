"""Why a message went as it did, and what can be done now, as sentences. Pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.models import State
from aliases.records.addresses import alias_key, parse_mailbox
from aliases.records.exceptions import InvalidAddress
from aliases.records.message import MessageState, Reason
from aliases.services.stored import folder_of
from aliases.wording.states import STATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from aliases.models import Alias
    from aliases.records.message import Message, RecipientDecision
    from aliases.services.activity import Entry

DECIDED_BY: dict[Reason, _StrPromise] = {
    Reason.ACTIVE_ALIAS: gettext_lazy("The record of the alias decided it."),
    Reason.IGNORED_ALIAS: gettext_lazy("The record of the alias decided it."),
    Reason.INACTIVE_ALIAS: gettext_lazy("The record of the alias decided it."),
    Reason.NO_DESTINATION: gettext_lazy("The record of the alias decided it."),
    Reason.UNKNOWN_ALIAS: gettext_lazy(
        "No record of an alias was found, neither for the whole name nor for a shorter one."
    ),
    Reason.UNSERVED_DOMAIN: gettext_lazy("The list of the domains that are served decided it."),
    Reason.PAUSED_DESTINATION: gettext_lazy("The record of the destination decided it."),
    Reason.SPAM: gettext_lazy("The checks of Amazon SES decided it, and what this installation does with spam."),
    Reason.DMARC_REJECT: gettext_lazy(
        "The checks of Amazon SES decided it, and what this installation does with spam."
    ),
    Reason.DMARC_QUARANTINE: gettext_lazy("The checks of Amazon SES decided it."),
    Reason.INFECTED: gettext_lazy("The checks of Amazon SES decided it."),
}
NO_ALIAS = frozenset({Reason.UNKNOWN_ALIAS, Reason.UNSERVED_DOMAIN, Reason.INVALID_RECIPIENT})
OF_DESTINATIONS = frozenset(
    {
        Reason.PAUSED_DESTINATION,
        Reason.UNUSABLE_DESTINATION,
        Reason.FORWARDING_UNAVAILABLE,
        Reason.ALIAS_AS_DESTINATION,
    }
)
WAITING = frozenset({MessageState.HELD, MessageState.FAILED})
STATES_THEN = {
    Reason.ACTIVE_ALIAS: State.ACTIVE,
    Reason.IGNORED_ALIAS: State.IGNORED,
    Reason.INACTIVE_ALIAS: State.PAUSED,
}
BUCKET = "bucket/"  # begins the name of a delivery into stored mail (mailhandlers.plan)


@dataclass(frozen=True, slots=True)
class Step:
    """A page where an operator can go on; `icon` is one of the frame's."""

    text: str
    url: str
    icon: str


def decided_by(entry: Entry) -> str:
    """Which record decided; empty where the reason says it all."""
    return str(DECIDED_BY[Reason(entry.reason)]) if entry.reason in DECIDED_BY else ""


def shortened(entry: Entry) -> list[str]:
    """The recipients whose alias was found by a shorter name, as they were received."""
    if entry.reason in NO_ALIAS:
        return []
    return [recipient for recipient in entry.recipients if _stored(recipient) != entry.address]


def _stored(recipient: str) -> str:
    try:
        mailbox = parse_mailbox(recipient)
    except InvalidAddress:
        return recipient
    return f"{mailbox.local_part.lower()}@{mailbox.domain}"


def changed_since(entry: Entry, alias: Alias | None) -> str:
    """Where the same message would go another way now: what has changed."""
    if alias is None:
        return ""
    state = STATE_NAMES[alias.state]
    if entry.reason == Reason.UNKNOWN_ALIAS:
        return _("The alias has been made since; it is %(state)s now.") % {"state": state}
    if STATES_THEN.get(Reason(entry.reason) if entry.reason in set(Reason) else Reason.NO_ANSWER) in {
        None,
        alias.state,
    }:
        return ""
    return _("That has been changed since: the alias is %(state)s now.") % {"state": state}


def own_decision(entry: Entry, message: Message | None) -> RecipientDecision | None:
    """What the message's record says about the address of this entry."""
    decisions = message.decisions if message else ()
    return next((decision for decision in decisions if decision.log_address == entry.address), None)


def other_entries(entry: Entry, message: Message | None) -> list[tuple[str, str]]:
    """The other addresses that the same message was for, and the identifiers of their entries."""
    addresses = dict.fromkeys(decision.log_address for decision in (message.decisions if message else ()))
    place = entry.identifier.removesuffix(entry.address)
    return [(address, place + address) for address in addresses if address != entry.address]


def next_steps(entry: Entry, message: Message | None, alias: Alias | None, *, may_change: bool) -> Iterator[Step]:
    """Where to go on, the most useful first."""
    if message is not None and message.state in WAITING:
        yield Step(_("The held message"), reverse("ui:held_message", args=[message.message_id]), "held")
    decision = own_decision(entry, message)
    identifier = alias.pk if alias else decision.identifier if decision else ""
    if identifier:
        yield Step(_("To the alias"), reverse("ui:alias", args=[identifier]), "aliases")
    elif may_change and entry.reason == Reason.UNKNOWN_ALIAS:
        yield from _creation(entry.address)
    if entry.reason in OF_DESTINATIONS:
        yield Step(_("The destinations"), reverse("ui:destinations"), "destinations")
    if entry.reason == Reason.UNSERVED_DOMAIN:
        yield Step(_("The domains"), reverse("ui:domains"), "domains")
    if any(delivery.name.startswith(BUCKET) and delivery.outcome == "delivered" for delivery in entry.deliveries):
        yield Step(_("Stored mail of the alias"), reverse("ui:stored_alias", args=[folder_of(entry.address)]), "stored")


def _creation(address: str) -> Iterator[Step]:
    local_part, _at, domain = address.rpartition("@")
    with suppress(InvalidAddress):
        alias_key(local_part, domain)
        query = urlencode({"name": local_part, "domain": domain})
        yield Step(_("Create this alias"), f"{reverse('ui:new')}?{query}", "plus")
