"""The wanted state of an installation, written down in one place. No request, no boto3.

The dictionaries have exactly the form that the AWS APIs take and give back, so comparing what there is with what
there should be needs no translation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tacomail_site.deployment.exceptions import InvalidDeployment

RECIPIENTS_PER_RULE = 100  # SES: quota of one receipt rule
KEPT_PREFIXES = ("mailbox/", "envelopes/")  # written by the mail functions; SES must never write there
UPLOAD_DAYS = 7

ACCEPT_RULE = "tacomail-accept"
BOUNCE_RULE = "tacomail-bounce"
SES_SERVICE = "ses.amazonaws.com"
S3_SERVICE = "s3.amazonaws.com"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One installation in one region of one account. Raises InvalidDeployment when it makes no sense.

    `domains` are the served domains in their stored form. `bounce_sender` is who the rule's bounces come from and
    needs a verified identity; empty means mailer-daemon at the first served domain in alphabetical order.
    """

    account: str
    region: str
    table: str
    bucket: str
    prefix: str = "incoming/"
    domains: tuple[str, ...] = ()
    rule_set: str = "tacomail"
    ses_function: str = "tacomail-ses"
    s3_function: str = "tacomail-s3"
    bounce_sender: str = ""
    partition: str = "aws"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{12}", self.account):
            raise InvalidDeployment(f"{self.account!r} is no AWS account number: it has 12 digits.")
        _check_prefix(self.prefix)
        if len(self.domains) > RECIPIENTS_PER_RULE:
            raise InvalidDeployment(
                f"{len(self.domains)} domains are served, but SES takes {RECIPIENTS_PER_RULE} recipients in a "
                "receipt rule. Serve some of them from another region or account."
            )

    def function_arn(self, name: str) -> str:
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:function:{name}"

    @property
    def bucket_arn(self) -> str:
        return f"arn:{self.partition}:s3:::{self.bucket}"

    @property
    def rule_arns(self) -> str:
        """A pattern for the rules of our rule set."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:receipt-rule-set/{self.rule_set}:receipt-rule/*"

    @property
    def sender(self) -> str:
        """Who the rule's bounces come from; empty as long as no domain is served."""
        return self.bounce_sender or (f"mailer-daemon@{min(self.domains)}" if self.domains else "")


def _check_prefix(prefix: str) -> None:
    if not prefix.endswith("/") or prefix.startswith("/"):
        # SES joins prefix and message id as they are: without the slash, keys of other prefixes could begin like ours.
        raise InvalidDeployment(f"The prefix {prefix!r} must end in a slash and must not begin with one.")
    for kept in KEPT_PREFIXES:
        if prefix.startswith(kept) or kept.startswith(prefix):
            raise InvalidDeployment(f"The prefix {prefix!r} overlaps {kept!r}, where the mail functions write.")


@dataclass(frozen=True, slots=True)
class Permission:
    """A service may invoke a function."""

    function: str
    statement: str
    service: str
    source_account: str
    source_arn: str = ""


def bucket_policy(deployment: Deployment) -> list[Document]:
    """Only SES may write, only for this account, only by our rules, only where incoming mail lies."""
    return [
        {
            "Sid": "TacomailReceive",
            "Effect": "Allow",
            "Principal": {"Service": SES_SERVICE},
            "Action": "s3:PutObject",
            "Resource": f"{deployment.bucket_arn}/{deployment.prefix}*",
            "Condition": {
                "StringEquals": {"AWS:SourceAccount": deployment.account},
                "ArnLike": {"AWS:SourceArn": deployment.rule_arns},
            },
        }
    ]


def public_access_block() -> Document:
    switches = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return dict.fromkeys(switches, True)


def bucket_encryption() -> Document:
    """Keys held by S3. A key of KMS in the receipt rule would encrypt on SES's side, where only few clients read it."""
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}


def lifecycle_rules() -> list[Document]:
    """Abandoned uploads go by themselves. Mail never does, nor does an envelope: `manage.py redeliver` clears those."""
    return [
        {
            "ID": "tacomail-unfinished-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UPLOAD_DAYS},
        },
    ]


def notifications(deployment: Deployment) -> list[Document]:
    """Every new object under the prefix starts the S3 function; what it writes elsewhere does not."""
    return [
        {
            "Id": "tacomail-incoming",
            "LambdaFunctionArn": deployment.function_arn(deployment.s3_function),
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": deployment.prefix}]}},
        }
    ]


def permissions(deployment: Deployment) -> tuple[Permission, ...]:
    """Both name the account, so that nobody else's rule or bucket can reach the functions."""
    ses, s3, account = deployment.ses_function, deployment.s3_function, deployment.account
    return (
        Permission(ses, "tacomail-receipt-rules", SES_SERVICE, account),
        Permission(s3, "tacomail-stored-mail", S3_SERVICE, account, deployment.bucket_arn),
    )


def receipt_rules(deployment: Deployment) -> tuple[Document, ...]:
    """The two rules of the layout `single`, in their order; none while no domain is served.

    SES applies a rule without recipients to every verified domain of the account, so rules for no domain would take
    mail that was never meant for us.
    """
    if not deployment.domains:
        return ()
    return _accept_rule(deployment), _bounce_rule(deployment)


def _accept_rule(deployment: Deployment) -> Document:
    """Asks the function, stores, ends. The function's STOP_RULE leads to the next rule, STOP_RULE_SET to nothing."""
    return _rule(
        ACCEPT_RULE,
        deployment,
        {
            "LambdaAction": {
                "FunctionArn": deployment.function_arn(deployment.ses_function),
                "InvocationType": "RequestResponse",
            }
        },
        {"S3Action": {"BucketName": deployment.bucket, "ObjectKeyPrefix": deployment.prefix}},
        {"StopAction": {"Scope": "RuleSet"}},
    )


def _bounce_rule(deployment: Deployment) -> Document:
    bounce = {
        "SmtpReplyCode": "550",
        "StatusCode": "5.1.1",
        "Message": "Mailbox does not exist",
        "Sender": deployment.sender,
    }
    return _rule(BOUNCE_RULE, deployment, {"BounceAction": bounce})


def _rule(name: str, deployment: Deployment, *actions: Document) -> Document:
    return {
        "Name": name,
        "Enabled": True,
        "TlsPolicy": "Optional",  # a sender without TLS still gets through, as between mail servers everywhere
        "Recipients": sorted(deployment.domains),
        "Actions": list(actions),
        "ScanEnabled": True,  # without it the spam and virus verdicts say DISABLED
    }
