"""Where a request comes from, whatever it says of itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory, override_settings

from tacomail_site.accounts.clients import client_network


def network(address: str = "192.0.2.1", **more: Any) -> str:
    return client_network(RequestFactory(REMOTE_ADDR=address).get("/", **more))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("192.0.2.1:443", "unknown"),
        ("192.0.2.1, 198.51.100.7", "unknown"),
    ],
)
def test_an_address_stands_for_its_network(address: str, expected: str) -> None:
    assert network(address) == expected


def test_what_the_client_says_of_itself_is_not_believed() -> None:
    assert network(HTTP_X_FORWARDED_FOR="198.51.100.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7,10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "unknown"),
        (1, "", "unknown"),
    ],
)
def test_behind_proxies_the_last_ones_that_they_added_count(proxies: int, forwarded: str, expected: str) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        assert network(HTTP_X_FORWARDED_FOR=forwarded) == expected


@pytest.mark.parametrize("place", ["identity", "http"])
def test_on_lambda_the_event_says_it(place: str) -> None:
    event = {"requestContext": {place: {"sourceIp": "203.0.113.9"}}}
    assert network("198.51.100.7", **{"lambda.event": event}) == "203.0.113.9"


@pytest.mark.parametrize("event", [None, {}, {"requestContext": None}, {"requestContext": {"identity": None}}, []])
def test_an_event_that_does_not_say_it_leaves_the_server_s_word(event: Any) -> None:
    assert network(**{"lambda.event": event}) == "192.0.2.1"


def test_no_header_can_stand_in_for_the_event() -> None:
    header = {"HTTP_LAMBDA_EVENT": '{"requestContext": {"http": {"sourceIp": "203.0.113.9"}}}'}
    assert network(**header) == "192.0.2.1"
