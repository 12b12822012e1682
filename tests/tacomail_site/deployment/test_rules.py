"""The receipt rules follow the served domains, in an order in which no served domain is left to the bouncing rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from tacomail_site.deployment.rules import sync_domains

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_ses import SESClient

    from tacomail_site.deployment.resources import Deployment

ACCEPT, BOUNCE = "tacomail-accept", "tacomail-bounce"
Recipients = dict[str, set[str]]


def serving(deployment: Deployment, *domains: str) -> Deployment:
    return replace(deployment, domains=domains)


def rules(ses: SESClient) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", ses.describe_receipt_rule_set(RuleSetName="tacomail").get("Rules", []))


def recipients(ses: SESClient) -> Recipients:
    return {rule["Name"]: set(rule["Recipients"]) for rule in rules(ses)}


@pytest.fixture
def ses(deployment: Deployment, session: Session) -> SESClient:
    session.client("s3").create_bucket(Bucket=deployment.bucket)  # SES looks whether it can write there
    made = session.client("ses")
    made.create_receipt_rule_set(RuleSetName=deployment.rule_set)
    return made


CHANGES = [
    pytest.param((), ("a.example.org",), id="first domain"),
    pytest.param(("a.example.org",), ("a.example.org", "b.example.org"), id="one more"),
    pytest.param(("a.example.org", "b.example.org"), ("b.example.org",), id="one less"),
    pytest.param(("a.example.org",), (), id="last one gone"),
    pytest.param(("a.example.org", "b.example.org"), ("b.example.org", "c.example.org"), id="one for another"),
    pytest.param(("a.example.org",), ("b.example.org",), id="all for others"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_the_rules_end_up_with_the_new_domains(
    deployment: Deployment, ses: SESClient, old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    sync_domains(serving(deployment, *old), ses)
    sync_domains(serving(deployment, *new), ses)
    assert recipients(ses) == ({ACCEPT: set(new), BOUNCE: set(new)} if new else {})
    assert [rule["Name"] for rule in rules(ses)] == ([ACCEPT, BOUNCE] if new else [])


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_no_moment_leaves_a_domain_to_the_bouncing_rule_alone(
    deployment: Deployment, ses: SESClient, old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    sync_domains(serving(deployment, *old), ses)
    moments: list[Recipients] = []

    def look(model: Any, **_: Any) -> None:
        if not model.name.startswith("Describe"):
            moments.append(recipients(ses))

    ses.meta.events.register("after-call.ses", look)
    sync_domains(serving(deployment, *new), ses)
    assert moments
    for moment in moments:
        assert moment.get(BOUNCE, set()) <= moment.get(ACCEPT, set())
        assert set() not in moment.values()  # a rule without recipients would match every verified domain


def test_nothing_is_written_when_nothing_differs(deployment: Deployment, ses: SESClient) -> None:
    sync_domains(serving(deployment, "a.example.org"), ses)
    assert sync_domains(serving(deployment, "a.example.org"), ses) == []


def test_an_altered_rule_is_mended(deployment: Deployment, ses: SESClient) -> None:
    sync_domains(serving(deployment, "a.example.org"), ses)
    altered = {**rules(ses)[0], "Enabled": False}
    ses.update_receipt_rule(RuleSetName="tacomail", Rule=cast("Any", altered))
    assert [str(change) for change in sync_domains(serving(deployment, "a.example.org"), ses)] == [
        "updated receipt rule tacomail-accept"
    ]
    assert rules(ses)[0]["Enabled"]


def test_rules_of_somebody_else_stay_where_they_are(deployment: Deployment, ses: SESClient) -> None:
    theirs = {"Name": "theirs", "Enabled": True, "TlsPolicy": "Optional", "Recipients": ["x.example.org"]}
    ses.create_receipt_rule(RuleSetName="tacomail", Rule=cast("Any", theirs))
    sync_domains(serving(deployment, "a.example.org"), ses)
    sync_domains(serving(deployment), ses)
    assert [rule["Name"] for rule in rules(ses)] == ["theirs"]


def test_a_bouncing_rule_that_somebody_moved_to_the_front_goes_back(deployment: Deployment, ses: SESClient) -> None:
    sync_domains(serving(deployment, "a.example.org"), ses)
    ses.reorder_receipt_rule_set(RuleSetName="tacomail", RuleNames=[BOUNCE, ACCEPT])
    sync_domains(serving(deployment, "a.example.org"), ses)
    assert [rule["Name"] for rule in rules(ses)] == [ACCEPT, BOUNCE]


def test_a_hundred_domains_can_be_exchanged_for_a_hundred_others(deployment: Deployment, ses: SESClient) -> None:
    old = [f"old{i}.example.org" for i in range(100)]
    new = [f"new{i}.example.org" for i in range(100)]
    sync_domains(serving(deployment, *old), ses)
    sync_domains(serving(deployment, *new), ses)
    assert recipients(ses)[ACCEPT] == set(new)
