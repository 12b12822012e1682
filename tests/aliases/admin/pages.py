"""What the tests of the admin share: signing in, reading a page's form as a browser would, and sending it back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import quote
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from aliases.services.aliases import create_alias
from tacomail_site.models import Operator, Role
from tests.support.site import DESTINATION, DOMAIN, PASSWORD

if TYPE_CHECKING:
    from aliases.models import Alias

ALIASES = "/admin/aliases/alias/"
DOMAINS = "/admin/aliases/domain/"
DESTINATIONS = "/admin/aliases/destination/"
LOG = "/admin/aliases/messagelog/"
OPERATORS = "/admin/tacomail_site/operator/"


def signed_in(role: str = Role.EDITOR, name: str = "") -> Client:
    """A browser in which an operator of this role, made where there is none, is signed in."""
    name = name or str(role)
    found = Operator.objects.filter(pk=name).first()
    client = Client()
    client.force_login(found or Operator.objects.create_operator(name, PASSWORD, role))
    return client


def alias(name: str = "shop", domain: str = DOMAIN, **attributes: Any) -> Alias:
    return create_alias(domain, local_part=name, by="setup", **{"destination": DESTINATION, **attributes})


def change_page(of: Alias) -> str:
    return reverse("admin:aliases_alias_change", args=[quote(of.pk)])


class FormReader(HTMLParser):
    """The successful controls of the forms of a page (HTML standard, "Constructing the entry list"), buttons aside."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "input" and name and found.get("type") not in {"submit", "button"}:
            box = found.get("type") in {"checkbox", "radio"}
            if not box or "checked" in found:
                self.fields[name] = found.get("value", "on" if box else "")
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in found or self._select not in self.fields):
            self.fields[self._select] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\n")
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data


def fields(page: Any) -> dict[str, Any]:
    """What a browser would send from this page if nobody touched it."""
    reader = FormReader()
    reader.feed(page.content.decode())
    return {name: value for name, value in reader.fields.items() if name != "csrfmiddlewaretoken"}


def opened(client: Client, url: str) -> dict[str, Any]:
    """The form of this page, as it is shown now."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return fields(page)


def sent(client: Client, url: str, form: dict[str, Any], **typed: Any) -> Any:
    """The form sent back with what was typed; None takes a field away, as unticking does."""
    data = {name: value for name, value in {**form, **typed}.items() if value is not None}
    return client.post(url, data)


def saved(client: Client, url: str, **typed: Any) -> Any:
    """Open the form and save it with what was typed."""
    return sent(client, url, opened(client, url), **typed)


def errors(page: Any) -> dict[str, list[str]]:
    """The errors that a form shows, by field."""
    assert page.status_code == 200, page.status_code
    found = page.context["adminform"].form.errors
    return {name: [str(text) for text in texts] for name, texts in found.items()}


def told(page: Any) -> list[str]:
    """The messages that wait for the next page."""
    return [str(message) for message in get_messages(page.wsgi_request)]


def listed(page: Any) -> list[str]:
    """The rows of a list, by their names, in order."""
    return [str(row) for row in page.context["cl"].result_list]
