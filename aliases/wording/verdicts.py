"""The checks of Amazon SES in words: what each found, and what that means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from aliases.wording.outcomes import CHECK_NAMES, VERDICT_NAMES, VERDICT_TONES, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import _StrPromise

VERDICT_SENTENCES: dict[tuple[str, str], _StrPromise] = {
    ("spam", "PASS"): gettext_lazy("It does not look like spam."),
    ("spam", "FAIL"): gettext_lazy("It looks like spam."),
    ("spam", "GRAY"): gettext_lazy("It may be spam or not; that is not held against it."),
    ("virus", "PASS"): gettext_lazy("No virus was found in it."),
    ("virus", "FAIL"): gettext_lazy("A virus was found in it, so it is never delivered."),
    ("spf", "PASS"): gettext_lazy("The server that sent it may send mail of the sender's domain."),
    ("spf", "FAIL"): gettext_lazy("The server that sent it may not send mail of the sender's domain."),
    ("spf", "GRAY"): gettext_lazy("The sender's domain does not say clearly which servers may send its mail."),
    ("dkim", "PASS"): gettext_lazy("It carries a valid signature."),
    ("dkim", "FAIL"): gettext_lazy("Its signature is not valid: it was changed on its way, or is forged."),
    ("dkim", "GRAY"): gettext_lazy("It carries no signature, or none that says anything."),
    ("dmarc", "PASS"): gettext_lazy("The author's domain vouches for it."),
    ("dmarc", "FAIL"): gettext_lazy("The author's domain does not vouch for it."),
    ("dmarc", "GRAY"): gettext_lazy("The author's domain does not say how its mail is to be checked."),
    ("dmarc_policy", "none"): gettext_lazy("The author's domain asks for nothing where the check fails."),
    ("dmarc_policy", "quarantine"): gettext_lazy("The author's domain asks for care where the check fails."),
    ("dmarc_policy", "reject"): gettext_lazy("The author's domain asks to reject it where the check fails."),
}
GENERAL_SENTENCES: dict[str, _StrPromise] = {
    "PROCESSING_FAILED": gettext_lazy("Amazon SES tried to check this and could not."),
    "DISABLED": gettext_lazy("Amazon SES was told not to check this."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check of Amazon SES, what it found, and what that means; `sentence` is empty where nobody knows."""

    name: str
    found: str
    tone: str
    sentence: str


def verdicts_in_words(verdicts: Mapping[str, str]) -> Iterator[Verdict]:
    """In the order in which Amazon SES names them, then those that nobody knows."""
    for check in sorted(verdicts, key=lambda name: list(CHECK_NAMES).index(name) if name in CHECK_NAMES else 99):
        found = verdicts[check]
        name = str(VERDICT_NAMES.get(found) or found)
        yield Verdict(in_words(check), name, VERDICT_TONES.get(found, "quiet"), verdict_sentence(check, found))


def verdict_sentence(check: str, found: str) -> str:
    """What a finding means; empty where nobody knows."""
    return str(VERDICT_SENTENCES.get((check, found)) or GENERAL_SENTENCES.get(found) or "")
