from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from boto3.session import Session
from botocore.client import BaseClient

from mailhandlers.local.functions import create_functions
from tacomail_site.deployment.exceptions import ForeignRuleSet, FunctionMissing
from tacomail_site.deployment.provision import provision
from tacomail_site.deployment.resources import (
    bucket_policy,
    lifecycle_rules,
    notifications,
    public_access_block,
    receipt_rules,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tacomail_site.deployment.resources import Deployment

READING = ("Describe", "Get", "Head", "List")


class Killed(Exception):
    """Stands for the end of the process."""


def state(deployment: Deployment, session: Session) -> dict[str, Any]:
    """Everything that provisioning makes, read back."""
    s3, ses, functions = session.client("s3"), session.client("ses"), session.client("lambda")
    bucket = deployment.bucket
    dynamodb = session.client("dynamodb")
    table = dynamodb.describe_table(TableName=deployment.table)["Table"]
    ttl = dynamodb.describe_time_to_live(TableName=deployment.table)["TimeToLiveDescription"]
    active = cast("dict[str, Any]", ses.describe_active_receipt_rule_set())
    return {
        "table": (table["KeySchema"], table["BillingModeSummary"]["BillingMode"], ttl["AttributeName"]),
        "policy": json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"],
        "public": s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
        "encryption": s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"],
        "lifecycle": s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"],
        "notification": s3.get_bucket_notification_configuration(Bucket=bucket)["LambdaFunctionConfigurations"],
        "permissions": [
            json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
            for name in (deployment.ses_function, deployment.s3_function)
        ],
        "rule set": active["Metadata"]["Name"],
        "rules": active["Rules"],
    }


def test_an_empty_account_gets_everything(deployment: Deployment, session: Session) -> None:
    provision(deployment, session)
    made = state(deployment, session)
    assert made["rule set"] == "tacomail"
    assert made["rules"] == list(receipt_rules(deployment))
    assert made["policy"] == bucket_policy(deployment)
    assert made["public"] == public_access_block()
    assert made["lifecycle"] == lifecycle_rules()
    assert made["notification"] == notifications(deployment)
    assert made["table"][1:] == ("PAY_PER_REQUEST", "expires")
    assert [[entry["Principal"] for entry in policy] for policy in made["permissions"]] == [
        [{"Service": "ses.amazonaws.com"}],
        [{"Service": "s3.amazonaws.com"}],
    ]


def test_it_says_what_it_made(deployment: Deployment, session: Session) -> None:
    changes = [str(change) for change in provision(deployment, session)]
    assert changes[0] == "created table tacomail"
    assert "created bucket tacomail-mail" in changes
    assert changes[-1] == "updated active receipt rule set, now tacomail"


def test_a_second_run_changes_nothing(
    deployment: Deployment, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    provision(deployment, session)
    written: list[str] = []
    _before_writing(monkeypatch, written.append)
    assert provision(deployment, session) == []
    assert written == []


def test_it_can_be_stopped_between_any_two_writes(
    deployment: Deployment, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run may write once and is then killed; so each run begins where another one stopped."""
    runs = 0
    budget = 0

    def spend(operation: str) -> None:
        nonlocal budget
        if budget == 0:
            raise Killed(operation)
        budget -= 1

    with monkeypatch.context() as patch:
        _before_writing(patch, spend)
        finished = False
        while not finished and runs < 100:
            runs, budget = runs + 1, 1
            try:
                provision(deployment, session)
                finished = True
            except Killed:
                pass
    assert runs > 10
    assert provision(deployment, session) == []
    assert state(deployment, session)["rules"] == list(receipt_rules(deployment))


def _before_writing(patch: pytest.MonkeyPatch, told: Callable[[str], None]) -> None:
    """Have `told` called with the operation's name before each request that writes, PynamoDB's included."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        if not operation.startswith(READING):
            told(operation)
        return original(self, operation, arguments)

    patch.setattr(BaseClient, "_make_api_call", call)


def test_another_active_rule_set_is_named_and_nothing_is_touched(deployment: Deployment, session: Session) -> None:
    ses = session.client("ses")
    ses.create_receipt_rule_set(RuleSetName="somebody-elses")
    ses.set_active_receipt_rule_set(RuleSetName="somebody-elses")
    with pytest.raises(ForeignRuleSet, match="'somebody-elses' is active"):
        provision(deployment, session)
    assert session.client("s3").list_buckets()["Buckets"] == []
    assert session.client("dynamodb").list_tables()["TableNames"] == []
    assert cast("dict[str, Any]", ses.describe_active_receipt_rule_set())["Metadata"]["Name"] == "somebody-elses"


def test_an_inactive_rule_set_of_somebody_else_does_not_matter(deployment: Deployment, session: Session) -> None:
    session.client("ses").create_receipt_rule_set(RuleSetName="somebody-elses")
    provision(deployment, session)
    assert state(deployment, session)["rule set"] == "tacomail"


def test_a_missing_function_is_named(deployment: Deployment, session: Session) -> None:
    session.client("lambda").delete_function(FunctionName="tacomail-s3")
    with pytest.raises(FunctionMissing, match="'tacomail-s3' does not exist"):
        provision(deployment, session)


def test_without_domains_the_rule_set_stays_empty(deployment: Deployment, session: Session) -> None:
    provision(replace(deployment, domains=()), session)
    assert state(deployment, session)["rules"] == []


def test_drift_is_mended(deployment: Deployment, session: Session) -> None:
    provision(deployment, session)
    before = state(deployment, session)
    s3, functions = session.client("s3"), session.client("lambda")
    s3.delete_bucket_policy(Bucket=deployment.bucket)
    s3.delete_public_access_block(Bucket=deployment.bucket)
    s3.delete_bucket_lifecycle(Bucket=deployment.bucket)
    s3.put_bucket_notification_configuration(Bucket=deployment.bucket, NotificationConfiguration={})
    functions.remove_permission(FunctionName="tacomail-ses", StatementId="tacomail-receipt-rules")
    functions.add_permission(
        FunctionName="tacomail-ses",
        StatementId="tacomail-receipt-rules",
        Action="lambda:InvokeFunction",
        Principal="ses.amazonaws.com",
        SourceAccount="999999999999",
    )
    assert len(provision(deployment, session)) == 5
    assert state(deployment, session) == before


def test_what_somebody_else_set_up_in_the_bucket_stays(deployment: Deployment, session: Session) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket=deployment.bucket)
    theirs = {
        "Sid": "Theirs",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "s3:GetObject",
        "Resource": f"{deployment.bucket_arn}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [theirs]}
    s3.put_bucket_policy(Bucket=deployment.bucket, Policy=json.dumps(policy))
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    s3.put_bucket_encryption(Bucket=deployment.bucket, ServerSideEncryptionConfiguration=cast("Any", kms))
    provision(deployment, session)
    made = state(deployment, session)
    assert made["policy"] == [theirs, *bucket_policy(deployment)]
    assert made["encryption"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


@pytest.mark.usefixtures("session")
def test_another_region_is_told_to_the_bucket(deployment: Deployment) -> None:
    elsewhere = replace(deployment, region="eu-west-1", bucket="tacomail-mail-ireland")
    irish = Session(region_name="eu-west-1")
    create_functions(irish, deployment.account, (deployment.ses_function, deployment.s3_function))
    provision(elsewhere, irish)
    location = irish.client("s3").get_bucket_location(Bucket=elsewhere.bucket)
    assert location["LocationConstraint"] == "eu-west-1"
