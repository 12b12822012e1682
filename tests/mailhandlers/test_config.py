"""Every variable of the mail functions: its default, what it may hold, and an error that names it."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.exceptions import ConfigurationError
from mailhandlers.config import Config, RuleLayout, SpamAction, read_config, rule_layout

TABLE = {"POSTFIX_DYNAMODB_TABLE": "tacomail"}


def test_the_table_alone_is_enough_and_all_else_has_its_default() -> None:
    assert read_config(TABLE) == Config(
        table="tacomail",
        bucket="",
        prefix="incoming/",
        maildir_root="/mnt/Maildir",
        create_maildirs=False,
        local_domains=frozenset({"tacomail"}),
        default_mailbox="",
        rule_layout=RuleLayout.SINGLE,
        spam_action=SpamAction.HOLD,
        bounce_sender="",
        log_days=90,
    )


@pytest.mark.parametrize(
    ("variable", "text", "attribute", "value"),
    [
        ("POSTFIX_DYNAMODB_TABLE", " other ", "table", "other"),
        ("TACOMAIL_MAIL_BUCKET", " bucket-example ", "bucket", "bucket-example"),
        ("TACOMAIL_MAIL_PREFIX", "mail/in/", "prefix", "mail/in/"),
        ("TACOMAIL_MAIL_PREFIX", "", "prefix", ""),
        ("TACOMAIL_MAIL_PREFIX", "mailboxes/", "prefix", "mailboxes/"),
        ("TACOMAIL_MAILDIR_ROOT", "/srv/mail", "maildir_root", "/srv/mail"),
        ("TACOMAIL_MAILDIR_ROOT", " ", "maildir_root", "/mnt/Maildir"),
        ("TACOMAIL_CREATE_MAILDIRS", "on", "create_maildirs", True),
        ("TACOMAIL_CREATE_MAILDIRS", "TRUE", "create_maildirs", True),
        ("TACOMAIL_CREATE_MAILDIRS", " 1 ", "create_maildirs", True),
        ("TACOMAIL_CREATE_MAILDIRS", "yes", "create_maildirs", True),
        ("TACOMAIL_CREATE_MAILDIRS", "off", "create_maildirs", False),
        ("TACOMAIL_CREATE_MAILDIRS", "0", "create_maildirs", False),
        ("TACOMAIL_CREATE_MAILDIRS", "No", "create_maildirs", False),
        ("TACOMAIL_CREATE_MAILDIRS", "", "create_maildirs", False),
        ("TACOMAIL_LOCAL_DOMAINS", "tacomail, Local.Example ,", "local_domains", {"tacomail", "local.example"}),
        ("TACOMAIL_LOCAL_DOMAINS", " , ", "local_domains", {"tacomail"}),
        ("TACOMAIL_LOCAL_DOMAINS", "Tacomail., TÄCO.example", "local_domains", {"tacomail", "xn--tco-qla.example"}),
        ("TACOMAIL_DEFAULT_MAILBOX", "alice", "default_mailbox", "alice"),
        ("TACOMAIL_DEFAULT_MAILBOX", " Alice@tacomail ", "default_mailbox", "alice"),
        ("TACOMAIL_DEFAULT_MAILBOX", "", "default_mailbox", ""),
        ("TACOMAIL_RULE_LAYOUT", "classic", "rule_layout", RuleLayout.CLASSIC),
        ("TACOMAIL_RULE_LAYOUT", " Single ", "rule_layout", RuleLayout.SINGLE),
        ("TACOMAIL_RULE_LAYOUT", "", "rule_layout", RuleLayout.SINGLE),
        ("TACOMAIL_SPAM_ACTION", "deliver", "spam_action", SpamAction.DELIVER),
        ("TACOMAIL_SPAM_ACTION", "DROP", "spam_action", SpamAction.DROP),
        ("TACOMAIL_SPAM_ACTION", " ", "spam_action", SpamAction.HOLD),
        ("TACOMAIL_BOUNCE_SENDER", " postmaster@taco.example ", "bounce_sender", "postmaster@taco.example"),
        ("TACOMAIL_LOG_DAYS", "0", "log_days", 0),
        ("TACOMAIL_LOG_DAYS", " 14 ", "log_days", 14),
        ("TACOMAIL_LOG_DAYS", "", "log_days", 90),
    ],
)
def test_a_variable_is_read(variable: str, text: str, attribute: str, value: Any) -> None:
    assert getattr(read_config({**TABLE, variable: text}), attribute) == value


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("POSTFIX_DYNAMODB_TABLE", "", "is not set"),
        ("POSTFIX_DYNAMODB_TABLE", "  ", "is not set"),
        ("TACOMAIL_MAIL_PREFIX", "mailbox/", "incoming/"),
        ("TACOMAIL_MAIL_PREFIX", "mailbox/in/", "incoming/"),
        ("TACOMAIL_MAIL_PREFIX", "envelopes/", "incoming/"),
        ("TACOMAIL_MAIL_PREFIX", "m", "incoming/"),
        ("TACOMAIL_CREATE_MAILDIRS", "maybe", "true"),
        ("TACOMAIL_CREATE_MAILDIRS", "2", "true"),
        ("TACOMAIL_DEFAULT_MAILBOX", "../bob", "Maildir"),
        ("TACOMAIL_DEFAULT_MAILBOX", "a/b", "Maildir"),
        ("TACOMAIL_DEFAULT_MAILBOX", ".hidden", "Maildir"),
        ("TACOMAIL_DEFAULT_MAILBOX", "a..b", "Maildir"),
        ("TACOMAIL_DEFAULT_MAILBOX", "x" * 65, "Maildir"),
        ("TACOMAIL_RULE_LAYOUT", "double", "single, classic"),
        ("TACOMAIL_SPAM_ACTION", "bounce", "hold, deliver, drop"),
        ("TACOMAIL_LOG_DAYS", "-1", "number of days"),
        ("TACOMAIL_LOG_DAYS", "a week", "number of days"),
        ("TACOMAIL_LOG_DAYS", "1.5", "number of days"),
        ("TACOMAIL_LOG_DAYS", "36501", "number of days"),
        ("TACOMAIL_LOG_DAYS", "9" * 50, "number of days"),
        ("TACOMAIL_LOG_DAYS", "²", "number of days"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable_and_what_it_may_hold(
    variable: str, text: str, says: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_config({**TABLE, variable: text})
    assert str(refused.value).startswith(variable)
    assert says in str(refused.value)


def test_without_an_argument_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "from-outside")
    monkeypatch.setenv("TACOMAIL_LOG_DAYS", "3")
    assert (read_config().table, read_config().log_days) == ("from-outside", 3)


def test_the_layout_can_be_read_when_nothing_else_is_set() -> None:
    assert rule_layout({}) is RuleLayout.SINGLE
    assert rule_layout({"TACOMAIL_RULE_LAYOUT": "classic"}) is RuleLayout.CLASSIC
