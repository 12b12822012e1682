from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.admin import dashboard
from aliases.models import Alias, Destination, State
from aliases.records.keys import DOMAINS_KEY
from aliases.records.message import Message, MessageState
from aliases.records.messages import MessageStore
from aliases.services.aliases import delete_alias
from aliases.services.destinations import add_destination, deactivate_destination
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


def hold(table: SiteTable, *reasons: str) -> None:
    for number, reason in enumerate(reasons):
        message = Message(f"m{number}", state=MessageState.HELD, received=number, recipients=("x",), hold_reason=reason)
        assert MessageStore(table).add(message)


def test_it_counts_what_there_is(site: SiteTable) -> None:
    alias("a")
    alias("b", state=State.PAUSED)
    alias("c", state=State.IGNORED)
    alias("d")
    Alias.objects.filter(alias_address="a").update(use_count=7)
    add_destination("bob@tacomail", by="setup")
    deactivate_destination(Destination.objects.get(pk="bob@tacomail"), by="setup")
    hold(site, "infected", "paused_destination", "infected")
    shown = signed_in(Role.VIEWER).get("/admin/").context["dashboard"]
    assert {str(state.name): state.count for state in shown.states} == {"active": 2, "ignored": 1, "paused": 1}
    assert (shown.counts.aliases, shown.counts.used) == (4, 7)
    assert shown.known.domains == (DOMAIN,)
    assert (shown.known.destinations, shown.known.paused) == (("alice@tacomail",), ("bob@tacomail",))
    assert (shown.held.count, shown.held.reasons) == (3, (("infected", 2), ("paused destination", 1)))


def test_each_number_leads_to_its_list() -> None:
    alias("a", state=State.PAUSED)
    text = signed_in().get("/admin/").content.decode()
    assert 'href="/admin/aliases/alias/?state=paused">1</a>' in text


def test_many_held_messages_are_not_all_read(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "MOST_HELD", 2)
    hold(site, "infected", "infected", "infected")
    assert "2+" in signed_in().get("/admin/").content.decode()


def test_the_ten_newest_changes_lead_to_the_history() -> None:
    for number in range(12):
        made = alias(f"a{number}")
    delete_alias(made, by="<b>alice</b>")
    page = signed_in().get("/admin/")
    lines = page.context["dashboard"].changes
    assert len(lines) == 10
    assert (lines[0].action, lines[0].name) == ("deleted", f"a11@{DOMAIN}")
    assert lines[0].url == f"/admin/aliases/alias/{made.pk}/history/"
    assert "<b>alice" not in page.content.decode()


def test_it_costs_six_requests() -> None:
    alias("a")
    client = signed_in()
    with counted_requests() as requests:
        client.get("/admin/")
    # The session, the operator, the listing, domains and destinations, what is held, and the newest changes.
    assert len(requests) == 6, requests.operations


def test_the_page_of_one_app_has_no_dashboard() -> None:
    page = signed_in().get("/admin/aliases/")
    assert page.status_code == 200
    assert 'class="cards"' not in page.content.decode()


def test_an_empty_installation_is_told_how_to_begin(empty_site: SiteTable) -> None:
    empty_site.delete(DOMAINS_KEY)
    assert "Add a domain first" in signed_in().get("/admin/").content.decode()
