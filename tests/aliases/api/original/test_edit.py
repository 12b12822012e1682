"""PATCH of an alias changes what it names, and keeps the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.services.domains import add_domain
from aliases.services.uses import count_use
from tests.aliases.api.original.calling import alias, body
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api

OTHER = "other.example.com"


@pytest.mark.parametrize(
    ("sent", "different"),
    [
        ({"alias": "Store"}, {"alias": "store", "fullEmailAddress": f"store@{DOMAIN}"}),
        ({"domain": OTHER}, {"domain": OTHER, "fullEmailAddress": f"shop@{OTHER}"}),
        (
            {"alias": "store", "domain": OTHER, "active": False},
            {"alias": "store", "domain": OTHER, "fullEmailAddress": f"store@{OTHER}", "active": False},
        ),
        ({"destination": "S3"}, {"destination": "S3"}),
        ({"destinations": {"S3": True}}, {"destinations": {"S3": True}}),
        ({"description": "for shoes"}, {"description": "for shoes"}),
        ({"active": False}, {"active": False}),
        ({"ignore": True}, {"ignore": True}),
        ({"active": True, "alias": None}, {}),
        ({"alias": "shop", "uuid": "another", "count": 7, "created": 0}, {}),
    ],
)
def test_what_it_names_changes_and_nothing_else(api: Api, sent: dict[str, Any], different: dict[str, Any]) -> None:
    add_domain(OTHER, by="olivia")
    made = alias()
    count_use(made.identifier)
    (before,) = body(api.get(f"/alias/{made.identifier}"))
    answer = api.patch(f"/alias/{made.identifier}", sent)
    assert answer.status_code == 200, answer.content
    (after,) = body(answer)
    assert after | {"modified": before["modified"]} == before | different
    assert body(api.get(f"/alias/{made.identifier}")) == [after]


def test_a_single_destination_takes_the_place_of_several(api: Api) -> None:
    made = alias(destinations={"S3": True, "bob@tacomail": False})
    (after,) = body(api.patch(f"/alias/{made.identifier}", {"destination": DESTINATION}))
    assert (after["destination"], after["destinations"]) == (DESTINATION, {})
    (both,) = body(api.patch(f"/alias/{made.identifier}", {"destination": "S3", "destinations": {"S3": True}}))
    assert (both["destination"], both["destinations"]) == ("S3", {"S3": True})
