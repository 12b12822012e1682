"""Which service may invoke which function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tacomail_site.deployment.changes import Action, Change
from tacomail_site.deployment.exceptions import FunctionMissing
from tacomail_site.deployment.resources import Document, permissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_lambda import LambdaClient

    from tacomail_site.deployment.resources import Deployment, Permission

INVOKE = "lambda:InvokeFunction"


def ensure_permissions(deployment: Deployment, functions: LambdaClient) -> Iterator[Change]:
    """Raises FunctionMissing. Cost: 2 requests for each function when all is as it should be."""
    for permission in permissions(deployment):
        yield from _ensure_permission(permission, functions)


def _ensure_permission(permission: Permission, functions: LambdaClient) -> Iterator[Change]:
    present = _statement(permission, functions)
    if present is not None and _says(permission, present):
        return
    if present is not None:  # a statement cannot be altered, only taken away and added again
        functions.remove_permission(FunctionName=permission.function, StatementId=permission.statement)
    arguments: dict[str, Any] = {"SourceArn": permission.source_arn} if permission.source_arn else {}
    functions.add_permission(
        FunctionName=permission.function,
        StatementId=permission.statement,
        Action=INVOKE,
        Principal=permission.service,
        SourceAccount=permission.source_account,
        **arguments,
    )
    action = Action.CREATED if present is None else Action.UPDATED
    yield Change(action, f"permission {permission.statement} of function {permission.function}")


def _statement(permission: Permission, functions: LambdaClient) -> Document | None:
    try:
        functions.get_function_configuration(FunctionName=permission.function)
    except functions.exceptions.ResourceNotFoundException as error:
        raise FunctionMissing(permission.function) from error
    try:
        policy = functions.get_policy(FunctionName=permission.function)["Policy"]
    except functions.exceptions.ResourceNotFoundException:
        return None  # the function is there, so this says that nobody has any permission yet
    statements: list[Document] = json.loads(policy)["Statement"]
    return next((entry for entry in statements if entry.get("Sid") == permission.statement), None)


def _says(permission: Permission, statement: Document) -> bool:
    condition: Document = {"StringEquals": {"AWS:SourceAccount": permission.source_account}}
    if permission.source_arn:
        condition["ArnLike"] = {"AWS:SourceArn": permission.source_arn}
    wanted = {
        "Effect": "Allow",
        "Principal": {"Service": permission.service},
        "Action": INVOKE,
        "Condition": condition,
    }
    return all(statement.get(name) == value for name, value in wanted.items())
