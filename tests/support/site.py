"""The Django site over a table of its own, on in-process moto: cheap enough for every test."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from aliases.backend.ownwrites import OwnWrites
from aliases.backend.table import logger, open_table
from aliases.records.registry import Registry
from aliases.records.schema import ensure_table
from tests.support.installation import REGION, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.backend.table import SiteTable

DOMAIN = "taco.example"
DESTINATION = "alice@tacomail"
PASSWORD = "correct horse battery"


def empty_table() -> SiteTable:
    """The site's table, made or emptied, and the memory of its connection gone."""
    table = open_table(TABLE)
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    if TABLE in tables:
        tables[TABLE].items.clear()
    else:
        ensure_table(table, wait_seconds=0)
    table.own = OwnWrites()
    return table


def forget_callers() -> None:
    """What this process remembers of callers of the API is gone, as in another one."""
    from tacomail_site.accounts import apicallers, tokenuse  # models: they wait until Django is set up

    apicallers.waiting.forget_all()
    tokenuse.last_minutes.forget_all()


def add_domain_and_destination(table: SiteTable) -> None:
    registry = Registry(table)
    registry.add_domain(DOMAIN)
    registry.add_destination(DESTINATION)


class Requests(logging.Handler):
    """The requests to DynamoDB, by the names of their operations, in their order."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.operations: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.operations.append(record.getMessage().partition(" ")[0])

    def __len__(self) -> int:
        return len(self.operations)


@contextmanager
def counted_requests() -> Iterator[Requests]:
    """What the site asks of DynamoDB meanwhile, taken from its own log of requests."""
    requests = Requests()
    level = logger.level
    logger.addHandler(requests)
    logger.setLevel(logging.DEBUG)
    try:
        yield requests
    finally:
        logger.removeHandler(requests)
        logger.setLevel(level)
