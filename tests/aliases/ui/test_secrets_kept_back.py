"""Pages that give back what was posted, so that it can be sent again: never a secret, whichever form it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django import forms

from aliases.records.exceptions import TableUnavailable
from aliases.ui.pages import is_kept
from tacomail_site.accounts.forms import CodeForm, RecoveryForm, SignInForm
from tacomail_site.admin import OperatorForm
from tests.aliases.admin.pages import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from aliases.backend.table import SiteTable

SECRET = "a secret horse"


def every_form(kind: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for made in kind.__subclasses__():
        yield made
        yield from every_form(made)


def secret_fields() -> set[str]:
    """What people type into a password field, and the codes of the second step."""
    found = {
        name
        for form in every_form()
        if form.__module__.startswith(("aliases.", "tacomail_site."))
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput)
    }
    return found | set(CodeForm.base_fields) | set(RecoveryForm.base_fields)


def test_no_secret_of_any_form_is_given_back_under_any_prefix() -> None:
    secrets = secret_fields()
    assert {"password", "new_password", "repeated", "code"} <= secrets
    assert secrets >= {name for name in (*SignInForm.base_fields, *OperatorForm.base_fields) if "password" in name}
    for name in secrets:
        assert not is_kept(name), name
        assert not is_kept(f"again-{name}"), name


@pytest.mark.parametrize("name", ["id", "description", "initial-role", "again-opening", "username"])
def test_what_is_no_secret_is_given_back(name: str) -> None:
    assert is_kept(name)


@pytest.fixture
def silent(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in on a site whose table gives no answer any more."""

    def no_answer(*_: object, **__: object) -> None:
        raise TableUnavailable("no answer")

    client = signed_in()
    client.raise_request_exception = False
    monkeypatch.setattr(site, "get", no_answer)
    return client


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/admin/tacomail_site/operator/add/", "again-password"),
        ("/admin/tacomail_site/operator/add/", "password"),
        ("/accounts/password/", "new_password"),
        ("/accounts/password/", "repeated"),
        ("/accounts/sign-in/code/", "code"),
    ],
)
def test_a_table_without_an_answer_gives_no_secret_back(silent: Client, path: str, field: str) -> None:
    answer = silent.post(path, {field: SECRET, "username": "dora"})
    text = answer.content.decode()
    assert answer.status_code == 503
    assert 'name="username" value="dora"' in text
    assert SECRET not in text


def test_nobody_keeps_the_page_that_holds_what_was_posted(silent: Client) -> None:
    assert "no-store" in silent.post("/aliases/bulk/", {"id": "one"})["Cache-Control"]


@pytest.mark.parametrize(("cookie", "shown"), [("dark", 'data-theme="dark"'), ("pink", ""), ('"><b>', "")])
def test_it_has_the_theme_of_the_browser_if_that_is_one(silent: Client, cookie: str, shown: str) -> None:
    silent.cookies["theme"] = cookie
    start = silent.get("/aliases/").content.decode().partition("<head>")[0]
    assert shown in start
    assert ("data-theme" in start) == bool(shown)
