"""The SES function as SES sees it: one question, one answer, in both layouts of the receipt rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.events import ses_event
from tests.support.inputs import event

if TYPE_CHECKING:
    from tests.support.installation import Installation

REFUSE, IGNORE, ACCEPT = "refuse", "ignore", "accept"
LAYOUTS = {
    "single": {REFUSE: "STOP_RULE", IGNORE: "STOP_RULE_SET", ACCEPT: "CONTINUE"},
    "classic": {REFUSE: "CONTINUE", IGNORE: "STOP_RULE_SET", ACCEPT: "STOP_RULE"},
}
NAMES = {
    "shop@taco.example": ACCEPT,
    "quiet@taco.example": IGNORE,
    "closed@taco.example": REFUSE,
    "nosuch@taco.example": REFUSE,
    "archived@old-taco.example": REFUSE,
    "shop@nowhere.example.org": REFUSE,
    "sub_domains@tacomail-config": REFUSE,
    "toString@taco.example": REFUSE,
    "__proto__@taco.example": REFUSE,
    "no address": REFUSE,
    "news@taco.example": ACCEPT,
    "gone@taco.example": ACCEPT,
    "odd@taco.example": ACCEPT,
    "loop-a@taco.example": ACCEPT,
    "self@taco.example": ACCEPT,
    "drop@taco.example": ACCEPT,
    "multi@taco.example": ACCEPT,
}


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest, installation: Installation, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    monkeypatch.setenv("TACOMAIL_RULE_LAYOUT", name)
    return name


def test_one_recipient_gets_the_answer_of_its_alias_in_either_layout(installation: Installation, layout: str) -> None:
    answers = {name: installation.ask(ses_event(name, seed=name)) for name in NAMES}
    assert answers == {name: LAYOUTS[layout][outcome] for name, outcome in NAMES.items()}


@pytest.mark.parametrize(
    ("recipients", "outcome"),
    [
        (["closed@taco.example", "nosuch@taco.example"], REFUSE),
        (["quiet@taco.example", "quiet+x@taco.example"], IGNORE),
        (["quiet@taco.example", "closed@taco.example"], ACCEPT),
        (["nosuch@taco.example", "shop@taco.example"], ACCEPT),
        (["quiet@taco.example", "shop@taco.example"], ACCEPT),
        (["quiet@taco.example", "closed@taco.example", "nosuch@taco.example", "shop@taco.example"], ACCEPT),
        (["nosuch@taco.example", "nosuch@taco.example"], REFUSE),
        ([], ACCEPT),
    ],
)
def test_several_recipients_get_one_answer(
    installation: Installation, layout: str, recipients: list[str], outcome: str
) -> None:
    assert installation.ask(ses_event(*recipients)) == LAYOUTS[layout][outcome]


@pytest.mark.parametrize(
    "options",
    [
        {"source": ""},
        {"source": "<>"},
        {"source": None},
        {"headers": {"Return-Path": "<>"}},
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"source": "MAILER-DAEMON@example.com"},
        {"virus": "FAIL"},
        {"spam": "FAIL"},
        {"dmarc": "FAIL", "receipt": {"dmarcPolicy": "reject"}},
    ],
)
def test_what_must_not_be_bounced_is_dropped(installation: Installation, layout: str, options: dict[str, Any]) -> None:
    received = ses_event("closed@taco.example", "nosuch@taco.example", **options)
    assert installation.ask(received) == LAYOUTS[layout][IGNORE]


@pytest.mark.parametrize("name", ["empty_lists", "keys_absent", "null_recipients", "no_records", "not_ses"])
def test_an_empty_or_foreign_event_is_accepted_and_never_bounced(
    installation: Installation, layout: str, name: str
) -> None:
    assert installation.ask(event("empty_envelopes_ses_events")[name]) == LAYOUTS[layout][ACCEPT]


@pytest.mark.parametrize("other", [None, "text", 7, [], {"Records": [{"ses": {"receipt": {"recipients": {}}}}]}])
def test_whatever_is_no_event_is_accepted(installation: Installation, layout: str, other: Any) -> None:
    assert installation.ask(other) == LAYOUTS[layout][ACCEPT]


def test_a_foreign_event_leaves_nothing_behind(installation: Installation) -> None:
    before = installation.rows.scan()["Items"]
    installation.ask(event("empty_envelopes_ses_events")["not_ses"])
    assert installation.rows.scan()["Items"] == before
    assert installation.stored_keys() == []


def test_the_marker_of_the_older_rules_decides_nothing_in_either_layout(
    installation: Installation, layout: str
) -> None:
    assert installation.ask(event("forged_fields_ses_event")) == LAYOUTS[layout][REFUSE]


def test_an_automatic_reply_to_an_inactive_alias_is_dropped(installation: Installation, layout: str) -> None:
    assert installation.ask(event("automatic_reply_to_inactive_ses_event")) == LAYOUTS[layout][IGNORE]


def test_an_automatic_reply_to_an_active_alias_is_taken_like_any_mail(installation: Installation) -> None:
    automatic = {"Auto-Submitted": "auto-replied (vacation)", "Precedence": "bulk"}
    assert installation.ask(ses_event("news@taco.example", headers=automatic)) == "CONTINUE"


@pytest.mark.parametrize(
    "name", ["sample_ses_event", "sample_two_recipients_ses_event", "dmarc_quarantine_ses_event", "bcc_only_ses_event"]
)
def test_the_catalogued_events_for_active_aliases_are_accepted(
    installation: Installation, layout: str, name: str
) -> None:
    assert installation.ask(event(name)) == LAYOUTS[layout][ACCEPT]


def test_a_new_alias_works_at_once_and_a_deleted_one_no_more(installation: Installation) -> None:
    assert installation.ask(ses_event("new@taco.example", seed="1")) == "STOP_RULE"
    installation.change("new@taco.example", active_alias=True, destination="alice@tacomail")
    assert installation.ask(ses_event("new@taco.example", seed="2")) == "CONTINUE"
    installation.rows.delete_item(Key={"sub_domain": "taco.example", "alias_address": "new"})
    assert installation.ask(ses_event("new@taco.example", seed="3")) == "STOP_RULE"
