"""What a page of the site costs: requests to the table, counted where they arrive."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import django

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

ALIASES = 1_000
DOMAIN = "taco.example"
LIST = "/admin/aliases/alias/"
USERNAME = "bench"
PASSWORD = "correct horse battery"
BULK = 25


def site_figures(aws: MotoServer, installation: Installation) -> Iterator[Figure]:
    """Every figure of this kind."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.test import Client

    _fill(installation)
    client = Client()
    yield from _pages(aws, client)


def _fill(installation: Installation) -> None:
    """The operator, and a thousand aliases as the mail functions and the services leave them."""
    from tacomail_site.models import Operator

    Operator.objects.create_operator(USERNAME, PASSWORD)
    with installation.rows.batch_writer() as batch:
        for number in range(ALIASES):
            batch.put_item(_alias(number))


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def _alias(number: int) -> dict[str, Any]:
    name = f"bench{number:04}"
    return {
        "sub_domain": DOMAIN,
        "alias_address": name,
        "full_address": f"{name}@{DOMAIN}",
        "application": "tacomail",
        "identifier": identifier(number),
        "active_alias": number % 3 > 0,
        "ignore_alias": number % 5 == 0,
        "destination": "alice@tacomail",
        "description": "Made for the bench, with a description of the usual length",
        "created_datetime": 1_700_000_000 + number,
        "modified_datetime": 1_700_000_000 + number,
        "use_count": number,
    }


def _pages(aws: MotoServer, client: Client) -> Iterator[Figure]:
    """In the order of an operator's day; each in the process that served those before."""
    from tests.aliases.admin.pages import fields

    sign_in = {"username": USERNAME, "password": PASSWORD}
    yield _counted(aws, "sign-in", lambda: client.post("/accounts/sign-in/", sign_in))
    yield _counted(aws, f"list of {ALIASES:,} aliases", lambda: client.get(LIST), most=5)
    yield _counted(
        aws, "its third page, searched and sorted", lambda: client.get(LIST, {"q": "bench", "o": "-1", "p": "3"}), 5
    )
    form = f"{LIST}{identifier(500)}/change/"
    yield _counted(aws, "form of an alias", lambda: client.get(form), most=4)
    for name, typed in (("", {"description": "Changed"}), (" under another address", {"alias_address": "renamed"})):
        data = {**fields(client.get(form)), **typed}
        yield _counted(aws, f"save of an alias{name}", partial(client.post, form, data))
    chosen = {"action": "deactivate", "index": 0, "_selected_action": [identifier(number) for number in range(BULK)]}
    yield _counted(aws, f"bulk action on {BULK} aliases", lambda: client.post(LIST, chosen))
    yield _counted(aws, "overview", lambda: client.get("/admin/"))


def _counted(aws: MotoServer, name: str, act: Callable[[], Any], most: int | None = None) -> Figure:
    aws.requests.clear()
    response = act()
    assert response.status_code in {200, 302}, (name, response.status_code)
    count = len(aws.operations("dynamodb"))
    return Figure(
        f"admin, {name}: requests to the table",
        str(count),
        "" if most is None else str(most),
        None if most is None else count <= most,
    )
