"""A name server of the tests' own, on loopback, by UDP and TCP: answers from a dict, and fails as it is told."""

from __future__ import annotations

import socket
import struct
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
Zone = dict[tuple[str, str], list[str]]


class Trouble(StrEnum):
    """How the server fails."""

    SILENT = "silent"  # takes the question, and never answers
    SERVFAIL = "servfail"
    REFUSED = "refused"
    TRUNCATED = "truncated"  # UDP says that it is too long; TCP has all of it


@dataclass
class DnsServer:
    """`zone` maps name and type to values in the form of a zone file. A name in no entry is NXDOMAIN.

    `troubles` is for single names, `trouble` for all of them. `asked` counts questions by name, type and transport.
    """

    zone: Zone = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    trouble: Trouble | None = None
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    port: int = 0

    @property
    def address(self) -> str:
        """For TACOMAIL_DNS_SERVER."""
        return f"{HOST}:{self.port}"

    def answer(self, packet: bytes, transport: str) -> bytes | None:
        """The bytes of the answer, None for silence."""
        query = dns.message.from_wire(packet)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked[name, kind, transport] += 1
        trouble = self.troubles.get(name, self.trouble)
        if trouble is Trouble.SILENT:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        match trouble:
            case Trouble.SERVFAIL:
                response.set_rcode(dns.rcode.SERVFAIL)
            case Trouble.REFUSED:
                response.set_rcode(dns.rcode.REFUSED)
            case Trouble.TRUNCATED if transport == "udp":
                response.flags |= dns.flags.TC
            case _:
                self._fill(response, name, kind)
        return response.to_wire()

    def _fill(self, response: dns.message.Message, name: str, kind: str) -> None:
        """What the zone says, by way of a CNAME where there is one (RFC 1034 section 4.3.2)."""
        names = {owner for owner, _ in self.zone}
        if name not in names and not any(owner.endswith(f".{name}") for owner in names):
            response.set_rcode(dns.rcode.NXDOMAIN)
            return
        for found in dict.fromkeys((kind, "CNAME")):
            values = self.zone.get((name, found))
            if values:
                response.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", found, *values))
                if found != kind:
                    self._fill(response, values[0].rstrip(".").lower(), kind)
                return


@contextmanager
def running(server: DnsServer) -> Iterator[DnsServer]:
    """The server on a free port, both transports on the same one, until the block ends."""
    stopping = threading.Event()
    udp, tcp = _bound()
    server.port = udp.getsockname()[1]
    threads = [
        threading.Thread(target=_serve_udp, args=(server, udp, stopping), daemon=True),
        threading.Thread(target=_serve_tcp, args=(server, tcp, stopping), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield server
    finally:
        stopping.set()
        for thread in threads:
            thread.join(5)
        udp.close()
        tcp.close()


def _bound() -> tuple[socket.socket, socket.socket]:
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((HOST, 0))
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.bind(udp.getsockname())
        except OSError:  # somebody else has the port for TCP: take another one
            udp.close()
            tcp.close()
            continue
        tcp.listen()
        for made in (udp, tcp):
            made.settimeout(0.05)
        return udp, tcp


def _serve_udp(server: DnsServer, udp: socket.socket, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            packet, client = udp.recvfrom(65_535)
        except TimeoutError:
            continue
        answer = server.answer(packet, "udp")
        if answer is not None:
            udp.sendto(answer, client)


def _serve_tcp(server: DnsServer, tcp: socket.socket, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            connection, _ = tcp.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(5)
            with suppress(OSError, EOFError):  # who asked did not wait
                _answer_by_tcp(server, connection)


def _answer_by_tcp(server: DnsServer, connection: socket.socket) -> None:
    (length,) = struct.unpack("!H", _received(connection, 2))
    answer = server.answer(_received(connection, length), "tcp")
    if answer is not None:
        connection.sendall(struct.pack("!H", len(answer)) + answer)


def _received(connection: socket.socket, count: int) -> bytes:
    """So many octets, in however many pieces they come. Raises EOFError."""
    received = b""
    while len(received) < count:
        piece = connection.recv(count - len(received))
        if not piece:
            raise EOFError
        received += piece
    return received


def complete_zone(domain: str, region: str, tokens: tuple[str, ...] = (), verification: str = "") -> Zone:
    """All that a domain needs for SES in a region with the usual DKIM domain."""
    zone: Zone = {
        (domain, "MX"): [f"10 inbound-smtp.{region}.amazonaws.com."],
        (domain, "TXT"): ['"v=spf1 include:amazonses.com ~all"', '"some-other-service=1234"'],
        (f"_dmarc.{domain}", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:dmarc@taco.example"'],
    }
    zone |= {(f"{token}._domainkey.{domain}", "CNAME"): [f"{token}.dkim.amazonses.com."] for token in tokens}
    if verification:
        zone[f"_amazonses.{domain}", "TXT"] = [f'"{verification}"']
    return zone
