"""What a domain needs, and how SPF and DMARC records are read."""

from __future__ import annotations

import pytest

from aliases.services.dns.records import (
    allows_ses,
    aws_region,
    dkim_host,
    dmarc_records,
    inbound_region,
    parents,
    read_dmarc,
    spf_records,
    with_ses,
)


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({}, ""),
        ({"AWS_REGION": " "}, ""),
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-2"),
    ],
)
def test_the_region_is_the_one_that_aws_clients_use(environment: dict[str, str], region: str) -> None:
    assert aws_region(environment) == region


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("inbound-smtp.eu-west-1.amazonaws.com", "eu-west-1"),
        ("inbound-smtp.eu-west-1.amazonaws.com.example", ""),
        ("mail.example.com", ""),
        (".", ""),
    ],
)
def test_a_mail_exchanger_of_ses_tells_its_region(host: str, region: str) -> None:
    assert inbound_region(host) == region


@pytest.mark.parametrize(
    ("region", "host"), [("us-east-1", "abc.dkim.amazonses.com"), ("eu-south-1", "abc.dkim.eu-south-1.amazonses.com")]
)
def test_some_regions_have_a_dkim_domain_of_their_own(region: str, host: str) -> None:
    assert dkim_host("ABC", region) == host


@pytest.mark.parametrize(
    ("domain", "above"),
    [
        ("taco.example", ()),
        ("mail.taco.example", ("taco.example",)),
        ("a.b.taco.example", ("b.taco.example", "taco.example")),
        ("1.2.3.4.5.6.taco.example", tuple(f"{n}.6.taco.example"[2 * i :] for i, n in enumerate(["2.3.4.5"] * 4))),
    ],
)
def test_the_domains_above_are_those_below_the_top_level_and_not_too_many(domain: str, above: tuple[str, ...]) -> None:
    assert parents(domain) == above


def test_an_spf_record_begins_with_the_version_and_a_blank() -> None:
    texts = ["v=spf1 -all", "V=SPF1", "v=spf10 -all", "v=spf1-all", "google-site-verification=v=spf1 ", "v=spf2 "]
    assert spf_records(texts) == ["v=spf1 -all", "V=SPF1"]


@pytest.mark.parametrize(
    ("record", "allowed"),
    [
        ("v=spf1 include:amazonses.com ~all", True),
        ("v=spf1 mx INCLUDE:AmazonSES.com -all", True),
        ("v=spf1 +include:amazonses.com -all", True),
        ("v=spf1 include:amazonses.com", True),
        ("v=spf1 redirect=amazonses.com", True),
        ("v=spf1 -include:amazonses.com ~all", False),
        ("v=spf1 ~all include:amazonses.com", False),
        ("v=spf1 -all redirect=amazonses.com", False),
        ("v=spf1 include:notamazonses.com ~all", False),
        ("v=spf1 include=amazonses.com ~all", False),
        ("v=spf1", False),
    ],
)
def test_ses_may_send_where_it_is_named_before_the_last_word(record: str, allowed: bool) -> None:
    assert allows_ses(record) is allowed


@pytest.mark.parametrize(
    ("record", "better"),
    [
        ("v=spf1 -all", "v=spf1 include:amazonses.com -all"),
        ("v=spf1", "v=spf1 include:amazonses.com"),
        (
            "v=spf1 mx ip4:192.0.2.0/24 include:_spf.example.com ?all",
            "v=spf1 mx ip4:192.0.2.0/24 include:_spf.example.com include:amazonses.com ?all",
        ),
        ("v=spf1 mx redirect=_spf.example.com", "v=spf1 mx include:amazonses.com redirect=_spf.example.com"),
        ("v=spf1 ~all include:amazonses.com", "v=spf1 include:amazonses.com ~all"),
        ("V=SPF1 -include:amazonses.com a ~ALL", "v=spf1 a include:amazonses.com ~ALL"),
    ],
)
def test_ses_is_added_where_it_counts_and_the_rest_stays(record: str, better: str) -> None:
    assert with_ses(record) == better
    assert allows_ses(better)


def test_a_dmarc_record_begins_with_its_version_in_upper_case() -> None:
    texts = ["v=DMARC1; p=none", "v = DMARC1;p=none", "v=DMARC1", "v=dmarc1; p=none", "p=none; v=DMARC1", "v=DMARC12"]
    assert dmarc_records(texts) == texts[:3]


@pytest.mark.parametrize(
    ("text", "policy", "below"),
    [
        ("v=DMARC1; p=none", "none", "none"),
        ("v=DMARC1;p=Reject;", "reject", "reject"),
        ("v=DMARC1; p=reject; sp=none; rua=mailto:a@taco.example; pct=50", "reject", "none"),
        ("v=DMARC1; p = quarantine ; adkim=s", "quarantine", "quarantine"),
    ],
)
def test_a_well_formed_dmarc_record_tells_its_policies(text: str, policy: str, below: str) -> None:
    read = read_dmarc(text)
    assert read is not None
    assert (read.policy, read.subdomain_policy) == (policy, below)


@pytest.mark.parametrize(
    "text",
    [
        "v=DMARC1",
        "v=DMARC1; p=",
        "v=DMARC1; p=nothing",
        "v=DMARC1; p=none; sp=nothing",
        "v=DMARC1 p=none",
        "v=DMARC1; none",
        "v=DMARC1; p=none; p=reject",
    ],
)
def test_a_malformed_dmarc_record_is_none(text: str) -> None:
    assert read_dmarc(text) is None
