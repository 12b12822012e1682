"""What is needed against what is there, for each record. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.services.dns.findings import Check, Finding, Subject
from aliases.services.dns.identity import Identity, IdentityState
from aliases.services.dns.lookup import Failure
from aliases.services.dns.records import (
    DMARC_SUGGESTED,
    PREFERENCE,
    RECEIVING_REGIONS,
    SPF_SUGGESTED,
    RecordType,
    allows_ses,
    dkim_host,
    dkim_name,
    dmarc_name,
    dmarc_records,
    inbound_host,
    inbound_region,
    read_dmarc,
    spf_records,
    verification_name,
    with_ses,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliases.services.dns.lookup import Answer

NO_ANSWER = {
    Failure.SERVER_FAILURE: Finding.SERVER_FAILURE,
    Failure.SERVER_REFUSES: Finding.SERVER_REFUSES,
    Failure.TIMED_OUT: Finding.TIMED_OUT,
    Failure.UNREACHABLE: Finding.UNREACHABLE,
    Failure.SERVER_SETTING: Finding.SERVER_SETTING,
}
NULL_EXCHANGE = "."


def unanswered(answer: Answer) -> Finding | None:
    """The finding where the name server said nothing that can be compared."""
    return NO_ANSWER.get(answer.failure) if answer.failure is not None else None


def compare_mx(domain: str, answer: Answer, region: str) -> Check:
    """Mail for the domain has to go to SES in our region, and nowhere else. The preference does not matter then."""
    expected = (f"{PREFERENCE} {inbound_host(region)}",) if region else ()
    hosts = [value.partition(" ")[2] for value in answer.values]
    others = [host for host in hosts if host != inbound_host(region)]
    finding = _mx_finding(answer, hosts, others, region)
    if finding is Finding.REGION_CANNOT_RECEIVE:
        expected = ()
    details = {
        "domain": domain,
        "region": region,
        "host": inbound_host(region),
        "others": ", ".join(others),
        "other_region": next(filter(None, map(inbound_region, others)), ""),
        "regions": ", ".join(sorted(RECEIVING_REGIONS)),
    }
    return Check(Subject.MX, domain, RecordType.MX, finding, expected, answer.values, details)


def _mx_finding(answer: Answer, hosts: Sequence[str], others: Sequence[str], region: str) -> Finding:
    if not region:
        return Finding.REGION_UNKNOWN
    if region not in RECEIVING_REGIONS:
        return Finding.REGION_CANNOT_RECEIVE
    silence = unanswered(answer)
    if silence is not None:
        return silence
    if not hosts:
        return Finding.MX_MISSING
    if NULL_EXCHANGE in hosts:
        return Finding.MX_NULL
    if not others:
        return Finding.AS_NEEDED
    if len(others) < len(hosts):
        return Finding.MX_SHARED
    return Finding.MX_OTHER_REGION if all(map(inbound_region, others)) else Finding.MX_ELSEWHERE


def compare_spf(domain: str, answer: Answer) -> Check:
    """One SPF record that lets SES send. What else it allows is nobody's business but the owner's, and stays."""
    found = tuple(spf_records(answer.values))
    expected: tuple[str, ...] = (SPF_SUGGESTED,)
    finding = unanswered(answer)
    if finding is None:
        if not found:
            finding = Finding.SPF_MISSING
        elif len(found) > 1:
            finding, expected = Finding.SPF_SEVERAL, (with_ses(_joined(found)),)
        elif allows_ses(found[0]):
            finding, expected = Finding.AS_NEEDED, found
        else:
            finding, expected = Finding.SPF_WITHOUT_SES, (with_ses(found[0]),)
    return Check(Subject.SPF, domain, RecordType.TXT, finding, expected, found, {"domain": domain})


def _joined(records: Sequence[str]) -> str:
    """One record with the terms of them all; the last word is that of the first record that has one."""
    terms = [term for record in records for term in record.split()[1:]]
    ending = [term for term in terms if term.lower().lstrip("+-~?") == "all"][:1]
    others = [term for term in terms if term.lower().lstrip("+-~?") != "all"]
    return " ".join(["v=spf1", *dict.fromkeys(others), *ending])


def compare_dkim(domain: str, identity: Identity, answers: Mapping[str, Answer], region: str) -> list[Check]:
    """One check for each of the keys. `answers` are the CNAME records by their names."""
    tokens = identity.dkim_tokens
    if not tokens:
        trouble = identity.dkim_trouble
        finding = Finding.DKIM_NOT_SET_UP if trouble is None else ses_trouble(trouble)
        details = {"domain": identity.domain}
        return [Check(Subject.DKIM, f"_domainkey.{domain}", RecordType.CNAME, finding, details=details)]
    return [_dkim_key(token, identity.domain, answers, region) for token in tokens]


def _dkim_key(token: str, domain: str, answers: Mapping[str, Answer], region: str) -> Check:
    name, expected = dkim_name(token, domain), dkim_host(token, region)
    answer = answers[name]
    finding = unanswered(answer)
    if finding is None:
        right = Finding.AS_NEEDED if answer.values == (expected,) else Finding.DKIM_WRONG
        finding = right if answer.values else Finding.DKIM_MISSING
    return Check(Subject.DKIM, name, RecordType.CNAME, finding, (expected,), answer.values, {"name": name})


def compare_dmarc(domain: str, answer: Answer, above: Mapping[str, Answer]) -> Check:
    """A well-formed record of its own, or of a domain above it. `above` are the answers of those, the nearest first."""
    found = tuple(dmarc_records(answer.values))
    details = {"domain": domain, "name": dmarc_name(domain)}
    expected: tuple[str, ...] = (DMARC_SUGGESTED,)
    finding = unanswered(answer)
    if finding is None:
        if len(found) > 1:
            finding = Finding.DMARC_SEVERAL
        elif found and read_dmarc(found[0]) is None:
            finding = Finding.DMARC_MALFORMED
        elif found:
            finding, expected = Finding.AS_NEEDED, found
        else:
            return _dmarc_above(domain, above)
    return Check(Subject.DMARC, dmarc_name(domain), RecordType.TXT, finding, expected, found, details)


def _dmarc_above(domain: str, above: Mapping[str, Answer]) -> Check:
    """RFC 7489 section 6.6.3: without a record of its own, a domain has that of the organization's domain."""
    details = {"domain": domain, "name": dmarc_name(domain)}
    expected: tuple[str, ...] = (DMARC_SUGGESTED,)
    found: tuple[str, ...] = ()
    for parent, answer in above.items():
        finding = unanswered(answer)
        records = dmarc_records(answer.values)
        read = read_dmarc(records[0]) if len(records) == 1 else None
        if read is not None:
            finding, expected = Finding.DMARC_OF_PARENT, (read.text,)
            details |= {"parent": parent, "policy": read.subdomain_policy}
            found = expected
        if finding is not None:
            break
    else:
        finding = Finding.DMARC_MISSING
    return Check(Subject.DMARC, dmarc_name(domain), RecordType.TXT, finding, expected, found, details)


