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
PAGES = "/aliases/"
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
    yield from _admin(aws, client)
    yield from _site(aws, client)


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


def _admin(aws: MotoServer, client: Client) -> Iterator[Figure]:
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


def _site(aws: MotoServer, client: Client) -> Iterator[Figure]:
    """The pages of the site, session and operator included."""
    from tests.aliases.admin.pages import fields

    count = partial(_counted, aws, place="site")
    one = f"{PAGES}{identifier(700)}/"
    yield count(f"list of {ALIASES:,} aliases", lambda: client.get(PAGES), 5)
    yield count("its last page", lambda: client.get(PAGES, {"page": "40"}), 5)
    searched = {"q": "bench09", "domain": DOMAIN, "state": "active", "sort": "used"}
    yield count("search as one types", lambda: client.get(PAGES, searched, headers={"HX-Request": "true"}), 5)
    yield count("one alias", lambda: client.get(one), 5)
    yield count("state of an alias switched", lambda: client.post(f"{one}state/", {"state": "paused", "from": "list"}))
    yield count("form of a new alias", lambda: client.get("/new"))
    made = {**fields(client.get("/new")), "name": "made", "destinations": "alice@tacomail"}
    yield count("a new alias", lambda: client.post("/new", made))
    yield count("activity of today", lambda: client.get("/activity/"))
    yield count("held mail", lambda: client.get("/held/"))
    yield count("domains", lambda: client.get("/domains/"))
    yield count("dry run", lambda: client.get("/dry-run/", {"to": f"bench0500@{DOMAIN}", "sender": "a@example.com"}))


def _counted(
    aws: MotoServer, name: str, act: Callable[[], Any], most: int | None = None, place: str = "admin"
) -> Figure:
    aws.requests.clear()
    response = act()
    assert response.status_code in {200, 302, 303}, (name, response.status_code)
    count = len(aws.operations("dynamodb"))
    return Figure(
        f"{place}, {name}: requests to the table",
        str(count),
        "" if most is None else str(most),
        None if most is None else count <= most,
    )
