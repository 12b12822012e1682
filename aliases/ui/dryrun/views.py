"""What would happen to mail from A to B now?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.records.exceptions import ConfigurationError
from aliases.records.message import Decision, Outcome
from aliases.services.dryrun import Spelling, dry_run
from aliases.ui.dryrun.forms import DryRunForm
from aliases.ui.pages import page, render_page
from aliases.wording.decisions import (
    DECISION_NAMES,
    DECISION_SENTENCES,
    DECISION_TONES,
    DISPOSITION_NAMES,
    DISPOSITION_SENTENCES,
    DISPOSITION_TONES,
)
from aliases.wording.outcomes import (
    OUTCOME_NAMES,
    OUTCOME_SENTENCES,
    delivery_name,
    in_words,
    outcome_tone,
    reason_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from aliases.services.dryrun import DryRun, Planned, Recipient
    from aliases.ui.pages import Request


@page("GET")
def dry_run_page(request: Request) -> HttpResponse:
    """The form, and above it the answer where something is asked. Nothing is written.

    Cost: 2 calls, 3 with an answer.
    """
    form = DryRunForm.asked(request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            context |= shown(dry_run(form.question()))
        except ConfigurationError as error:
            form.refuse(error)
    return render_page(request, "ui/dryrun/dry_run.html", context, status=form.answer_status())


def shown(run: DryRun) -> dict[str, Any]:
    """The answer in words."""
    return {
        "run": run,
        "disposition": {
            "name": DISPOSITION_NAMES[run.disposition],
            "tone": DISPOSITION_TONES[run.disposition],
            "sentence": _disposition(run),
        },
        "recipients": [_recipient(recipient, run) for recipient in run.recipients],
    }


def _disposition(run: DryRun) -> str:
    """A refused message that nobody may bounce is dropped, and not for the reason of an ignored one."""
    if run.bounce_forbidden and all(r.decision.decision is Decision.REFUSE for r in run.recipients):
        return _("Every recipient is refused, but no bounce may answer this message, so Amazon SES drops it.")
    return str(DISPOSITION_SENTENCES[run.disposition])


def _recipient(recipient: Recipient, run: DryRun) -> dict[str, Any]:
    decision = recipient.decision
    return {
        "address": decision.recipient,
        "decision": DECISION_NAMES[decision.decision],
        "tone": DECISION_TONES[decision.decision],
        "alias": decision.log_address if decision.key else "",
        "identifier": decision.identifier,
        "sentences": list(_sentences(recipient, run)),
        "planned": [_planned(planned) for planned in recipient.planned],
    }


def _sentences(recipient: Recipient, run: DryRun) -> Iterator[str]:
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


def _planned(planned: Planned) -> dict[str, Any]:
    return {
        "name": delivery_name(planned.name),
        "outcome": OUTCOME_NAMES[planned.outcome],
        "tone": outcome_tone(planned.outcome),
        "sentences": list(_planned_sentences(planned)),
    }


def _planned_sentences(planned: Planned) -> Iterator[str]:
    if planned.is_junk:
        yield _("It goes into the folder for junk (%(why)s).") % {"why": in_words(planned.reason)}
    elif planned.outcome is Outcome.DROPPED:
        yield str(OUTCOME_SENTENCES[planned.outcome])
    elif planned.reason:
        yield reason_sentence(planned.reason)
    if planned.is_repeated:
        yield _("Another recipient has the same destination: it gets the message once.")
