"""What became of waiting mail that somebody acted on, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.message import Outcome
from aliases.wording.errors import translated
from aliases.wording.outcomes import ENDING_SENTENCES, reason_sentence
from mailhandlers.redelivery import Ending

if TYPE_CHECKING:
    from mailhandlers.redelivery import Report


def why_not_done(report: Report) -> str:
    """Why it is not done, as whole as it is known."""
    if report.error.template:
        return translated(report.error)
    errors = [result.error for result in report.results.values() if result.outcome is Outcome.FAILED and result.error]
    if report.ending is Ending.FAILED and errors:
        return " ".join(errors)
    sentence = reason_sentence(report.reason) if report.ending is Ending.HELD else ""
    return sentence or str(ENDING_SENTENCES[report.ending])
