"""Which counters an attempt has to pass.

A browser with which the operator signed in before has a counter of its own, and no other. So whatever an attacker
does elsewhere, the operator gets in. Everybody else is counted by user name and network, by network, and by user name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tacomail_site.accounts.clients import client_network, known_browser
from tacomail_site.accounts.throttling import Counter, digest
from tacomail_site.accounts.waiting import MINUTE, Limit
from tacomail_site.models import Operator

if TYPE_CHECKING:
    from django.http import HttpRequest

ONE_PLACE = Limit(free=5)  # wrong passwords of one person
ONE_NETWORK = Limit(free=30)  # of everybody behind one address
ONE_NAME = Limit(free=50, longest_wait=15 * MINUTE)  # for one user name, from anywhere that is not known
CODES = Limit(free=5)  # wrong codes: whoever sends one knows the password
CONFIRMATIONS = Limit(free=5)  # wrong passwords within a session


def password_counters(request: HttpRequest, username: str) -> list[Counter]:
    """For the first step of signing in. The same for a user name that nobody has."""
    name = digest(Operator.normalize_username(username))
    browser = known_browser(request, Operator.normalize_username(username))
    if browser is not None:
        return [Counter(f"{name}/password/browser/{browser}", ONE_PLACE)]
    network = client_network(request)
    return [
        Counter(f"{name}/password/network/{network}", ONE_PLACE),
        Counter(f"network/{network}", ONE_NETWORK, cleared=False),
        Counter(f"{name}/password", ONE_NAME),
    ]


def code_counters(request: HttpRequest, operator: Operator) -> list[Counter]:
    """For the second step: from all networks together, since there are only a million codes."""
    name = digest(operator.username)
    browser = known_browser(request, operator.username)
    place = f"browser/{browser}" if browser is not None else "anywhere"
    return [Counter(f"{name}/code/{place}", CODES)]


def confirmation_counters(operator: Operator) -> list[Counter]:
    """For the password of somebody who is signed in already."""
    return [Counter(f"{digest(operator.username)}/confirmation", CONFIRMATIONS)]
