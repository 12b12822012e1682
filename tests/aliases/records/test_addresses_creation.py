"""What an operator types becomes the key of an alias, or is refused with a reason and the field it is about."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.addresses import alias_key, domain_name, full_address, local_part_name
from aliases.records.exceptions import InvalidAddress
from aliases.records.keys import Key
from tests.aliases.records.inputs import address_rows, read


def refusal(local_part: str, domain: str) -> tuple[str | None, str, str]:
    with pytest.raises(InvalidAddress) as refused:
        alias_key(local_part, domain)
    return refused.value.field, refused.value.code, refused.value.message


STORED = [row for row in address_rows("create") if "stored_as" in row]
REFUSED = [row for row in address_rows("create") if row.get("result") == "refused"]
LOOK_ALIKES = read("scenarios/look_alikes.json")["when"]


@pytest.mark.parametrize("row", STORED, ids=lambda row: row["stored_as"])
def test_an_alias_is_stored_as_the_catalogue_says(row: dict[str, Any]) -> None:
    wanted = row["create"]
    assert full_address(alias_key(wanted["alias"], wanted["domain"])) == row["stored_as"]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["create"]["alias"])
def test_bad_dots_of_the_catalogue_are_refused(row: dict[str, Any]) -> None:
    wanted = row["create"]
    assert refusal(wanted["alias"], wanted["domain"])[:2] == ("alias", "bad_dots")


@pytest.mark.parametrize("case", LOOK_ALIKES, ids=lambda case: case["form"])
def test_a_local_part_that_looks_like_another_is_refused_with_a_reason(case: dict[str, Any]) -> None:
    wanted = case["POST alias"]
    field, code, reason = refusal(wanted["alias"], wanted["domain"])
    assert (field, code) == ("alias", "not_ascii")
    assert "Amazon SES cannot receive mail for it" in reason


def test_every_look_alike_of_the_catalogue_was_tried() -> None:
    assert len(LOOK_ALIKES) == 5
    assert len({case["POST alias"]["alias"] for case in LOOK_ALIKES}) == 5


def _odd_aliases() -> list[dict[str, Any]]:
    posts = [case["POST"] for case in read("scenarios/odd_requests.json")["cases"] if "POST" in case]
    return [post for post in posts if {"alias", "domain"} <= post.keys()]


def test_the_odd_requests_of_the_catalogue_are_refused_except_the_ordinary_name() -> None:
    found: dict[str, str] = {}
    for post in _odd_aliases():
        try:
            found[post["alias"][:12]] = full_address(alias_key(post["alias"], post["domain"]))
        except InvalidAddress as error:
            found[post["alias"][:12]] = f"{error.field}: {error.code}"
    assert found == {
        "sub_domains": "domain: bad_domain",
        "xxxxxxxxxxxx": "alias: too_long",
        "toString": "tostring@taco.example",
    }


def test_an_alias_key_is_lower_case_and_its_domain_is_in_xn_form() -> None:
    assert alias_key(" O'Brien ", " Tacobücher.Example. ") == Key("xn--tacobcher-u9a.example", "o'brien")


@pytest.mark.parametrize(
    "name", ["a", "first.last", "foo--bar", "o'brien", "a+b", "x=y", "!#$%&'*+-/=?^_`{|}~", "a" * 64]
)
def test_every_local_part_of_the_rfc_can_be_an_alias(name: str) -> None:
    assert local_part_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("a" * 65, "too_long"),
        (".a", "bad_dots"),
        ("a.", "bad_dots"),
        ("a..b", "bad_dots"),
        ("a b", "bad_character"),
        ("a@b", "bad_character"),
        ('"a"', "bad_character"),
        ("a\nb", "bad_character"),
        ("a\x00b", "bad_character"),
        ("a,b", "bad_character"),
        ("a:b", "bad_character"),
        ("a<b>", "bad_character"),
        ("\u212aelvin", "not_ascii"),  # the Kelvin sign, whose lower case is an ASCII k
        ("shop\u200b", "not_ascii"),
        ("\ud800", "not_ascii"),
    ],
)
def test_a_local_part_that_could_not_receive_mail_is_refused(name: str, code: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        local_part_name(name)
    assert (refused.value.field, refused.value.code) == ("alias", code)


def test_the_refusal_names_the_character_that_is_wrong() -> None:
    with pytest.raises(InvalidAddress) as refused:
        local_part_name("Two Words")
    assert str(refused.value) == "'Two Words': ' ' is not allowed in an address."


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("taco.example", "taco.example"),
        (" TACO.example. ", "taco.example"),
        ("a-b.c-d.example", "a-b.c-d.example"),
        ("tacobücher.example", "xn--tacobcher-u9a.example"),
        ("1.example", "1.example"),
        ("1and1.example", "1and1.example"),
        (".".join(["a" * 63] * 3 + ["b" * 61]), ".".join(["a" * 63] * 3 + ["b" * 61])),
    ],
)
def test_a_domain_is_stored_in_one_form(text: str, stored: str) -> None:
    assert domain_name(text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" . ", "empty"),
        ("localhost", "bad_domain"),
        ("tacomail-config", "bad_domain"),
        ("tacomail-log/shop@taco.example", "bad_domain"),
        ("django:auth.user", "bad_domain"),
        ("taco..example", "bad_domain"),
        (".taco.example", "bad_domain"),
        ("taco.example..", "bad_domain"),
        ("-taco.example", "bad_domain"),
        ("taco-.example", "bad_domain"),
        ("taco_x.example", "bad_domain"),
        ("ta co.example", "bad_domain"),
        ("taco.example\n.org", "bad_domain"),
        ("a" * 64 + ".example", "bad_domain"),
        (".".join(["a" * 63] * 4), "bad_domain"),
        ("192.0.2.1", "bad_domain"),
        ("[192.0.2.1]", "bad_domain"),
        ("☃..example", "bad_domain"),
        ("ta\ud800co.example", "bad_domain"),
        ("shop@taco.example", "bad_domain"),
    ],
)
def test_a_domain_that_could_not_receive_mail_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        domain_name(text)
    assert (refused.value.field, refused.value.code) == ("domain", code)


def test_the_two_halves_together_may_be_too_long() -> None:
    domain = ".".join(["b" * 63] * 3)  # 191 octets: allowed by itself
    assert domain_name(domain) == domain
    assert alias_key("a" * 62, domain).alias_address == "a" * 62
    assert refusal("a" * 63, domain)[:2] == ("alias", "too_long")
