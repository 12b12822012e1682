"""What people do with the pages, in few words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from tests.support.site import PASSWORD

if TYPE_CHECKING:
    from django_otp.models import Device

    from tacomail_site.models import Operator

HOME = "192.0.2.1"
ELSEWHERE = "198.51.100.7"
SECRET = "1234567890abcdef1234567890abcdef12345678"
SIGN_IN = "/accounts/sign-in/"
PROFILE = "/accounts/"
CODE = "/accounts/sign-in/code/"
RECOVERY = "/accounts/sign-in/recovery/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')
REFUSED = 422
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class TwoStepPerson:
    operator: Operator
    device: Device
    recovery_codes: list[str]


def browser(address: str = HOME) -> Client:
    """A browser of its own, at this address, that checks CSRF tokens no more than Django's own test client."""
    return Client(REMOTE_ADDR=address)


def sign_in(client: Client, username: str = "alice", password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def signed_in(username: str = "alice", address: str = HOME) -> Client:
    """A browser in which somebody with one step has just signed in."""
    client = browser(address)
    assert sign_in(client, username).status_code == 302
    assert is_signed_in(client)
    return client


def signed_in_with_code(person: TwoStepPerson, address: str = HOME) -> Client:
    client = browser(address)
    sign_in(client, person.operator.username)
    client.post(CODE, {"code": code_of(SECRET)})
    assert is_signed_in(client)
    return client


def is_signed_in(client: Client) -> bool:
    return bool(client.get(PROFILE).status_code == 200)


def code_of(secret: str, *, later: int = 0) -> str:
    """What an authenticator with this secret shows, now or so many half minutes later."""
    return f"{totp(bytes.fromhex(secret), drift=later):06}"


def other_than(code: str) -> str:
    return f"{(int(code) + 500_000) % 1_000_000:06}"


def text(response: Any) -> str:
    """The page without what differs each time."""
    page: str = response.content.decode()
    return TOKEN.sub("", page)


def forget_when_password_was_typed(client: Client) -> None:
    """As if more than ten minutes had gone by since."""
    session = client.session
    session["password_time"] -= 601
    session.save()


def page(name: str) -> str:
    return reverse(f"accounts:{name}")
