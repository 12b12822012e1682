"""The dry run decides what the mail functions would decide, and writes nothing."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import State
from aliases.records.exceptions import ConfigurationError, TableError
from aliases.records.message import Decision, Outcome, Reason
from aliases.services.aliases import create_alias
from aliases.services.destinations import add_destination, deactivate_destination
from aliases.services.domains import add_domain, deactivate_domain
from aliases.services.dryrun import MOST_RECIPIENTS, Dmarc, DryRun, Planned, Question, Recipient, Spelling, dry_run
from mailhandlers import ses
from mailhandlers.disposition import Disposition
from tests.support.events import ses_event
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")

SENDER = "jane@example.com"
ALICE = Planned("maildir/alice", Outcome.DELIVERED)


def alias(name: str, destination: str = "alice@tacomail", **options: Any) -> None:
    create_alias(DOMAIN, local_part=name, destination=destination, by="setup", **options)


def asked(*recipients: str, sender: str = SENDER, **options: Any) -> DryRun:
    return dry_run(Question(sender, recipients or (f"shop@{DOMAIN}",), **options))


def one(*recipients: str, **options: Any) -> Recipient:
    (found,) = asked(*recipients, **options).recipients
    return found


@pytest.mark.parametrize(
    ("state", "decision", "reason", "disposition", "answer"),
    [
        (State.ACTIVE, Decision.ACCEPT, Reason.ACTIVE_ALIAS, Disposition.ACCEPT, "CONTINUE"),
        (State.IGNORED, Decision.IGNORE, Reason.IGNORED_ALIAS, Disposition.IGNORE, "STOP_RULE_SET"),
        (State.PAUSED, Decision.REFUSE, Reason.INACTIVE_ALIAS, Disposition.REFUSE, "STOP_RULE"),
    ],
)
def test_each_state_has_its_answer(
    state: State, decision: Decision, reason: Reason, disposition: Disposition, answer: str
) -> None:
    alias("shop", state=state)
    run = asked()
    assert (run.disposition, run.answer) == (disposition, answer)
    (found,) = run.recipients
    assert (found.decision.decision, found.decision.reason) == (decision, reason)
    assert found.planned == ((ALICE,) if decision is Decision.ACCEPT else ())
    assert found.is_bounced is (decision is Decision.REFUSE)


def test_the_layout_of_the_receipt_rules_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    alias("shop")
    monkeypatch.setenv("TACOMAIL_RULE_LAYOUT", "classic")
    assert asked().answer == "STOP_RULE"


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (f"nosuch@{DOMAIN}", Reason.UNKNOWN_ALIAS),
        ("shop@example.com", Reason.UNSERVED_DOMAIN),
        ("shop", Reason.INVALID_RECIPIENT),
        ("@", Reason.INVALID_RECIPIENT),
        (f"{'x' * 65}@{DOMAIN}", Reason.INVALID_RECIPIENT),
        (f"{'x' * 2000}@{DOMAIN}", Reason.INVALID_RECIPIENT),
        (f"a..b@{DOMAIN}", Reason.UNKNOWN_ALIAS),
        (f"\ud800@{DOMAIN}", Reason.UNKNOWN_ALIAS),
        ("tacomail-config@tacomail-config", Reason.UNSERVED_DOMAIN),
    ],
)
def test_what_reaches_nobody_is_refused_and_says_why(recipient: str, reason: Reason) -> None:
    found = one(recipient)
    assert (found.decision.decision, found.decision.reason, found.spelling) == (Decision.REFUSE, reason, None)
    assert found.is_bounced


def test_a_domain_that_is_switched_off_refuses_its_aliases() -> None:
    alias("shop")
    deactivate_domain(add_domain("b.example", by="setup"), by="setup")
    assert one("shop@b.example").decision.reason is Reason.UNSERVED_DOMAIN


@pytest.mark.parametrize(
    ("recipient", "spelling", "cut"),
    [
        (f"shop@{DOMAIN}", Spelling.EXACT, ""),
        ("shop@Taco.Example.", Spelling.EXACT, ""),
        (f"ShOp@{DOMAIN}", Spelling.LOWER_CASE, ""),
        (f"shop+Amazon@{DOMAIN}", Spelling.CUT, "+Amazon"),
        (f"SHOP--x=y@{DOMAIN}", Spelling.CUT, "--x=y"),
        (f"shop.two+x@{DOMAIN}", Spelling.EXACT, ""),
    ],
)
def test_the_spelling_by_which_the_alias_was_found_is_told(recipient: str, spelling: Spelling, cut: str) -> None:
    alias("shop")
    alias("shop.two+x")
    found = one(recipient)
    assert found.decision.decision is Decision.ACCEPT
    assert (found.spelling, found.cut) == (spelling, cut)


def test_each_destination_says_what_would_happen_there(monkeypatch: pytest.MonkeyPatch) -> None:
    deactivate_destination(add_destination("bob@tacomail", by="setup"), by="setup")
    several = {"alice@tacomail": True, "bob@tacomail": True, "S3": True, "eve@example.org": True, "eva@tacomail": False}
    alias("shop", "", destinations=several)
    found = {planned.name: (planned.outcome, planned.reason) for planned in one().planned}
    assert found == {
        "maildir/alice": (Outcome.DELIVERED, ""),
        "maildir/bob": (Outcome.HELD, Reason.PAUSED_DESTINATION),
        f"bucket/shop@{DOMAIN}": (Outcome.DELIVERED, ""),
        "forward/eve@example.org": (Outcome.HELD, Reason.FORWARDING_UNAVAILABLE),
    }
    monkeypatch.setenv("TACOMAIL_DEFAULT_MAILBOX", "alice")
    assert [planned.name for planned in one().planned].count("maildir/alice") == 2


def test_an_alias_without_a_destination_holds_its_mail() -> None:
    alias("shop", "", destinations={"alice@tacomail": False})
    (planned,) = one().planned
    assert (planned.outcome, planned.reason) == (Outcome.HELD, Reason.NO_DESTINATION)


def test_a_virus_is_held_and_never_bounced() -> None:
    alias("shop")
    run = asked(f"shop@{DOMAIN}", f"nosuch@{DOMAIN}", virus=True)
    shop, nosuch = run.recipients
    assert shop.planned == (Planned("maildir/alice", Outcome.HELD, Reason.INFECTED),)
    assert (run.bounce_forbidden, nosuch.is_bounced) == (Reason.INFECTED, False)


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [({"spam": True}, Reason.SPAM), ({"dmarc": Dmarc.REJECT}, Reason.DMARC_REJECT)],
)
@pytest.mark.parametrize(
    ("action", "outcome", "is_junk", "disposition"),
    [
        ("hold", Outcome.HELD, False, Disposition.ACCEPT),
        ("deliver", Outcome.DELIVERED, True, Disposition.ACCEPT),
        ("drop", Outcome.DROPPED, False, Disposition.IGNORE),
    ],
)
def test_spam_goes_where_the_installation_wants_it(
    monkeypatch: pytest.MonkeyPatch,
    verdicts: dict[str, Any],
    reason: Reason,
    action: str,
    outcome: Outcome,
    is_junk: bool,
    disposition: Disposition,
) -> None:
    alias("shop")
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", action)
    run = asked(**verdicts)
    assert run.disposition is disposition
    assert run.recipients[0].planned == (Planned("maildir/alice", outcome, reason, is_junk),)


@pytest.mark.parametrize(
    ("dmarc", "planned"),
    [
        (Dmarc.PASS, ALICE),
        (Dmarc.NONE, ALICE),
        (Dmarc.QUARANTINE, Planned("maildir/alice", Outcome.DELIVERED, Reason.DMARC_QUARANTINE, is_junk=True)),
    ],
)
def test_dmarc_goes_by_what_the_senders_domain_asks_for(dmarc: Dmarc, planned: Planned) -> None:
    alias("shop")
    assert one(dmarc=dmarc).planned == (planned,)


@pytest.mark.parametrize(
    ("sender", "automatic", "reason"),
    [
        ("", False, Reason.NULL_REVERSE_PATH),
        ("<>", False, Reason.NULL_REVERSE_PATH),
        ("MAILER-DAEMON@example.com", False, Reason.AUTOMATIC_MESSAGE),
        (SENDER, True, Reason.AUTOMATIC_MESSAGE),
    ],
)
def test_a_bounce_answers_no_program(sender: str, automatic: bool, reason: Reason) -> None:
    run = asked(f"nosuch@{DOMAIN}", sender=sender, automatic=automatic)
    assert (run.disposition, run.bounce_forbidden) == (Disposition.IGNORE, reason)
    assert not run.recipients[0].is_bounced


def test_several_recipients_get_one_answer_and_each_its_own_fate() -> None:
    alias("shop")
    alias("quiet", state=State.IGNORED)
    alias("news")
    run = asked(f"shop@{DOMAIN}", f"quiet@{DOMAIN}", f"nosuch@{DOMAIN}", f"news@{DOMAIN}")
    assert run.disposition is Disposition.ACCEPT
    shop, quiet, nosuch, news = run.recipients
    assert (shop.planned, news.planned) == (
        (ALICE,),
        (Planned("maildir/alice", Outcome.DELIVERED, is_repeated=True),),
    )
    assert (quiet.is_bounced, nosuch.is_bounced) == (False, True)


def test_it_costs_one_read_for_as_many_recipients_as_may_be_asked_about_and_writes_nothing() -> None:
    alias("shop")
    recipients = [f"A{i}+b+c+d--e#f=g+h@{DOMAIN}" for i in range(MOST_RECIPIENTS)]
    with counted_requests() as requests:
        asked(*recipients)
    assert requests.operations == ["BatchGetItem"]


def test_keys_without_an_answer_decide_nothing(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    alias("shop")
    whole = site.batch_get

    def partial(keys: Any, deadline: float | None = None) -> Any:
        found, unread = whole(keys, deadline)
        gone = [key for key in found if key.sub_domain == DOMAIN]
        return {key: item for key, item in found.items() if key not in gone}, {*unread, *gone}

    monkeypatch.setattr(site, "batch_get", partial)
    run = asked()
    assert run.disposition is Disposition.ACCEPT
    assert (run.recipients[0].decision.decision, run.recipients[0].planned) == (Decision.UNDECIDED, ())


def test_a_table_without_any_answer_is_an_error(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any) -> Any:
        raise TableError("no answer")

    monkeypatch.setattr(site, "batch_get", silent)
    with pytest.raises(TableError):
        asked()


def test_an_environment_that_cannot_be_understood_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "burn")
    with pytest.raises(ConfigurationError, match="TACOMAIL_SPAM_ACTION"):
        asked()


CASES: tuple[dict[str, Any], ...] = (
    {},
    {"spam": "FAIL"},
    {"virus": "FAIL"},
    {"dmarc": "FAIL", "receipt": {"dmarcPolicy": "reject"}},
    {"source": ""},
    {"headers": {"Auto-Submitted": "auto-generated"}},
)


@pytest.mark.parametrize("names", [("shop",), ("quiet",), ("nosuch",), ("quiet", "nosuch"), ("shop+x", "nosuch")])
def test_ses_is_told_what_its_function_tells_it(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    """The function itself, on the same table, with the event of a real message."""
    alias("shop")
    alias("quiet", state=State.IGNORED)
    recipients = [f"{name}@{DOMAIN}" for name in names]
    for number, (action, case) in enumerate(product(("hold", "deliver", "drop"), CASES)):
        monkeypatch.setenv("TACOMAIL_SPAM_ACTION", action)
        event = ses_event(*recipients, seed=str(number), **{"source": SENDER, **case})
        run = asked(
            *recipients,
            sender=case.get("source", SENDER),
            spam="spam" in case,
            virus="virus" in case,
            dmarc=Dmarc.REJECT if "dmarc" in case else Dmarc.PASS,
            automatic="headers" in case,
        )
        assert ses.handler(event, None) == {"disposition": run.answer}, (action, case)
