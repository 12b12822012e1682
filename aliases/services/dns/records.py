"""What a domain needs in DNS for its aliases to work, and how its SPF and DMARC records are read. No request."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
# The table "Email Receiving endpoints" of https://docs.aws.amazon.com/general/latest/gr/ses.html: SES sends from more
# regions than it receives in, and no API tells them apart.
RECEIVING_REGIONS = frozenset({
    "af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-3", "ca-central-1", "eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1",
    "eu-west-2", "eu-west-3", "il-central-1", "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
    "us-west-2",
})  # fmt: skip
# The table "DKIM domains" of the same page: these regions have one of their own.
REGIONS_WITH_A_DKIM_DOMAIN = frozenset({
    "af-south-1", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-5", "ca-west-1", "eu-central-2",
    "eu-south-1", "il-central-1", "me-central-1", "us-gov-east-1",
})  # fmt: skip

PREFERENCE = 10
INBOUND_HOST = re.compile(r"inbound-smtp\.([a-z0-9-]+)\.amazonaws\.com")
SES_DOMAIN = "amazonses.com"
SES_MECHANISM = f"include:{SES_DOMAIN}"
SPF_SUGGESTED = f"v=spf1 {SES_MECHANISM} ~all"
DMARC_SUGGESTED = "v=DMARC1; p=none"
DMARC_POLICIES = frozenset({"none", "quarantine", "reject"})
MOST_PARENTS = 4  # a served domain is rarely deeper, and each parent is one more lookup


class RecordType(StrEnum):
    MX = "MX"
    TXT = "TXT"
    CNAME = "CNAME"


def aws_region(environment: Mapping[str, str] | None = None) -> str:
    """The region in which SES receives for this installation; empty where the environment does not say."""
    env = os.environ if environment is None else environment
    return next((env[name].strip() for name in REGION_VARIABLES if env.get(name, "").strip()), "")


def inbound_host(region: str) -> str:
    """Where SES takes mail in a region. https://docs.aws.amazon.com/ses/latest/dg/receiving-email-mx-record.html"""
    return f"inbound-smtp.{region}.amazonaws.com"


def inbound_region(host: str) -> str:
    """The region whose mail exchanger this is; empty for everybody else's."""
    found = INBOUND_HOST.fullmatch(host)
    return found.group(1) if found else ""


def dkim_host(token: str, region: str) -> str:
    """What the CNAME of a DKIM token points to. https://docs.aws.amazon.com/general/latest/gr/ses.html"""
    zone = f"dkim.{region}.{SES_DOMAIN}" if region in REGIONS_WITH_A_DKIM_DOMAIN else f"dkim.{SES_DOMAIN}"
    return f"{token.lower()}.{zone}"


def dkim_name(token: str, domain: str) -> str:
    return f"{token.lower()}._domainkey.{domain}"


def dmarc_name(domain: str) -> str:
    return f"_dmarc.{domain}"


def verification_name(domain: str) -> str:
    """Where SES looks for the token of a domain that it verifies by a TXT record."""
    return f"_amazonses.{domain}"


def parents(domain: str) -> tuple[str, ...]:
    """The domains above this one, the nearest first, without the top-level domain."""
    labels = domain.split(".")
    return tuple(".".join(labels[i:]) for i in range(1, len(labels) - 1))[:MOST_PARENTS]


# SPF: RFC 7208


def spf_records(texts: Sequence[str]) -> list[str]:
    """Those of the TXT records that are SPF records (RFC 7208 section 4.5)."""
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def allows_ses(record: str) -> bool:
    """Whether the record lets SES send: `include:amazonses.com` counts only before `all` (RFC 7208 section 5.1)."""
    for term in _terms(record):
        name = term.lower()
        if name.lstrip("+") == SES_MECHANISM:
            return True
        if name.lstrip("+-~?") == "all":
            return False
    return f"redirect={SES_DOMAIN}" in record.lower().split()


def with_ses(record: str) -> str:
    """The record with SES allowed, everything else in it as it was: put where it still counts, before `all`."""
    others = [term for term in _terms(record) if term.lower().lstrip("+-~?") != SES_MECHANISM]
    last = next((i for i, term in enumerate(others) if _ends(term)), len(others))
    return " ".join(["v=spf1", *others[:last], SES_MECHANISM, *others[last:]])


def _terms(record: str) -> list[str]:
    return record.split()[1:]


def _ends(term: str) -> bool:
    """Whether this term has the last word: `all`, or `redirect=`."""
    return term.lower().lstrip("+-~?") == "all" or term.lower().startswith("redirect=")


# DMARC: RFC 7489


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """A DMARC record that is well formed. `subdomain_policy` is for domains below: `policy` where it names no other."""

    text: str
    policy: str
    subdomain_policy: str


def dmarc_records(texts: Sequence[str]) -> list[str]:
    """Those of the TXT records that are DMARC records (RFC 7489 section 6.6.3: they begin with the version)."""
    return [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]


def read_dmarc(text: str) -> DmarcRecord | None:
    """The record, or None where it is malformed (RFC 7489 sections 6.3 and 6.4): a policy is required."""
    tags: dict[str, str] = {}
    for name, value in _tags(text):
        if not name or name in tags:
            return None
        tags[name] = value
    policy = tags.get("p", "").lower()
    below = tags.get("sp", policy).lower()
    if policy not in DMARC_POLICIES or below not in DMARC_POLICIES:
        return None
    return DmarcRecord(text, policy, below)


def _tags(text: str) -> Iterator[tuple[str, str]]:
    """Names and values; the name is empty where there is no `=`."""
    for part in text.split(";"):
        if part.strip():
            name, equals, value = part.partition("=")
            yield name.strip().lower() if equals else "", value.strip()
