"""What the tests of the alias page share: its address, its forms as a browser would send them, and what it says."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from aliases.models import Alias

if TYPE_CHECKING:
    from django.test import Client

HTMX = {"HX-Request": "true"}


def url(of: Alias | str, name: str = "alias") -> str:
    return reverse(f"ui:{name}", args=[of if isinstance(of, str) else of.pk])


def read(of: Alias) -> Alias:
    """The alias as the table holds it now."""
    return Alias.objects.get(pk=of.pk)


class FormsReader(HTMLParser):
    """The forms of a page, by where they go: each the names and values of its fields, buttons aside."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, list[dict[str, str]]] = {}
        self._fields: dict[str, str] = {}
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self._fields = {}
            self.forms.setdefault(found.get("action", ""), []).append(self._fields)
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self._fields[name] = found.get("value", "")
        elif tag == "textarea":
            self._textarea, self._fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in found or self._select not in self._fields):
            self._fields[self._select] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The parser of a browser drops the line end that follows the tag.
            self._fields[self._textarea] = self._fields[self._textarea].removeprefix("\n")
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._fields[self._textarea] += data.replace("\r\n", "\n")


def fields(answer: Any, action: str) -> dict[str, str]:
    """What a browser would send from the first form that goes there, if nobody touched it."""
    reader = FormsReader()
    reader.feed(answer.content.decode())
    return dict(reader.forms[action][0])


def opened(client: Client, of: Alias, action: str) -> dict[str, str]:
    """The form of the page that goes to `action`, as it is shown now."""
    answer = client.get(url(of))
    assert answer.status_code == 200, answer.status_code
    return fields(answer, url(of, action))


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found
