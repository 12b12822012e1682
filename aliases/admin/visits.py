"""What one request has read already, so that no page reads a thing twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aliases.services.choices import Choices, read_choices

if TYPE_CHECKING:
    from django.http import HttpRequest

    from aliases.records.exceptions import RecordError


@dataclass(slots=True)
class Visit:
    """`objects` are by primary key; `refusal` is why a service did not do what the form asked; `gone`
    says that the object of the form was removed meanwhile.
    """

    objects: dict[str, Any] = field(default_factory=dict)
    refusal: RecordError | None = None
    gone: bool = False
    choices: Choices | None = None


_visits: WeakKeyDictionary[HttpRequest, Visit] = WeakKeyDictionary()


def visit(request: HttpRequest) -> Visit:
    """The notes of this request."""
    return _visits.setdefault(request, Visit())


def choices_for(request: HttpRequest) -> Choices:
    """The domains and destinations to choose from. Cost: 1 call, once in a request."""
    notes = visit(request)
    if notes.choices is None:
        notes.choices = read_choices()
    return notes.choices
