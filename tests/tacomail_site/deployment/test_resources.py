from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tacomail_site.deployment.exceptions import InvalidDeployment
from tacomail_site.deployment.resources import (
    Deployment,
    bucket_policy,
    lifecycle_rules,
    notifications,
    permissions,
    receipt_rules,
)


def test_only_this_accounts_ses_may_write_and_only_under_the_prefix(deployment: Deployment) -> None:
    (statement,) = bucket_policy(deployment)
    assert statement["Principal"] == {"Service": "ses.amazonaws.com"}
    assert statement["Action"] == "s3:PutObject"
    assert statement["Resource"] == "arn:aws:s3:::tacomail-mail/incoming/*"
    assert statement["Condition"] == {
        "StringEquals": {"AWS:SourceAccount": "123456789012"},
        "ArnLike": {
            "AWS:SourceArn": "arn:aws:ses:us-east-1:123456789012:receipt-rule-set/tacomail:receipt-rule/*",
        },
    }


def test_the_first_rule_asks_stores_and_ends(deployment: Deployment) -> None:
    rule = receipt_rules(deployment)[0]
    assert rule["Name"] == "tacomail-accept"
    assert rule["Recipients"] == ["mail.example.org", "taco.example"]
    assert [next(iter(action)) for action in rule["Actions"]] == ["LambdaAction", "S3Action", "StopAction"]
    assert rule["Actions"][0]["LambdaAction"] == {
        "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:tacomail-ses",
        "InvocationType": "RequestResponse",
    }
    assert rule["Actions"][1]["S3Action"] == {"BucketName": "tacomail-mail", "ObjectKeyPrefix": "incoming/"}
    assert rule["ScanEnabled"]


def test_the_second_rule_bounces(deployment: Deployment) -> None:
    rule = receipt_rules(deployment)[1]
    assert rule["Name"] == "tacomail-bounce"
    assert rule["Recipients"] == ["mail.example.org", "taco.example"]
    bounce = rule["Actions"][0]["BounceAction"]
    assert (bounce["SmtpReplyCode"], bounce["StatusCode"]) == ("550", "5.1.1")
    assert bounce["Sender"] == "mailer-daemon@mail.example.org"


def test_a_chosen_sender_bounces(deployment: Deployment) -> None:
    chosen = replace(deployment, bounce_sender="postmaster@taco.example")
    assert receipt_rules(chosen)[1]["Actions"][0]["BounceAction"]["Sender"] == "postmaster@taco.example"


def test_without_a_domain_there_is_no_rule_that_would_match_everything(deployment: Deployment) -> None:
    assert receipt_rules(replace(deployment, domains=())) == ()


def test_only_incoming_mail_starts_the_s3_function(deployment: Deployment) -> None:
    (entry,) = notifications(deployment)
    assert entry["LambdaFunctionArn"].endswith(":function:tacomail-s3")
    assert entry["Events"] == ["s3:ObjectCreated:*"]
    assert entry["Filter"]["Key"]["FilterRules"] == [{"Name": "prefix", "Value": "incoming/"}]


def test_permissions_name_the_account_and_the_bucket(deployment: Deployment) -> None:
    ses, s3 = permissions(deployment)
    assert (ses.function, ses.service, ses.source_account) == ("tacomail-ses", "ses.amazonaws.com", "123456789012")
    assert (s3.function, s3.service, s3.source_account) == ("tacomail-s3", "s3.amazonaws.com", "123456789012")
    assert s3.source_arn == "arn:aws:s3:::tacomail-mail"


def test_neither_mail_nor_an_envelope_ever_expires() -> None:
    assert [rule["ID"] for rule in lifecycle_rules()] == ["tacomail-unfinished-uploads"]
    assert not any("Expiration" in rule for rule in lifecycle_rules())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"prefix": "incoming"}, "must end in a slash"),
        ({"prefix": ""}, "must end in a slash"),
        ({"prefix": "/incoming/"}, "must not begin with one"),
        ({"prefix": "mailbox/"}, "overlaps 'mailbox/'"),
        ({"prefix": "mailbox/new/"}, "overlaps 'mailbox/'"),
        ({"prefix": "envelopes/"}, "overlaps 'envelopes/'"),
        ({"account": "12345"}, "has 12 digits"),
        ({"domains": tuple(f"d{i}.example.org" for i in range(101))}, "101 domains are served"),
    ],
)
def test_nonsense_is_refused_with_a_reason(deployment: Deployment, change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidDeployment, match=complaint):
        replace(deployment, **change)


@pytest.mark.parametrize("prefix", ["incoming/", "in/2024/", "mail/", "mailboxes/"])
def test_a_prefix_beside_ours_is_taken(deployment: Deployment, prefix: str) -> None:
    assert replace(deployment, prefix=prefix).prefix == prefix
