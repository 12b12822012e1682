"""The S3 function as S3 sees it: a stored message reaches its destinations, and the object goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.events import stored_message

if TYPE_CHECKING:
    from tests.support.installation import Installation


def test_a_stored_message_lies_in_the_maildir_byte_for_byte_and_the_object_is_gone(installation: Installation) -> None:
    key = installation.receive("shop@taco.example")
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.stored_keys() == []


def test_refused_recipients_of_an_accepted_message_get_one_bounce_that_lists_only_them(
    installation: Installation,
) -> None:
    key = installation.receive("shop@taco.example", "quiet@taco.example", "closed@taco.example", "nosuch@taco.example")
    installation.deliver(key)
    (bounce,) = installation.bounces()
    assert [(info.recipient, info.status) for info in bounce.recipients] == [
        ("closed@taco.example", "5.2.1"),
        ("nosuch@taco.example", "5.1.1"),
    ]
