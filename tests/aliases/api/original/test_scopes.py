"""Who may do what: every operation has a row here, and one without a row fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from aliases.api.callers import INCLUDED, Scope
from aliases.api.original.routes import OPERATIONS
from aliases.models import Alias, Destination, Domain
from tacomail_site.models import Operator, Role
from tests.aliases.api.original.calling import alias, said
from tests.support.api import Api, token
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

READ, CREATE, WRITE, ADMIN = Scope.READ, Scope.CREATE, Scope.WRITE, Scope.ADMIN
CSRF = "abcdefghijklmnopqrstuvwxyz012345"
NEW = {"alias": "new", "domain": DOMAIN, "destination": DESTINATION}
SPARE, SPARE_DESTINATION = "spare.example.com", "bob@tacomail"

# The method and the path, the narrowest scope that does, whether a session of the site does, what is sent, and the
# status where it may be done.
ROWS: dict[tuple[str, str], tuple[Scope, bool, Any, int]] = {
    ("GET", "/alias"): (READ, True, None, 200),
    ("POST", "/alias"): (CREATE, True, NEW, 201),
    ("GET", "/alias/{uuid}"): (READ, True, None, 200),
    ("PATCH", "/alias/{uuid}"): (WRITE, True, {"description": "x"}, 200),
    ("DELETE", "/alias/{uuid}"): (WRITE, True, None, 204),
    ("GET", "/alias/{uuid}/activate"): (WRITE, False, None, 200),
    ("POST", "/alias/{uuid}/activate"): (WRITE, True, None, 200),
    ("GET", "/alias/{uuid}/deactivate"): (WRITE, False, None, 200),
    ("POST", "/alias/{uuid}/deactivate"): (WRITE, True, None, 200),
    ("GET", "/alias/{uuid}/ignore"): (WRITE, False, None, 200),
    ("POST", "/alias/{uuid}/ignore"): (WRITE, True, None, 200),
    ("GET", "/alias/{uuid}/count"): (WRITE, False, None, 204),
    ("POST", "/alias/{uuid}/count"): (WRITE, True, None, 204),
    ("GET", "/domain"): (READ, True, None, 200),
    ("POST", "/domain"): (ADMIN, True, {"domain": "new.example.com"}, 201),
    ("GET", "/domain/{domain}"): (READ, True, None, 200),
    ("PATCH", "/domain/{domain}"): (ADMIN, True, {"description": "x"}, 200),
    ("DELETE", "/domain/{domain}"): (ADMIN, True, None, 204),
    ("PATCH", "/domain/{domain}/delete"): (ADMIN, True, None, 204),
    ("POST", "/domain/{domain}/delete"): (ADMIN, True, None, 204),
    ("GET", "/destination"): (READ, True, None, 200),
    ("POST", "/destination"): (ADMIN, True, {"destination": "carol@tacomail"}, 201),
    ("GET", "/destination/{destination}"): (READ, True, None, 200),
    ("PATCH", "/destination/{destination}"): (ADMIN, True, {"description": "x"}, 200),
    ("DELETE", "/destination/{destination}"): (ADMIN, True, None, 204),
}
EACH = pytest.mark.parametrize(("method", "path"), sorted(ROWS))


@pytest.fixture
def made(site: SiteTable) -> Alias:
    """An alias, and a domain and a destination that nothing needs."""
    Domain.objects.create(domain=SPARE)
    Destination.objects.create(destination=SPARE_DESTINATION)
    return alias()


def filled(path: str, made: Alias) -> str:
    return path.format(uuid=made.identifier, domain=SPARE, destination=quote(SPARE_DESTINATION))


def table_state() -> list[Any]:
    """Everything that an operation could have changed."""
    return [list(model.objects.order_by("pk").values()) for model in (Alias, Domain, Destination)]


def json_of(sent: Any) -> str:
    return "" if sent is None else json.dumps(sent)


def browser(role: str = Role.OWNER) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(Operator.objects.create_operator("olivia", None, role))
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    return client


def test_every_operation_has_a_row() -> None:
    assert {(one.method, one.path) for one in OPERATIONS} == set(ROWS)
    assert len(OPERATIONS) == len(ROWS)


@pytest.mark.parametrize("scope", Scope)
@EACH
def test_a_token_does_what_its_scope_includes_and_nothing_else(
    made: Alias, method: str, path: str, scope: Scope
) -> None:
    needed, _, sent, status = ROWS[method, path]
    before = table_state()
    answer = Api(token(scope)).call(method, filled(path, made), sent)
    if needed in INCLUDED[scope]:
        assert answer.status_code == status, answer.content
    else:
        assert said(answer) == (403, path.split("/")[1])
        assert table_state() == before


@EACH
def test_nobody_does_anything_without_saying_who_they_are(made: Alias, method: str, path: str) -> None:
    before = table_state()
    for text in (None, "taco_" + "x" * 40, "nonsense"):
        answer = Api(text).call(method, filled(path, made), ROWS[method, path][2])
        assert said(answer) == (401, path.split("/")[1])
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert table_state() == before


@EACH
def test_a_session_changes_something_only_with_its_csrf_token_and_never_by_get(
    made: Alias, method: str, path: str
) -> None:
    _, by_session, sent, status = ROWS[method, path]
    client, there, before = browser(), filled(path, made), table_state()
    if method != "GET":
        bare: Any = client.generic(method, there, json_of(sent), content_type="application/json")
        assert said(bare) == (403, path.split("/")[1])
        assert table_state() == before
    answer: Any = client.generic(
        method, there, json_of(sent), content_type="application/json", headers={"X-CSRFToken": CSRF}
    )
    if by_session:
        assert answer.status_code == status, answer.content
    else:
        assert said(answer) == (403, "alias")
        assert table_state() == before


@EACH
def test_a_viewer_only_looks(made: Alias, method: str, path: str) -> None:
    needed, _, sent, status = ROWS[method, path]
    answer = Api(token(ADMIN, username="vera", role=Role.VIEWER)).call(method, filled(path, made), sent)
    assert answer.status_code == (status if needed is READ else 403)
