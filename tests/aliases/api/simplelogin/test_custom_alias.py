"""An alias of a chosen name: the suffix comes back as it was signed, and a taken name is told apart."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.core import signing

from aliases.api.callers import Scope
from aliases.api.simplelogin.suffixes import GOOD_FOR, SALT
from aliases.services.aliases import find_alias
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain, deactivate_domain, find_domain
from tests.aliases.api.simplelogin.clients import INFO, bitwarden, extension
from tests.support.api import token
from tests.support.site import DESTINATION

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from tests.support.api import Api

V2, V3 = "/api/v2/alias/custom/new", "/api/v3/alias/custom/new"


def suffix(api: Api, which: int = 1) -> Any:
    return api.get("/api/v4/alias/options?hostname=shop.example").json()["suffixes"][which][1]


def test_the_extension_makes_the_alias_that_it_showed(site: SiteTable) -> None:
    api = extension()
    shown, signed = api.get("/api/v4/alias/options?hostname=shop.example").json()["suffixes"][0]
    body = {"alias_prefix": "shop", "signed_suffix": signed, "note": "Used on shop.example"}
    answer = api.post(f"{V2}?hostname=shop.example", body)
    assert answer.status_code == 201
    assert set(answer.json()) == {"alias", *INFO}
    assert answer.json()["alias"] == f"shop{shown}"
    alias = find_alias(f"shop{shown}")
    assert (alias.destination, alias.description) == (DESTINATION, "Used on shop.example")


def test_a_taken_name_is_409(site: SiteTable) -> None:
    api = extension()
    body = {"alias_prefix": "shop", "signed_suffix": suffix(api), "note": None}
    assert api.post(V2, body).status_code == 201
    again = api.post(V2, body)
    assert again.status_code == 409
    assert "shop@taco.example" in again.json()["error"]


def test_a_suffix_is_good_for_ten_minutes(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    api = extension()
    signed = suffix(api)
    now = time.time()
    monkeypatch.setattr("django.core.signing.time", SimpleNamespace(time=lambda: now + GOOD_FOR - 5))
    assert api.post(V2, {"alias_prefix": "one", "signed_suffix": signed}).status_code == 201
    monkeypatch.setattr("django.core.signing.time", SimpleNamespace(time=lambda: now + GOOD_FOR + 5))
    late = api.post(V2, {"alias_prefix": "two", "signed_suffix": signed})
    assert late.status_code == 412
    assert "ten minutes" in late.json()["error"]


@pytest.mark.parametrize(
    "signed",
    [
        "",
        "@taco.example",
        "@taco.example:1:x",
        "::",
        ":",
        "\ud800",
        "\0",
        "x" * 100_000,
        signing.TimestampSigner(key="another key", salt=SALT).sign("@taco.example"),
    ],
    ids=["none", "bare", "shape", "colons", "colon", "surrogate", "nul", "long", "other-key"],
)
def test_a_suffix_that_was_not_signed_here_is_412(site: SiteTable, signed: str) -> None:
    answer = extension().post(V2, {"alias_prefix": "shop", "signed_suffix": signed})
    assert answer.status_code == 412
    assert list(answer.json()) == ["error"]


def test_a_signature_for_something_else_is_none_for_a_suffix(site: SiteTable) -> None:
    signed = signing.TimestampSigner(salt="another purpose").sign("@taco.example")
    assert extension().post(V2, {"alias_prefix": "shop", "signed_suffix": signed}).status_code == 412


def test_a_domain_that_is_served_no_more_is_refused(site: SiteTable) -> None:
    add_domain("z.example.org", by="olivia")
    api = extension()
    signed = suffix(api, 3)
    deactivate_domain(find_domain("z.example.org"), by="olivia")
    answer = api.post(V2, {"alias_prefix": "shop", "signed_suffix": signed})
    assert answer.status_code == 400
    assert "z.example.org" in answer.json()["error"]


@pytest.mark.parametrize(
    ("prefix", "status"),
    [
        ("Shop", 201),
        (" my shop ", 201),
        ("a-b_c.d", 201),
        ("", 400),
        (" ", 400),
        (".", 400),
        ("a..b", 400),
        ("a@b", 400),
        ("bücher", 400),
        ("\0", 400),
        ("\ud800", 400),
        ("x" * 65, 400),
        (None, 400),
        (7, 400),
        (["a"], 400),
    ],
)
def test_a_prefix_is_checked_like_any_name(site: SiteTable, prefix: Any, status: int) -> None:
    api = extension()
    answer = api.post(V2, {"alias_prefix": prefix, "signed_suffix": suffix(api)})
    assert answer.status_code == status
    if status == 400:
        assert list(answer.json()) == ["error"]


def test_the_apps_choose_several_mailboxes(site: SiteTable) -> None:
    add_destination("bob@tacomail", by="olivia")
    api = extension()
    ids = {one["email"]: one["id"] for one in api.get("/api/v2/mailboxes").json()["mailboxes"]}
    body = {
        "alias_prefix": "shop",
        "signed_suffix": suffix(api),
        "mailbox_ids": list(ids.values()),
        "name": None,
        "note": None,
    }
    answer = api.post(V3, body)
    assert answer.status_code == 201
    assert {(one["id"], one["email"]) for one in answer.json()["mailboxes"]} == {(n, t) for t, n in ids.items()}
    assert dict(find_alias("shop@taco.example").destination_list) == {DESTINATION: True, "bob@tacomail": True}


def test_the_apps_choose_one_mailbox(site: SiteTable) -> None:
    add_destination("bob@tacomail", by="olivia")
    api = extension()
    ids = {one["email"]: one["id"] for one in api.get("/api/v2/mailboxes").json()["mailboxes"]}
    body = {"alias_prefix": "shop", "signed_suffix": suffix(api), "mailbox_ids": [ids["bob@tacomail"]]}
    assert api.post(V3, body).status_code == 201
    assert find_alias("shop@taco.example").destination == "bob@tacomail"


@pytest.mark.parametrize("ids", [None, [], [0], [7], ["7"], [True], [1.5], [None], {}, "1", 1, [10**30]])
def test_the_apps_have_to_name_mailboxes_that_are_there(site: SiteTable, ids: Any) -> None:
    api = extension()
    answer = api.post(V3, {"alias_prefix": "shop", "signed_suffix": suffix(api), "mailbox_ids": ids})
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


def test_a_token_that_only_creates_makes_a_chosen_name_too(site: SiteTable) -> None:
    signed = suffix(extension())
    key = token(Scope.CREATE)
    assert extension(key).post(V2, {"alias_prefix": "shop", "signed_suffix": signed}).status_code == 201
    assert bitwarden(token(Scope.READ)).status_code == 403
