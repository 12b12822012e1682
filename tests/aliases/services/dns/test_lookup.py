"""Asking a name server: what comes back, in the form in which it is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from aliases.records.exceptions import ConfigurationError
from aliases.services.dns.lookup import LIFETIME, Answer, Failure, look_up, make_resolver, name_servers
from aliases.services.dns.records import RecordType
from tests.support.dns_server import DnsServer, Trouble, running

NAME = "taco.example"
PATIENCE = 60.0  # seconds


def asked(name: str = NAME, kind: RecordType = RecordType.TXT) -> Answer:
    """With patience: on a busy machine the next try would come before the answer, and be counted."""
    resolver = make_resolver()
    resolver.timeout = resolver.lifetime = PATIENCE
    return look_up(resolver, name, kind)


def test_hosts_are_in_lower_case_without_root_dot_the_preferred_one_first(name_server: DnsServer) -> None:
    name_server.zone[NAME, "MX"] = ["20 B.Example.COM.", "5 a.example.com.", "10 ."]
    assert asked(kind=RecordType.MX) == Answer(
        NAME, RecordType.MX, ("5 a.example.com", "10 .", "20 b.example.com"), None
    )


def test_the_chunks_of_a_text_are_one_text(name_server: DnsServer) -> None:
    name_server.zone[NAME, "TXT"] = ['"v=spf1 include:" "amazonses.com" " ~all"', '"caf\\195\\169 \\255"']
    assert set(asked().values) == {"v=spf1 include:amazonses.com ~all", "café \\xff"}


def test_a_cname_is_read_itself(name_server: DnsServer) -> None:
    name_server.zone["key._domainkey.taco.example", "CNAME"] = ["KEY.dkim.amazonses.com."]
    found = asked("key._domainkey.taco.example", RecordType.CNAME)
    assert found.values == ("key.dkim.amazonses.com",)


def test_a_cname_is_followed_to_a_text(name_server: DnsServer) -> None:
    name_server.zone["_dmarc.taco.example", "CNAME"] = ["_dmarc.example.com."]
    name_server.zone["_dmarc.example.com", "TXT"] = ['"v=DMARC1; p=none"']
    assert asked("_dmarc.taco.example").values == ("v=DMARC1; p=none",)


def test_a_name_that_is_not_there_is_told_from_one_without_such_a_record(name_server: DnsServer) -> None:
    name_server.zone[NAME, "MX"] = ["10 a.example.com."]
    assert asked("nosuch.example").failure is Failure.NO_SUCH_NAME
    assert asked(NAME).failure is Failure.NO_SUCH_RECORD
    assert asked(NAME).is_absent
    assert not asked(NAME).is_unknown


@pytest.mark.parametrize("name", [f"{'a' * 64}.example", ".".join(["a" * 60] * 5)])
def test_what_is_too_long_for_a_name_is_not_there(name_server: DnsServer, name: str) -> None:
    assert asked(name).failure is Failure.NO_SUCH_NAME
    assert not name_server.asked


def test_a_long_answer_comes_by_tcp(name_server: DnsServer) -> None:
    name_server.zone[NAME, "TXT"] = [f'"{"x" * 250}-{i}"' for i in range(9)]
    name_server.trouble = Trouble.TRUNCATED
    assert len(asked().values) == 9
    assert name_server.asked == {(NAME, "TXT", "udp"): 1, (NAME, "TXT", "tcp"): 1}


@pytest.mark.parametrize(
    ("trouble", "failure"),
    [
        (Trouble.SERVFAIL, Failure.SERVER_FAILURE),
        (Trouble.REFUSED, Failure.SERVER_REFUSES),
    ],
)
def test_an_answer_that_is_none_says_nothing_about_the_records(
    name_server: DnsServer, trouble: Trouble, failure: Failure
) -> None:
    name_server.trouble = trouble
    found = asked()
    assert found.failure is failure
    assert (found.is_unknown, found.is_absent) == (True, False)


def test_silence_ends_in_time(name_server: DnsServer) -> None:
    name_server.trouble = Trouble.SILENT
    resolver = make_resolver()
    resolver.lifetime = 0.3
    assert look_up(resolver, NAME, RecordType.TXT).failure is Failure.TIMED_OUT


def test_no_lookup_may_last_longer_than_a_few_seconds(name_server: DnsServer) -> None:
    resolver = make_resolver()
    assert (resolver.lifetime, resolver.timeout < resolver.lifetime) == (LIFETIME, True)
    assert LIFETIME <= 5


def test_a_server_without_a_way_to_it_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_DNS_SERVER", "255.255.255.255")  # the kernel sends nothing there: it is for everybody
    assert asked().failure is Failure.UNREACHABLE


def test_the_next_name_server_is_asked_where_the_first_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(DnsServer(trouble=Trouble.SERVFAIL)) as bad, running(DnsServer({(NAME, "TXT"): ['"x"']})) as good:
        monkeypatch.setenv("TACOMAIL_DNS_SERVER", f"{bad.address}, {good.address}")
        assert asked().values == ("x",)
        assert bad.asked.total() == good.asked.total() == 1


def test_what_one_server_says_counts_more_than_the_missing_way_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(DnsServer(trouble=Trouble.SERVFAIL)) as bad:
        monkeypatch.setenv("TACOMAIL_DNS_SERVER", f"255.255.255.255,{bad.address}")
        assert asked().failure is Failure.SERVER_FAILURE


def test_nothing_is_kept_for_the_next_time(name_server: DnsServer) -> None:
    name_server.zone[NAME, "TXT"] = ['"old"']
    resolver = make_resolver()
    assert look_up(resolver, NAME, RecordType.TXT).values == ("old",)
    name_server.zone[NAME, "TXT"] = ['"new"']
    assert look_up(resolver, NAME, RecordType.TXT).values == ("new",)


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("", ()),
        (" , ", ()),
        ("127.0.0.1", (("127.0.0.1", 53),)),
        ("127.0.0.1:5353", (("127.0.0.1", 5353),)),
        ("::1", (("::1", 53),)),
        ("[::1]", (("::1", 53),)),
        ("[::1]:5353, 192.0.2.1", (("::1", 5353), ("192.0.2.1", 53))),
    ],
)
def test_name_servers_are_addresses_with_ports(text: str, servers: tuple[tuple[str, int], ...]) -> None:
    assert name_servers({"TACOMAIL_DNS_SERVER": text}) == servers


@pytest.mark.parametrize("text", ["dns.example.com", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "[::1]x", "1.2.3"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigurationError, match="TACOMAIL_DNS_SERVER") as refused:
        name_servers({"TACOMAIL_DNS_SERVER": f"127.0.0.1,{text}"})
    assert text in refused.value.message


def test_without_the_variable_those_of_the_system_are_asked() -> None:
    listed = [line.split()[1] for line in Path("/etc/resolv.conf").read_text().splitlines() if line.startswith("names")]
    assert make_resolver().nameservers == listed
