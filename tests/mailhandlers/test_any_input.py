"""Any text as recipient, any bytes as message, any JSON as event: nothing raises, nothing deliverable is bounced."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from mailhandlers.local.moto_ses import extend_moto
from mailhandlers.s3 import DeliveryFailed
from tests.support.events import BUCKET, PREFIX, message_id, s3_event, ses_event, stored_message
from tests.support.installation import Installation, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = {"CONTINUE", "STOP_RULE", "STOP_RULE_SET"}
SHOP = "shop@taco.example"
ATEXT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+/=?^_`{|}~-"

# All examples of a test share one installation.
shared = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
many = settings(max_examples=100, deadline=None, suppress_health_check=shared)
some = settings(max_examples=40, deadline=None, suppress_health_check=shared)  # those that deliver take longer
numbers = itertools.count()

any_text = st.text(st.characters(exclude_categories=()), max_size=80)  # lone surrogates too
WORDS = (
    "Records ses mail receipt recipients headers name value messageId source status commonHeaders dmarcPolicy "
    "s3 bucket object key size eventName body Sns Message Type"
)
names = st.sampled_from(WORDS.split())
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.sampled_from([SHOP, "FAIL", "<>"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | any_text, inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for the module: making one takes longer than an example."""
    root = tmp_path_factory.mktemp("Maildir")
    extend_moto()
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in environment(root).items():
            patch.setenv(name, value)
        yield Installation.make(root)


@pytest.fixture
def installation(standing: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name, value in environment(standing.root).items():
        monkeypatch.setenv(name, value)
    return standing


def fresh(installation: Installation) -> str:
    """A seed that no example has used; every so often the table is swept: moto copies it for each transaction."""
    number = next(numbers)
    if number % 20 == 0:
        sweep(installation)
    return f"example {number}"


def sweep(installation: Installation) -> None:
    for item in installation.rows.scan()["Items"]:
        key = {name: item[name] for name in ("sub_domain", "alias_address")}
        if key["sub_domain"].startswith(("tacomail-message", "tacomail-log")):
            installation.rows.delete_item(Key=key)
    for stored in installation.stored_keys():
        installation.s3.delete_object(Bucket=BUCKET, Key=stored)


def delivered(installation: Installation, user: str = "alice") -> list[bytes]:
    """What lies in the Maildir, taken out of it."""
    found = installation.mail_of(user)
    for path in (installation.root / user / "new").iterdir():
        path.unlink()
    return found


@many
@given(st.lists(any_text, max_size=5))
def test_any_texts_as_recipients_get_an_answer(installation: Installation, recipients: list[str]) -> None:
    assert installation.ask(ses_event(*recipients, seed=fresh(installation))) in ANSWERS


@some
@given(st.lists(any_text, max_size=4), st.integers(0, 4))
def test_any_recipients_beside_a_deliverable_one_never_bounce_it(
    installation: Installation, others: list[str], place: int
) -> None:
    recipients = [*others[:place], SHOP, *others[place:]]
    seed = fresh(installation)
    assert installation.ask(ses_event(*recipients, seed=seed)) == "CONTINUE"
    body = seed.encode()
    assert installation.deliver(installation.store(seed, body)) == {"done": 1}
    assert delivered(installation) == [body]


@many
@given(st.sampled_from(["+", "--", "#", "="]), st.text(ATEXT, max_size=50), st.booleans())
def test_any_detail_after_a_separator_reaches_the_alias(
    installation: Installation, separator: str, detail: str, upper: bool
) -> None:
    recipient = f"shop{separator}{detail}@taco.example"
    assert (
        installation.ask(ses_event(recipient.upper() if upper else recipient, seed=fresh(installation))) == "CONTINUE"
    )


@many
@given(any_json)
def test_any_json_as_event_gets_an_answer(installation: Installation, event: Any) -> None:
    assert installation.ask(event) in ANSWERS


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something can be replaced in an event."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, content in inner:
        yield from places(content, (*path, name))


def replaced(event: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = copy.deepcopy(event)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return made


SES_PLACES = list(places(ses_event(SHOP)))


@many
@given(st.sampled_from(SES_PLACES), any_json)
def test_an_event_of_ses_with_any_part_replaced_gets_an_answer_that_bounces_no_deliverable_mail(
    installation: Installation, path: tuple[Any, ...], value: Any
) -> None:
    answer = installation.ask(replaced(ses_event(SHOP, seed=fresh(installation)), path, value))
    assert answer in ANSWERS
    if "recipients" not in path and not isinstance(value, dict | list):  # neither can bring recipients of its own
        assert answer == "CONTINUE"


@many
@given(any_json)
def test_any_json_as_event_of_s3_raises_nothing_but_the_wish_to_be_called_again(
    installation: Installation, event: Any
) -> None:
    try:
        ended = installation.announce(event)
    except DeliveryFailed:
        return
    assert set(ended) <= {"done", "held", "gone", "kept"}


S3_PLACES = list(places(s3_event("incoming/x")))


@some
@given(st.sampled_from(S3_PLACES), any_json)
def test_an_event_of_s3_with_any_part_replaced_raises_nothing_else_either(
    installation: Installation, path: tuple[Any, ...], value: Any
) -> None:
    key = installation.receive(SHOP, seed=fresh(installation))
    try:
        installation.announce(replaced(s3_event(key), path, value))
    except DeliveryFailed:
        assert installation.has(key)
    assert delivered(installation) in ([], [stored_message()])


@some
@given(st.binary(min_size=1, max_size=2000))
def test_any_bytes_are_delivered_as_they_are(installation: Installation, body: bytes) -> None:
    seed = fresh(installation)
    assert installation.deliver(installation.receive(SHOP, "foo--bar@taco.example", seed=seed, body=body)) == {
        "done": 1
    }
    assert delivered(installation) == delivered(installation, "bob") == [body]


@some
@given(
    st.binary(max_size=300),
    st.lists(st.sampled_from([b"To: ", b"Cc:", b"Received: by inbound-smtp.x.amazonaws.com for ", b"\r\n ", b"\r\n"])),
    st.binary(max_size=300),
)
def test_any_bytes_whose_envelope_is_lost_are_delivered_or_held(
    installation: Installation, head: bytes, fields: list[bytes], rest: bytes
) -> None:
    body = b"Subject: x\r\n" + head + b"".join(fields) + rest
    key = installation.put(PREFIX + message_id(fresh(installation)), body)
    bounced_before = len(installation.bounces())  # by the other tests, which share the installation
    ended = installation.deliver(key)
    assert ended in ({"done": 1}, {"held": 1})
    assert installation.has(key) == (ended == {"held": 1})
    assert len(installation.bounces()) == bounced_before


@some
@given(st.text(min_size=1, max_size=300).filter(lambda name: not name.endswith("/")))
def test_an_object_under_any_key_is_delivered_as_one_file(installation: Installation, name: str) -> None:
    body = fresh(installation).encode()
    assume(len(f"incoming/{body.decode()}{name}".encode()) <= 1024)
    key = installation.put(f"incoming/{body.decode()}{name}", stored_message(body))
    assert installation.deliver(key) == {"done": 1}
    assert delivered(installation) == [stored_message(body)]
    assert not installation.has(key)
