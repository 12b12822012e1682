"""The main pages of the site, once for all that looks at each of them: axe, the narrow screen, the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from aliases.records.message import Outcome, Reason
from tests.browser.visiting import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen, Visits

SHOP = "shop@taco.example"
BUCKET_ALIAS = "archive@taco.example"


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


def of_held(view: str, reason: Reason = Reason.PAUSED_DESTINATION) -> Callable[[Sample], str]:
    """The page of a message that waits for this reason."""

    def find(sample: Sample) -> str:
        waiting = [message for message in sample.held() if message.hold_reason == reason]
        return reverse(view, args=[waiting[0].message_id])

    return find


def of_stored(view: str) -> Callable[[Sample], str]:
    """The page of a message that the bucket keeps."""

    def find(sample: Sample) -> str:
        prefix = f"mailbox/{BUCKET_ALIAS}/"
        return reverse(view, args=[BUCKET_ALIAS, sample.stack.object_keys(prefix)[0].removeprefix(prefix)])

    return find


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
    SitePage("alias-deleted", of_alias("ui:alias", "flea-market@taco.example"), is_main=False),
    SitePage("new", of("ui:new")),
    SitePage("new-for-a-site", of("ui:new", site="www.example.com"), is_main=False),
    SitePage("made", of_alias("ui:made")),
    SitePage("alias-shown-large", of_alias("ui:alias_show"), is_main=False),
    SitePage("alias-delete", of_alias("ui:alias_delete"), is_main=False),
    SitePage("activity", of("ui:activity")),
    SitePage("activity-held", of("ui:activity", outcome="held"), is_main=False),
    SitePage("message", of_message(SHOP, Outcome.DELIVERED)),
    SitePage("message-held", of_message(SHOP, Outcome.HELD), is_main=False),
    SitePage("message-ignored", of_message("gym@taco.example", Outcome.IGNORED), is_main=False),
    SitePage("message-refused", of_message("jobs@taco.example", Outcome.REFUSED), is_main=False),
    SitePage("stored", of("ui:stored")),
    SitePage("stored-of-one-alias", of("ui:stored_alias", BUCKET_ALIAS), is_main=False),
    SitePage("stored-of-none", of("ui:stored_alias", SHOP), is_main=False),
    SitePage("stored-message", of_stored("ui:stored_message"), is_main=False),
    SitePage("held", of("ui:held")),
    SitePage("held-message", of_held("ui:held_message")),
    SitePage("held-infected", of_held("ui:held_message", Reason.INFECTED), is_main=False),
    SitePage("held-infected-download", of_held("ui:held_download", Reason.INFECTED), is_main=False),
    SitePage("domains", of("ui:domains")),
    SitePage("domain", of("ui:domain", "taco.example")),
    SitePage("domain-checked", of("ui:domain", "taco.example", check="1"), is_main=False),
    SitePage("domain-add", of("ui:domain_add"), is_main=False),
    SitePage("domain-switch", of("ui:domain_switch", "taco.example"), is_main=False),
    SitePage("domain-remove", of("ui:domain_remove", "taco.example"), is_main=False),
    SitePage("destinations", of("ui:destinations")),
    SitePage("destination", of("ui:destination", "carol@tacomail")),
    SitePage("destination-add", of("ui:destination_add"), is_main=False),
    SitePage("destination-switch", of("ui:destination_switch", "bob@tacomail"), is_main=False),
    SitePage("destination-elsewhere", of("ui:destination_redirect", "bob@tacomail"), is_main=False),
    SitePage("destination-remove", of("ui:destination_remove", "carol@tacomail"), is_main=False),
    SitePage("dry-run", of("ui:dry_run")),
    SitePage(
        "dry-run-answered",
        of("ui:dry_run", sender="jane@example.com", to="shop@taco.example\nnobody@taco.example\ngym@taco.example"),
        is_main=False,
    ),
    SitePage("settings", of("accounts:profile")),
    SitePage("password", of("accounts:password"), is_main=False),
    SitePage("sessions", of("accounts:sessions"), is_main=False),
    SitePage("two-step", of("accounts:two_step"), is_main=False),
    SitePage("two-step-set-up", of("accounts:two_step_set_up"), is_main=False),
    SitePage("tokens", of("accounts:tokens"), is_main=False),
    SitePage("new-token", of("accounts:new_token"), is_main=False),
    SitePage("connect", of("accounts:connect"), is_main=False),
    SitePage("connect-program", of("accounts:connect_program", "bitwarden"), is_main=False),
    SitePage("bookmarklet", of("accounts:bookmarklet"), is_main=False),
    SitePage("operators", of("accounts:operators"), is_main=False),
    SitePage("operator", of("accounts:operator", "vera"), is_main=False),
    SitePage("add-operator", of("accounts:add_operator"), is_main=False),
    SitePage("operator-password", of("accounts:operator_password", "vera"), is_main=False),
    SitePage("operator-sign-out", of("accounts:operator_sign_out", "vera"), is_main=False),
    SitePage("operator-let-in", of("accounts:operator_let_in", "vera"), is_main=False),
    SitePage("operator-two-step", of("accounts:operator_two_step", "vera"), is_main=False),
    SitePage("operator-delete", of("accounts:operator_delete", "vera"), is_main=False),
    SitePage("sign-out-everywhere", of("accounts:sign_out_everywhere"), is_main=False),
    SitePage("not-found", lambda _: "/no-such-page/", is_main=False),
)


def each_page(visits: Visits, sample: Sample, screen: Screen) -> Iterator[tuple[str, Page]]:
    """The pages one after the other in one tab, each once it has loaded all of itself."""
    tabs = {signed_in: visits.open(screen, signed_in=signed_in) for signed_in in (True, False)}
    for site_page in PAGES:
        tab = tabs[site_page.signed_in]
        tab.goto(site_page.find(sample))
        settled(tab)
        yield site_page.name, tab
