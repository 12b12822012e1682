from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.db.backends.base.client import BaseDatabaseClient

from aliases.backend.errors import not_supported

if TYPE_CHECKING:
    from collections.abc import Iterable


class DatabaseClient(BaseDatabaseClient):
    """DynamoDB has no shell of its own."""

    executable_name = "aws"

    def runshell(self, parameters: Iterable[str]) -> NoReturn:
        raise not_supported("dbshell; the AWS command line reads items: aws dynamodb query")
