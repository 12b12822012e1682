"""The aliases that were deleted lately."""

from __future__ import annotations

import pytest

from aliases.services.aliases import delete_alias
from aliases.services.restoring import restore_alias
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")
DELETED = "/aliases/deleted/"


def test_each_says_who_deleted_it_and_offers_the_way_back() -> None:
    gone = alias("gone")
    delete_alias(gone, by="bob")
    alias("there")
    text = signed_in().get(DELETED).content.decode()
    assert "gone@taco.example" in text
    assert "deleted by bob" in text
    assert f'action="/aliases/{gone.pk}/restore/"' in text
    assert "there@" not in text


def test_one_that_is_back_is_none_any_more() -> None:
    restore_alias(delete_alias(alias("gone"), by="bob"), by="bob")
    assert "Nothing was deleted lately" in signed_in().get(DELETED).content.decode()


def test_a_viewer_sees_them_and_brings_none_back() -> None:
    delete_alias(alias("gone"), by="bob")
    text = signed_in(Role.VIEWER).get(DELETED).content.decode()
    assert "gone@taco.example" in text
    assert "Bring it back" not in text


def test_it_costs_three_requests() -> None:
    delete_alias(alias("gone"), by="bob")
    client = signed_in()
    with counted_requests() as requests:
        client.get(DELETED)
    assert len(requests) == 3
