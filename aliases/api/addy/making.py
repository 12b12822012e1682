"""What a client of addy.io says of an alias that it makes: its name and its recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from aliases.api.addy.refusals import invalid, text_in
from aliases.api.addy.shapes import recipient_id
from aliases.api.defaults import default_destination
from aliases.services.names import NameStyle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.api.callers import Caller

CUSTOM = "custom"
DEFAULT_FORMAT = "random_characters"
STYLES = {
    DEFAULT_FORMAT: NameStyle.CHARACTERS,
    "uuid": NameStyle.UUID,
    "random_words": NameStyle.WORDS,
    # Names of people and single nouns would be met by chance, and guessed: the nearest are two words and two digits.
    "random_male_name": NameStyle.WORDS,
    "random_female_name": NameStyle.WORDS,
    "random_noun": NameStyle.WORDS,
}


class Name(NamedTuple):
    """A local part of the client's own, or the style of one that is generated."""

    local_part: str
    style: NameStyle


def wanted_name(body: Mapping[str, Any]) -> Name:
    """A local part counts only with the format `custom`: the extension sends what was typed before, too.

    Raises InvalidAddress.
    """
    wanted = text_in(body, "format").strip() or DEFAULT_FORMAT
    local_part = text_in(body, "local_part").strip()
    if wanted == CUSTOM:
        if not local_part:
            raise invalid("local_part", _("Say what is to stand before the @."), "missing")
        return Name(local_part, NameStyle.CHARACTERS)
    if wanted not in STYLES:
        known = ", ".join((*STYLES, CUSTOM))
        raise invalid("format", _("The format is one of %(known)s.") % {"known": known})
    return Name("", STYLES[wanted])


def wanted_recipients(body: Mapping[str, Any], caller: Caller) -> dict[str, bool]:
    """The destinations with these ids, all of them on; where none is named, the default one. Raises InvalidAddress.

    Cost: none for a token, else 1 call.
    """
    named = body.get("recipient_ids")
    choices = caller.choices()
    if named in (None, []):
        return {default_destination(caller, choices): True}
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise invalid("recipient_ids", _("“recipient_ids” is to be a list of ids."))
    known = {recipient_id(text): text for text in choices.known_destinations}
    if not all(one in known for one in named):
        raise invalid("recipient_ids", _("There is no such recipient any more. Refresh the recipients."), "not_found")
    return dict.fromkeys((known[one] for one in named), True)
