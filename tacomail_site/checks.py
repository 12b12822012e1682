"""System checks: what must be right before mail and people can rely on an installation (docs/checks.md).

`manage.py check` looks at the settings and the environment and makes no request, and neither does any other command.
`--database default` looks at the table, `--deploy` at what a public site needs, beside Django's own security checks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution  # the built-in one is another thing
from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)
from django.core.exceptions import ImproperlyConfigured

from aliases.backend.table import open_table
from aliases.records.configuration import served_domains
from aliases.records.connection import TABLE_VARIABLE
from aliases.records.destinations import local_domains
from aliases.records.exceptions import ConfigurationError, TableError, TableRefused
from aliases.records.keys import DOMAINS_KEY, INDEX_NAME, TIME_TO_LIVE
from aliases.records.olderdomains import OLDER_LIST
from aliases.records.schema import table_description
from mailhandlers.config import read_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliases.backend.table import SiteTable


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that can be wrong, and how to mend it; called with what exactly is wrong, Django's message of it."""

    id: str
    hint: str

    def __call__(self, message: str) -> CheckMessage:
        kind = Error if self.id.startswith("tacomail.E") else Caution
        return kind(message, hint=self.hint, id=self.id)


ENGINE = "aliases.backend"
DEBUG_SECRET = "insecure-outside-production"  # noqa: S105  what settings.py falls back to; anybody can read it there
BUCKET_VARIABLE = "TACOMAIL_MAIL_BUCKET"
ABSENT = "ResourceNotFoundException"
DENIED = "AccessDeniedException"
NEW_KEY = (
    "Set DJANGO_SECRET_KEY to the output of python -c 'import secrets; print(secrets.token_urlsafe(50))': "
    "who knows it can sign in as anybody."
)
NEW_INDEX = (
    "Delete the index and add it as README.md, Records, describes it, with aws dynamodb update-table: mail goes on "
    "meanwhile, and lists are empty."
)

OTHER_ENGINE = Finding(
    "tacomail.E001", 'Set ENGINE of the database "default" to "aliases.backend", and have no other: there is no SQL.'
)
NOT_UNDERSTOOD = Finding(
    "tacomail.E002", "Correct the variable, or unset it: README.md, Environment, lists what each may hold."
)
NO_TABLE_NAME = Finding("tacomail.E003", "Set POSTFIX_DYNAMODB_TABLE to the name of the DynamoDB table.")
NO_SECRET = Finding("tacomail.E004", NEW_KEY)
DEBUG_ON = Finding("tacomail.E005", "Unset DJANGO_DEBUG: error pages show settings and mail to every visitor.")
OPEN_HOSTS = Finding(
    "tacomail.E006", "Set DJANGO_ALLOWED_HOSTS to the host names that the site answers to, comma separated."
)
NOT_HTTPS = Finding(
    "tacomail.E007",
    "Set TACOMAIL_SITE_URL to the public address, as in https://aliases.example.com: redirects and cookies follow it.",
)
WEAK_SECRET = Finding("tacomail.E008", NEW_KEY)
PUBLISHED_SECRET = Finding("tacomail.E009", NEW_KEY)
NO_TABLE = Finding("tacomail.E010", "Correct POSTFIX_DYNAMODB_TABLE, AWS_REGION or the credentials, or make the table.")
OTHER_KEYS = Finding(
    "tacomail.E011", "Name another table in POSTFIX_DYNAMODB_TABLE: the keys of a table cannot be changed."
)
NO_INDEX = Finding(
    "tacomail.E012", "Add it as README.md, Records, describes it, with aws dynamodb update-table: lists need it."
)
NO_TIME_TO_LIVE = Finding(
    "tacomail.E013",
    "Switch it on: aws dynamodb update-time-to-live --table-name TABLE "
    "--time-to-live-specification Enabled=true,AttributeName=expires",
)
NO_ANSWER = Finding("tacomail.E014", "Check the network, AWS_REGION and AWS_ENDPOINT_URL, then repeat.")
OPEN_COOKIES = Finding(
    "tacomail.E015",
    "Let both follow TACOMAIL_SITE_URL, as tacomail_site/settings.py has it: over http they can be read.",
)
OTHER_INDEX_KEYS = Finding("tacomail.E016", NEW_INDEX)
PARTIAL_INDEX = Finding("tacomail.E017", NEW_INDEX)
OTHER_TIME_TO_LIVE = Finding(
    "tacomail.E018",
    "Switch it off with aws dynamodb update-time-to-live, and an hour later on for expires: two are not possible.",
)
NOT_ALLOWED = Finding(
    "tacomail.E019", "Allow the action that the message names, on the table, to the credentials in use."
)
REFUSED = Finding(
    "tacomail.E024", "Check AWS_REGION and the credentials: aws sts get-caller-identity says whose they are."
)
NO_DOMAIN = Finding("tacomail.W020", "Add one: manage.py domain add example.com")
OLDER_DOMAINS = Finding(
    "tacomail.W021", "Run manage.py adopt: it shows what it would change, and does it with --apply."
)
LOCAL_AND_SERVED = Finding(
    "tacomail.W022", "Take the domain out of TACOMAIL_LOCAL_DOMAINS, or serve it no longer: manage.py domain deactivate"
)
NO_BUCKET = Finding(
    "tacomail.W023", "Set TACOMAIL_MAIL_BUCKET: without it, held mail can be neither shown nor delivered again."
)
ODD_DOMAINS = Finding(
    "tacomail.W025", "Make configValue of tacomail-config/sub_domains a string set of domains; mail goes on meanwhile."
)


