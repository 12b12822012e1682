"""`manage.py token`."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from aliases.api.callers import Scope
from aliases.api.exceptions import Unauthenticated
from tacomail_site.accounts.tokens import make_token
from tacomail_site.accounts.tokenuse import token_caller
from tacomail_site.models import ApiToken, Operator
from tests.support.api import USERNAME, token
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

MAKE = ("make", "backup", "--operator", USERNAME, "--scope", "read")


def run(*words: str) -> tuple[str, str]:
    """What the command prints, and what it says beside it."""
    out, beside = io.StringIO(), io.StringIO()
    call_command("token", *words, stdout=out, stderr=beside)
    return out.getvalue(), beside.getvalue()


def listed(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", "--json", *words)[0])
    return found


@pytest.fixture
def olivia(site: SiteTable) -> Operator:
    return Operator.objects.create_operator(USERNAME, None)


def named(operator: Operator, *names: str) -> list[ApiToken]:
    return [make_token(operator, name, [Scope.READ]).token for name in names]


def test_standard_output_is_the_token_and_nothing_else(olivia: Operator) -> None:
    out, beside = run(*MAKE)
    assert re.fullmatch(r"taco_[A-Za-z0-9]{40}\n", out)
    assert token_caller(out.strip(), "192.0.2.1").scopes == {Scope.READ}
    assert re.fullmatch(r"backup is good until it is revoked; its ID is [0-9a-f]{8}\. It is shown only now\.\n", beside)
    assert out.strip() not in beside


def test_the_words_beside_it_can_be_left_out(olivia: Operator) -> None:
    assert run("--verbosity", "0", *MAKE)[1] == ""


def test_it_takes_scopes_an_expiry_and_where_new_aliases_go(olivia: Operator) -> None:
    words = ("--scope", "create", "--days", "90", "--domain", DOMAIN.upper(), "--destination", DESTINATION)
    text, beside = run(*MAKE, *words)
    caller = token_caller(text.strip(), "192.0.2.1")
    assert caller.scopes == {Scope.READ, Scope.CREATE}
    assert (caller.domain, caller.destination) == (DOMAIN, DESTINATION)
    (only,) = listed()
    assert only["expires_datetime"] - only["created_datetime"] == pytest.approx(90 * 86_400, abs=2)
    assert "backup is good until 20" in beside


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("make", "x", "--operator", "nobody", "--scope", "read"), "There is no operator nobody"),
        ((*MAKE, "--days", "0"), "--days is 0: use a number from 1 to 36500"),
        ((*MAKE, "--days", "99999999999"), "--days is 99999999999"),
        ((*MAKE, "--days", "-1"), "--days is -1"),
        ((*MAKE, "--domain", "other.example.com"), "other.example.com"),
        ((*MAKE, "--destination", "bob@example.com"), "bob@example.com"),
        ((*MAKE, "--scope", "everything"), "invalid choice: 'everything'"),
        (("make", " ", "--operator", USERNAME, "--scope", "read"), "Give the token a name"),
        (("make", "a\nb", "--operator", USERNAME, "--scope", "read"), "no line breaks"),
        (("make", "backup", "--operator", USERNAME), "--scope"),
        (("make", "backup", "--scope", "read"), "--operator"),
        (("list", "--json", "--names"), "not allowed with"),
        (("list", "--operator", "nobody"), "There is no operator nobody"),
        (("revoke", "backup"), "There is no token backup"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(olivia: Operator, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=re.escape(why)):
        run(*words)
    assert not ApiToken.objects.exists()


def test_none_is_made_for_somebody_who_may_not_sign_in(olivia: Operator) -> None:
    olivia.is_active = False
    olivia.save()
    with pytest.raises(CommandError, match="olivia may not sign in"):
        run(*MAKE)


def test_none_is_made_for_a_domain_that_is_not_served_now(olivia: Operator) -> None:
    call_command("domain", "deactivate", DOMAIN, stdout=io.StringIO())
    with pytest.raises(CommandError, match=f"{DOMAIN} is not served"):
        run(*MAKE, "--domain", DOMAIN)


def test_they_are_listed_with_what_they_may_and_without_what_lets_in(olivia: Operator) -> None:
    out, _beside = run(*MAKE, "--days", "1")
    token_caller(out.strip(), "192.0.2.1")
    heading, row = run("list")[0].splitlines()
    assert re.split(" {2,}", heading) == ["ID", "TOKEN", "OPERATOR", "SCOPES", "EXPIRES", "LAST USE", "ENDING"]
    cells = re.split(" {2,}", row)
    assert cells[1:4] == ["backup", USERNAME, "read"]
    assert cells[6] == out.strip()[-4:]
    assert "-" not in {cells[4], cells[5]}
    assert out.strip()[5:] not in row


def test_they_are_listed_for_programs(olivia: Operator) -> None:
    out, _beside = run(*MAKE)
    (only,) = listed()
    assert set(only) == {
        "id", "name", "operator", "scopes", "domain", "destination", "ending", "expired", "created_datetime",
        "expires_datetime", "last_used_datetime", "last_network",
    }  # fmt: skip
    digest = ApiToken.objects.get().digest
    assert only["id"] == digest[:8]
    assert digest not in json.dumps(only)
    assert (only["scopes"], only["expires_datetime"], only["last_used_datetime"]) == (["read"], None, None)
    token_caller(out.strip(), "192.0.2.1")
    (used,) = listed()
    assert used["last_network"] == "192.0.2.1"
    assert used["last_used_datetime"] >= used["created_datetime"]


def test_those_of_one_operator_are_listed_alone(olivia: Operator) -> None:
    token(Scope.READ, username="bob")
    named(olivia, "backup")
    assert [one["name"] for one in listed("--operator", USERNAME)] == ["backup"]
    assert len(listed()) == 2


def test_each_is_one_word_for_the_shell_that_it_can_neither_split_nor_carry_out(olivia: Operator) -> None:
    names = ["backup", "two words", "twice", "twice", "$(reboot)", "--json", "`id`"]
    tokens = named(olivia, *names)
    words = run("list", "--names")[0].splitlines()
    assert sorted(words) == sorted(["backup", *(one.digest[:8] for one in tokens[1:])])
    for word in words:
        run("revoke", word)
    assert not ApiToken.objects.exists()


def test_an_empty_list_has_no_words_and_says_what_to_do(site: SiteTable) -> None:
    assert run("list", "--names")[0] == ""
    assert listed() == []
    assert "'manage.py token make NAME" in run("list")[0]


def test_one_is_revoked_by_name_by_id_or_by_the_beginning_of_it(olivia: Operator) -> None:
    first, second, third = named(olivia, "backup", "two words", "x")
    assert run("revoke", "two words")[0] == "two words is revoked: nobody gets in with it any more.\n"
    run("revoke", first.digest[:8].upper(), third.digest[:4])
    assert not ApiToken.objects.exists()
    assert second.pk


def test_a_name_that_several_have_is_an_error_that_gives_their_ids(olivia: Operator) -> None:
    tokens = named(olivia, "twice", "twice")
    with pytest.raises(CommandError, match="twice may be any of 2 tokens") as error:
        run("revoke", "twice")
    assert all(one.digest[:8] in str(error.value) for one in tokens)
    assert ApiToken.objects.count() == 2


def test_that_of_another_operator_stays_where_one_is_named(olivia: Operator) -> None:
    (theirs,) = named(Operator.objects.create_operator("bob", None), "backup")
    named(olivia, "backup")
    run("revoke", "backup", "--operator", USERNAME)
    assert ApiToken.objects.get() == theirs


def test_one_that_is_not_there_stops_none_of_the_others(olivia: Operator) -> None:
    named(olivia, "backup")
    with pytest.raises(CommandError, match="There is no token nothing"):
        run("revoke", "nothing", "backup")
    assert not ApiToken.objects.exists()


def test_a_revoked_one_lets_in_no_more(olivia: Operator) -> None:
    text = run(*MAKE)[0].strip()
    token_caller(text, "192.0.2.1")
    run("revoke", "backup")
    with pytest.raises(Unauthenticated):
        token_caller(text, "192.0.2.1")
