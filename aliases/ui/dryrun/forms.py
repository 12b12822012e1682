"""The question of a dry run. It is asked by GET, so that an answer can be linked and asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aliases.records.addresses import parse_mailbox
from aliases.records.exceptions import InvalidAddress
from aliases.services.dryrun import MOST_RECIPIENTS, Dmarc, Question
from aliases.ui.forms import PLAIN, Form
from aliases.wording.errors import sentence

if TYPE_CHECKING:
    from django.http import QueryDict

SOMEBODY = "somebody@example.com"
MOST_LETTERS = 4_000  # ten addresses of any length that makes sense, and what does not is cut before that
PASSED, FAILED = "pass", "fail"
VERDICTS = ("spam", "virus", "dmarc")
DMARC_NAMES = {
    Dmarc.PASS: gettext_lazy("Passed"),
    Dmarc.NONE: gettext_lazy("Failed; the sender's domain asks for nothing"),
    Dmarc.QUARANTINE: gettext_lazy("Failed; the sender's domain asks for care (quarantine)"),
    Dmarc.REJECT: gettext_lazy("Failed; the sender's domain asks to reject"),
}


def _verdict(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[(PASSED, gettext_lazy("Passed")), (FAILED, gettext_lazy("Failed"))])


class DryRunForm(Form):
    sender = forms.CharField(
        label=gettext_lazy("From"),
        required=False,
        max_length=320,
        initial=SOMEBODY,
        help_text=gettext_lazy("The sender's address. Empty, as bounces and automatic replies have it."),
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "email"}),
    )
    to = forms.CharField(
        label=gettext_lazy("To"),
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("The recipients, one on each line."),
        widget=forms.Textarea(attrs={**PLAIN, "rows": 3, "inputmode": "email"}),
    )
    spam = _verdict(gettext_lazy("Check for spam"))
    virus = _verdict(gettext_lazy("Check for viruses"))
    dmarc = forms.ChoiceField(label=gettext_lazy("Check of the sender (DMARC)"), choices=list(DMARC_NAMES.items()))
    automatic = forms.BooleanField(
        label=gettext_lazy("Sent by a program, such as a newsletter or an out-of-office reply"), required=False
    )

    @classmethod
    def asked(cls, query: QueryDict) -> DryRunForm:
        """Bound where the address of the page names a recipient. What it does not name is as most mail has it."""
        if "to" not in query:
            return cls()
        values = query.copy()
        values.setdefault("sender", SOMEBODY)
        for name in VERDICTS:
            values.setdefault(name, PASSED)
        return cls(values)

    def clean_sender(self) -> str:
        sender = str(self.cleaned_data["sender"]).strip()
        if sender in {"", "<>"}:
            return ""
        try:
            parse_mailbox(sender)
        except InvalidAddress as error:
            raise forms.ValidationError(sentence(error)) from error
        return sender

    def clean_to(self) -> tuple[str, ...]:
        lines = (line.strip() for line in str(self.cleaned_data["to"]).splitlines())
        recipients = tuple(dict.fromkeys(line for line in lines if line))
        if len(recipients) > MOST_RECIPIENTS:
            text = ngettext(
                "Ask about one recipient at a time.", "Ask about up to %(most)d recipients at a time.", MOST_RECIPIENTS
            )
            raise forms.ValidationError(text % {"most": MOST_RECIPIENTS})
        if not recipients:
            raise forms.ValidationError(_("Name at least one recipient."))
        return recipients

    @property
    def has_verdicts(self) -> bool:
        """Whether anything else is asked than a message without fault."""
        return any(self[name].value() not in {None, PASSED} for name in VERDICTS) or bool(self["automatic"].value())

    def question(self) -> Question:
        """Of a valid form."""
        cleaned = self.cleaned_data
        return Question(
            cleaned["sender"],
            cleaned["to"],
            spam=cleaned["spam"] == FAILED,
            virus=cleaned["virus"] == FAILED,
            dmarc=Dmarc(cleaned["dmarc"]),
            automatic=cleaned["automatic"],
        )
