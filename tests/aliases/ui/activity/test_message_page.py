"""Why one message went as it did, and where to go on."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from aliases.models import State
from aliases.records.message import (
    Decision,
    Message,
    MessageState,
    Outcome,
    Reason,
    RecipientDecision,
    Verdicts,
)
from aliases.records.messages import MessageStore
from aliases.services.aliases import delete_alias
from aliases.services.bulk import set_states
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.services.entries import SHOP, written
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

NOW = int(time.time()) - 3600


def page_of(identifier: str, role: Role = Role.EDITOR) -> str:
    answer = signed_in(role).get(reverse("ui:message", args=[identifier]))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def steps(page: str) -> list[tuple[str, str]]:
    found = re.search(r'<div class="page-actions">(.*?)</div>\s*</div>', page, re.DOTALL)
    assert found
    links = re.findall(r'href="([^"]*)">.*?</svg> (.*?)</a>', found.group(1))
    return [(text, link) for link, text in links]


def decision(address: str = SHOP, **more: Any) -> RecipientDecision:
    local_part, _, domain = address.rpartition("@")
    return RecipientDecision(address, Decision.ACCEPT, Reason.ACTIVE_ALIAS, domain, local_part, **more)


def test_envelope_size_and_results_are_told(site: SiteTable) -> None:
    shop = alias()
    results = {"maildir/alice": {"outcome": "failed", "reason": "delivery_error", "error": "no space left", "at": NOW}}
    page = page_of(
        written(
            site, NOW, outcome=Outcome.FAILED, reason=Reason.DELIVERY_ERROR, results=results, size=2048,
            recipients=("Shop@taco.example", "SHOP@taco.example"),
        )
    )  # fmt: skip
    for text in (
        "Message from jane@example.com", "Shop@taco.example", "SHOP@taco.example", "2.0\xa0KB", f"m{NOW}",
        "Maildir of alice", "no space left", '<span class="badge badge-bad">failed</span>',
        "The delivery was tried and failed; it is tried again.", "the error text says why",
        reverse("ui:alias", args=[shop.pk]), reverse("ui:domain", args=[DOMAIN]),
    ):  # fmt: skip
        assert text in page, text
    assert steps(page) == [("To the alias", reverse("ui:alias", args=[shop.pk]))]


def test_each_check_of_ses_is_told_with_a_sentence(site: SiteTable) -> None:
    verdicts = Verdicts(spam="PASS", virus="DISABLED", spf="FAIL", dkim="GRAY", dmarc="ODD", dmarc_policy="reject")
    page = page_of(written(site, NOW, verdicts=verdicts))
    for text in (
        "It does not look like spam.", "Amazon SES was told not to check this.",
        "may not send mail of the sender's domain",
        "It carries no signature", ">ODD</span>", "asks to reject it where the check fails",
    ):  # fmt: skip
        assert text in page, text


def test_a_paused_alias_decided_and_its_page_is_the_next_step(site: SiteTable) -> None:
    shop = alias(state=State.PAUSED)
    page = page_of(written(site, NOW, outcome=Outcome.REFUSED, reason=Reason.INACTIVE_ALIAS))
    assert "The record of the alias decided it." in page
    assert "The alias is paused, so its mail is refused." in page
    assert "changed since" not in page
    assert steps(page)[0] == ("To the alias", reverse("ui:alias", args=[shop.pk]))


def test_what_has_been_mended_since_is_told(site: SiteTable) -> None:
    shop = alias(state=State.PAUSED)
    identifier = written(site, NOW, outcome=Outcome.REFUSED, reason=Reason.INACTIVE_ALIAS)
    list(set_states([shop], State.ACTIVE, by="test"))
    assert "That has been changed since: the alias is active now." in page_of(identifier)


def test_an_unknown_alias_can_be_created_by_who_may(site: SiteTable) -> None:
    identifier = written(site, NOW, f"new.one@{DOMAIN}", Outcome.REFUSED, Reason.UNKNOWN_ALIAS)
    page = page_of(identifier)
    assert steps(page) == [("Create this alias", f"{reverse('ui:new')}?name=new.one&domain={DOMAIN}")]
    assert "neither for the whole name nor for a shorter one" in page
    assert steps(page_of(identifier, Role.VIEWER)) == []


def test_an_alias_that_was_made_since_is_not_offered_again(site: SiteTable) -> None:
    identifier = written(site, NOW, outcome=Outcome.REFUSED, reason=Reason.UNKNOWN_ALIAS)
    shop = alias()
    page = page_of(identifier)
    assert "The alias has been made since; it is active now." in page
    assert steps(page) == [("To the alias", reverse("ui:alias", args=[shop.pk]))]


def test_a_name_that_cannot_be_an_alias_is_not_offered(site: SiteTable) -> None:
    assert steps(page_of(written(site, NOW, f'"a b"@{DOMAIN}', Outcome.REFUSED, Reason.UNKNOWN_ALIAS))) == []
    assert steps(page_of(written(site, NOW, "nonsense", Outcome.REFUSED, Reason.INVALID_RECIPIENT))) == []


def test_an_unserved_domain_leads_to_the_domains(site: SiteTable) -> None:
    page = page_of(written(site, NOW, "shop@example.org", Outcome.REFUSED, Reason.UNSERVED_DOMAIN))
    assert steps(page) == [("The domains", reverse("ui:domains"))]
    assert reverse("ui:domain", args=["example.org"]) not in page


def test_a_destination_that_is_off_leads_to_the_destinations(site: SiteTable) -> None:
    page = page_of(written(site, NOW, outcome=Outcome.HELD, reason=Reason.PAUSED_DESTINATION))
    assert steps(page) == [("The destinations", reverse("ui:destinations"))]


def test_held_mail_is_the_first_step_while_it_waits(site: SiteTable) -> None:
    identifier = written(site, NOW, outcome=Outcome.HELD, reason=Reason.SPAM, message_id="m1")
    assert steps(page_of(identifier)) == []
    message = Message("m1", state=MessageState.HELD, received=NOW, recipients=(SHOP,), decisions=(decision(),))
    MessageStore(site).add(message)
    assert steps(page_of(identifier)) == [("The held message", reverse("ui:held_message", args=["m1"]))]


def test_mail_in_the_bucket_leads_to_the_stored_mail_of_its_alias(site: SiteTable) -> None:
    results = {f"bucket/{SHOP}": {"outcome": "delivered"}}
    page = page_of(written(site, NOW, results=results))
    assert steps(page) == [("Stored mail of the alias", reverse("ui:stored_alias", args=[SHOP]))]


def test_an_alias_that_has_another_address_now_is_found_by_its_identifier(site: SiteTable) -> None:
    shop = alias()
    identifier = written(site, NOW, message_id="m1")
    made = decision(identifier=shop.pk)
    MessageStore(site).add(Message("m1", MessageState.DONE, received=NOW, recipients=(SHOP,), decisions=(made,)))
    delete_alias(shop, by="test")
    page = page_of(identifier)
    assert steps(page) == [("To the alias", reverse("ui:alias", args=[shop.pk]))]
    assert "(renamed or deleted since)" in page


def test_the_record_of_the_message_tells_what_the_log_does_not(site: SiteTable) -> None:
    other = f"other@{DOMAIN}"
    identifier = written(site, NOW, message_id="m1", outcome=Outcome.REFUSED, reason=Reason.UNKNOWN_ALIAS)
    written(site, NOW, other, message_id="m1")
    message = Message(
        "m1", MessageState.DONE, received=NOW, recipients=(SHOP, other), decisions=(decision(), decision(other)),
        bounce_forbidden=Reason.NULL_REVERSE_PATH, disposition="accept",
    )  # fmt: skip
    MessageStore(site).add(message)
    page = page_of(identifier)
    assert "No bounce may answer it: empty sender address." in page
    assert "Amazon SES stores the message, and it is delivered from there." in page
    (link,) = re.findall(rf'href="([^"]*)"><bdi>{other}</bdi>', page)
    assert signed_in().get(link).status_code == 200


def test_recipients_from_the_header_are_told_as_such(site: SiteTable) -> None:
    identifier = written(site, NOW, message_id="m1")
    MessageStore(site).add(Message("m1", MessageState.DONE, received=NOW, guessed=True))
    assert "the recipients come from the header of the message" in page_of(identifier)


def test_a_detail_that_was_cut_off_is_explained(site: SiteTable) -> None:
    page = page_of(written(site, NOW, recipients=("shop+Amazon@taco.example",)))
    assert f"Mail for shop+Amazon@taco.example belongs to {SHOP}" in page
    assert "belongs to" not in page_of(written(site, NOW - 1, recipients=("SHOP@Taco.Example",)))


def test_bounces_without_sender_say_so(site: SiteTable) -> None:
    assert "Message from empty sender address" in page_of(written(site, NOW, reverse_path=""))
    assert "Message from unknown sender" in page_of(written(site, NOW - 1, reverse_path=None))


def test_words_of_a_newer_version_are_shown_as_they_are(site: SiteTable) -> None:
    newer: Any = "teleported"
    page = page_of(written(site, NOW, outcome=newer, reason="wormhole_open"))
    assert '<span class="badge badge-quiet">teleported</span>' in page
    assert "Wormhole open" in page


def test_the_page_costs_five_requests(site: SiteTable) -> None:
    alias()
    identifier = written(site, NOW)
    client = signed_in()
    with counted_requests() as requests:
        client.get(reverse("ui:message", args=[identifier]))
    assert sorted(requests.operations) == ["BatchGetItem"] * 2 + ["GetItem"] * 3
