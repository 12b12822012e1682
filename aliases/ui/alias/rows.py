"""The destinations of an alias as the page lists them: each on or off, and what stands in the way of its mail. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from aliases.records.destinations import BUCKET, comparison_form, local_domains
from aliases.records.envelope import EnvelopeRecords
from aliases.records.message import Reason
from mailhandlers.disposition import target_now

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from aliases.models import Alias
    from aliases.services.choices import Choices

MOST_OFFERED = 6  # registered destinations that one tap adds; the field suggests the others

# Why mail for a destination would wait, told of the destination and not of a message.
OBSTACLES: dict[str, _StrPromise] = {
    Reason.PAUSED_DESTINATION: gettext_lazy("It is switched off for all aliases, so mail for it is held."),
    Reason.UNUSABLE_DESTINATION: gettext_lazy("Nobody can tell where this is, so mail for it is held."),
    Reason.ALIAS_AS_DESTINATION: gettext_lazy(
        "It is on a domain that is served here, and mail could go round in circles, so mail for it is held."
    ),
    Reason.FORWARDING_UNAVAILABLE: gettext_lazy(
        "It is a mailbox elsewhere, and this installation does not forward mail yet, so mail for it is held."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One destination. `obstacle` says why its mail would wait, empty where it would not."""

    text: str
    is_on: bool
    obstacle: str = ""
    is_registered: bool = True

    @property
    def is_bucket(self) -> bool:
        return comparison_form(self.text) == comparison_form(BUCKET)


def destination_rows(alias: Alias, choices: Choices) -> list[Row]:
    """In the order of their names, since the table keeps none: what is switched stays where it is."""
    records = EnvelopeRecords(
        domains=frozenset(choices.domains) or None, paused=frozenset(map(comparison_form, choices.paused))
    )
    known = set(map(comparison_form, choices.known_destinations))
    rows = [
        Row(text, is_on, _obstacle(text, records), comparison_form(text) in known)
        for text, is_on in alias.destination_list
    ]
    return sorted(rows, key=lambda row: comparison_form(row.text))


def _obstacle(text: str, records: EnvelopeRecords) -> str:
    hold = target_now(text, records, local_domains()).hold
    return str(OBSTACLES.get(hold, ""))


def offered(alias: Alias, choices: Choices) -> list[str]:
    """Registered destinations that the alias does not have, those that are on before the others."""
    there = {comparison_form(text) for text, _ in alias.destination_list}
    return [text for text in choices.known_destinations if comparison_form(text) not in there]
