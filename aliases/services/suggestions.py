"""What a form for a new alias suggests, and what it makes: all of it follows from the form's own token and fields.

So a form that is sent twice means the same alias both times, also where its first name was taken: the next one in turn
is the same every time.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
import uuid
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from aliases.records.addresses import LOCAL_PART_OCTETS, alias_key, domain_name, full_address, shown_form, stored_form
from aliases.records.exceptions import AlreadyExists, InvalidAddress
from aliases.services.aliases import MOST_NAMES, create_alias
from aliases.services.names import TAIL, NameStyle, generated_name, tail_letters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aliases.models import Alias
    from aliases.records.keys import Key
    from aliases.services.names import Below

TOKEN = re.compile(r"[0-9a-f]{32}")
END_OF_SITE = "."  # a name that ends so is completed

# Under many countries, names are registered one level below these (the better known of the public suffixes).
SECOND_LEVELS = re.compile(
    r"ac|asn|co|com|edu|firm|gen|gob?|gouv|gov|gv|ind|info|ltd|me|mil|muni|net?|nhs|nom|org?|plc|sch|school"
)
WEB = re.compile(r"(https?:)?//", re.IGNORECASE)
OTHER_SCHEME = re.compile(r"(?!https?://)[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)  # not the port of shop.example:8443
LONGEST_START = LOCAL_PART_OCTETS - TAIL - len(END_OF_SITE)


class Style(StrEnum):
    """How a name is suggested."""

    WORDS = NameStyle.WORDS
    CHARACTERS = NameStyle.CHARACTERS
    UUID = NameStyle.UUID
    SITE = "site"  # the name of a site, and four characters; two words where no site is known


class Site(NamedTuple):
    """The site that an alias is for. Both are empty where there is none."""

    host: str  # as people write it
    start: str  # of a name: `example.`


NO_SITE = Site("", "")


def site_of(text: str) -> Site:
    """The site in a host or a whole address of a page: `https://www.shop.example.co.uk/x` is `example.`.

    Never raises. Which part of a host was registered, the list of public suffixes would tell exactly; it is long, and
    changes by the day, while a wrong guess here costs an operator a few key strokes.
    """
    host = _host(text)
    if not host:
        return NO_SITE
    labels = host.removeprefix("www.").split(".")
    suffix = 2 if len(labels) > 2 and len(labels[-1]) == 2 and SECOND_LEVELS.fullmatch(labels[-2]) else 1
    registered = labels[:-suffix] or labels
    name = _plain(shown_form(registered[-1]))[:LONGEST_START].strip("-")
    return Site(shown_form(host), f"{name}{END_OF_SITE}" if name else "")


def _host(text: str) -> str:
    """In the stored form; empty where there is none, or one that is no name in the DNS."""
    bare = text.strip()
    if OTHER_SCHEME.match(bare):
        return ""
    try:
        host = urlsplit(bare if WEB.match(bare) else f"//{bare}").hostname or ""
        stored = stored_form(host)
        domain_name(stored if "." in stored else f"{stored}.example")  # a host without a dot is one, too: localhost
    except (ValueError, InvalidAddress):
        return ""
    return stored


def _plain(label: str) -> str:
    """What of a label can stand in a local part without being taken for anything else, accents gone."""
    letters = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", letters))  # `--` begins a detail


def new_token() -> str:
    """For a form that is opened. Nobody can foretell it, nor the names that follow from it."""
    return secrets.token_hex(16)


def sound_token(text: str) -> str:
    """The token that a form sent back; a new one where it is none."""
    return text if TOKEN.fullmatch(text) else new_token()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What follows from the token of a form. `turn` counts the names that were taken."""

    token: str

    def name(self, style: Style, turn: int = 0) -> str:
        return generated_name(_generated(style), self._below(turn))

    def tail(self, turn: int = 0) -> str:
        """The four characters that complete the name of a site."""
        return tail_letters(self._below(turn))

    def identifier(self, key: Key) -> str:
        """Of the alias that this form makes at this address: another address, another alias."""
        return str(uuid.uuid5(uuid.UUID(self.token), full_address(key)))

    def start(self, typed: str) -> str:
        """`shop.` in `shop`, `shop.`, `shop.com` or `shop.k7xq`; empty for a name that was suggested."""
        bare = typed.partition("@")[0].strip()
        if any(self.name(style) == bare for style in Style):
            return ""
        tail = f"{END_OF_SITE}{self.tail()}"
        own = bare.removesuffix(tail) if bare.endswith(tail) else bare.partition(END_OF_SITE)[0]
        return f"{own}{END_OF_SITE}" if own else ""

    def names(self, typed: str, style: Style) -> Iterator[str]:
        """What to try for what was typed, in turn. A name of the operator's own is the only one."""
        bare = typed.strip()
        if bare.endswith((END_OF_SITE, f"{END_OF_SITE}{self.tail()}")):
            start = bare.removesuffix(self.tail())
            yield from (f"{start}{self.tail(turn)}" for turn in range(MOST_NAMES))
            return
        suggested = [one for one in Style if self.name(one) == bare] if bare else [style]
        if suggested:
            yield from (self.name(suggested[0], turn) for turn in range(MOST_NAMES))
        else:
            yield bare

    def _below(self, turn: int) -> Below:
        """Numbers by chance, the same ones every time."""
        drawn = count()

        def below(limit: int) -> int:
            digest = hashlib.sha256(f"{self.token}/{turn}/{next(drawn)}".encode()).digest()
            return int.from_bytes(digest) % limit

        return below


def _generated(style: Style) -> NameStyle:
    return NameStyle.WORDS if style is Style.SITE else NameStyle(style)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. An empty name is the suggested one."""

    token: str
    name: str
    domain: str
    style: Style = Style.WORDS
    destinations: tuple[str, ...] = ()
    description: str = ""


def create_once(wish: Wish, *, by: str, served: Collection[str]) -> Alias:
    """Make what the form asks for, once, however often it is sent. `served` are the domains that are served.

    Raises InvalidAddress, AlreadyExists, and NotFound with the code `made_before` where it was made and is deleted.
    Cost: 3 calls; 3 more for each suggested name that is taken; 2 where it was made before.
    """
    *others, last = Suggestions(wish.token).names(wish.name, wish.style)
    for name in others:
        with suppress(AlreadyExists):
            return _create(wish, name, by, served)
    return _create(wish, last, by, served)


def _create(wish: Wish, name: str, by: str, served: Collection[str]) -> Alias:
    key = alias_key(name, wish.domain)
    several = dict.fromkeys(wish.destinations, True) if len(wish.destinations) > 1 else None
    return create_alias(
        key.sub_domain,
        local_part=key.alias_address,
        destination="" if several else "".join(wish.destinations),
        destinations=several,
        description=wish.description,
        identifier=Suggestions(wish.token).identifier(key),
        served=served,
        by=by,
    )
