"""Callers whose requests AWS has checked: a function URL or an API in front of the function with AWS_IAM.

What AWS found out stands in the event that Lambda hands over, beside the request and not in it: Zappa keeps it in
`lambda.event`, a name that no header can get (those begin with HTTP_). Whoever may invoke the function directly can
write any event; that takes the permission lambda:InvokeFunction in this very account.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.conf import settings

from aliases.api.callers import EVERYTHING, Caller, Kind

if TYPE_CHECKING:
    from django.http import HttpRequest

EVENT = "lambda.event"
# A role that somebody has assumed for an hour: arn:aws:sts::123456789012:assumed-role/Name/session
ASSUMED = re.compile(r"(arn:aws[a-z-]*):sts::(\d{12}):assumed-role/([^/]+)/[^/]+")

# What IAM calls who may sign requests. A role has its name alone here: what AWS says of its sessions has no path.
ARN = re.compile(
    r"arn:aws[a-z-]*:(?:"
    r"iam::\d{12}:(?:root|user/[\w+=,.@/-]+|role/[\w+=,.@-]+)|"
    r"sts::\d{12}:(?:assumed-role|federated-user)/[\w+=,.@:/-]+)",
    re.ASCII,
)
ROLE_PATH = re.compile(r"(arn:aws[a-z-]*:iam::\d{12}:role/)(?:[^/]+/)+([^/]+)")


def arn_trouble(arn: str) -> str:
    """What is wrong with an entry of the list, as the rest of a sentence; empty for a good one."""
    with_path = ROLE_PATH.fullmatch(arn)
    if with_path:
        return f"whose path AWS does not say: use {''.join(with_path.groups())}"
    if not ARN.fullmatch(arn):
        return "which is no ARN of a user or a role: use one as in arn:aws:iam::123456789012:role/name"
    return ""


def signed_caller(request: HttpRequest) -> Caller | None:
    """The caller whose ARN is on the list (TACOMAIL_API_ARNS); None where there is none, or one that is not on it.

    The list may name a role as IAM does, without its path, for every session of it. No request.
    """
    arn = _arn(request.META.get(EVENT))
    names = {arn, _role_of(arn)} - {""}
    if names.isdisjoint(settings.API_ARNS):
        return None
    return Caller(arn, Kind.IAM, EVERYTHING)


def _arn(event: Any) -> str:
    """`identity` is of a REST API, `authorizer.iam` of an HTTP API or a function URL."""
    context = _part(event, "requestContext")
    found = _part(context, "identity").get("userArn") or _part(_part(context, "authorizer"), "iam").get("userArn")
    return found if isinstance(found, str) else ""


def _part(whole: Any, name: str) -> dict[str, Any]:
    part = whole.get(name) if isinstance(whole, dict) else None
    return part if isinstance(part, dict) else {}


def _role_of(arn: str) -> str:
    found = ASSUMED.fullmatch(arn)
    return "{}:iam::{}:role/{}".format(*found.groups()) if found else ""
