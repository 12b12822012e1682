"""Every finding has one sentence that a person can act on."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from aliases.services.dns.comparison import (
    compare_dkim,
    compare_dmarc,
    compare_mx,
    compare_spf,
    compare_verification,
)
from aliases.services.dns.findings import GOOD, MISSING, UNANSWERED, Check, Finding, Status, Subject
from aliases.services.dns.identity import Identity, IdentityState, no_identity
from aliases.services.dns.lookup import Answer, Failure
from aliases.services.dns.records import RecordType
from aliases.services.dns.sentences import AS_NEEDED, SENTENCES, STATUS_NAMES, SUBJECT_NAMES, sentence

NAME = "mail.taco.example"
ABOVE = "taco.example"
US = "inbound-smtp.us-east-1.amazonaws.com"


def answers() -> list[Answer]:
    values = [
        (), ("10 a.example.com",), (f"10 {US}",), (f"10 {US}", "10 a.example.com"), ("0 .",),
        ("10 inbound-smtp.eu-west-1.amazonaws.com",), ("v=spf1 -all",), ("v=spf1 include:amazonses.com",),
        ("v=spf1", "v=spf1 a"), ("v=DMARC1; p=none",), ("v=DMARC1",), ("v=DMARC1; p=none", "v=DMARC1; p=reject"),
        ("key.dkim.amazonses.com",),
    ]  # fmt: skip
    found = [Answer(NAME, RecordType.TXT, v, None if v else Failure.NO_SUCH_NAME) for v in values]
    return found + [Answer(NAME, RecordType.TXT, failure=failure) for failure in Failure]


def every_check() -> list[Check]:
    """What the comparisons make of all kinds of answers, so that each finding is there with its real details."""
    identities = [no_identity(NAME, state) for state in IdentityState]
    identities += [Identity(domain, s, "t", ("key",)) for domain in (NAME, ABOVE) for s in IdentityState]
    identities += [Identity(NAME, IdentityState.VERIFIED, dkim_tokens=())]
    nothing = Answer(NAME, RecordType.TXT, failure=Failure.NO_SUCH_NAME)
    made = [compare_mx(NAME, a, region) for a in answers() for region in ("", "us-east-1", "ca-west-1")]
    for a in answers():
        made += [compare_spf(NAME, a), compare_dmarc(NAME, a, {ABOVE: a}), compare_dmarc(NAME, nothing, {ABOVE: a})]
        for identity in identities:
            keys = {f"key._domainkey.{identity.domain}": a}
            made += [compare_verification(NAME, identity, a), *compare_dkim(NAME, identity, keys, "us-east-1")]
    return made


def test_each_finding_can_come_about_and_has_a_sentence_of_its_own() -> None:
    made = every_check()
    assert {check.finding for check in made} == set(Finding)
    for check in made:
        text = sentence(check)
        assert text.endswith(".")
        assert "%(" not in text
        assert text[0].isupper() or text.startswith(NAME)
    texts = [str(text) for text in SENTENCES.values()]
    assert len(set(texts)) == len(texts) == len(Finding) - 1


def test_every_subject_and_status_has_its_words() -> None:
    assert set(SUBJECT_NAMES) == set(AS_NEEDED) == set(Subject)
    assert set(STATUS_NAMES) == set(Status)


def test_each_finding_has_one_status() -> None:
    assert not GOOD & MISSING
    assert not GOOD & UNANSWERED
    assert not MISSING & UNANSWERED


@pytest.mark.parametrize("finding", [Finding.MX_OTHER_REGION, Finding.MX_SHARED])
def test_a_sentence_names_what_is_wrong(finding: Finding) -> None:
    (check,) = [c for c in every_check() if c.finding is finding and c.details["region"] == "us-east-1"][:1]
    named = {Finding.MX_OTHER_REGION: "eu-west-1", Finding.MX_SHARED: "a.example.com"}[finding]
    with override("en"):
        assert named in sentence(check)
