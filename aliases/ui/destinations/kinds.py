"""What kind of place a destination is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.records.destinations import DestinationKind, local_domains, parse_destination
from aliases.records.exceptions import InvalidAddress

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KIND_NAMES: dict[DestinationKind, _StrPromise] = {
    DestinationKind.MAILDIR: gettext_lazy("Maildir"),
    DestinationKind.BUCKET: gettext_lazy("bucket"),
    DestinationKind.MAILBOX: gettext_lazy("mailbox elsewhere"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """`is_held`: nothing can be delivered there yet, so its mail waits."""

    name: str
    sentence: str
    is_held: bool = False


def kind_of(text: str) -> Kind:
    """Also of a text that somebody wrote into the table and that means nothing."""
    try:
        destination = parse_destination(text, local_domains())
    except InvalidAddress:
        held = _("Nobody can be reached there: its text cannot be understood. Mail for it is held.")
        return Kind(_("not understood"), held, is_held=True)
    match destination.kind:
        case DestinationKind.MAILDIR:
            sentence = _("A Maildir: mail is delivered into the folder of %(user)s.") % {"user": destination.name}
        case DestinationKind.BUCKET:
            sentence = _("The bucket: mail is kept there, and can be read under Stored mail.")
        case DestinationKind.MAILBOX:
            sentence = _(
                "A mailbox elsewhere. Forwarding is not available yet, so mail for it is held, and can be sent to "
                "another destination from there."
            )
    is_held = destination.kind is DestinationKind.MAILBOX
    return Kind(str(KIND_NAMES[destination.kind]), sentence, is_held)
