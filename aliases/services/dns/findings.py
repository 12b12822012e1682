"""What a check of a domain can find. A closed vocabulary: `sentences` has the words for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.services.dns.records import RecordType


class Status(StrEnum):
    OK = "ok"  # as it is needed
    MISSING = "missing"  # not there (yet)
    WRONG = "wrong"  # there, and it has to be changed
    UNKNOWN = "unknown"  # the name server, or Amazon SES, gave no answer


class Subject(StrEnum):
    """What a check is about."""

    MX = "mx"  # where mail for the domain goes
    SPF = "spf"  # who may send for it
    DKIM = "dkim"  # the keys of its signatures
    DMARC = "dmarc"  # what becomes of mail that only claims to be from it
    VERIFICATION = "verification"  # whether Amazon SES believes that the domain is ours


class Finding(StrEnum):
    AS_NEEDED = "as_needed"
    # MX
    MX_MISSING = "mx_missing"
    MX_ELSEWHERE = "mx_elsewhere"  # other servers get the mail
    MX_SHARED = "mx_shared"  # other servers get some of it
    MX_OTHER_REGION = "mx_other_region"  # SES gets it, where nobody waits for it
    MX_NULL = "mx_null"  # RFC 7505: the domain takes no mail
    REGION_UNKNOWN = "region_unknown"  # the environment names none
    REGION_CANNOT_RECEIVE = "region_cannot_receive"
    # SPF
    SPF_MISSING = "spf_missing"
    SPF_SEVERAL = "spf_several"  # RFC 7208 section 4.5: as good as none
    SPF_WITHOUT_SES = "spf_without_ses"
    # DKIM
    DKIM_MISSING = "dkim_missing"
    DKIM_WRONG = "dkim_wrong"
    DKIM_NOT_SET_UP = "dkim_not_set_up"  # SES has no keys for the domain
    # DMARC
    DMARC_MISSING = "dmarc_missing"
    DMARC_SEVERAL = "dmarc_several"  # RFC 7489 section 6.6.3: as good as none
    DMARC_MALFORMED = "dmarc_malformed"
    DMARC_OF_PARENT = "dmarc_of_parent"
    # Verification
    VERIFIED_WITH_PARENT = "verified_with_parent"
    NOT_IN_SES = "not_in_ses"
    PENDING = "pending"
    VERIFICATION_FAILED = "verification_failed"
    # No answer
    SERVER_FAILURE = "server_failure"
    SERVER_REFUSES = "server_refuses"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    SERVER_SETTING = "server_setting"  # TACOMAIL_DNS_SERVER, or the system's own, cannot be understood
    SES_DENIES = "ses_denies"
    SES_SILENT = "ses_silent"


MISSING = frozenset({
    Finding.MX_MISSING, Finding.SPF_MISSING, Finding.DKIM_MISSING, Finding.DKIM_NOT_SET_UP, Finding.DMARC_MISSING,
    Finding.NOT_IN_SES, Finding.PENDING,
})  # fmt: skip
GOOD = frozenset({Finding.AS_NEEDED, Finding.DMARC_OF_PARENT, Finding.VERIFIED_WITH_PARENT})
UNANSWERED = frozenset({
    Finding.REGION_UNKNOWN, Finding.SERVER_FAILURE, Finding.SERVER_REFUSES, Finding.TIMED_OUT, Finding.UNREACHABLE,
    Finding.SERVER_SETTING, Finding.SES_DENIES, Finding.SES_SILENT,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `type` is None where it is no DNS record but what SES says.

    `expected` are the values to write into DNS, `found` those that are there. `details` is what the sentence names.
    """

    subject: Subject
    name: str
    type: RecordType | None
    finding: Finding
    expected: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        if self.finding in GOOD:
            return Status.OK
        if self.finding in UNANSWERED:
            return Status.UNKNOWN
        return Status.MISSING if self.finding in MISSING else Status.WRONG
