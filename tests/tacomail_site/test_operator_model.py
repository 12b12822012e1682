"""The user model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tacomail_site.models import Operator, RecoveryCode, UsedCode, is_username
from tests.support.site import PASSWORD, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


@pytest.fixture
def alice(empty_site: SiteTable) -> Operator:
    return Operator.objects.create_operator("Alice", PASSWORD)


@pytest.mark.parametrize("text", ["a", "alice", "a.b_c@d+e-f", "0", "a" * 64])
def test_these_are_user_names(text: str) -> None:
    assert is_username(text)
    Operator(username=text, password="x").full_clean(validate_unique=False)


@pytest.mark.parametrize("text", ["", "-a", "Alice", "a b", "a\n", "ä", "a" * 65, "a/b", "a:b"])
def test_these_are_none(text: str) -> None:
    assert not is_username(text)


@pytest.mark.parametrize("text", ["", "-a", "a b", "ä", "a" * 65, "a/b"])
def test_a_form_refuses_them_too(text: str) -> None:
    with pytest.raises(ValidationError):
        Operator(username=text, password="x").full_clean(validate_unique=False)


def test_the_user_name_is_kept_in_small_letters_and_found_in_any(alice: Operator) -> None:
    assert alice.pk == "alice"
    assert Operator.objects.get_by_natural_key("ALICE") == alice


def test_two_cannot_have_the_same(alice: Operator) -> None:
    with pytest.raises(IntegrityError):
        Operator.objects.create_operator("ALICE", PASSWORD)
    assert Operator.objects.count() == 1


@pytest.mark.parametrize("text", [None, "", "ﷺ" * 64, "a b"])
def test_what_nobody_can_have_is_not_looked_for(alice: Operator, text: str | None) -> None:
    with counted_requests() as requests, pytest.raises(Operator.DoesNotExist):
        Operator.objects.get_by_natural_key(text)
    assert requests.operations == []


def test_saving_writes_only_what_changed(alice: Operator) -> None:
    one, other = Operator.objects.get(pk="alice"), Operator.objects.get(pk="alice")
    one.sign_out_everywhere()
    other.name = "Alice Example"
    other.save()
    found = Operator.objects.get(pk="alice")
    assert (found.name, found.session_salt) == ("Alice Example", one.session_salt)


def test_signing_out_everywhere_changes_what_a_session_must_match(alice: Operator) -> None:
    before = alice.get_session_auth_hash()
    alice.sign_out_everywhere()
    assert Operator.objects.get(pk="alice").get_session_auth_hash() not in {before, ""}


def test_another_password_changes_it_too(alice: Operator) -> None:
    before = alice.get_session_auth_hash()
    alice.set_password("another correct horse")
    assert alice.get_session_auth_hash() != before


def test_what_is_kept_of_codes_cannot_be_edited() -> None:
    for model in (RecoveryCode, UsedCode):
        assert not any(field.editable for field in model._meta.concrete_fields)
