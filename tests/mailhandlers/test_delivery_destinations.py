"""Where a stored message goes: each destination of each alias, each once, and what waits with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import MessageState, Outcome
from tests.support.events import PREFIX, message_id, stored_message
from tests.support.inputs import event, message, ses_content

if TYPE_CHECKING:
    from tests.support.installation import Installation

ID = message_id("message")
BODY = stored_message()
SHOP, FOO_BAR, DROP = "shop@taco.example", "foo--bar@taco.example", "drop@taco.example"


def content(installation: Installation, key: str) -> bytes:
    answer = installation.s3.get_object(Bucket="tacomail-inbound-example", Key=key)
    return answer["Body"].read()


def test_several_aliases_with_several_maildirs_all_get_it(installation: Installation) -> None:
    assert installation.deliver(installation.receive(SHOP, FOO_BAR, "orders@sub.taco.example")) == {"done": 1}
    assert (installation.mail_of("alice"), installation.mail_of("bob")) == ([BODY], [BODY])
    assert installation.stored_keys() == []


@pytest.mark.parametrize(
    "recipients",
    [
        [SHOP, "foo@taco.example", "first.last@taco.example", "o'brien@taco.example"],
        [SHOP, SHOP],
        [SHOP, "SHOP@TACO.EXAMPLE", "shop+tag@taco.example"],
    ],
)
def test_one_maildir_reached_by_several_aliases_or_spellings_gets_one_file(
    installation: Installation, recipients: list[str]
) -> None:
    installation.deliver(installation.receive(*recipients))
    assert installation.mail_of("alice") == [BODY]


def test_each_alias_of_one_maildir_is_counted(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP, "foo@taco.example"))
    assert installation.counters(SHOP) == installation.counters("foo@taco.example") == (1, 0, 0)


def test_an_alias_with_several_destinations_serves_each_that_is_on(installation: Installation) -> None:
    on = {"alice@tacomail": {"active": True}, "bob@tacomail": {"active": False}, "S3": {"active": True}}
    installation.change(SHOP, destinations=on)
    assert installation.deliver(installation.receive(SHOP)) == {"done": 1}
    assert (installation.mail_of("alice"), installation.mail_of("bob")) == ([BODY], [])
    assert installation.stored_keys() == [f"mailbox/{SHOP}/{ID}"]
    assert installation.counters(SHOP) == (1, 0, 0)


def test_destination_s3_keeps_a_copy_for_each_alias(installation: Installation) -> None:
    installation.change("second@taco.example", active_alias=True, destination="s3")
    assert installation.deliver(installation.receive(DROP, "second+x@taco.example", "DROP@taco.example")) == {"done": 1}
    keys = installation.stored_keys()
    assert keys == [f"mailbox/{DROP}/{ID}", f"mailbox/second@taco.example/{ID}"]
    assert {content(installation, key) for key in keys} == {BODY}


def test_a_slash_or_percent_sign_in_an_alias_makes_no_folder(installation: Installation) -> None:
    for name in ("a/b", "a%2Fb", "100%"):
        installation.change(f"{name}@taco.example", active_alias=True, destination="S3")
    installation.deliver(installation.receive("a/b@taco.example", "a%2Fb@taco.example", "100%@taco.example"))
    assert installation.stored_keys() == [
        f"mailbox/100%25@taco.example/{ID}",
        f"mailbox/a%252Fb@taco.example/{ID}",
        f"mailbox/a%2Fb@taco.example/{ID}",
    ]


def test_what_lies_under_mailbox_is_not_delivered_again(installation: Installation) -> None:
    installation.deliver(installation.receive(DROP))
    (key,) = installation.stored_keys()
    assert installation.deliver(key) == {}
    assert installation.stored_keys() == [key]


def test_destination_s3_is_the_default_mailbox_where_there_is_one(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_DEFAULT_MAILBOX", "bob@tacomail")
    assert installation.deliver(installation.receive(DROP, FOO_BAR)) == {"done": 1}
    assert installation.mail_of("bob") == [BODY]
    assert installation.stored_keys() == []


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        ("news@taco.example", "forwarding_unavailable"),
        ("odd@taco.example", "unusable_destination"),
        ("loop-a@taco.example", "alias_as_destination"),
        ("loop-b@taco.example", "alias_as_destination"),
        ("self@taco.example", "alias_as_destination"),
        ("none@taco.example", "no_destination"),
        ("off@taco.example", "no_destination"),
        ("hostile@taco.example", "unusable_destination"),
    ],
)
def test_what_cannot_be_served_now_is_held_with_a_reason_and_nothing_is_lost(
    installation: Installation, recipient: str, reason: str
) -> None:
    installation.change("none@taco.example", active_alias=True)
    installation.change("off@taco.example", active_alias=True, destinations={"alice@tacomail": {"active": False}})
    installation.change("hostile@taco.example", active_alias=True, destination="../../etc@tacomail")
    key = installation.receive(recipient)
    for _ in range(2):
        assert installation.deliver(key) == {"held": 1}
    assert installation.stored_keys() == [key]
    assert installation.outcomes(recipient) == [("held", reason)]
    assert installation.bounces() == []
    (held,) = installation.messages.held()
    assert (held.state, held.hold_reason, held.object_key) == (MessageState.HELD, reason, key)


def test_what_can_be_served_is_served_beside_what_waits(installation: Installation) -> None:
    key = installation.receive(SHOP, "multi@taco.example", "news@taco.example")
    assert installation.deliver(key) == {"held": 1}
    assert installation.mail_of("alice") == [BODY]
    held = installation.message()
    assert held is not None
    assert {name: result.outcome for name, result in held.results.items()} == {
        "maildir/alice": Outcome.DELIVERED,
        "forward/bob@example.com": Outcome.HELD,
        "forward/alice@example.org": Outcome.HELD,
    }
    assert installation.has(key)
    assert installation.counters(SHOP) == (0, 0, 0)  # they move once, when the message is done


def test_mail_for_ignored_and_refused_recipients_reaches_no_destination_of_theirs(installation: Installation) -> None:
    installation.change("quiet@taco.example", destination="bob@tacomail")
    installation.change("closed@taco.example", destination="bob@tacomail")
    installation.deliver(installation.receive(SHOP, "quiet@taco.example", "closed@taco.example"))
    assert (installation.mail_of("alice"), installation.mail_of("bob")) == ([BODY], [])


def test_refused_and_ignored_together_leave_nothing_but_a_bounce_for_the_refused(installation: Installation) -> None:
    key = installation.receive("quiet@taco.example", "closed@taco.example")
    assert installation.deliver(key) == {"done": 1}
    assert installation.stored_keys() == []
    assert installation.mail_of("alice") == []
    (bounce,) = installation.bounces()
    assert [info.recipient for info in bounce.recipients] == ["closed@taco.example"]
    assert installation.counters("quiet@taco.example") == (0, 1, 0)
    assert installation.counters("closed@taco.example") == (0, 0, 1)


def test_the_record_is_obeyed_whatever_became_of_the_alias_since(installation: Installation) -> None:
    key = installation.receive(SHOP)
    installation.change(SHOP, active_alias=False, destination="bob@tacomail")
    assert installation.deliver(key) == {"done": 1}
    assert (installation.mail_of("alice"), installation.mail_of("bob")) == ([BODY], [])


def case(installation: Installation, name: str) -> dict[str, int]:
    """A catalogued message with its two events."""
    assert installation.ask(event(f"{name}_ses_event")) == "CONTINUE"
    announced = event(f"{name}_s3_event")
    installation.put(announced["Records"][0]["s3"]["object"]["key"], message(name))
    return installation.announce(announced)


def test_of_five_recipients_each_gets_what_its_alias_says(installation: Installation) -> None:
    assert case(installation, "five_recipients") == {"held": 1}
    assert installation.mail_of("alice") == [message("five_recipients")]
    assert installation.outcomes("news@taco.example") == [("held", "forwarding_unavailable")]
    (bounce,) = installation.bounces()
    assert [info.recipient for info in bounce.recipients] == ["closed@taco.example", "nosuch@taco.example"]
    (held,) = installation.messages.held()
    assert set(held.results) == {"maildir/alice", "forward/alice@example.org", "bounce"}


def test_sixty_one_names_in_the_header_are_one_delivery(installation: Installation) -> None:
    assert case(installation, "sixty_one_names") == {"held": 1}
    (held,) = installation.messages.held()
    assert list(held.results) == ["forward/alice@example.org"]
    installation.change("news@taco.example", destination="bob@tacomail")
    of_ses = event("sixty_one_names_ses_event")
    ses_content(of_ses)["mail"]["messageId"] = message_id("another")
    installation.ask(of_ses)
    installation.put(PREFIX + message_id("another"), message("sixty_one_names"))
    assert installation.deliver(PREFIX + message_id("another")) == {"done": 1}
    assert installation.mail_of("bob") == [message("sixty_one_names")]


@pytest.mark.parametrize(
    ("name", "recipient"), [("alias_to_alias", "loop-a@taco.example"), ("alias_to_itself", "self@taco.example")]
)
def test_an_alias_that_leads_to_an_alias_is_kept_and_sent_nowhere(
    installation: Installation, name: str, recipient: str
) -> None:
    key = installation.receive(recipient, body=message(name))
    assert installation.deliver(key) == {"held": 1}
    assert installation.outcomes(recipient) == [("held", "alias_as_destination")]
    assert installation.has(key)
    assert installation.bounces() == []


@pytest.mark.parametrize("options", [{"headers": {"Auto-Submitted": "auto-replied"}}, {"source": "<>"}])
def test_automatic_mail_and_bounces_to_an_active_alias_are_delivered_like_any_mail(
    installation: Installation, options: dict[str, Any]
) -> None:
    body = message("automatic_reply_to_active")
    assert installation.deliver(installation.receive(SHOP, body=body, **options)) == {"done": 1}
    assert installation.mail_of("alice") == [body]