def compare_verification(domain: str, identity: Identity, answer: Answer | None) -> Check:
    """SES has the last word. `answer` is the TXT record of the token, where SES gave one.

    SES also verifies a domain by its DKIM records, and then asks for no TXT record.
    """
    found = answer.values if answer is not None else ()
    finding = _verification_finding(domain, identity)
    wants_record = bool(identity.token) and (bool(found) or identity.state is not IdentityState.VERIFIED)
    record = verification_name(identity.domain)
    details = {"domain": domain, "parent": identity.domain}
    if not wants_record:
        return Check(Subject.VERIFICATION, domain, None, finding, details=details)
    return Check(Subject.VERIFICATION, record, RecordType.TXT, finding, (identity.token,), found, details)


def _verification_finding(domain: str, identity: Identity) -> Finding:
    match identity.state:
        case IdentityState.VERIFIED:
            return Finding.AS_NEEDED if identity.domain == domain else Finding.VERIFIED_WITH_PARENT
        case IdentityState.PENDING:
            return Finding.PENDING
        case IdentityState.FAILED:
            return Finding.VERIFICATION_FAILED
        case IdentityState.ABSENT:
            return Finding.NOT_IN_SES
        case _:
            return ses_trouble(identity.state)


def ses_trouble(state: IdentityState) -> Finding:
    """The finding where SES said nothing that can be compared."""
    match state:
        case IdentityState.DENIED:
            return Finding.SES_DENIES
        case IdentityState.NO_REGION:
            return Finding.REGION_UNKNOWN
        case _:
            return Finding.SES_SILENT
