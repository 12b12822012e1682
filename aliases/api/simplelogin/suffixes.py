"""What may stand behind the part of an address that one chooses: signed, so that it comes back as it was offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext as _

from aliases.api.simplelogin.calls import SuffixRefused
from aliases.services.names import tail_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SALT = "aliases.api.simplelogin.suffix"
GOOD_FOR = 600  # seconds, as theirs


class Suffix(NamedTuple):
    """`text` is `.k7xq@taco.example`, or `@taco.example`."""

    text: str
    signed: str


def offered_suffixes(domains: Iterable[str]) -> Iterator[Suffix]:
    """For each domain one that nobody guesses, then the bare one."""
    for domain in domains:
        for text in (f".{tail_letters()}@{domain}", f"@{domain}"):
            yield Suffix(text, _signer().sign(text))


def accepted_suffix(signed: str) -> tuple[str, str]:
    """What of it stands before the @, and the domain. Raises SuffixRefused."""
    try:
        text = _signer().unsign(signed, max_age=GOOD_FOR)
    except SignatureExpired as error:
        raise SuffixRefused(_("The suffix is more than ten minutes old: ask for the suffixes again.")) from error
    except (BadSignature, ValueError) as error:  # a lone surrogate has no UTF-8 form; a moment may be no number
        raise SuffixRefused(_("The suffix is none that was offered here: ask for the suffixes again.")) from error
    local_part, _at, domain = text.partition("@")
    return local_part, domain


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT)
