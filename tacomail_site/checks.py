"""System checks: what must be right before mail and people can rely on an installation (docs/checks.md).

`manage.py check` looks at the environment and makes no request. With `--database default` it also looks at the table,
with `--deploy` at what a public site needs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution  # the built-in one is another thing

from aliases.backend.table import open_table
from aliases.records.configuration import served_domains
from aliases.records.connection import TABLE_VARIABLE
from aliases.records.destinations import local_domains
from aliases.records.exceptions import ConfigurationError, RecordError
from aliases.records.keys import (
    DOMAINS_KEY,
    INDEX_NAME,
    INDEX_PARTITION_KEY,
    INDEX_SORT_KEY,
    PARTITION_KEY,
    SORT_KEY,
    TIME_TO_LIVE,
)
from mailhandlers.config import read_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliases.backend.table import SiteTable

ENGINE = "aliases.backend"
BUCKET_VARIABLE = "TACOMAIL_MAIL_BUCKET"
SECRET_CHARACTERS = 50
WANTED_KEYS = {"HASH": PARTITION_KEY, "RANGE": SORT_KEY}
WANTED_INDEX_KEYS = {"HASH": INDEX_PARTITION_KEY, "RANGE": INDEX_SORT_KEY}


def _error(number: int, message: str, hint: str) -> CheckMessage:
    return Error(message, hint=hint, id=f"tacomail.E{number:03}")


def _warning(number: int, message: str, hint: str) -> CheckMessage:
    return Caution(message, hint=hint, id=f"tacomail.W{number:03}")


# The environment: no request


@register("tacomail")
def check_environment(**_: Any) -> list[CheckMessage]:
    return list(_environment())


def _environment() -> Iterator[CheckMessage]:
    engines = {alias: entry["ENGINE"] for alias, entry in settings.DATABASES.items() if entry["ENGINE"] != ENGINE}
    if engines or "default" not in settings.DATABASES:
        found = ", ".join(sorted(engines.values())) or "none"
        yield _error(
            1, f"The database engine is {found}.", f'Everything is kept in DynamoDB: set ENGINE to "{ENGINE}".'
        )
    if not os.environ.get(TABLE_VARIABLE, "").strip():
        return  # commands find the table of the running laptop stack by themselves; check --deploy asks for it
    try:
        read_config()
    except ConfigurationError as error:
        yield _error(2, str(error), "README, Environment, lists every variable with its values.")


# The table: manage.py check --database default


@register(Tags.database)
def check_table(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    return list(_table()) if databases else []


def _table() -> Iterator[CheckMessage]:
    try:
        table = open_table()
        description = table.describe()
        if description is None:
            yield _error(10, f"There is no table {table.name}.", f"Provision it, or correct {TABLE_VARIABLE}.")
            return
        yield from _schema(description)
        if not table.has_time_to_live():
            hint = f"Switch it on for the attribute {TIME_TO_LIVE}: provisioning does."
            yield _error(13, "The table removes no expired items: time to live is off.", hint)
        yield from _domains(table)
    except ConfigurationError as error:
        yield _error(3, str(error), f"Set {TABLE_VARIABLE}.")
    except RecordError as error:
        yield _error(14, f"The table does not answer: {error}", "Check its name, the region and the permissions.")


def _schema(description: dict[str, Any]) -> Iterator[CheckMessage]:
    if _keys(description) != WANTED_KEYS:
        hint = f"Partition key {PARTITION_KEY}, sort key {SORT_KEY}, both text. Keys cannot be changed: make a new one."
        yield _error(11, f"The keys of the table are {_keys(description)}.", hint)
    index = next((i for i in description.get("GlobalSecondaryIndexes", ()) if i["IndexName"] == INDEX_NAME), None)
    wanted = f"Partition key {INDEX_PARTITION_KEY}, sort key {INDEX_SORT_KEY}, all attributes: provisioning makes it."
    if index is None:
        yield _error(12, f"The table has no index {INDEX_NAME}.", wanted)
    elif _keys(index) != WANTED_INDEX_KEYS or index.get("Projection", {}).get("ProjectionType") != "ALL":
        yield _error(12, f"The index {INDEX_NAME} has other keys, or not all attributes.", wanted)


def _keys(described: dict[str, Any]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in described.get("KeySchema", ())}


def _domains(table: SiteTable) -> Iterator[CheckMessage]:
    item = table.get(DOMAINS_KEY)
    served = served_domains(item) or frozenset()
    if not served:
        yield _warning(20, "No domain is served: every message is refused.", "manage.py domain add example.com")
    if item is not None and "configValues" in item:
        yield _warning(21, "The list of domains is the older version's.", "manage.py adopt shows what it would change.")
    if both := served & local_domains():
        hint = "A local domain stands for Maildirs: take it out of TACOMAIL_LOCAL_DOMAINS, or serve it no longer."
        yield _warning(22, f"{', '.join(sorted(both))} is both served and local.", hint)


# What a public site needs: manage.py check --deploy


@register(Tags.security, deploy=True)
def check_deployment(**_: Any) -> list[CheckMessage]:
    return list(_deployment())


def _deployment() -> Iterator[CheckMessage]:
    if not os.environ.get(TABLE_VARIABLE, "").strip():
        yield _error(3, f"{TABLE_VARIABLE} is not set.", "It names the DynamoDB table that holds everything.")
    secret = os.environ.get("DJANGO_SECRET_KEY", "")
    if len(secret) < SECRET_CHARACTERS:
        hint = f"Set it to a random text of at least {SECRET_CHARACTERS} characters: who knows it can be anybody."
        yield _error(4, "DJANGO_SECRET_KEY is missing or short.", hint)
    if settings.DEBUG:
        yield _error(5, "DJANGO_DEBUG is on.", "Pages of errors would show secrets to everybody: unset it.")
    hosts = settings.ALLOWED_HOSTS
    if not hosts or "*" in hosts:
        yield _error(
            6, f"DJANGO_ALLOWED_HOSTS is {','.join(hosts) or 'empty'}.", "Name the hosts that the site answers to."
        )
    if not settings.HTTPS:
        hint = "Set it to the public address, as in https://aliases.example.com: cookies and redirects follow it."
        yield _error(7, "TACOMAIL_SITE_URL is missing, or not https.", hint)
    if not os.environ.get(BUCKET_VARIABLE, "").strip():
        hint = "Without the name of the bucket, held mail can be neither shown nor delivered again."
        yield _warning(23, f"{BUCKET_VARIABLE} is not set.", hint)
