"""Who reaches which URL of the accounts, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from aliases.api.callers import Scope
from tacomail_site.accounts import services
from tacomail_site.accounts.sessionlist import mark_of
from tacomail_site.accounts.tokens import make_token
from tacomail_site.accounts.urls import urlpatterns
from tacomail_site.models import Operator, Role
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import signed_in, text
from tests.tacomail_site.accounts.standing import standing

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

OPEN = {"sign_in", "code", "recovery", "sign_out", "appearance"}  # nobody has to be signed in
NAMES = sorted(str(pattern.name) for pattern in urlpatterns)
CLOSED = [name for name in NAMES if name not in OPEN]
OWNERS = [name for name in NAMES if "operator" in name]
OF_ONE = [name for name in OWNERS if name not in ("operators", "add_operator")]


def url_of(name: str, username: str = "bob", mark: str = "x") -> str:
    """`mark` is of a session, or the digest of a token."""
    arguments = {"end_session": [mark], "revoke_token": [mark], "connect_program": ["script"]}
    arguments |= {one: [username] for one in OF_ONE}
    return reverse(f"accounts:{name}", args=arguments.get(name, []))


@pytest.fixture
def everybody(alice: Operator, bob: Operator) -> None:
    """An owner, an editor, and a viewer."""
    services.create_operator("vera", PASSWORD, role=Role.VIEWER, by="test")


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize("name", CLOSED)
def test_it_works_for_an_owner(name: str) -> None:
    other, client = signed_in(), signed_in()
    mark = mark_of(str(other.session.session_key))
    if name == "revoke_token":
        mark = make_token(Operator.objects.get(pk="alice"), "nightly-job", [Scope.READ]).token.pk
    response = client.get(url_of(name, mark=mark))
    unset = {"two_step_off": "/accounts/two-step/overview/", "recovery_codes": "/accounts/two-step/"}
    if name in unset:  # there is nothing to switch off or to renew
        assert response["Location"] == unset[name]
    else:
        assert response.status_code == 200
        assert f"<h1>{response.context['title']}</h1>" in text(response)


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize("name", CLOSED)
def test_nobody_gets_there_without_signing_in(name: str, client: Any) -> None:
    url = url_of(name)
    before = standing()
    for method, back in ((client.get, url), (client.post, "/")):
        assert method(url)["Location"] == f"/accounts/sign-in/?{urlencode({'next': back})}"
    assert standing() == before


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize("role", ["bob", "vera"])
def test_only_owners_get_to_the_operators(role: str) -> None:
    client = signed_in(role)
    before = standing()
    for name in OWNERS:
        for method in (client.get, client.post):
            response = method(url_of(name))
            assert response.status_code in (403, 405)
            if response.status_code == 403:
                assert "Not allowed" in text(response)
    assert standing() == before


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize("role", ["alice", "bob", "vera"])
def test_the_tabs_show_what_is_open_to_the_role(role: str) -> None:
    page = text(signed_in(role).get("/accounts/"))
    tabs = page[page.index('<ul class="tabs">') : page.index("</ul>", page.index('<ul class="tabs">'))]
    assert ("/accounts/operators/" in tabs) is (role == "alice")
    assert ("/admin/" in tabs) is (role != "vera")
    assert tabs.count('aria-current="page"') == 1


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("username", ["nobody", "Not A Name", "ﷺ" * 100])
def test_an_operator_who_is_not_there_is_not_found(name: str, username: str) -> None:
    client = signed_in()
    url = url_of(name, username)
    assert client.get(url).status_code == 404
    assert client.post(url, {"role": "viewer"}).status_code == 404


@pytest.mark.usefixtures("everybody")
def test_other_methods_are_refused() -> None:
    client = signed_in()
    for name in NAMES:
        for method in ("put", "delete", "patch"):
            assert getattr(client, method)(url_of(name)).status_code == 405, name


def test_the_settings_are_in_sight_of_everybody(empty_site: SiteTable) -> None:
    for role in Role:
        services.create_operator(f"some-{role}", PASSWORD, role=role, by="test")
        client = signed_in(f"some-{role}")
        for name in set(CLOSED) - {*OWNERS, "end_session", "revoke_token"}:
            assert client.get(url_of(name)).status_code in (200, 302)
