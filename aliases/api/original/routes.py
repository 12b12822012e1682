"""Every operation of these routes: the URLs and the OpenAPI document are made of this list."""

from __future__ import annotations

from http import HTTPStatus

from aliases.api.callers import Scope
from aliases.api.original import aliases, destinations, domains
from aliases.api.original.operations import BAD_REQUEST, CHANGED, CONFLICT, ODD, Operation

READ, CREATE, WRITE, ADMIN = Scope.READ, Scope.CREATE, Scope.WRITE, Scope.ADMIN
CREATED, NO_CONTENT = HTTPStatus.CREATED, HTTPStatus.NO_CONTENT

ALIAS, DOMAIN, DESTINATION = "/alias/{uuid}", "/domain/{domain}", "/destination/{destination}"
PAGES = ("limit", "cursor")
IF_MATCH = ("If-Match",)
BY_GET = "It changes something although it is asked with GET, so it takes a token: a session of the site is not enough."
IGNORING = "An alias that is not active stays so, and is ignored once it is active again."

ALIASES = [
    Operation(
        "GET", "/alias", "searchAliases", "Find aliases", READ, aliases.search,
        description="With “alias”, that one, whatever the other parameters say. Else all that fit every parameter.",
        query=("alias", "q", "destination", "active", "ignore", *PAGES), gives="Alias", refusals=(BAD_REQUEST, ODD),
    ),
    Operation(
        "POST", "/alias", "createAlias", "Make an alias", CREATE, aliases.create,
        description="It is active from the start.",
        takes="NewAlias", status=CREATED, gives="Alias", refusals=(BAD_REQUEST, ODD),
    ),
    Operation("GET", ALIAS, "getAlias", "Show an alias", READ, aliases.show, gives="Alias"),
    Operation(
        "PATCH", ALIAS, "editAlias", "Change an alias", WRITE, aliases.edit,
        description="What is not named stays. A single destination takes the place of several.",
        takes="AliasChange", headers=IF_MATCH, gives="Alias", refusals=(BAD_REQUEST, ODD, CONFLICT, CHANGED),
    ),
    Operation(
        "DELETE", ALIAS, "deleteAlias", "Delete an alias", WRITE, aliases.delete,
        headers=IF_MATCH, status=NO_CONTENT, refusals=(ODD, CHANGED),
    ),
]  # fmt: skip

# name in the path, in the document, what it does, its view, and what there is to say of it
STATES = [
    ("activate", "Activate", "Accept its mail, and ignore it no longer", aliases.activate, ""),
    ("deactivate", "Deactivate", "Refuse its mail", aliases.deactivate, ""),
    ("ignore", "Ignore", "Take its mail and drop it", aliases.ignore, IGNORING),
]

COUNT = f"{ALIAS}/count"
STATE_CHANGES = [
    operation
    for path, name, summary, act, said in STATES
    for operation in (
        Operation(
            "GET", f"{ALIAS}/{path}", f"get{name}", summary, WRITE, act,
            description=f"{BY_GET} {said}".strip(), session=False, headers=IF_MATCH, gives="Alias",
            refusals=(ODD, CHANGED),
        ),
        Operation(
            "POST", f"{ALIAS}/{path}", f"post{name}", summary, WRITE, act,
            description=said, headers=IF_MATCH, gives="Alias", refusals=(ODD, CHANGED),
        ),
    )
]  # fmt: skip
COUNTING = [
    Operation(
        "GET", COUNT, "getCount", "Count one use", WRITE, aliases.count,
        description=BY_GET, session=False, status=NO_CONTENT,
    ),
    Operation("POST", COUNT, "postCount", "Count one use", WRITE, aliases.count, status=NO_CONTENT),
]  # fmt: skip

DOMAINS = [
    Operation(
        "GET", "/domain", "searchDomains", "Find domains", READ, domains.search,
        query=("q", *PAGES), gives="Domain", refusals=(BAD_REQUEST,),
    ),
    Operation(
        "POST", "/domain", "createDomain", "Serve one more domain", ADMIN, domains.create,
        takes="NewDomain", status=CREATED, gives="Domain", refusals=(BAD_REQUEST, ODD, CONFLICT),
    ),
    Operation("GET", DOMAIN, "getDomain", "Show a domain", READ, domains.show, gives="Domain"),
    Operation(
        "PATCH", DOMAIN, "editDomain", "Describe a domain, or switch it on or off", ADMIN, domains.edit,
        takes="DomainChange", gives="Domain", refusals=(BAD_REQUEST, ODD, CONFLICT),
    ),
    *(
        Operation(
            method, path, name, "Forget a domain that has no aliases", ADMIN, domains.delete,
            status=NO_CONTENT, refusals=(ODD, CONFLICT),
        )
        for method, path, name in (
            ("DELETE", DOMAIN, "deleteDomain"),
            ("PATCH", f"{DOMAIN}/delete", "patchDomainDelete"),
            ("POST", f"{DOMAIN}/delete", "postDomainDelete"),
        )
    ),
]  # fmt: skip

DESTINATIONS = [
    Operation(
        "GET", "/destination", "searchDestinations", "Find destinations", READ, destinations.search,
        query=("q", "active", *PAGES), gives="Destination", refusals=(BAD_REQUEST, ODD),
    ),
    Operation(
        "POST", "/destination", "createDestination", "Register a destination", ADMIN, destinations.create,
        takes="NewDestination", status=CREATED, gives="Destination", refusals=(BAD_REQUEST, ODD, CONFLICT),
    ),
    Operation(
        "GET", DESTINATION, "getDestination", "Show a destination", READ, destinations.show, gives="Destination"
    ),
    Operation(
        "PATCH", DESTINATION, "editDestination", "Change a destination", ADMIN, destinations.edit,
        description="Another “destination” takes all aliases along, each with its other destinations as they are.",
        takes="DestinationChange", gives="Destination", refusals=(BAD_REQUEST, ODD, CONFLICT),
    ),
    Operation(
        "DELETE", DESTINATION, "deleteDestination", "Forget a destination that no alias names", ADMIN,
        destinations.delete, status=NO_CONTENT, refusals=(ODD, CONFLICT),
    ),
]  # fmt: skip

OPERATIONS = [*ALIASES, *STATE_CHANGES, *COUNTING, *DOMAINS, *DESTINATIONS]