# The settings and the environment: no request


@register("tacomail")
def check_environment(**_: Any) -> list[CheckMessage]:
    return list(_environment())


def _environment() -> Iterator[CheckMessage]:
    if "default" not in settings.DATABASES:
        yield OTHER_ENGINE('There is no database "default".')
    for alias, entry in settings.DATABASES.items():
        if entry.get("ENGINE") != ENGINE:
            yield OTHER_ENGINE(f'The engine of the database "{alias}" is {entry.get("ENGINE") or "not set"}.')
    try:
        # Without a name of the table too: commands find the running local stack by themselves, --deploy asks for it.
        read_config({**os.environ, TABLE_VARIABLE: os.environ.get(TABLE_VARIABLE, "").strip() or "unnamed"})
    except ConfigurationError as error:
        yield NOT_UNDERSTOOD(str(error))
    from aliases.services.dns.lookup import name_servers  # with dnspython, which no request to another page needs

    try:
        name_servers()
    except ConfigurationError as error:
        yield NOT_UNDERSTOOD(str(error))
    yield from _callers()
    if settings.SITE_URL and not _is_web_address(settings.SITE_URL):
        yield NOT_UNDERSTOOD(
            f"TACOMAIL_SITE_URL is {settings.SITE_URL!r}: use an address as in https://aliases.example.com."
        )


def _callers() -> Iterator[CheckMessage]:
    from tacomail_site.accounts.signedcallers import arn_trouble  # with the API

    for arn in sorted(settings.API_ARNS):
        trouble = arn_trouble(arn)
        if trouble:
            yield NOT_UNDERSTOOD(f"TACOMAIL_API_ARNS names {arn}, {trouble}.")


def _is_web_address(text: str) -> bool:
    """A scheme, a host, perhaps a port and a path (the stage of an API Gateway), and nothing else."""
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, an IPv6 address that is none
        return False
    rest = parts.query or parts.fragment or parts.username or parts.password
    return parts.scheme in {"http", "https"} and has_host and not rest and not any(map(str.isspace, text))


# The table: manage.py check --database default


