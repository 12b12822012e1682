"""What `check --deploy` says of a public site, beside Django's own checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tacomail_site import checks
from tests.tacomail_site.public import PUBLIC_SITE, SECRET, run_python

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture(autouse=True)
def _public_site(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """The environment, and what settings.py makes of it."""
    for name, value in PUBLIC_SITE.items():
        monkeypatch.setenv(name, value)
    settings.SECRET_KEY = SECRET
    settings.SITE_URL = PUBLIC_SITE["TACOMAIL_SITE_URL"]
    settings.ALLOWED_HOSTS = ["aliases.example.com"]
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def test_a_site_that_is_right_has_nothing_to_mend() -> None:
    assert checks.check_deployment() == []


@pytest.mark.parametrize("value", ["", "  "])
@pytest.mark.parametrize(
    ("name", "finding"),
    [("POSTFIX_DYNAMODB_TABLE", checks.NO_TABLE_NAME), ("TACOMAIL_MAIL_BUCKET", checks.NO_BUCKET)],
)
def test_a_variable_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, finding: checks.Finding, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert checks.check_deployment() == [finding(f"{name} is not set.")]


def test_without_a_bucket_the_rest_works_so_it_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    (found,) = checks.check_deployment()
    assert not found.is_serious()


@pytest.mark.parametrize(
    ("secret", "finding", "words"),
    [
        ("", checks.NO_SECRET, "is not set"),
        (SECRET[:49], checks.WEAK_SECRET, "less than 50 characters"),
        ("abcd" * 20, checks.WEAK_SECRET, "can be guessed"),
        ("django-insecure-" + SECRET, checks.WEAK_SECRET, "can be guessed"),
        (checks.DEBUG_SECRET, checks.PUBLISHED_SECRET, "source code"),
    ],
)
def test_a_secret_that_others_may_have(settings: Settings, secret: str, finding: checks.Finding, words: str) -> None:
    settings.SECRET_KEY = secret
    (found,) = checks.check_deployment()
    assert (found.id, found.is_serious(), words in found.msg) == (finding.id, True, True)
    assert not secret or secret not in found.msg


def test_the_secret_of_the_source_code_is_the_one_of_the_settings() -> None:
    script = "from tacomail_site.settings import SECRET_KEY; print(SECRET_KEY)"
    assert run_python("-c", script, environment={"DJANGO_DEBUG": "1"}).stdout.strip() == checks.DEBUG_SECRET


def test_debugging_in_public_is_an_error(settings: Settings) -> None:
    settings.DEBUG = True
    assert checks.check_deployment() == [checks.DEBUG_ON("DJANGO_DEBUG is on.")]


@pytest.mark.parametrize(
    ("hosts", "words"), [([], "is empty"), (["*"], "holds *"), (["a.example.com", "*"], "holds *")]
)
def test_hosts_that_are_nobody_or_anybody(settings: Settings, hosts: list[str], words: str) -> None:
    settings.ALLOWED_HOSTS = hosts
    (found,) = checks.check_deployment()
    assert (found.id, words in found.msg) == ("tacomail.E006", True)


@pytest.mark.parametrize("address", ["", "http://aliases.example.com"])
def test_a_site_without_https_is_one_error_whatever_else_follows_from_it(settings: Settings, address: str) -> None:
    settings.SITE_URL = address
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    (found,) = checks.check_deployment()
    assert (found.id, (address or "not set") in found.msg) == ("tacomail.E007", True)


@pytest.mark.parametrize("name", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"])
def test_a_cookie_that_would_go_over_http_is_named(settings: Settings, name: str) -> None:
    wrong: Any = False
    setattr(settings, name, wrong)
    assert checks.check_deployment() == [checks.OPEN_COOKIES(f"{name} is off.")]
