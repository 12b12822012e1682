"""The form for a new alias as a browser has it: opened, filled in, sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from aliases.models import Alias
from tests.aliases.admin.pages import fields

if TYPE_CHECKING:
    from django.test import Client

NEW = "/new"
HTMX = {"HX-Request": "true"}
COOKIE = "new-alias"


def opened(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{NEW}{query}")
    assert answer.status_code == 200, answer.status_code
    return fields(answer)


def filled(client: Client, **typed: Any) -> dict[str, Any]:
    """A form that was just opened, with what was typed; None takes a field away."""
    return {name: value for name, value in {**opened(client), **typed}.items() if value is not None}


def created(client: Client, **typed: Any) -> Alias:
    """The alias that the form made."""
    return made_by(client.post(NEW, filled(client, **typed)))


def made_by(answer: Any) -> Alias:
    assert answer.status_code == 303, answer.content.decode()
    found = re.fullmatch("/aliases/([0-9a-f-]{36})/made/", answer["Location"])
    assert found, answer["Location"]
    return Alias.objects.get(pk=found[1])


def made_page(of: Alias) -> str:
    return reverse("ui:made", args=[of.pk])


def show_page(of: Alias) -> str:
    return reverse("ui:alias_show", args=[of.pk])


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def wrong(answer: Any, field: str = "name", prefix: str = "id_", status: int = 422) -> str:
    """What stands beside a field that is wrong."""
    assert answer.status_code == status
    found = re.search(rf'<div class="error" id="{prefix}{field}_error">(.*?)</div>', text(answer), re.DOTALL)
    assert found, text(answer)
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>", "", found[1]))


def addresses() -> list[str]:
    return sorted(alias.address for alias in Alias.objects.all())
