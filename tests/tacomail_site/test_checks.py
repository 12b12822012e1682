from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks

from aliases.records.keys import DOMAINS_KEY, INDEX_NAME
from tacomail_site import checks

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from aliases.backend.table import SiteTable

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = {
    "POSTFIX_DYNAMODB_TABLE": "tacomail",
    "DJANGO_SECRET_KEY": "x" * 50,
    "TACOMAIL_MAIL_BUCKET": "mail",
}


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def described(**changes: Any) -> dict[str, Any]:
    """A table as DescribeTable shows it when it is right, with changes."""
    index = {
        "IndexName": INDEX_NAME,
        "KeySchema": [
            {"AttributeName": "application", "KeyType": "HASH"},
            {"AttributeName": "identifier", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    keys = [
        {"AttributeName": "sub_domain", "KeyType": "HASH"},
        {"AttributeName": "alias_address", "KeyType": "RANGE"},
    ]
    return {"KeySchema": keys, "GlobalSecondaryIndexes": [index], **changes}


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper) -> None:
    """The environment and the settings of a public site."""
    for name, value in PUBLIC.items():
        monkeypatch.setenv(name, value)
    settings.ALLOWED_HOSTS = ["aliases.example.com"]
    settings.HTTPS = True


def test_a_site_that_is_right_has_nothing_to_say(site: SiteTable, public: None) -> None:
    assert checks.check_environment() == []
    assert checks.check_table(databases=["default"]) == []
    assert checks.check_deployment() == []


def test_another_engine_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(django_settings.DATABASES, "other", {"ENGINE": "django.db.backends.dummy"})
    (found,) = checks.check_environment()
    assert (found.id, "django.db.backends.dummy" in found.msg) == ("tacomail.E001", True)


def test_a_variable_that_is_not_understood_is_named(public: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_LOG_DAYS", "many")
    (found,) = checks.check_environment()
    assert found.id == "tacomail.E002"
    assert "TACOMAIL_LOG_DAYS" in found.msg


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("POSTFIX_DYNAMODB_TABLE", "", "tacomail.E003"),
        ("DJANGO_SECRET_KEY", "short", "tacomail.E004"),
        ("TACOMAIL_MAIL_BUCKET", "", "tacomail.W023"),
    ],
)
def test_what_a_public_site_needs_from_the_environment(
    public: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    monkeypatch.setenv(name, value)
    assert ids(checks.check_deployment()) == [wanted]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DEBUG", True, "tacomail.E005"),
        ("ALLOWED_HOSTS", ["*"], "tacomail.E006"),
        ("ALLOWED_HOSTS", [], "tacomail.E006"),
        ("HTTPS", False, "tacomail.E007"),
    ],
)
def test_settings_that_are_unsafe_in_public(
    public: None, settings: SettingsWrapper, name: str, value: Any, wanted: str
) -> None:
    setattr(settings, name, value)
    assert ids(checks.check_deployment()) == [wanted]


def test_a_table_that_is_not_there(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "another")
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, found.msg) == ("tacomail.E010", "There is no table another.")


def test_no_name_of_a_table(empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")
    assert ids(checks.check_table(databases=["default"])) == ["tacomail.E003"]


@pytest.mark.parametrize(
    ("description", "wanted"),
    [
        (described(KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}]), "tacomail.E011"),
        (described(GlobalSecondaryIndexes=[]), "tacomail.E012"),
        (
            described(GlobalSecondaryIndexes=[{"IndexName": INDEX_NAME, "KeySchema": [], "Projection": {}}]),
            "tacomail.E012",
        ),
    ],
)
def test_a_table_of_another_shape(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch, description: dict[str, Any], wanted: str
) -> None:
    monkeypatch.setattr(site, "describe", lambda: description)
    assert ids(checks.check_table(databases=["default"])) == [wanted]


def test_a_table_that_keeps_expired_items(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "has_time_to_live", lambda: False)
    assert ids(checks.check_table(databases=["default"])) == ["tacomail.E013"]


def test_no_served_domain(empty_site: SiteTable) -> None:
    assert ids(checks.check_table(databases=["default"])) == ["tacomail.W020"]


def test_the_older_list_of_domains(empty_site: SiteTable) -> None:
    entry = {"M": {"subdomain": {"S": "taco.example"}, "active": {"BOOL": True}}}
    empty_site.put(
        {
            "sub_domain": {"S": DOMAINS_KEY.sub_domain},
            "alias_address": {"S": DOMAINS_KEY.alias_address},
            "configValues": {"L": [entry]},
        }
    )
    assert ids(checks.check_table(databases=["default"])) == ["tacomail.W021"]


def test_a_domain_that_is_served_and_local(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_LOCAL_DOMAINS", "tacomail,taco.example")
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, "taco.example" in found.msg) == ("tacomail.W022", True)


def test_checks_make_no_request_unless_a_database_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "open_table", lambda: pytest.fail("the table was opened"))
    assert [message.id for message in run_checks() if "tacomail" in str(message.id)] == []


def test_every_id_is_in_the_documents_and_no_other() -> None:
    code = (ROOT / "tacomail_site" / "checks.py").read_text()
    made = {
        f"tacomail.{kind[0].upper()}{int(number):03}"
        for kind, number in re.findall(r"yield _(error|warning)\(\s*(\d+),", code)
    }
    shown = set(re.findall(r"^\| (tacomail\.[EW]\d+) ", (ROOT / "docs" / "checks.md").read_text(), re.MULTILINE))
    assert made == shown
