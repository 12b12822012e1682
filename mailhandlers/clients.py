"""AWS clients, made on first use and kept between invocations of a warm function.

All come from the botocore session that PynamoDB already has: a second session, or boto3, would cost a cold start
four times as much.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config as ClientConfig

from aliases.records.connection import TABLE_VARIABLE, Limits, Table
from aliases.records.exceptions import ConfigurationError

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient

# What a client is bound to when it is made. In Lambda none of it ever changes.
IDENTITY = (TABLE_VARIABLE, "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID")


class Clients:
    """The table, and the clients beside it. `table_limits` bound a table request, `other_limits` every other one."""

    def __init__(self, table_limits: Limits, other_limits: Limits) -> None:
        self._table_limits = table_limits
        self._other_limits = other_limits

    @cached_property
    def table(self) -> Table:
        """Raises ConfigurationError when POSTFIX_DYNAMODB_TABLE is not set."""
        return Table.from_environment(self._table_limits)

    @cached_property
    def _session(self) -> Session:
        try:
            return self.table.session
        except ConfigurationError:
            return botocore.session.get_session()  # an envelope can still be saved in the bucket

    def _client(self, service: str) -> Any:
        config = ClientConfig(
            connect_timeout=self._other_limits.connect_seconds,
            read_timeout=self._other_limits.read_seconds,
            retries={"total_max_attempts": self._other_limits.attempts, "mode": "standard"},
        )
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return self._session.create_client(service, region, config=config)

    @cached_property
    def s3(self) -> S3Client:
        client: S3Client = self._client("s3")
        return client

    @cached_property
    def ses(self) -> SESClient:
        client: SESClient = self._client("ses")
        return client


_made: dict[tuple[object, ...], Clients] = {}


def clients(table_limits: Limits, other_limits: Limits) -> Clients:
    """The clients for the environment as it is now."""
    key = (*(os.environ.get(name, "") for name in IDENTITY), table_limits, other_limits)
    if key not in _made:
        _made[key] = Clients(table_limits, other_limits)
    return _made[key]
