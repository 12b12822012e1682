"""Numbers: how many aliases there are, and how many messages they got."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from aliases.api.callers import Scope
from aliases.api.v1.operations import caller_of, operation
from aliases.api.v1.schemas import One
from aliases.models import State
from aliases.records.destinations import BUCKET, comparison_form
from aliases.services.choices import Choices
from aliases.services.counts import Counts, count_aliases
from aliases.services.heldmail.listing import count_waiting

router = Router(tags=["Stats"])


class StatesOut(Schema):
    total: int
    active: int
    ignored: int
    paused: int


class DomainCount(Schema):
    domain: str
    aliases: int


class DestinationCount(Schema):
    destination: str
    aliases: int = Field(description="Those that name it, on or off. One alias may name several destinations.")


class MessagesOut(Schema):
    delivered: int
    ignored: int
    refused: int


class StatsOut(Schema):
    aliases: StatesOut
    domains: list[DomainCount] = Field(description="Those that are served, and those that aliases are on all the same.")
    destinations: list[DestinationCount] = Field(description="The registered ones, and those that aliases name.")
    messages: MessagesOut = Field(description="Over the whole life of the aliases that there are now.")
    held: int = Field(description="Messages that wait with a reason.")


@router.get("/stats", **operation(Scope.READ, "getStats", One[StatsOut]))
def get_stats(request: HttpRequest) -> Any:
    """Aliases by state, by domain and by destination, what became of their messages, and how many are held.

    Cost: 2 calls, 1 for each megabyte of aliases (about 1,000), 1 for each megabyte of held records (about 700).
    """
    counts, choices = count_aliases(), caller_of(request).choices()
    return {
        "data": {
            "aliases": {"total": counts.aliases, **{str(state): counts.states[state] for state in State}},
            "domains": [
                {"domain": domain, "aliases": counts.domains[domain]}
                for domain in sorted({*counts.domains, *choices.domains})
            ],
            "destinations": [
                {"destination": text, "aliases": counts.of_destination(text)} for text in _destinations(counts, choices)
            ],
            "messages": {"delivered": counts.used, "ignored": counts.ignored, "refused": counts.refused},
            "held": count_waiting(),
        }
    }


def _destinations(counts: Counts, choices: Choices) -> list[str]:
    """Registered ones in the spelling in which they are."""
    known = {comparison_form(text): text for text in (BUCKET, *choices.known_destinations)}
    return sorted({*choices.known_destinations, *(known.get(form, form) for form in counts.destinations)})
