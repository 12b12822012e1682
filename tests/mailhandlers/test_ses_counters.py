"""What is written about a message that is refused or ignored as a whole: its log and its counters, once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import MessageState
from tests.support.events import message_id, ses_event

if TYPE_CHECKING:
    from tests.support.installation import Installation

CLOSED, QUIET, SHOP = "closed@taco.example", "quiet@taco.example", "shop@taco.example"


def log_items(installation: Installation, address: str) -> list[Any]:
    return list(installation.messages.log_of(address))


def test_an_ignored_message_is_counted_and_logged(installation: Installation) -> None:
    before = int(time.time())
    installation.ask(ses_event(QUIET))
    assert installation.counters(QUIET) == (0, 1, 0)
    assert int(installation.alias(QUIET)["modified_datetime"]) >= before
    assert "last_used_datetime" not in installation.alias(QUIET)
    assert installation.outcomes(QUIET) == [("ignored", "ignored_alias")]


def test_a_refused_message_is_counted_and_logged(installation: Installation) -> None:
    before = int(time.time())
    installation.ask(ses_event("Closed+x@taco.example"))
    assert installation.counters(CLOSED) == (0, 0, 1)
    assert int(installation.alias(CLOSED)["modified_datetime"]) >= before
    (entry,) = log_items(installation, CLOSED)
    assert (entry.outcome, entry.reason) == ("refused", "inactive_alias")
    assert entry.recipients == ["Closed+x@taco.example"]
    assert (entry.message_id, entry.reverse_path) == (message_id("message"), "jane@example.com")
    assert entry.verdicts["spam"] == "PASS"
    assert entry.received_datetime == 1725358530


def test_the_log_of_an_unknown_recipient_says_so(installation: Installation) -> None:
    installation.ask(ses_event("NoSuch@taco.example"))
    (entry,) = log_items(installation, "nosuch@taco.example")
    assert (entry.outcome, entry.reason, entry.recipients) == ("refused", "unknown_alias", ["NoSuch@taco.example"])


def test_the_log_can_be_listed_by_day_and_expires(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_LOG_DAYS", "7")
    installation.ask(ses_event("nosuch@taco.example"))
    (entry,) = log_items(installation, "nosuch@taco.example")
    identifier = f"2024-09-03T10:15:30Z/{message_id('message')}/nosuch@taco.example"
    assert (entry.application, entry.identifier) == ("tacomail-log/2024-09-03", identifier)
    assert abs(entry.expires - time.time() - 7 * 86_400) < 600


def test_several_recipients_of_one_alias_are_one_use_and_one_log_entry(installation: Installation) -> None:
    installation.ask(ses_event(CLOSED, "closed+a@taco.example", "CLOSED--b@taco.example", CLOSED))
    assert installation.counters(CLOSED) == (0, 0, 1)
    (entry,) = log_items(installation, CLOSED)
    assert entry.recipients == [CLOSED, "closed+a@taco.example", "CLOSED--b@taco.example"]


def test_each_refused_alias_is_counted_and_each_unknown_recipient_logged(installation: Installation) -> None:
    installation.change("second@taco.example", active_alias=False, destination="bob@tacomail", use_count=1)
    installation.ask(ses_event(CLOSED, "second@taco.example", "nosuch@taco.example", "x@old-taco.example"))
    assert installation.counters(CLOSED) == installation.counters("second@taco.example") == (0, 0, 1)
    assert installation.outcomes("nosuch@taco.example") == [("refused", "unknown_alias")]
    assert installation.outcomes("x@old-taco.example") == [("refused", "unserved_domain")]


@pytest.mark.parametrize("recipients", [[QUIET], [CLOSED], [CLOSED, "nosuch@taco.example"]])
def test_asked_again_it_counts_and_logs_nothing_twice(installation: Installation, recipients: list[str]) -> None:
    received = ses_event(*recipients)
    answers = [installation.ask(received) for _ in range(3)]
    assert len(set(answers)) == 1
    counted = [installation.counters(address) for address in (QUIET, CLOSED)]
    assert counted == [(0, int(QUIET in recipients), 0), (0, 0, int(CLOSED in recipients))]
    assert all(len(installation.outcomes(address)) == 1 for address in recipients)


def test_two_messages_are_two_uses(installation: Installation) -> None:
    for seed in ("one", "two"):
        installation.ask(ses_event(QUIET, seed=seed))
    assert installation.counters(QUIET) == (0, 2, 0)
    assert len(installation.outcomes(QUIET)) == 2


def test_a_message_that_was_refused_is_remembered_for_a_while(installation: Installation) -> None:
    installation.ask(ses_event(CLOSED))
    message = installation.message()
    assert message is not None
    assert (message.state, message.disposition) == (MessageState.REFUSED, "refuse")
    assert abs(message.expires - time.time() - 14 * 86_400) < 600


def test_refused_where_a_bounce_would_be_wrong_is_logged_as_refused(installation: Installation) -> None:
    assert installation.ask(ses_event(CLOSED, source="<>")) == "STOP_RULE_SET"
    assert installation.counters(CLOSED) == (0, 0, 1)
    assert installation.outcomes(CLOSED) == [("refused", "inactive_alias")]


def test_an_accepted_message_counts_nothing_yet(installation: Installation) -> None:
    installation.ask(ses_event(SHOP, CLOSED, QUIET))
    assert [installation.counters(address) for address in (SHOP, CLOSED, QUIET)] == [(0, 0, 0)] * 3
    assert installation.outcomes(SHOP) == []


def test_no_log_is_kept_where_none_is_wanted(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_LOG_DAYS", "0")
    installation.ask(ses_event(CLOSED, "nosuch@taco.example"))
    assert installation.counters(CLOSED) == (0, 0, 1)
    assert installation.outcomes(CLOSED) == installation.outcomes("nosuch@taco.example") == []


def test_dropped_spam_is_logged_as_dropped(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "drop")
    assert installation.ask(ses_event(SHOP, spam="FAIL")) == "STOP_RULE_SET"
    assert installation.outcomes(SHOP) == [("dropped", "spam")]


def test_dropped_spam_is_no_use_of_the_alias(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "drop")
    installation.ask(ses_event(SHOP, spam="FAIL"))
    assert installation.counters(SHOP) == (0, 0, 0)
    assert "last_used_datetime" not in installation.alias(SHOP)


def test_an_alias_that_was_deleted_meanwhile_gets_no_bare_counter(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the read and the write of the SES function the alias goes."""
    settle = type(installation.messages).settle

    def after_deletion(store: Any, *arguments: Any, **named: Any) -> bool:
        installation.rows.delete_item(Key={"sub_domain": "taco.example", "alias_address": "closed"})
        return settle(store, *arguments, **named)

    monkeypatch.setattr(type(installation.messages), "settle", after_deletion)
    assert installation.ask(ses_event(CLOSED, "nosuch@taco.example")) == "STOP_RULE"
    assert "Item" not in installation.rows.get_item(Key={"sub_domain": "taco.example", "alias_address": "closed"})
    assert installation.outcomes("nosuch@taco.example") == [("refused", "unknown_alias")]
