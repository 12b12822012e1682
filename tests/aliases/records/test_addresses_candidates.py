"""The names under which an alias for a recipient may be stored, the one that wins first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.addresses import MOST_CANDIDATES, candidates
from aliases.records.keys import Key
from tests.aliases.records.inputs import address_rows, alias_keys

if TYPE_CHECKING:
    from collections.abc import Iterable


def winner(recipient: str, existing: Iterable[Key] = ()) -> str | None:
    """The name of the alias that a recipient reaches."""
    keys = set(existing) or alias_keys()
    return next((key.alias_address for key in candidates(recipient) if key in keys), None)


def names(recipient: str) -> list[str]:
    return [key.alias_address for key in candidates(recipient)]


@pytest.mark.parametrize("row", address_rows("rcpt"), ids=lambda row: row["rcpt"])
def test_a_recipient_reaches_the_alias_that_the_catalogue_names(row: dict[str, Any]) -> None:
    assert winner(row["rcpt"]) == row["alias"]


def test_the_address_as_received_comes_first_and_the_base_name_last() -> None:
    assert candidates("Foo--Bar+x@Taco.Example") == (
        Key("Taco.Example", "Foo--Bar+x"),
        Key("taco.example", "Foo--Bar+x"),
        Key("taco.example", "foo--bar+x"),
        Key("taco.example", "Foo--Bar"),
        Key("taco.example", "foo--bar"),
        Key("taco.example", "Foo"),
        Key("taco.example", "foo"),
    )


def test_a_plain_lower_case_recipient_has_one_candidate() -> None:
    assert candidates("shop@taco.example") == (Key("taco.example", "shop"),)


@pytest.mark.parametrize("separator", ["+", "--", "#", "="])
def test_every_separator_cuts_a_detail_off(separator: str) -> None:
    assert names(f"shop{separator}x@taco.example") == [f"shop{separator}x", "shop"]


@pytest.mark.parametrize("local_part", ["shop-x", "shop_x", "shop.x", "shop!x", "shop&x"])
def test_nothing_else_is_a_separator(local_part: str) -> None:
    assert names(f"{local_part}@taco.example") == [local_part]


def test_three_hyphens_are_cut_at_both_places_where_two_stand() -> None:
    assert names("shop---x@taco.example") == ["shop---x", "shop-", "shop"]


@pytest.mark.parametrize("local_part", ["+x", "--x", "=x", "#x"])
def test_a_separator_in_front_leaves_no_empty_name(local_part: str) -> None:
    assert "" not in names(f"{local_part}@taco.example")


def test_the_longest_existing_name_wins() -> None:
    existing = {Key("taco.example", name) for name in ("a", "a+b", "a+b--c")}
    assert winner("a+b--c=d@taco.example", existing) == "a+b--c"
    assert winner("a+b--x=d@taco.example", existing) == "a+b"
    assert winner("a=b--c@taco.example", existing) == "a"


def test_many_details_keep_the_base_name_and_stay_within_the_limit() -> None:
    found = names("a+b+c+d+e+f+g+h+i+j+k+l@taco.example")
    assert len(found) == MOST_CANDIDATES == 8
    assert found[0] == "a+b+c+d+e+f+g+h+i+j+k+l"
    assert found[-1] == "a"


def test_an_alias_with_a_separator_in_its_name_is_found_in_upper_case_with_a_detail_of_several_parts() -> None:
    """The spellings as received of shortened names must not push an existing alias out of the list."""
    assert winner("FOO--BAR+A+B+C@TACO.EXAMPLE") == "foo--bar"


def test_an_older_row_in_upper_case_is_reached_with_details_of_several_parts() -> None:
    assert winner("Mixed+a@taco.example") == "Mixed"
    assert winner("Mixed+a+b+c@taco.example") == "Mixed"


@pytest.mark.parametrize(
    "local_part",
    [
        "prvs=1234567890=shop",
        "PRVS=1234567890=shop",
        "btv1==1234567890ab==shop",
        "BTV1==1234567890ab==shop",
        "srs0=hash=tt=example.org=shop",
        "SRS0=hash=tt=example.org=shop",
        "srs0-hash-tt=example.org=shop",
        "srs0+hash=tt=example.org=shop",
        "srs1=hash=relay.example.org==hash=tt=example.org=shop",
    ],
)
def test_a_signed_or_rewritten_reverse_path_is_never_cut(local_part: str) -> None:
    assert set(names(f"{local_part}@taco.example")) == {local_part, local_part.lower()}


@pytest.mark.parametrize("local_part", ["prvs+x", "btv1=x", "srs0x=y", "srs2=y", "xprvs=y"])
def test_a_name_that_only_resembles_a_rewritten_path_is_cut(local_part: str) -> None:
    assert len(names(f"{local_part}@taco.example")) == 2


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "shop",
        "@taco.example",
        "shop@",
        "a" * 65 + "@taco.example",
        "shop@" + "b." * 130 + "example",
        ".shop@taco.example",
        "shop.@taco.example",
        "sh..op@taco.example",
        "shop@taco.example\ud800",
        "sh\ud800op@taco.example",
        "sub_domains@tacomail-config",
        "destinations@tacomail-config",
        "taco.example@tacomail-domain",
        "0123456789@tacomail-message",
        "x@tacomail-log/taco.example",
        "1@django:auth.user",
        "shop@taco/example.org",
        "shop@taco:example.org",
        "shop@localhost",
    ],
)
def test_no_alias_is_looked_for_where_none_can_be(recipient: str) -> None:
    assert candidates(recipient) == ()


@pytest.mark.parametrize(
    "recipient",
    [
        "shop@" + " " * 3000 + "taco.example",
        "shop@taco" + "\u00ad" * 3000 + ".example",
        "shop@taco.example" + " " * 3000,
    ],
)
def test_no_key_is_longer_than_dynamodb_takes(recipient: str) -> None:
    """One such key in a BatchGetItem would leave the whole envelope undecided."""
    for key in candidates(recipient):
        assert len(key.sub_domain.encode()) <= 255
        assert len(key.alias_address.encode()) <= 64


def test_a_quoted_local_part_that_needs_no_quotes_is_cut_like_any() -> None:
    assert names('"shop+x"@taco.example') == ["shop+x", "shop"]


def test_a_quoted_local_part_that_needs_its_quotes_is_never_cut() -> None:
    assert names('"shop + x"@taco.example') == ['"shop + x"']


def test_the_last_at_sign_outside_quotes_divides() -> None:
    assert candidates("a@b@c.example") == (Key("c.example", "a@b"),)


def test_the_domain_as_written_is_looked_for_only_with_the_whole_local_part() -> None:
    written = [key for key in candidates("buch+x@tacobücher.example") if not key.sub_domain.isascii()]
    assert written == [Key("tacobücher.example", "buch+x")]


def test_a_root_dot_is_no_part_of_the_domain() -> None:
    assert Key("taco.example", "shop") in candidates("shop@taco.example.")


def test_the_log_of_an_alias_cannot_be_named_as_an_alias() -> None:
    found = candidates("2024-09-03T10:15:30Z/x@tacomail-log/shop@taco.example")
    assert {key.sub_domain for key in found} == {"taco.example"}


def test_two_dots_after_the_domain_reach_nobody() -> None:
    assert winner("shop@taco.example..") is None
