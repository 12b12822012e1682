"""What the checks say of settings and variables, in every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings

from tacomail_site import checks

if TYPE_CHECKING:
    from pytest_django import Settings


def test_an_sql_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(django_settings.DATABASES, "other", {"ENGINE": "django.db.backends.dummy"})
    assert checks.check_environment() == [
        checks.OTHER_ENGINE('The engine of the database "other" is django.db.backends.dummy.')
    ]


def test_a_database_without_an_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(django_settings.DATABASES, "other", {})
    assert checks.check_environment() == [checks.OTHER_ENGINE('The engine of the database "other" is not set.')]


def test_no_database_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(django_settings.DATABASES, "default")
    assert checks.check_environment() == [checks.OTHER_ENGINE('There is no database "default".')]


@pytest.mark.parametrize("table", ["tacomail", ""])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TACOMAIL_LOG_DAYS", "many"),
        ("TACOMAIL_CREATE_MAILDIRS", "perhaps"),
        ("TACOMAIL_SPAM_ACTION", "eat"),
        ("TACOMAIL_RULE_LAYOUT", "triple"),
        ("TACOMAIL_MAIL_PREFIX", "mailbox/new/"),
        ("TACOMAIL_DEFAULT_MAILBOX", "../bob"),
    ],
)
def test_a_variable_that_is_not_understood_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, table: str, name: str, value: str
) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", table)
    monkeypatch.setenv(name, value)
    (found,) = checks.check_environment()
    assert found.id == "tacomail.E002"
    assert found.msg.startswith(f"{name} is {value!r}")


def test_a_name_server_without_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_DNS_SERVER", "127.0.0.1:5353, dns.example.com")
    (found,) = checks.check_environment()
    assert found.id == "tacomail.E002"
    assert found.msg.startswith("TACOMAIL_DNS_SERVER names dns.example.com")


@pytest.mark.parametrize(
    "address",
    [
        "https://aliases.example.com",
        "https://aliases.example.com:8443",
        "https://aliases.example.com/prod",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "",
    ],
)
def test_these_are_addresses_of_a_site(settings: Settings, address: str) -> None:
    settings.SITE_URL = address
    assert checks.check_environment() == []


@pytest.mark.parametrize(
    "address",
    [
        "aliases.example.com",
        "//aliases.example.com",
        "ftp://aliases.example.com",
        "https://",
        "https:aliases.example.com",
        "https://:8000",
        "https://aliases.example.com:port",
        "https://[aliases.example.com",
        "https://aliases.example.com?a=b",
        "https://aliases.example.com#top",
        "https://admin:secret@aliases.example.com",
        "https://aliases.example.com, https://example.org",
    ],
)
def test_these_are_none(settings: Settings, address: str) -> None:
    settings.SITE_URL = address
    (found,) = checks.check_environment()
    assert (found.id, repr(address) in found.msg) == ("tacomail.E002", True)
