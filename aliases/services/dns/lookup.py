"""Asking name servers. Every lookup ends within LIFETIME seconds, and says how it ended."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver

from aliases.records.exceptions import ConfigurationError
from aliases.records.translatable import gettext_noop
from aliases.services.dns.records import RecordType

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER_VARIABLE = "TACOMAIL_DNS_SERVER"
PORT = 53
LIFETIME = 4.0  # seconds for one lookup, all of its tries included
TRY = 1.5  # seconds before the next try, or the next name server


class Failure(StrEnum):
    """Why a lookup has no values."""

    NO_SUCH_NAME = "no_such_name"  # NXDOMAIN
    NO_SUCH_RECORD = "no_such_record"  # the name is there, with no record of this type
    SERVER_FAILURE = "server_failure"  # SERVFAIL, also where DNSSEC does not hold
    SERVER_REFUSES = "server_refuses"  # REFUSED, or another answer that is none
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"  # there is no way to the name server
    SERVER_SETTING = "server_setting"  # no name server can be asked: the setting names none


@dataclass(frozen=True, slots=True)
class Answer:
    """The values of one name and type, in the form in which they are compared: lower case, no root dot, one text.

    An MX is `10 host`. `failure` is None where there are values.
    """

    name: str
    type: RecordType
    values: tuple[str, ...] = ()
    failure: Failure | None = None

    @property
    def is_absent(self) -> bool:
        """Whether the name server says that there is nothing; a failure says nothing."""
        return self.failure in {Failure.NO_SUCH_NAME, Failure.NO_SUCH_RECORD}

    @property
    def is_unknown(self) -> bool:
        return self.failure is not None and not self.is_absent


def name_servers(environment: Mapping[str, str] | None = None) -> tuple[tuple[str, int], ...]:
    """The name servers of TACOMAIL_DNS_SERVER, addresses with ports, comma separated; none where it is not set.

    Raises ConfigurationError.
    """
    text = (os.environ if environment is None else environment).get(SERVER_VARIABLE, "")
    return tuple(_server(part.strip()) for part in text.split(",") if part.strip())


def _server(text: str) -> tuple[str, int]:
    host, port = _parts(text)
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError as error:
        raise _refused(text) from error
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise _refused(text)
    return address, int(port)


def _parts(text: str) -> tuple[str, str]:
    """Address and port of `127.0.0.1`, `127.0.0.1:53`, `::1` or `[::1]:53`."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":") or str(PORT)
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, port
    return text, str(PORT)


def _refused(text: str) -> ConfigurationError:
    message = gettext_noop(
        "%(variable)s names %(text)s: use the address of a name server, and its port where that is not %(port)s, as in "
        "127.0.0.1:5353.",
        variable=SERVER_VARIABLE, text=text, port=PORT,
    )  # fmt: skip
    return ConfigurationError(message)


def make_resolver() -> dns.resolver.Resolver:
    """Asks the name servers of TACOMAIL_DNS_SERVER, or those of the system. Nothing is kept from one time to the next.

    Raises ConfigurationError. No request.
    """
    servers = name_servers()
    try:
        resolver = dns.resolver.Resolver(configure=not servers)
    except dns.resolver.NoResolverConfiguration as error:
        message = gettext_noop(
            "This system names no name server: set %(variable)s to the address of one.", variable=SERVER_VARIABLE
        )
        raise ConfigurationError(message) from error
    if servers:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in servers]
    resolver.timeout, resolver.lifetime = TRY, LIFETIME
    return resolver


def look_up(resolver: dns.resolver.Resolver, name: str, type: RecordType) -> Answer:  # noqa: A002  DNS's own word
    """Never raises. Cost: 1 lookup, within LIFETIME seconds."""
    try:
        found = resolver.resolve(f"{name.removesuffix('.')}.", str(type), search=False)
    except dns.exception.DNSException as error:
        return Answer(name, type, failure=_failure(error))
    records = sorted(found, key=lambda record: (getattr(record, "preference", 0), record.to_text()))
    return Answer(name, type, tuple(_value(record) for record in records))


def _value(record: Any) -> str:
    match RecordType(record.rdtype.name):
        case RecordType.MX:
            return f"{record.preference} {_host(record.exchange)}"
        case RecordType.CNAME:
            return _host(record.target)
        case RecordType.TXT:
            return b"".join(record.strings).decode("utf-8", "backslashreplace")


def _host(name: Any) -> str:
    """A name in lower case and without root dot; the root itself is a dot."""
    text = str(name.to_text()).lower()
    return text.removesuffix(".") or "."


def _failure(error: dns.exception.DNSException) -> Failure:
    match error:
        case dns.resolver.NXDOMAIN() | dns.name.NameTooLong() | dns.name.LabelTooLong():
            return Failure.NO_SUCH_NAME  # what is too long for a name cannot be one
        case dns.resolver.NoAnswer():
            return Failure.NO_SUCH_RECORD
        case dns.exception.Timeout():
            return Failure.TIMED_OUT
        case dns.resolver.NoNameservers():
            return _last_word(error)
        case _:
            return Failure.SERVER_REFUSES


def _last_word(error: dns.resolver.NoNameservers) -> Failure:
    """Why none of the name servers is of use; what a server said tells more than a way that is not there."""
    told: list[Any] = [entry[3] for entry in error.kwargs["errors"]]
    if "SERVFAIL" in told:
        return Failure.SERVER_FAILURE
    unreachable = told and all(isinstance(reason, OSError) for reason in told)
    return Failure.UNREACHABLE if unreachable else Failure.SERVER_REFUSES
