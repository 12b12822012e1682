"""The receipt rules follow the table, whoever writes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from aliases.records.connection import Table, raw_key
from aliases.records.keys import DOMAINS_KEY
from aliases.records.registry import Registry
from aliases.records.schema import ensure_table
from mailhandlers.local.domains import DomainKeeper
from mailhandlers.local.functions import register_functions
from tacomail_site.deployment.exceptions import InvalidDeployment
from tacomail_site.deployment.resources import Deployment
from tests.mailhandlers.local.conftest import ACCOUNT, BUCKET, REGION, RULE_SET

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient


@pytest.fixture
def registry(aws: Session) -> Registry:
    table = Table("tacomail", region=REGION)
    ensure_table(table, wait_seconds=0)
    return Registry(table)


@pytest.fixture
def keeper(aws: Session, registry: Registry, s3: S3Client) -> DomainKeeper:
    register_functions(aws, ACCOUNT, ("tacomail-ses", "tacomail-s3"))
    ses = aws.client("ses")
    ses.create_receipt_rule_set(RuleSetName=RULE_SET)
    return DomainKeeper(registry.table, Deployment(ACCOUNT, REGION, "tacomail", BUCKET), ses)


def rules(aws: Session) -> list[dict[str, Any]]:
    answer = aws.client("ses").describe_receipt_rule_set(RuleSetName=RULE_SET)
    return cast("list[dict[str, Any]]", answer.get("Rules", []))


def test_a_domain_that_is_added_is_verified_and_in_the_rules(
    aws: Session, registry: Registry, keeper: DomainKeeper
) -> None:
    registry.add_domain("taco.example")
    keeper.sync()
    registry.add_domain("mail.example.org")
    keeper.sync()
    assert [rule["Recipients"] for rule in rules(aws)] == [["mail.example.org", "taco.example"]] * 2
    assert set(aws.client("ses").list_identities()["Identities"]) == {"mail.example.org", "taco.example"}


def test_a_domain_that_is_removed_or_switched_off_leaves_the_rules(
    aws: Session, registry: Registry, keeper: DomainKeeper
) -> None:
    for domain in ("a.example.org", "b.example.org", "c.example.org"):
        registry.add_domain(domain)
    keeper.sync()
    registry.remove_domain("a.example.org")
    registry.set_domain_active("b.example.org", False)
    keeper.sync()
    assert [rule["Recipients"] for rule in rules(aws)] == [["c.example.org"]] * 2


def test_rules_of_ones_own_survive_as_long_as_the_domains_stay(
    aws: Session, registry: Registry, keeper: DomainKeeper
) -> None:
    registry.add_domain("taco.example")
    keeper.sync()
    ses: SESClient = aws.client("ses")
    ses.delete_receipt_rule(RuleSetName=RULE_SET, RuleName="tacomail-bounce")
    keeper.sync()
    assert [rule["Name"] for rule in rules(aws)] == ["tacomail-accept"]


def test_more_domains_than_a_rule_takes_are_an_error_that_says_so(registry: Registry, keeper: DomainKeeper) -> None:
    many = {"SS": [f"d{number}.example.org" for number in range(101)]}
    registry.table.put({**raw_key(DOMAINS_KEY), "configValue": many})
    with pytest.raises(InvalidDeployment, match="101 domains are served"):
        keeper.sync()
