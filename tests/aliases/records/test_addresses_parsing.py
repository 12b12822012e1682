"""On receipt, what can be understood as a mailbox is, and the rest is refused without harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.records.addresses import octets, parse_mailbox, shown_form, stored_form
from aliases.records.exceptions import InvalidAddress


@pytest.mark.parametrize(
    ("text", "local_part", "domain"),
    [
        ("shop@taco.example", "shop", "taco.example"),
        ("Shop@TACO.Example", "Shop", "taco.example"),
        (" <shop@taco.example> ", "shop", "taco.example"),
        ("shop@taco.example.", "shop", "taco.example"),
        ("a@b@taco.example", "a@b", "taco.example"),
        ("buch@tacobücher.example", "buch", "xn--tacobcher-u9a.example"),
        ("buch@TACOBÜCHER.example", "buch", "xn--tacobcher-u9a.example"),
        ("buch@XN--TACOBCHER-U9A.EXAMPLE", "buch", "xn--tacobcher-u9a.example"),
    ],
)
def test_a_mailbox_has_its_local_part_as_written_and_its_domain_as_stored(
    text: str, local_part: str, domain: str
) -> None:
    mailbox = parse_mailbox(text)
    assert (mailbox.local_part, mailbox.domain) == (local_part, domain)


@pytest.mark.parametrize(
    ("text", "local_part"),
    [
        ('"shop"@taco.example', "shop"),
        ('"shop+x"@taco.example', "shop+x"),
        (r'"sh\op"@taco.example', "shop"),
        ('"sh op"@taco.example', '"sh op"'),
        ('"a@b"@taco.example', '"a@b"'),
        ('""@taco.example', '""'),
        ('"shop.."@taco.example', '"shop.."'),
        (r'"a\"@b"@taco.example', r'"a\"@b"'),
        ('"shop@taco.example', '"shop'),  # a quote that nothing closes is a character like any
        ('"a"b@taco.example', '"a"b'),
        ('a"@taco.example', 'a"'),
    ],
)
def test_quotes_go_where_they_are_not_needed_and_stay_where_they_are(text: str, local_part: str) -> None:
    mailbox = parse_mailbox(text)
    assert (mailbox.local_part, mailbox.domain) == (local_part, "taco.example")


@pytest.mark.parametrize(
    "text",
    ["", " ", "@", "shop", "shop@", "@taco.example", "<>", "<@taco.example>", "MAILER-DAEMON", "shop@.", "shop@ ."],
)
def test_text_without_local_part_or_domain_is_no_mailbox(text: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        parse_mailbox(text)
    assert refused.value.code == "no_mailbox"


def test_the_longest_local_part_and_the_longest_address_are_mailboxes() -> None:
    local_part = "a" * 64
    longest = f"{local_part}@{'.'.join(['b' * 63, 'c' * 63, 'd' * 61])}"
    assert octets(longest) == 254
    assert parse_mailbox(longest).local_part == local_part


@pytest.mark.parametrize(
    "text",
    [
        "a" * 65 + "@taco.example",
        "é" * 33 + "@taco.example",
        "a" * 64 + "@" + "b" * 190,
        "a@" + "b." * 127 + "bb",
        "a" * 100_000 + "@taco.example",
        "a@" + "ü" * 100_000 + ".example",
    ],
)
def test_text_longer_than_the_rfc_allows_is_no_mailbox(text: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        parse_mailbox(text)
    assert refused.value.code == "too_long"


@pytest.mark.parametrize(
    ("domain", "stored"),
    [
        ("taco.example", "taco.example"),
        (" Taco.Example. ", "taco.example"),
        ("tacobücher.example", "xn--tacobcher-u9a.example"),
        ("tacobu\u0308cher.example", "xn--tacobcher-u9a.example"),
        ("TACOBÜCHER.EXAMPLE.", "xn--tacobcher-u9a.example"),
        ("xn--tacobcher-u9a.example", "xn--tacobcher-u9a.example"),
        ("ｔａｃｏ.example", "taco.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("", ""),
        (".", ""),
        ("☃☃..example", "☃☃..example"),
        ("\ud800.example", "\ud800.example"),
    ],
)
def test_a_domain_has_one_stored_form(domain: str, stored: str) -> None:
    assert stored_form(domain) == stored


@given(st.text())
@settings(deadline=None)
def test_the_stored_form_never_raises(domain: str) -> None:
    stored_form(domain)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("taco.example", "taco.example"),
        ("xn--tacobcher-u9a.example", "tacobücher.example"),
        ("xn--\u00fc.example", "xn--\u00fc.example"),
        ("xn--zzzzzzzzzz99.example", "xn--zzzzzzzzzz99.example"),
    ],
)
def test_a_domain_is_shown_in_unicode_where_it_can_be(stored: str, shown: str) -> None:
    assert shown_form(stored) == shown
