"""What clients ask when they start: who the key belongs to, settings, domains, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.api.callers import Scope
from aliases.models import Alias
from tests.aliases.api.simplelogin.clients import extension, made
from tests.support.api import USERNAME, token
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def test_a_right_key_belongs_to_its_operator(site: SiteTable) -> None:
    answer = extension(token(Scope.READ)).get("/api/user_info")
    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("max_alias_free_plan") >= 1_000_000
    assert body == {
        "name": USERNAME,
        "email": DESTINATION,
        "is_premium": True,
        "in_trial": False,
        "can_create_reverse_alias": False,
        "profile_picture_url": None,
        "connected_proton_address": None,
    }


def test_a_key_is_right_before_any_destination_is_registered(empty_site: SiteTable) -> None:
    answer = extension().get("/api/user_info")
    assert answer.status_code == 200
    assert answer.json()["email"] == ""


def test_settings_can_be_read_and_not_changed(site: SiteTable) -> None:
    api = extension()
    assert api.get("/api/setting").json() == {
        "alias_generator": "word",
        "notification": False,
        "random_alias_default_domain": DOMAIN,
        "sender_format": "AT",
        "random_alias_suffix": "random_string",
    }
    answer = api.patch("/api/setting", {"alias_generator": "uuid"})
    assert answer.status_code == 403
    assert list(answer.json()) == ["error"]


def test_the_domains_for_random_names_are_those_that_are_served(site: SiteTable) -> None:
    assert extension().get("/api/v2/setting/domains").json() == [{"domain": DOMAIN, "is_custom": True}]


def test_settings_have_no_domain_where_none_is_served(empty_site: SiteTable) -> None:
    assert extension().get("/api/setting").json()["random_alias_default_domain"] == ""
    assert extension().get("/api/v2/setting/domains").json() == []


def test_numbers_are_summed_over_all_aliases(site: SiteTable) -> None:
    for name in ("one", "two"):
        Alias.objects.filter(pk=made(name).pk).update(use_count=3, ignored_count=1, refused_count=1)
    assert extension().get("/api/stats").json() == {"nb_alias": 2, "nb_forward": 6, "nb_block": 4, "nb_reply": 0}


def test_there_are_no_notifications(site: SiteTable) -> None:
    assert extension().get("/api/notifications?page=0").json() == {"more": False, "notifications": []}


def test_logging_out_leaves_the_token_alone_and_says_so(site: SiteTable) -> None:
    api = extension()
    answer = api.get("/api/logout")
    assert answer.status_code == 200
    assert list(answer.json()) == ["msg"]
    assert api.get("/api/user_info").status_code == 200
