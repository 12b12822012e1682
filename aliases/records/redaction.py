"""What of the table is secret, and why: a dump does not hold it, or only when it is asked to.

Everything else is in every dump. A new Django model that keeps a secret gets a line here; a test compares the fields
of all models with this list.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliases.records.keys import PARTITION_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aliases.records.connection import Item

DATA = "data"  # the attribute in which the items of Django models keep their columns


@dataclass(frozen=True, slots=True, eq=False)
class Secret:
    """Items of one partition that a dump does not hold as they are.

    `columns` says what stands in for the secret ones; without any, the items are left out altogether. `always`: even
    from a dump with secrets.
    """

    partition: str
    noun: str
    plural: str
    reason: str
    columns: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    always: bool = False


def _unusable_password() -> str:
    """As Django marks a password that nobody can have: "!" and 40 random characters."""
    return "!" + secrets.token_urlsafe(30)


SECRETS = (
    Secret(
        "django:django_session",
        "session",
        "sessions",
        "whoever has its key is signed in, and it is over in two weeks anyway",
        always=True,
    ),
    Secret(
        "django:tacomail_site_operator",
        "operator",
        "operators",
        "a password can be guessed from its hash, and both are part of what a session must match",
        columns={"password": _unusable_password, "session_salt": str},
    ),
    Secret(
        "django:otp_totp_totpdevice",
        "authenticator",
        "authenticators",
        "whoever has its key can make every code of the second step",
    ),
    Secret(
        "django:tacomail_site_usedcode",
        "used code",
        "used codes",
        "its name is made from the key of an authenticator",
    ),
    Secret(
        "django:tacomail_site_recoverycode",
        "recovery code",
        "recovery codes",
        "it stands in for the second step",
    ),
    Secret(
        "django:otp_static_statictoken",
        "static token",
        "static tokens",
        "django-otp's own recovery code, readable as it is",
    ),
    Secret(
        "django:otp_static_staticdevice",
        "set of static tokens",
        "sets of static tokens",
        "it is nothing without its tokens",
    ),
    Secret(
        "django:tacomail_site_apitoken",
        "API token",
        "API tokens",
        "it is an entrance of its own, and a stolen list of them tells which to look for",
    ),
    Secret(
        "tacomail-throttle",
        "sign-in counter",
        "sign-in counters",
        "it says where somebody tried to sign in, and as whom",
    ),
)
BY_PARTITION = {secret.partition: secret for secret in SECRETS}


def secret_of(item: Item) -> Secret | None:
    """The line of the list that is about this item."""
    return BY_PARTITION.get(item[PARTITION_KEY]["S"])


def redacted(item: Item, secret: Secret) -> Item | None:
    """The item without its secrets; None where nothing is left that a dump could hold."""
    data = item.get(DATA, {}).get("M")
    if not secret.columns or data is None:
        return None
    blank = {column: {"S": value()} for column, value in secret.columns.items()}
    return {**item, DATA: {"M": {**data, **blank}}}
