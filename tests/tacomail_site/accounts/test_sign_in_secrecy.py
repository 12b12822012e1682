"""Nobody learns from the sign-in page which user names there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from tacomail_site.accounts import services, throttling
from tests.support.site import counted_requests
from tests.tacomail_site.accounts.people import browser, sign_in, text

if TYPE_CHECKING:
    from tacomail_site.models import Operator

ATTEMPTS = 8  # more than are free


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were hashed: what the time of an answer depends on."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


@pytest.mark.parametrize("kind", ["unknown", "not active"])
def test_an_unknown_user_name_and_a_wrong_password_look_the_same_attempt_for_attempt(
    alice: Operator, bob: Operator, kind: str, hashes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = throttling.current_time()
    monkeypatch.setattr(throttling, "current_time", lambda: moment)  # so that both wait for the same time
    services.deactivate(bob, by="test")
    other = "nobody" if kind == "unknown" else "bob"
    hashes.clear()
    for _ in range(ATTEMPTS):
        seen = []
        for name, address in (("alice", "192.0.2.1"), (other, "192.0.2.2")):
            with counted_requests() as requests:
                response = sign_in(browser(address), name, "wrong")
            page = text(response).replace(f'value="{name}"', 'value="NAME"')
            seen.append((response.status_code, page, requests.operations, list(hashes)))
            hashes.clear()
        assert seen[0] == seen[1]


def test_each_attempt_hashes_once(alice: Operator, hashes: list[str]) -> None:
    sign_in(browser(), "nobody", "wrong")
    assert hashes == ["wrong"]


def test_a_refused_attempt_is_not_looked_at(alice: Operator, hashes: list[str]) -> None:
    for _ in range(ATTEMPTS):
        hashes.clear()
        response = sign_in(browser(), password="wrong")
    assert response.status_code == 429
    assert hashes == []
