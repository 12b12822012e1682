"""Programs that can make aliases here, and what to type into each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.conf import settings
from django.urls import get_script_prefix
from django.utils.translation import gettext_lazy as _

from aliases.api.callers import Scope
from tacomail_site.accounts.tokens import PREFIX

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

ADDY_PREFIX = "addy_io_"  # the extension of addy.io takes only tokens that look like those of addy.io


@dataclass(frozen=True, slots=True)
class Connection:
    """`scopes` are those that the program needs; none where its owner knows best. `base` is below the site's address.

    `fixed` are values that are the same for everybody; the other labels are what the program calls its fields, empty
    where it has no such field.
    """

    name: _StrPromise
    text: _StrPromise
    token_label: _StrPromise
    base_label: _StrPromise
    base: str
    scopes: tuple[Scope, ...] = ()
    fixed: tuple[tuple[_StrPromise, str], ...] = ()
    domain_label: _StrPromise | str = ""
    prefix: str = PREFIX

    def values(self, site: str) -> list[tuple[_StrPromise, str]]:
        """What to type, as far as it is known without a token."""
        return [*self.fixed, (self.base_label, f"{site}{self.base}")]

    def all_values(self, site: str, token: str, domain: str) -> list[tuple[_StrPromise | str, str]]:
        """The same with the token, which is in the form that `token_for` gives, and the domain of new aliases."""
        named = [(self.domain_label, domain)] if self.domain_label and domain else []
        return [*self.values(site), *named, (self.token_label, token)]

    def token_for(self, text: str) -> str:
        """The token as this program takes it: the site knows it by its letters alone."""
        return f"{self.prefix}{text.removeprefix(PREFIX)}"


CONNECTIONS = {
    "bitwarden": Connection(
        _("Bitwarden"),
        _(
            "In the generator of Bitwarden choose “Username”, then the type “Forwarded email alias”. From then on an "
            "alias is made with each new login."
        ),
        token_label=_("API access token"),
        base_label=_("Self-host server URL"),
        base="/addy",
        scopes=(Scope.CREATE,),
        fixed=((_("Service"), "addy.io"),),
        domain_label=_("Alias domain"),
    ),
    "bitwarden-simplelogin": Connection(
        _("Bitwarden, by its type SimpleLogin"),
        _("The same with the other service. It asks for no domain: aliases are made on the one of the token."),
        token_label=_("API key"),
        base_label=_("Self-host server URL"),
        base="/simplelogin",
        scopes=(Scope.CREATE,),
        fixed=((_("Service"), "SimpleLogin"),),
    ),
    "addy-extension": Connection(
        _("Browser extension of addy.io"),
        _(
            "Makes aliases in the sign-up forms of other sites, and finds, pauses and deletes them. On its first page "
            "choose a self-hosted instance."
        ),
        token_label=_("API key"),
        base_label=_("Instance URL"),
        base="/addy",
        scopes=(Scope.WRITE,),
        prefix=ADDY_PREFIX,
    ),
    "simplelogin-extension": Connection(
        _("Browser extension of SimpleLogin"),
        _(
            "Makes aliases in the sign-up forms of other sites, and finds, pauses and deletes them. Open its settings, "
            "put in the API URL, then choose to sign in with an API key."
        ),
        token_label=_("API key"),
        base_label=_("API URL"),
        base="/simplelogin",
        scopes=(Scope.WRITE,),
    ),
    "script": Connection(
        _("Script"),
        _("Whatever can send a request can use the API. You choose what its token may do."),
        token_label=_("Token"),
        base_label=_("Address of the API"),
        base="/api/v1",
    ),
}
SCRIPT = CONNECTIONS["script"]
DOCS = f"{SCRIPT.base}/docs"  # the interactive pages


def site_address(request: HttpRequest) -> str:
    """Where the site is, without a slash at the end."""
    return urljoin(settings.SITE_URL or request.build_absolute_uri("/"), get_script_prefix()).rstrip("/")


def curl_line(site: str, token: str) -> str:
    """A line for a shell that lists aliases."""
    return f'curl -H "Authorization: Bearer {token}" {site}{SCRIPT.base}/aliases'
