"""A change that names the state that it means leaves any other state alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.original.versions import Expected, expected
from aliases.models import Alias
from aliases.services.aliases import describe_alias, rename_alias
from aliases.services.uses import count_use
from tests.aliases.api.original.calling import alias, said
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api

CHANGES = [
    ("PATCH", "", {"description": "for shoes"}, 200),
    ("PATCH", "", {"alias": "store"}, 200),
    ("DELETE", "", None, 204),
    *((method, f"/{state}", None, 200) for method in ("GET", "POST") for state in ("activate", "deactivate", "ignore")),
]


def tagged(etag: str) -> list[tuple[str, str]]:
    return [("If-Match", etag)]


@pytest.mark.parametrize(("method", "state", "sent", "status"), CHANGES)
def test_it_is_carried_out_on_the_state_that_it_means_and_on_no_other(
    api: Api, method: str, state: str, sent: Any, status: int
) -> None:
    made = alias()
    path = f"/alias/{made.identifier}"
    etag = api.get(path)["ETag"]
    describe_alias(made, "somebody else was here", by="bob")
    assert said(api.call(method, path + state, sent, headers=tagged(etag))) == (412, "alias")
    assert Alias.objects.get().description == "somebody else was here"
    now = api.get(path)["ETag"]
    assert now != etag
    assert api.call(method, path + state, sent, headers=tagged(f'"other", {now}')).status_code == status


@pytest.mark.parametrize("etag", ["*", ""])
def test_any_state_is_meant_by_a_star_and_none_by_an_empty_list(api: Api, etag: str) -> None:
    path = f"/alias/{alias().identifier}"
    answer = api.patch(path, {"description": "x"}, headers=tagged(etag))
    assert answer.status_code == (200 if etag else 412)


def test_an_etag_that_was_made_weak_on_its_way_is_as_good(api: Api) -> None:
    path = f"/alias/{alias().identifier}"
    etag = api.get(path)["ETag"]
    assert api.patch(path, {"description": "x"}, headers=tagged(f"W/{etag}")).status_code == 200


def test_every_way_to_see_one_alias_gives_the_same_etag(api: Api) -> None:
    made = api.post("/alias", {"alias": "shop", "domain": DOMAIN, "destination": DESTINATION})
    identifier = Alias.objects.get().identifier
    seen = {made["ETag"], api.get(f"/alias/{identifier}")["ETag"], api.get(f"/alias?alias=shop@{DOMAIN}")["ETag"]}
    assert len(seen) == 1
    assert api.post(f"/alias/{identifier}/ignore")["ETag"] not in seen


def test_a_use_that_is_counted_makes_another_etag(api: Api) -> None:
    made = alias()
    before = api.get(f"/alias/{made.identifier}")["ETag"]
    count_use(made.identifier)
    assert api.get(f"/alias/{made.identifier}")["ETag"] != before


@pytest.mark.parametrize(("method", "state", "sent", "status"), CHANGES)
def test_a_change_between_the_look_and_the_write_is_not_overwritten(
    api: Api, monkeypatch: pytest.MonkeyPatch, method: str, state: str, sent: Any, status: int
) -> None:
    made = alias()
    path = f"/alias/{made.identifier}"
    etag = api.get(path)["ETag"]

    def meanwhile(*args: Any) -> Expected:
        looked = expected(*args)
        describe_alias(made, "somebody else was faster", by="bob")
        return looked

    monkeypatch.setattr("aliases.api.original.aliases.expected", meanwhile)
    assert said(api.call(method, path + state, sent, headers=tagged(etag))) == (412, "alias")
    now = Alias.objects.get()
    assert (now.description, now.state, now.alias_address) == ("somebody else was faster", "active", "shop")


def test_an_older_item_without_flags_can_be_changed(api: Api, site: Any) -> None:
    site.put({
        "sub_domain": {"S": DOMAIN},
        "alias_address": {"S": "shop"},
        "application": {"S": "tacomail"},
        "identifier": {"S": "older"},
    })  # fmt: skip
    etag = api.get("/alias/older")["ETag"]
    assert api.patch("/alias/older", {"active": False}, headers=tagged(etag)).status_code == 200


def test_another_alias_that_took_the_address_is_not_meant(api: Api) -> None:
    made = alias()
    etag = api.get(f"/alias/{made.identifier}")["ETag"]
    rename_alias(made, "store", by="bob")
    alias("shop")
    assert said(api.delete(f"/alias/{made.identifier}", headers=tagged(etag))) == (412, "alias")
    assert Alias.objects.count() == 2