@register(Tags.database)
def check_table(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Cost: 3 calls when all is right (DescribeTable, DescribeTimeToLive, GetItem). None without a database."""
    return list(_table()) if databases else []


def _table() -> Iterator[CheckMessage]:
    from mailhandlers.local.environment import load_environment  # what no other check needs

    load_environment()
    try:
        table = open_table()
    except ConfigurationError as error:
        yield NO_TABLE_NAME(str(error))
        return
    except TableRefused as error:  # without a region there is no client
        yield REFUSED(str(error))
        return
    for look in (_shape, _time_to_live, _domains):
        try:
            yield from look(table)
        except TableError as error:
            yield _trouble(error)
            if error.code != DENIED:  # the rest may be allowed; whatever else it is, the rest meets it again
                return


def _trouble(error: TableError) -> CheckMessage:
    if not isinstance(error, TableRefused):
        return NO_ANSWER(str(error))
    findings = {ABSENT: NO_TABLE, DENIED: NOT_ALLOWED}
    return findings.get(error.code, REFUSED)(str(error))


def _shape(table: SiteTable) -> Iterator[CheckMessage]:
    description = table.describe()
    if description is None:
        raise TableRefused(f"There is no table {table.name} in {table.region}.", code=ABSENT)
    wanted = table_description(table.name)
    types = _types(description)
    keys, wanted_keys = _keys(description, types), _keys(wanted, _types(wanted))
    if keys != wanted_keys:
        yield OTHER_KEYS(f"The keys of the table {table.name} are {keys}, not {wanted_keys}.")
    index = next((i for i in description.get("GlobalSecondaryIndexes", ()) if i["IndexName"] == INDEX_NAME), None)
    if index is None:
        yield NO_INDEX(f"The table {table.name} has no index {INDEX_NAME}.")
        return
    (wanted_index,) = wanted["GlobalSecondaryIndexes"]
    keys, wanted_keys = _keys(index, types), _keys(wanted_index, _types(wanted))
    if keys != wanted_keys:
        yield OTHER_INDEX_KEYS(f"The keys of the index {INDEX_NAME} are {keys}, not {wanted_keys}.")
    projection = index["Projection"].get("ProjectionType")
    if projection != wanted_index["Projection"]["ProjectionType"]:
        yield PARTIAL_INDEX(
            f"The index {INDEX_NAME} leaves attributes out ({projection}): a paused alias looks active."
        )


def _types(description: dict[str, Any]) -> dict[str, str]:
    return {entry["AttributeName"]: entry["AttributeType"] for entry in description["AttributeDefinitions"]}


def _keys(described: dict[str, Any], types: dict[str, str]) -> str:
    """As in `sub_domain (HASH, S), alias_address (RANGE, S)`."""
    entries = sorted(described["KeySchema"], key=lambda entry: str(entry["KeyType"]))
    return ", ".join(f"{e['AttributeName']} ({e['KeyType']}, {types.get(e['AttributeName'], '?')})" for e in entries)


def _time_to_live(table: SiteTable) -> Iterator[CheckMessage]:
    attribute = table.time_to_live()
    if not attribute:
        yield NO_TIME_TO_LIVE(f"Time to live of the table {table.name} is off: expired items stay.")
    elif attribute != TIME_TO_LIVE:
        yield OTHER_TIME_TO_LIVE(f"Time to live of the table {table.name} goes by {attribute}, not {TIME_TO_LIVE}.")


def _domains(table: SiteTable) -> Iterator[CheckMessage]:
    item = table.get(DOMAINS_KEY)
    served = served_domains(item)
    if item is None:
        yield NO_DOMAIN("The table does not say which domains are served: addresses of any domain count.")
    elif served is None:
        yield ODD_DOMAINS("The record of the served domains is not understood: addresses of any domain count.")
    elif not served:
        yield NO_DOMAIN("No domain is served: every message is refused.")
    if item is not None and OLDER_LIST in item:
        yield OLDER_DOMAINS("The list of domains is the older version's, not yet adopted.")
    for domain in sorted((served or frozenset()) & local_domains()):
        yield LOCAL_AND_SERVED(f"{domain} is served, and local: a destination there is a Maildir, never an alias.")


# What a public site needs: manage.py check --deploy


@register(Tags.security, deploy=True)
def check_deployment(**_: Any) -> list[CheckMessage]:
    return list(_deployment())


def _deployment() -> Iterator[CheckMessage]:
    if not os.environ.get(TABLE_VARIABLE, "").strip():
        yield NO_TABLE_NAME(f"{TABLE_VARIABLE} is not set.")
    if not os.environ.get(BUCKET_VARIABLE, "").strip():
        yield NO_BUCKET(f"{BUCKET_VARIABLE} is not set.")
    yield from _secret()
    if settings.DEBUG:
        yield DEBUG_ON("DJANGO_DEBUG is on.")
    if not settings.ALLOWED_HOSTS:
        yield OPEN_HOSTS("DJANGO_ALLOWED_HOSTS is empty: the site answers to nobody.")
    elif "*" in settings.ALLOWED_HOSTS:
        yield OPEN_HOSTS("DJANGO_ALLOWED_HOSTS holds *: a visitor can make up the host that links lead to.")
    if not settings.HTTPS:
        yield NOT_HTTPS(f"TACOMAIL_SITE_URL is {settings.SITE_URL or 'not set'}: the site is not bound to https.")
        return
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        if not getattr(settings, name):
            yield OPEN_COOKIES(f"{name} is off.")


def _secret() -> Iterator[CheckMessage]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # how Django says that it is empty
        yield NO_SECRET("DJANGO_SECRET_KEY is not set.")
        return
    if secret == DEBUG_SECRET:
        yield PUBLISHED_SECRET("DJANGO_SECRET_KEY is the one of the source code.")
    elif len(secret) < SECRET_KEY_MIN_LENGTH:
        yield WEAK_SECRET(f"DJANGO_SECRET_KEY has less than {SECRET_KEY_MIN_LENGTH} characters.")
    elif len(set(secret)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS or secret.startswith(SECRET_KEY_INSECURE_PREFIX):
        yield WEAK_SECRET("DJANGO_SECRET_KEY can be guessed.")
