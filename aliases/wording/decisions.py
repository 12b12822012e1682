"""What was decided about a recipient, and what Amazon SES was told about the message as a whole, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from aliases.records.message import Decision
from mailhandlers.disposition import Disposition

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DECISION_NAMES: dict[Decision, _StrPromise] = {
    Decision.ACCEPT: gettext_lazy("accepted"),
    Decision.IGNORE: gettext_lazy("ignored"),
    Decision.REFUSE: gettext_lazy("refused"),
    Decision.UNDECIDED: gettext_lazy("not decided yet"),
}
DECISION_SENTENCES: dict[Decision, _StrPromise] = {
    Decision.ACCEPT: gettext_lazy("The message goes to the destinations of the alias."),
    Decision.IGNORE: gettext_lazy("The message vanishes, and the sender hears nothing of it."),
    Decision.REFUSE: gettext_lazy("The message is refused, and the sender gets a bounce unless one would be wrong."),
    Decision.UNDECIDED: gettext_lazy("The table gave no answer, so the message is kept until the question is settled."),
}
DECISION_TONES: dict[Decision, str] = {
    Decision.ACCEPT: "good",
    Decision.IGNORE: "quiet",
    Decision.REFUSE: "warning",
    Decision.UNDECIDED: "warning",
}

DISPOSITION_NAMES: dict[Disposition, _StrPromise] = {
    Disposition.REFUSE: gettext_lazy("bounced by Amazon SES"),
    Disposition.IGNORE: gettext_lazy("dropped by Amazon SES"),
    Disposition.ACCEPT: gettext_lazy("accepted and stored"),
}
DISPOSITION_SENTENCES: dict[Disposition, _StrPromise] = {
    Disposition.REFUSE: gettext_lazy("Every recipient is refused, so Amazon SES bounces the message."),
    Disposition.IGNORE: gettext_lazy("Amazon SES takes the message without a word, and drops it."),
    Disposition.ACCEPT: gettext_lazy("Amazon SES stores the message, and it is delivered from there."),
}
DISPOSITION_TONES: dict[Disposition, str] = {
    Disposition.REFUSE: "warning",
    Disposition.IGNORE: "quiet",
    Disposition.ACCEPT: "good",
}
