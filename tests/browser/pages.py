"""The main pages of the site, once for all that looks at each of them: axe, the narrow screen, the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.records.message import Outcome
    from tests.browser.sample import Sample

SHOP = "shop@taco.example"
NOWHERE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class SitePage:
    """`name` is that of its pictures; `find` gives its path on a sample's site; pictures are made of the main ones."""

    name: str
    find: Callable[[Sample], str]
    signed_in: bool = True
    is_main: bool = True


def of_alias(view: str, address: str = SHOP) -> Callable[[Sample], str]:
    return lambda sample: reverse(view, args=[sample.identifiers[address]])


def of(view: str, *arguments: str, **query: str) -> Callable[[Sample], str]:
    return lambda _: f"{reverse(view, args=arguments)}{'?' if query else ''}{urlencode(query)}"


def of_message(address: str, outcome: Outcome) -> Callable[[Sample], str]:
    """The page that says why the alias's newest message of this outcome went as it did."""

    def find(sample: Sample) -> str:
        entries = [entry for entry in sample.log_of(address) if entry.outcome == outcome]
        return reverse("ui:message", args=[entries[0].identifier])

    return find


def of_held(view: str) -> Callable[[Sample], str]:
    return lambda sample: reverse(view, args=[sample.held()[-1].message_id])


PAGES = (
    SitePage("sign-in", of("accounts:sign_in"), signed_in=False),
    SitePage("aliases", of("ui:aliases")),
    SitePage("aliases-searched", of("ui:aliases", q="mail", state="active", sort="-used"), is_main=False),
    SitePage("aliases-none-found", of("ui:aliases", q="no such alias"), is_main=False),
    SitePage("aliases-deleted", of("ui:aliases_deleted"), is_main=False),
    SitePage("alias", of_alias("ui:alias")),
    SitePage("alias-ignored", of_alias("ui:alias", "gym@taco.example"), is_main=False),
    SitePage("alias-paused", of_alias("ui:alias", "swimming@family.example.org"), is_main=False),
    SitePage("alias-several-destinations", of_alias("ui:alias", "phone@taco.example"), is_main=False),
    SitePage("alias-unused", of_alias("ui:alias", "lucky-harbor-17@taco.example"), is_main=False),
    SitePage("alias-gone", of("ui:alias", NOWHERE), is_main=False),
    SitePage("new", of("ui:new")),
    SitePage("new-for-a-site", of("ui:new", site="www.example.com"), is_main=False),
    SitePage("activity", of("ui:activity")),
    SitePage("stored", of("ui:stored")),
    SitePage("held", of("ui:held")),
    SitePage("domains", of("ui:domains")),
    SitePage("destinations", of("ui:destinations")),
    SitePage("dry-run", of("ui:dry_run")),
    SitePage("settings", of("accounts:profile")),
    SitePage("password", of("accounts:password"), is_main=False),
    SitePage("sessions", of("accounts:sessions"), is_main=False),
    SitePage("two-step", of("accounts:two_step"), is_main=False),
    SitePage("two-step-set-up", of("accounts:two_step_set_up"), is_main=False),
    SitePage("tokens", of("accounts:tokens"), is_main=False),
    SitePage("bookmarklet", of("accounts:bookmarklet"), is_main=False),
    SitePage("operators", of("accounts:operators"), is_main=False),
    SitePage("operator", of("accounts:operator", "vera"), is_main=False),
    SitePage("add-operator", of("accounts:add_operator"), is_main=False),
    SitePage("not-found", lambda _: "/no-such-page/", is_main=False),
)
