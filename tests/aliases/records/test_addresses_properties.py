"""What holds of the candidates for every text, and of every alias that can be created."""

from __future__ import annotations

import string

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aliases.records.addresses import (
    MOST_CANDIDATES,
    NEVER_CUT,
    SEPARATORS,
    alias_key,
    candidates,
    full_address,
    octets,
    parse_mailbox,
)
from aliases.records.exceptions import InvalidAddress
from aliases.records.keys import Key, may_hold_aliases

ATEXT = string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-"
DOMAINS = st.sampled_from(["taco.example", "TACO.Example", "tacobücher.example", "a.b.example.", "tacomail-config"])
# Texts that are nearly addresses find more than arbitrary ones do.
LOCAL_PARTS = st.text(st.sampled_from([*ATEXT, ".", '"', "\\", " ", "@", "é", "\ud800"]), max_size=70)
NEARLY = st.builds("{}@{}".format, LOCAL_PARTS, st.one_of(DOMAINS, st.text(max_size=20)))
RECIPIENTS = st.one_of(st.text(st.characters(codec=None), max_size=300), NEARLY)

SERVED = st.sampled_from(["taco.example", "TACO.Example", "tacobücher.example", "a.b.c.example."])
NAMES = st.lists(st.text(st.sampled_from(ATEXT), min_size=1, max_size=8), min_size=1, max_size=3).map(".".join)
DETAILS = st.text(st.sampled_from(ATEXT), max_size=20)
ADDRESSES = st.builds("{}{}{}@{}".format, NAMES, st.sampled_from(["", *SEPARATORS]), DETAILS, SERVED)


def has_separator(name: str) -> bool:
    return any(separator in name for separator in SEPARATORS)


@given(RECIPIENTS)
@settings(deadline=None, max_examples=200)
def test_candidates_are_few_distinct_storable_keys_that_can_hold_aliases(recipient: str) -> None:
    found = candidates(recipient)
    assert len(found) <= MOST_CANDIDATES
    assert len(set(found)) == len(found)
    for key in found:
        assert may_hold_aliases(key.sub_domain)
        assert "." in key.sub_domain
        assert not set("/:") & set(key.sub_domain)
        assert key.alias_address
        assert 0 < octets(key.sub_domain) <= 255
        (key.sub_domain + key.alias_address).encode()


@given(
    st.one_of(ADDRESSES, st.sampled_from(['"a b"@taco.example', "prvs=1=shop+x@taco.example", "Srs0+x@taco.example"]))
)
@settings(deadline=None, max_examples=200)
def test_the_address_as_received_is_first_and_a_prefix_of_it_last(recipient: str) -> None:
    found = candidates(recipient)
    mailbox = parse_mailbox(recipient)
    assert found[0].alias_address == mailbox.local_part
    assert mailbox.local_part.lower().startswith(found[-1].alias_address)
    if not NEVER_CUT.match(mailbox.local_part) and not mailbox.local_part.startswith('"'):
        assert not any(found[-1].alias_address.startswith(SEPARATORS, i) for i in range(1, 64))


@given(NAMES, DETAILS, st.sampled_from(["", *SEPARATORS]))
@settings(deadline=None, max_examples=150)
def test_lower_case_finds_what_any_case_finds(name: str, detail: str, separator: str) -> None:
    recipient = f"{name}{separator}{detail}@Taco.example"
    in_lower_case = {key for key in candidates(recipient) if key == Key("taco.example", key.alias_address.lower())}
    assert in_lower_case
    assert in_lower_case <= set(candidates(recipient.lower()))


@given(NAMES, st.sampled_from(SEPARATORS), DETAILS, st.booleans(), st.booleans())
@settings(deadline=None, max_examples=150)
def test_every_alias_without_a_separator_is_found_with_any_detail_in_any_case(
    name: str, separator: str, detail: str, upper_name: bool, upper_domain: bool
) -> None:
    assume(not has_separator(name))
    key = alias_key(name, "taco.example")
    local_part = f"{key.alias_address}{separator}{detail}"
    assume(octets(local_part) <= 64)
    recipient = "@".join(
        (
            local_part.upper() if upper_name else local_part,
            key.sub_domain.upper() if upper_domain else key.sub_domain,
        )
    )
    assert key in candidates(recipient)


@given(NAMES, st.sampled_from(SEPARATORS), st.text(string.ascii_letters + string.digits, max_size=10), st.booleans())
@settings(deadline=None, max_examples=150)
def test_every_alias_is_found_with_a_plain_detail_in_any_case(
    name: str, separator: str, detail: str, upper: bool
) -> None:
    assume(not NEVER_CUT.match(name))
    assume(sum(name.count(sign) for sign in "+-#=") <= 2)
    key = alias_key(name, "taco.example")
    recipient = f"{key.alias_address}{separator}{detail}@taco.example"
    assert key in candidates(recipient.upper() if upper else recipient)


def accepted(local_part: str, domain: str) -> Key | None:
    """The key, or None where it was refused with the field that is wrong."""
    try:
        return alias_key(local_part, domain)
    except InvalidAddress as error:
        return None if error.field in {"alias", "domain"} else Key("no field", "was named")


@given(st.text(st.characters(codec=None), max_size=80), st.text(st.characters(codec=None), max_size=80))
@settings(deadline=None, max_examples=150)
def test_what_is_accepted_is_its_own_stored_form_and_is_found(local_part: str, domain: str) -> None:
    key = accepted(local_part, domain)
    if key is None:
        return
    assert alias_key(*reversed(key)) == key
    assert key in candidates(full_address(key))


@given(NAMES, st.lists(st.text(string.ascii_lowercase + "ü", min_size=1, max_size=10), min_size=2, max_size=4))
@settings(deadline=None, max_examples=200)
def test_every_accepted_alias_is_found_under_the_spelling_that_was_typed(name: str, labels: list[str]) -> None:
    domain = ".".join(labels)
    key = alias_key(name, domain)
    assert key in candidates(f"{name}@{domain}")
    assert key in candidates(full_address(key).upper())
