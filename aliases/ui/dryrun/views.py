"""What would happen to mail from A to B now?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import ConfigurationError
from aliases.services.dryrun import dry_run
from aliases.ui.dryrun.forms import DryRunForm
from aliases.ui.pages import page, render_page
from aliases.wording.decisions import (
    DECISION_NAMES,
    DECISION_TONES,
    DISPOSITION_NAMES,
    DISPOSITION_TONES,
)
from aliases.wording.dryruns import disposition_sentence, planned_sentences, recipient_sentences
from aliases.wording.outcomes import (
    OUTCOME_NAMES,
    delivery_name,
    outcome_tone,
)

if TYPE_CHECKING:
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
            "sentence": disposition_sentence(run),
        },
        "recipients": [_recipient(recipient, run) for recipient in run.recipients],
    }


def _recipient(recipient: Recipient, run: DryRun) -> dict[str, Any]:
    decision = recipient.decision
    return {
        "address": decision.recipient,
        "decision": DECISION_NAMES[decision.decision],
        "tone": DECISION_TONES[decision.decision],
        "alias": decision.log_address if decision.key else "",
        "identifier": decision.identifier,
        "sentences": list(recipient_sentences(recipient, run)),
        "planned": [_planned(planned) for planned in recipient.planned],
    }


def _planned(planned: Planned) -> dict[str, Any]:
    return {
        "name": delivery_name(planned.name),
        "outcome": OUTCOME_NAMES[planned.outcome],
        "tone": outcome_tone(planned.outcome),
        "sentences": list(planned_sentences(planned)),
    }
