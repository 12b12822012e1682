"""Which alias a recipient reaches, asked the way SES asks: case, separators, dots, spellings of the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import Decision
from tests.support.events import ses_event
from tests.support.inputs import address_rows, event, ses_content

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

FILES = ("separators", "letter_case", "unicode_domains", "dots")


def reached(installation: Installation, *recipients: str) -> dict[str, str | None]:
    """The alias that each recipient reaches, None for nobody; all in one message that is accepted."""
    installation.ask(ses_event(*recipients, "shop@taco.example"))
    message = installation.message()
    assert message is not None
    found = {d.recipient: d for d in message.decisions}
    assert list(found) == list(dict.fromkeys([*recipients, "shop@taco.example"]))
    return {r: found[r].alias_address if found[r].decision is not Decision.REFUSE else None for r in recipients}


@pytest.mark.parametrize("name", FILES)
def test_the_catalogued_addresses_reach_their_aliases(installation: Installation, name: str) -> None:
    rows: list[dict[str, Any]] = address_rows(name)
    assert rows
    assert reached(installation, *(row["rcpt"] for row in rows)) == {row["rcpt"]: row["alias"] for row in rows}


@pytest.mark.parametrize("name", FILES)
def test_each_catalogued_address_gets_the_answer_of_its_alias_alone(installation: Installation, name: str) -> None:
    rows = address_rows(name)
    answers = {row["rcpt"]: installation.ask(ses_event(row["rcpt"], seed=row["rcpt"])) for row in rows}
    assert answers == {row["rcpt"]: "CONTINUE" if row["alias"] else "STOP_RULE" for row in rows}


@pytest.mark.parametrize(
    ("name", "alias", "domain"),
    [
        ("upper_case_ses_event", "shop", "taco.example"),
        ("unicode_domain_ses_event", "buch", "xn--tacobcher-u9a.example"),
    ],
)
def test_the_catalogued_events_find_the_stored_form(
    installation: Installation, name: str, alias: str, domain: str
) -> None:
    received = event(name)
    assert installation.ask(received) == "CONTINUE"
    message = installation.messages.get(ses_content(received)["mail"]["messageId"])
    assert message is not None
    (decision,) = message.decisions
    assert (decision.sub_domain, decision.alias_address) == (domain, alias)
    assert decision.recipient == ses_content(received)["receipt"]["recipients"][0]


def test_further_addresses_of_the_same_kinds_reach_their_aliases(installation: Installation) -> None:
    expected: dict[str, str | None] = {
        # separators, alone and mixed
        "SHOP--A+B#C=D@taco.example": "shop",
        "shop+@TACO.EXAMPLE": "shop",
        "shop--@taco.example": "shop",
        "shop++x@taco.example": "shop",
        "shop---x@taco.example": "shop",
        "shop-x@taco.example": None,
        "+shop@taco.example": None,
        "foo--bar--baz@taco.example": "foo--bar",
        "FOO--BAR+x@taco.example": "foo--bar",
        "first.last+a.b@taco.example": "first.last",
        "first+last@taco.example": None,
        # case
        "MIXED@taco.example": None,
        "Mixed+tag@taco.example": "Mixed",
        "O'Brien@Taco.Example": "o'brien",
        # domains
        "buch+x@XN--TACOBCHER-U9A.EXAMPLE.": "buch",
        "BUCH@TACOBÜCHER.example": "buch",
        "buch@tacobu\u0308cher.example": "buch",
        "orders@SUB.taco.example": "orders",
        "shop@sub.taco.example": None,
        "orders@taco.example": None,
        "shop@taco.example..": None,
        "shop@taco。example": "shop",
        # dots
        "shop.@taco.example": None,
        "shop.+x@taco.example": None,
        "first..last@taco.example": None,
        # quotes, lengths, look-alikes, odd signs
        '"shop"@taco.example': "shop",
        '"shop x"@taco.example': None,
        '"shop@x"@taco.example': None,
        "a" * 64 + "@taco.example": "a" * 64,
        "a" * 65 + "@taco.example": None,
        "sh\u043ep@taco.example": None,
        "ｓｈｏｐ@taco.example": None,
        "shop\u200b@taco.example": None,
        "caf\u00e9@taco.example": None,
        "shop\x00@taco.example": None,
        "shop%x@taco.example": None,
        "@shop@taco.example": None,
        "prvs=0123456789=shop@taco.example": None,
        "SRS0+ab=cd=shop=taco.example@taco.example": None,
    }
    assert reached(installation, *expected) == expected


def test_the_table_is_not_asked_about_an_address_longer_than_the_rfc_allows(
    installation: Installation, traffic: Traffic
) -> None:
    long_domain = "x" * 64 + "@" + ".".join(["y" * 60] * 4) + ".example"
    installation.ask(ses_event(long_domain, "shop+" + "x" * 2000 + "@taco.example", "x" * 65 + "@taco.example"))
    (request,) = traffic.arguments("BatchGetItem")
    keys = [key["sub_domain"]["S"] for key in request["RequestItems"]["tacomail"]["Keys"]]
    assert sorted(keys) == ["tacomail-config", "tacomail-config", "tacomail-message"]


def test_a_recipient_with_many_details_costs_at_most_eight_keys(installation: Installation, traffic: Traffic) -> None:
    assert installation.ask(ses_event("Shop+a+b+c+d+e+f+g+h+i+j@taco.example")) == "CONTINUE"
    (request,) = traffic.arguments("BatchGetItem")
    keys = [key for key in request["RequestItems"]["tacomail"]["Keys"] if "." in key["sub_domain"]["S"]]
    assert len(keys) == 8
    assert {"sub_domain": {"S": "taco.example"}, "alias_address": {"S": "shop"}} in keys
