"""What the text of a destination means, and which texts are refused before mail depends on them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.records.destinations import DestinationKind, comparison_form, parse_destination
from aliases.records.exceptions import InvalidAddress
from tests.aliases.records.inputs import read

ROWS = read("destinations.json")
ACCEPTED = {
    "alice@bücher.example": "alice@xn--bcher-kva.example",
    " alice@example.org ": "alice@example.org",
    "s3": "S3",
    # An alias as a destination is refused where the served domains are known: by the registry and the store.
    "shop@taco.example": "shop@taco.example",
}


def refusal(text: str) -> InvalidAddress:
    with pytest.raises(InvalidAddress) as refused:
        parse_destination(text)
    return refused.value


def test_the_catalogue_expects_what_is_accepted_here() -> None:
    open_to_choice = ("refuse or", "same as S3")
    expected = {
        row["destination"]
        for row in ROWS
        if not row["expect"].startswith("refuse") or row["destination"] == "shop@taco.example"
    }
    assert expected == ACCEPTED.keys()
    assert any(row["expect"].startswith(open_to_choice) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: repr(row["destination"]))
def test_a_destination_of_the_catalogue_is_stored_or_refused_with_its_field(row: dict[str, Any]) -> None:
    text = row["destination"]
    if text in ACCEPTED:
        assert parse_destination(text).text == ACCEPTED[text]
    else:
        error = refusal(text)
        assert error.field == "destination"
        assert error.message


@pytest.mark.parametrize(
    ("text", "kind", "stored", "name"),
    [
        ("alice@tacomail", DestinationKind.MAILDIR, "alice@tacomail", "alice"),
        ("Alice@TACOMAIL", DestinationKind.MAILDIR, "alice@tacomail", "alice"),
        ("alice@tacomail.", DestinationKind.MAILDIR, "alice@tacomail", "alice"),
        ("a.b_c+d-e@tacomail", DestinationKind.MAILDIR, "a.b_c+d-e@tacomail", "a.b_c+d-e"),
        ("_x@tacomail", DestinationKind.MAILDIR, "_x@tacomail", "_x"),
        ("S3", DestinationKind.BUCKET, "S3", "S3"),
        ("s3", DestinationKind.BUCKET, "S3", "S3"),
        (" s3\t", DestinationKind.BUCKET, "S3", "S3"),
        ("s3@tacomail", DestinationKind.MAILDIR, "s3@tacomail", "s3"),
        ("Alice.B@Example.ORG", DestinationKind.MAILBOX, "Alice.B@example.org", "Alice.B@example.org"),
        ("o'brien@example.org", DestinationKind.MAILBOX, "o'brien@example.org", "o'brien@example.org"),
        ("alice@tacomail.example", DestinationKind.MAILBOX, "alice@tacomail.example", "alice@tacomail.example"),
    ],
)
def test_a_destination_has_a_kind_a_stored_form_and_a_name(
    text: str, kind: DestinationKind, stored: str, name: str
) -> None:
    destination = parse_destination(text)
    assert (destination.kind, destination.text, destination.name) == (kind, stored, name)


def test_the_domains_of_maildirs_are_what_the_installation_says() -> None:
    local_domains = frozenset({"home.example", "tacomail"})
    assert parse_destination("alice@home.example", local_domains).kind is DestinationKind.MAILDIR
    assert parse_destination("alice@home.example").kind is DestinationKind.MAILBOX


@pytest.mark.parametrize(
    "text",
    [
        "../bob@tacomail",
        "a/b@tacomail",
        "/etc/passwd@tacomail",
        ".hidden@tacomail",
        "..@tacomail",
        ".@tacomail",
        "a..b@tacomail",
        "a.@tacomail",
        "-rf@tacomail",
        "a\\b@tacomail",
        "~root@tacomail",
        "a:b@tacomail",
        "a%2fb@tacomail",
        "jürgen@tacomail",
        "alice＠tacomail",
        '"../bob"@tacomail',
        '"a b"@tacomail',
        "x" * 65 + "@tacomail",
    ],
)
def test_a_local_user_that_is_no_plain_folder_name_is_refused(text: str) -> None:
    assert refusal(text).field == "destination"


@pytest.mark.parametrize(
    "text",
    [
        "alice@example.org\nbob@example.org",
        "alice@example.org\r\nBcc: x@example.org",
        "alice\x00@example.org",
        "alice@example.org\x7f.org",
        "alice@exa\tmple.org",
    ],
)
def test_a_control_character_is_refused_as_such(text: str) -> None:
    assert "control character" in refusal(text).message


@pytest.mark.parametrize(
    "text",
    [
        "alice",
        "<alice@example.org>",
        "alice@example.org, bob@example.com",
        "alice@example.org;bob@example.com",
        "alice@localhost",
        "alice@192.0.2.1",
        "alice..b@example.org",
        ".alice@example.org",
        '"a b"@example.org',
        "alice@example.org\u2028",
        "alice\u2028x@example.org",
        "alice@exam\u2028ple.org",
        "\ud800@example.org",
        "alice@\ud800.example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 300 + ".example",
        "x" * 5000,
    ],
)
def test_what_amazon_ses_would_not_send_to_is_refused(text: str) -> None:
    if text.endswith("\u2028"):
        assert parse_destination(text).text == "alice@example.org"  # a blank at the end goes, like any
    else:
        assert refusal(text).field == "destination"


def test_a_refusal_does_not_repeat_a_huge_text() -> None:
    assert len(refusal("x" * 5000 + "\n@example.org").message) < 300


@given(
    st.one_of(
        st.text(st.characters(codec=None)),
        st.builds(
            "{}@{}".format, st.text(st.characters(codec=None), max_size=20), st.sampled_from(["tacomail", "a.example"])
        ),
        st.from_regex(r"[./a-zA-Z0-9_+~-]{1,10}@(tacomail|example\.org)", fullmatch=True),
    )
)
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_stable_destination_or_refused(text: str) -> None:
    try:
        destination = parse_destination(text)
    except InvalidAddress:
        return
    assert parse_destination(destination.text) == destination
    assert destination.text.isascii()
    assert destination.text.isprintable()
    if destination.kind is DestinationKind.MAILDIR:
        assert "/" not in destination.name
        assert not destination.name.startswith(".")
        assert ".." not in destination.name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alice@Example.org", "alice@example.ORG"),
        ("alice@bücher.example", "alice@xn--bcher-kva.example"),
        ("s3", " S3 "),
        ("alice@tacomail.", "ALICE@tacomail"),
    ],
)
def test_two_spellings_of_a_destination_compare_as_equal(one: str, other: str) -> None:
    assert comparison_form(one) == comparison_form(other)


@pytest.mark.parametrize(("one", "other"), [("alice@example.org", "alic@example.org"), ("s3", "s3@tacomail")])
def test_two_destinations_compare_as_different(one: str, other: str) -> None:
    assert comparison_form(one) != comparison_form(other)


@given(st.text(st.characters(codec=None)))
@settings(deadline=None)
def test_the_comparison_form_never_raises(text: str) -> None:
    comparison_form(text)
