"""What Amazon SES says about a domain: whether it believes that the domain is ours, and the tokens of its DKIM keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aliases.records.connection import PATIENT_LIMITS, Limits
from aliases.services.dns.records import aws_region, parents
from mailhandlers.clients import clients

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

# A page waits for it, so it waits little; the second try is for the limit of one request in a second.
SES_LIMITS = Limits(connect_seconds=1.0, read_seconds=2.0, attempts=2)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "InvalidClientTokenId"})


class IdentityState(StrEnum):
    """What SES knows about a domain."""

    VERIFIED = "verified"
    PENDING = "pending"  # SES waits for the DNS records
    FAILED = "failed"  # SES has given up on them
    ABSENT = "absent"  # nobody asked SES to verify it
    DENIED = "denied"  # our credentials may not ask
    SILENT = "silent"  # SES gave no answer
    NO_REGION = "no_region"  # the environment does not say which region's SES it is


STATES = {  # https://docs.aws.amazon.com/ses/latest/APIReference/API_IdentityVerificationAttributes.html
    "Success": IdentityState.VERIFIED,
    "Pending": IdentityState.PENDING,
    "TemporaryFailure": IdentityState.PENDING,
    "NotStarted": IdentityState.ABSENT,
    "Failed": IdentityState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Identity:
    """`domain` is the one that SES knows: the one asked about, or the nearest domain above it that is verified.

    `token` is empty where SES verifies the domain by its DKIM records. `dkim_tokens` is None where SES did not say
    them; then `dkim_trouble` says why.
    """

    domain: str
    state: IdentityState
    token: str = ""
    dkim_tokens: tuple[str, ...] | None = None
    dkim_trouble: IdentityState | None = None


def no_identity(domain: str, trouble: IdentityState) -> Identity:
    """What is known of a domain when SES says nothing."""
    return Identity(domain, trouble, dkim_trouble=trouble)


def ses_client() -> SESClient | None:
    """None where the environment names no region, or none that there is, so that there is no SES to ask. No request."""
    try:
        return clients(PATIENT_LIMITS, SES_LIMITS).ses if aws_region() else None
    except BotoCoreError:
        return None


def identity_of(domain: str, ses: SESClient | None) -> Identity:
    """What SES says about a domain. It verifies a domain along with those below it, so the ones above are asked, too.

    Never raises. Cost: 2 requests to SES, within a few seconds.
    """
    if ses is None:
        return no_identity(domain, IdentityState.NO_REGION)
    asked = [domain, *parents(domain)]
    try:
        found = ses.get_identity_verification_attributes(Identities=asked)["VerificationAttributes"]
    except (ClientError, BotoCoreError) as error:
        return no_identity(domain, _trouble(error))
    states = {name: STATES.get(entry["VerificationStatus"], IdentityState.PENDING) for name, entry in found.items()}
    known = next((name for name in asked if states.get(name) is IdentityState.VERIFIED), domain)
    state = states.get(known, IdentityState.ABSENT)
    if state is IdentityState.ABSENT:
        return Identity(domain, state, dkim_tokens=())
    return _with_dkim(Identity(known, state, found[known].get("VerificationToken", "")), ses)


def _with_dkim(identity: Identity, ses: SESClient) -> Identity:
    try:
        found = ses.get_identity_dkim_attributes(Identities=[identity.domain])["DkimAttributes"]
    except (ClientError, BotoCoreError) as error:
        return replace(identity, dkim_trouble=_trouble(error))
    tokens = found[identity.domain].get("DkimTokens", []) if identity.domain in found else []
    return replace(identity, dkim_tokens=tuple(tokens))


def _trouble(error: ClientError | BotoCoreError) -> IdentityState:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return IdentityState.DENIED if code in DENIED else IdentityState.SILENT
