"""The settings of the mail functions, read from the environment at each invocation (design: "Environment")."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from aliases.records.connection import table_name
from aliases.records.destinations import LOCAL_DOMAINS, USER, local_domains
from aliases.records.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
DEFAULT_PREFIX = "incoming/"
DEFAULT_ROOT = "/mnt/Maildir"
MAILBOX_PREFIX = "mailbox/"
ENVELOPES_PREFIX = "envelopes/"


class RuleLayout(StrEnum):
    SINGLE = "single"  # one rule that accepts, one that bounces (what provisioning makes)
    CLASSIC = "classic"  # the three rules of the older Node version


class SpamAction(StrEnum):
    HOLD = "hold"  # kept in the bucket, shown as held
    DELIVER = "deliver"  # into the Maildir's .Junk folder
    DROP = "drop"  # dropped without a word


E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Config:
    """What the installation wants. Empty text means "not set"."""

    table: str
    bucket: str = ""
    prefix: str = DEFAULT_PREFIX
    maildir_root: str = DEFAULT_ROOT
    create_maildirs: bool = False
    local_domains: frozenset[str] = LOCAL_DOMAINS
    default_mailbox: str = ""
    rule_layout: RuleLayout = RuleLayout.SINGLE
    spam_action: SpamAction = SpamAction.HOLD
    bounce_sender: str = ""
    log_days: int = 90


def read_config(environment: Mapping[str, str] | None = None) -> Config:
    """Raises ConfigurationError that names the variable and what it may hold."""
    env = os.environ if environment is None else environment
    return Config(
        table=table_name(env),
        bucket=env.get("TACOMAIL_MAIL_BUCKET", "").strip(),
        prefix=_prefix(env),
        maildir_root=env.get("TACOMAIL_MAILDIR_ROOT", "").strip() or DEFAULT_ROOT,
        create_maildirs=_flag(env, "TACOMAIL_CREATE_MAILDIRS"),
        local_domains=local_domains(env),
        default_mailbox=_user(env, "TACOMAIL_DEFAULT_MAILBOX"),
        rule_layout=rule_layout(env),
        spam_action=_choice(env, "TACOMAIL_SPAM_ACTION", SpamAction.HOLD),
        bounce_sender=env.get("TACOMAIL_BOUNCE_SENDER", "").strip(),
        log_days=_days(env, "TACOMAIL_LOG_DAYS", 90),
    )


def rule_layout(environment: Mapping[str, str]) -> RuleLayout:
    """The layout alone: what the SES function needs to answer harmlessly when nothing else can be read."""
    return _choice(environment, "TACOMAIL_RULE_LAYOUT", RuleLayout.SINGLE)


def _prefix(env: Mapping[str, str]) -> str:
    prefix = env.get("TACOMAIL_MAIL_PREFIX", DEFAULT_PREFIX).strip()
    for reserved in (MAILBOX_PREFIX, ENVELOPES_PREFIX):
        if prefix.startswith(reserved) or (prefix and reserved.startswith(prefix)):
            raise ConfigurationError(f"TACOMAIL_MAIL_PREFIX is {prefix!r}, which meets {reserved!r}: use incoming/.")
    return prefix


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value and value not in WORDS:
        raise ConfigurationError(f"{name} is {value!r}: use one of {', '.join(WORDS)}.")
    return WORDS.get(value, False)


def _user(env: Mapping[str, str], name: str) -> str:
    """A Maildir's user; `alice@tacomail` is understood as `alice`."""
    user = env.get(name, "").strip().lower().partition("@")[0]
    if user and (not USER.fullmatch(user) or ".." in user):
        raise ConfigurationError(f"{name} is {user!r}: it names a Maildir, as in alice.")
    return user


def _choice(env: Mapping[str, str], name: str, default: E) -> E:
    value = env.get(name, "").strip().lower()
    if not value:
        return default
    try:
        return type(default)(value)
    except ValueError as error:
        raise ConfigurationError(f"{name} is {value!r}: use one of {', '.join(type(default))}.") from error


def _days(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) > 36_500:
        raise ConfigurationError(f"{name} is {value!r}: use a number of days, 0 for no log.")
    return int(value)
