"""The paths of the dialect, below `/addy/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from aliases.api.addy import account, aliases
from aliases.api.addy.refusals import refusal
from aliases.api.callers import Scope
from aliases.api.plain import Action, endpoint

if TYPE_CHECKING:
    from django.urls import URLPattern

READ, CREATE, WRITE = Scope.READ, Scope.CREATE, Scope.WRITE


def dialect(route: str, **actions: Action) -> URLPattern:
    return path(f"api/v1/{route}", endpoint(refusal, **actions))


urlpatterns: list[URLPattern] = [
    dialect("aliases", GET=Action(READ, aliases.list_aliases), POST=Action(CREATE, aliases.make_alias)),
    dialect(
        "aliases/<str:identifier>",
        GET=Action(READ, aliases.show_alias),
        PATCH=Action(WRITE, aliases.change_alias),
        DELETE=Action(WRITE, aliases.remove_alias),
    ),
    dialect("aliases/<str:identifier>/forget", DELETE=Action(WRITE, aliases.forget_alias)),
    dialect("aliases/<str:identifier>/restore", PATCH=Action(WRITE, aliases.bring_back)),
    dialect("active-aliases", POST=Action(WRITE, aliases.activate)),
    dialect("active-aliases/<str:identifier>", DELETE=Action(WRITE, aliases.deactivate)),
    dialect("pinned-aliases", POST=Action(WRITE, aliases.pin)),
    dialect("pinned-aliases/<str:identifier>", DELETE=Action(WRITE, aliases.unpin)),
    dialect("alias-recipients", POST=Action(WRITE, aliases.set_recipients)),
    dialect("domain-options", GET=Action(READ, account.domain_options)),
    dialect("recipients", GET=Action(READ, account.list_recipients)),
    dialect("api-token-details", GET=Action(READ, account.token_details)),
    dialect("account-details", GET=Action(READ, account.account_details)),
    path("api/auth/login", account.no_sign_in),
    path("api/auth/mfa", account.no_sign_in),
]
