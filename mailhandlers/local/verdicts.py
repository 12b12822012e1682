"""The verdicts that SES would reach by scanning and by asking DNS.

Everything passes, except what a test asks for: the standard test strings of spam and virus scanners, and the header
field `X-Local-Verdicts: spam=FAIL, virus=FAIL, spf=FAIL, dkim=FAIL, dmarc=FAIL, policy=reject`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace

from mailhandlers.local.trace import first_value, header_fields

FIELD = "X-Local-Verdicts"
PASS = "PASS"  # noqa: S105  a verdict, no password
FAIL = "FAIL"
DISABLED = "DISABLED"
POLICY = "policy"

# The two test strings in pieces, so that no scanner takes this file for what it describes.
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*" + b"GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# An infected file begins with its string, so as an attachment it begins with this; it fits on the first line.
EICAR_ATTACHED = base64.b64encode(EICAR[:51])


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One status for each check, in SES's words. `policy` is what the sender's domain asks for after a DMARC FAIL."""

    spam: str = PASS
    virus: str = PASS
    spf: str = PASS
    dkim: str = PASS
    dmarc: str = PASS
    policy: str = ""

    def unscanned(self) -> Verdicts:
        """What a rule sees that does not scan."""
        return replace(self, spam=DISABLED, virus=DISABLED)


CHECKS = ("spam", "virus", "spf", "dkim", "dmarc")


def verdicts_of(data: bytes) -> Verdicts:
    """The verdicts for a message. Words that are no check, and statuses of any spelling, are taken as they come."""
    wanted: dict[str, str] = {}
    if GTUBE in data:
        wanted["spam"] = FAIL
    if EICAR in data or EICAR_ATTACHED in data:
        wanted["virus"] = FAIL
    for part in (first_value(header_fields(data), FIELD) or "").split(","):
        name, _, status = (word.strip() for word in part.partition("="))
        if name.lower() in CHECKS and status:
            wanted[name.lower()] = status.upper()
        elif name.lower() == POLICY:
            wanted[POLICY] = status.lower()
    return replace(Verdicts(), **wanted)
