"""What a dry run answers, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aliases.records.message import Decision, Outcome
from aliases.services.dryrun import Spelling
from aliases.wording.decisions import DECISION_SENTENCES, DISPOSITION_SENTENCES
from aliases.wording.outcomes import OUTCOME_SENTENCES, in_words, reason_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.services.dryrun import DryRun, Planned, Recipient


def disposition_sentence(run: DryRun) -> str:
    """A refused message that nobody may bounce is dropped, and not for the reason of an ignored one."""
    if run.bounce_forbidden and all(r.decision.decision is Decision.REFUSE for r in run.recipients):
        return _("Every recipient is refused, but no bounce may answer this message, so Amazon SES drops it.")
    return str(DISPOSITION_SENTENCES[run.disposition])


def recipient_sentences(recipient: Recipient, run: DryRun) -> Iterator[str]:
    """Why it is so, how the alias was found, and what the sender hears of it."""
    decision = recipient.decision
    yield reason_sentence(decision.reason) or str(DECISION_SENTENCES[decision.decision])
    match recipient.spelling:
        case Spelling.EXACT:
            yield _("The alias was found by the address as it is written.")
        case Spelling.LOWER_CASE:
            yield _("The alias was found by the address in lower case.")
        case Spelling.CUT:
            yield _("No alias has the whole address, so %(cut)s was left out.") % {"cut": recipient.cut}
    if decision.decision is not Decision.REFUSE:
        return
    if recipient.is_bounced:
        yield _("The sender gets a bounce.")
    else:
        yield _("The sender gets no bounce.")
        yield reason_sentence(run.bounce_forbidden)


def planned_sentences(planned: Planned) -> Iterator[str]:
    if planned.is_junk:
        yield _("It goes into the folder for junk (%(why)s).") % {"why": in_words(planned.reason)}
    elif planned.outcome is Outcome.DROPPED:
        yield str(OUTCOME_SENTENCES[planned.outcome])
    elif planned.reason:
        yield reason_sentence(planned.reason)
    if planned.is_repeated:
        yield _("Another recipient has the same destination: it gets the message once.")
