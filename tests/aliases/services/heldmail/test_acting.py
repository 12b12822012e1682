"""Waiting mail delivered again, sent elsewhere, deleted: one or many, each written down."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError

from aliases.records.exceptions import ConfigurationError, InvalidAddress, TableUnavailable
from aliases.records.history import Action
from aliases.services.heldmail.acting import delete_messages, deliver_again, send_elsewhere
from aliases.services.histories import history_of, recent_history
from mailhandlers.redelivery import Ending
from tests.aliases.management.calling import command
from tests.aliases.services.heldmail.mail import BROKEN, NEWS, SHOP, fail, hold, leave_behind
from tests.support.events import BUCKET, PREFIX, message_id, stored_message
from tests.support.installation import make_maildir
from tests.support.site import counted_requests
from tests.support.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailhandlers.redelivery import Report
    from tests.support.installation import Installation


def endings(reports: Iterable[Report]) -> list[Ending]:
    return [report.ending for report in reports]


def told(message_id: str) -> list[tuple[Action, str, str, dict[str, Any]]]:
    return [(e.action, e.actor, e.object_name, e.changes) for e in history_of("message", message_id)]


def test_a_message_is_delivered_again_and_the_history_says_who_did_it(installation: Installation) -> None:
    failed = fail(installation)
    make_maildir(installation.root / "missing")
    assert endings(deliver_again([failed], by="sam")) == [Ending.DELIVERED]
    assert len(installation.mail_of("missing")) == 1
    assert told(failed) == [(Action.REDELIVERED, "sam", BROKEN, {})]


def test_spam_is_released_only_where_that_is_asked_for(installation: Installation) -> None:
    spam = hold(installation, SHOP, spam="FAIL")
    assert endings(deliver_again([spam], by="sam")) == [Ending.HELD]
    assert told(spam) == []
    assert endings(deliver_again([spam], by="sam", release_spam=True)) == [Ending.DELIVERED]
    assert len(installation.mail_of("alice", ".Junk")) == 1
    assert told(spam) == [(Action.REDELIVERED, "sam", SHOP, {"spam_released": [False, True]})]


def test_a_message_is_sent_elsewhere(installation: Installation) -> None:
    held = hold(installation)
    assert endings(send_elsewhere([held], " BOB@tacomail ", by="sam")) == [Ending.DELIVERED]
    assert len(installation.mail_of("bob")) == 1
    assert told(held) == [(Action.SENT, "sam", NEWS, {"destination": [None, "bob@tacomail"]})]


def test_a_wrong_destination_is_refused_before_anything_is_asked_for(installation: Installation) -> None:
    held = hold(installation)
    with pytest.raises(InvalidAddress) as refused:
        send_elsewhere([held], "jane@example.org", by="sam")
    assert refused.value.field == "destination"


def test_a_message_is_deleted(installation: Installation) -> None:
    held = hold(installation)
    assert endings(delete_messages([held], by="sam")) == [Ending.DELETED]
    assert installation.stored_keys() == []
    assert told(held) == [(Action.DELETED, "sam", NEWS, {})]


def test_a_message_for_nobody_known_is_told_by_its_id(installation: Installation) -> None:
    left = leave_behind(installation, body=b"Subject: x\r\n\r\nHello.\r\n")
    list(send_elsewhere([left], "bob@tacomail", by="sam"))
    assert [name for _, _, name, _ in told(left)] == [left]


def test_infected_mail_stays_whatever_is_asked_and_only_deleting_helps(installation: Installation) -> None:
    infected = hold(installation, SHOP, virus="FAIL")
    assert endings(deliver_again([infected], by="sam", release_spam=True)) == [Ending.HELD]
    assert endings(send_elsewhere([infected], "bob@tacomail", by="sam")) == [Ending.HELD]
    assert installation.mail_of("alice") == installation.mail_of("bob") == []
    assert endings(delete_messages([infected], by="sam")) == [Ending.DELETED]


def test_one_that_is_gone_or_unknown_stops_nobody(installation: Installation) -> None:
    gone, held = hold(installation, seed="gone"), hold(installation, seed="held")
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + gone)
    reports = list(delete_messages([gone, "nosuch", "", held], by="sam"))
    assert endings(reports) == [Ending.GONE, Ending.FAILED, Ending.FAILED, Ending.DELETED]
    assert [entry.object_id for entry in recent_history(9)] == [held]


@pytest.mark.parametrize("message_id", ["/mailbox/kept", "../mailbox/kept", "x/./../mailbox/kept"])
@pytest.mark.parametrize(
    "act", [deliver_again, delete_messages, lambda ids, by: send_elsewhere(ids, "bob@tacomail", by=by)]
)
def test_nothing_else_in_the_bucket_is_touched(installation: Installation, act: Any, message_id: str) -> None:
    installation.put("mailbox/kept", stored_message())
    (report,) = act([message_id], by="sam")
    assert (report.ending, str(report.error)) == (Ending.FAILED, f"There is no message {message_id}.")
    assert installation.stored_keys() == ["mailbox/kept"]


def test_a_message_that_lies_elsewhere_is_one_where_the_table_says_so(installation: Installation) -> None:
    key = installation.put("old/name of its own", stored_message(to=SHOP).replace(b"Verdict: PASS", b"Verdict: FAIL"))
    installation.deliver(key)
    assert installation.stored_keys() == [key]
    assert endings(delete_messages([f"/{key}"], by="sam")) == [Ending.DELETED]
    assert installation.stored_keys() == []


def test_nothing_is_done_before_it_is_asked_for_and_the_history_is_whole_after_a_stop(
    installation: Installation,
) -> None:
    ids = [hold(installation, seed=f"m{number}") for number in range(3)]
    reports = delete_messages(ids, by="sam")
    assert len(installation.stored_keys()) == 3
    list(islice(reports, 2))
    reports.close()
    assert installation.stored_keys() == [PREFIX + ids[2]]
    assert {entry.object_id for entry in recent_history(9)} == set(ids[:2])


def test_a_table_that_gives_no_answer_is_the_cause_in_the_report(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(installation)
    silent = EndpointConnectionError(endpoint_url="https://table.example.com")
    with monkeypatch.context() as patch:
        Traffic.watch(patch).answer_always("dynamodb.GetItem", silent)
        (report,) = delete_messages([held], by="sam")
    assert report.ending is Ending.FAILED
    assert isinstance(report.cause, TableUnavailable)
    assert installation.stored_keys() == [PREFIX + held]


def test_the_history_of_many_costs_one_call_for_25(installation: Installation) -> None:
    ids = [hold(installation, seed=f"m{number}") for number in range(26)]
    with counted_requests() as requests:
        list(delete_messages(ids, by="sam"))
    assert requests.operations.count("BatchWriteItem") == 1
    assert requests.operations.count("PutItem") == 1
    assert len(requests) == 26 * 4 + 2


def test_sending_many_looks_at_the_destination_once(installation: Installation) -> None:
    ids = [hold(installation, seed=f"m{number}") for number in range(3)]
    with counted_requests() as requests:
        list(send_elsewhere(ids, "bob@tacomail", by="sam"))
    assert requests.operations.count("BatchGetItem") == 1
    assert len(requests) == 1 + 3 * 4 + 1


@pytest.mark.parametrize(
    "act", [deliver_again, delete_messages, lambda ids, by: send_elsewhere(ids, "bob@tacomail", by=by)]
)
def test_without_a_bucket_the_error_names_the_variable(act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    with pytest.raises(ConfigurationError, match="TACOMAIL_MAIL_BUCKET is not set"):
        act(["x"], by="sam")


def test_what_the_command_sends_elsewhere_is_written_down_too(installation: Installation) -> None:
    hold(installation)
    command("redeliver", "--held", "--to", "bob@tacomail")
    assert told(message_id("message")) == [(Action.SENT, "command line", NEWS, {"destination": [None, "bob@tacomail"]})]
