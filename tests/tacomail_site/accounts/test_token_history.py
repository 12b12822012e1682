"""Who made a token, and who revoked it, stands in the history of its operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.api.callers import Scope
from aliases.services import COMMAND_LINE
from aliases.services.histories import history_of
from tacomail_site.accounts.services import OPERATOR
from tacomail_site.accounts.tokens import make_token, revoke_token
from tacomail_site.models import Operator

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def told() -> list[tuple[str, list[str]]]:
    """By whom, and the names before and after, the newest first."""
    entries = history_of(OPERATOR, "olivia")
    return [(entry.actor, entry.changes["api_token"]) for entry in entries if "api_token" in entry.changes]


def test_making_and_revoking_a_token_are_told_with_its_name_and_nothing_of_it(site: SiteTable) -> None:
    operator = Operator.objects.create_operator("olivia", None)
    made = make_token(operator, "Phone", [Scope.READ])
    revoke_token(made.token, COMMAND_LINE)
    assert sorted(told()) == sorted([(COMMAND_LINE, ["Phone", ""]), ("olivia", ["", "Phone"])])
    whole = str(list(history_of(OPERATOR, "olivia")))
    assert made.text.removeprefix("taco_") not in whole
    assert made.token.digest not in whole


def test_revoking_what_is_revoked_is_told_once(site: SiteTable) -> None:
    made = make_token(Operator.objects.create_operator("olivia", None), "Phone", [Scope.READ])
    revoke_token(made.token)
    revoke_token(made.token)
    assert [names for _, names in told() if names[1] == ""] == [["Phone", ""]]
