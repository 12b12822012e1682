"""The operator that the first start makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tacomail_site.accounts.exceptions import WeakPassword
from tacomail_site.accounts.first import ensure_operator, new_password
from tacomail_site.models import Operator
from tests.tacomail_site.accounts.people import browser, is_signed_in, sign_in

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def test_it_is_an_owner_who_can_sign_in_with_the_password_that_was_made(empty_site: SiteTable) -> None:
    password = new_password()
    assert ensure_operator("admin", password)
    assert Operator.objects.get().is_owner
    client = browser()
    sign_in(client, "admin", password)
    assert is_signed_in(client)


def test_where_there_is_an_operator_nothing_is_made(alice: Operator) -> None:
    assert not ensure_operator("admin", new_password())
    assert Operator.objects.get() == alice


def test_no_two_passwords_are_the_same() -> None:
    assert len({new_password() for _ in range(100)}) == 100


def test_a_weak_password_is_refused_here_too(empty_site: SiteTable) -> None:
    with pytest.raises(WeakPassword):
        ensure_operator("admin", "admin")
    assert Operator.objects.count() == 0
