"""Addresses: parse what a sender wrote, check what an operator types, and name the aliases it may mean.

Two readers with opposite duties. On receipt (`parse_mailbox`, `candidates`) whatever can be understood is
understood, and what cannot matches no alias. On creation (`alias_key`, `domain_name`) whatever could not receive
mail, or could be taken for another address, is refused with a reason.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aliases.records.exceptions import InvalidAddress
from aliases.records.keys import Key, may_hold_aliases
from aliases.records.translatable import gettext_noop

# RFC 5321 section 4.5.3.1: local part 64 octets, domain 255, and a path of 256 with its angle brackets.
LOCAL_PART_OCTETS = 64
DOMAIN_OCTETS = 255
ADDRESS_OCTETS = 254

SEPARATORS = ("+", "--", "#", "=")
MOST_CANDIDATES = 8

# Signed and rewritten reverse-paths (BATV, Barracuda, SRS): what follows the tag is no detail of an alias.
NEVER_CUT = re.compile(r"(prvs=|btv1==|srs[01][=+-])", re.IGNORECASE)

ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322 section 3.2.3
DOT_ATOM = re.compile(rf"{ATEXT}(?:\.{ATEXT})*")
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


class Mailbox(NamedTuple):
    """A mailbox (RFC 5321 section 2.3.11), its local part as written and its domain in the stored form."""

    local_part: str
    domain: str
    domain_as_written: str


def parse_mailbox(text: str) -> Mailbox:
    """Split at the last `@` outside quotes; the domain comes back in lower case and xn-- form, without root dot.

    A quoted local part that needs no quotes loses them (RFC 5321 section 4.1.2 calls the two the same).
    Raises InvalidAddress when there is no local part, no domain, or more text than the RFC allows.
    """
    address = text.strip()
    if address.startswith("<") and address.endswith(">"):
        address = address[1:-1]
    local_part, at, domain = _split(address)
    if not at or not local_part or not domain:
        raise InvalidAddress(
            gettext_noop("%(text)r is not of the form local-part@domain.", text=text), code="no_mailbox"
        )
    local_part = _unquote(local_part)
    stored_domain = stored_form(domain)
    if not stored_domain:
        raise InvalidAddress(gettext_noop("%(text)r has no domain.", text=text), code="no_mailbox")
    if octets(local_part) > LOCAL_PART_OCTETS:
        raise InvalidAddress(
            gettext_noop("The local part is longer than %(most)d octets.", most=LOCAL_PART_OCTETS), code="too_long"
        )
    if octets(stored_domain) > DOMAIN_OCTETS or octets(local_part) + 1 + octets(stored_domain) > ADDRESS_OCTETS:
        raise InvalidAddress(
            gettext_noop("The address is longer than %(most)d octets.", most=ADDRESS_OCTETS), code="too_long"
        )
    return Mailbox(local_part, stored_domain, domain)


def _split(address: str) -> tuple[str, str, str]:
    if address.startswith('"'):
        end = address.rfind('"@')  # the domain holds no quote, so the last one ends the local part
        if end > 0 and '"' not in address[end + 2 :]:
            return address[: end + 1], "@", address[end + 2 :]
    return address.rpartition("@")


def _unquote(local_part: str) -> str:
    if len(local_part) >= 2 and local_part[0] == local_part[-1] == '"':
        bare = QUOTED_PAIR.sub(r"\1", local_part[1:-1])
        if DOT_ATOM.fullmatch(bare):
            return bare
    return local_part


def octets(text: str) -> int:
    """Length in octets of the UTF-8 form; lone surrogates (no text at all) count as three."""
    return len(text.encode("utf-8", "surrogatepass"))


def stored_form(domain: str) -> str:
    """A domain as it is stored and compared: lower case, xn-- form, no root dot. Never raises.

    Text that has no xn-- form comes back in lower case: it matches no served domain, which is right for it.
    """
    bare = domain.strip().removesuffix(".").lower()
    if bare.isascii():
        return bare
    import idna  # its tables cost 10 ms, and hardly any message brings a Unicode domain

    try:
        return idna.encode(bare, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return bare


def shown_form(domain: str) -> str:
    """A stored domain as a person reads it: `xn--` labels in Unicode where that is possible."""
    if "xn--" not in domain:
        return domain
    import idna

    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


def candidates(recipient: str) -> tuple[Key, ...]:
    """The keys under which an alias for this recipient may be stored, the one that wins first.

    The exact address as received, then in lower case; then shorter names at the separators, the longest first;
    the base name last. At most MOST_CANDIDATES, without duplicates. Empty where no alias can match: text that is
    no mailbox, longer than RFC 5321 allows, with misplaced dots, or in a partition that holds no aliases.
    """
    try:
        mailbox = parse_mailbox(recipient)
    except InvalidAddress:
        return ()
    local_part, domain, written = mailbox
    if not may_hold_aliases(domain) or not _has_sound_dots(local_part) or not _is_storable(local_part + written):
        return ()
    exact = [Key(domain, local_part), Key(domain, local_part.lower())]
    if may_hold_aliases(written) and octets(written) <= DOMAIN_OCTETS:
        exact.insert(0, Key(written, local_part))
    shorter = _shorter_names(local_part)
    return _within_limit(
        exact, [Key(domain, name) for name in shorter], [Key(domain, name.lower()) for name in shorter]
    )


def _within_limit(exact: list[Key], as_written: list[Key], lowered: list[Key]) -> tuple[Key, ...]:
    """The keys in their order, at most MOST_CANDIDATES: what goes first are shorter names in a sender's upper case,
    then the longer ones of the shorter names. The base name stays: it is the one that exists when details abound.
    """
    first = list(dict.fromkeys(exact))
    room = MOST_CANDIDATES - len(first)
    kept = lowered if len(lowered) <= room else [*lowered[: room - 1], lowered[-1]]
    spare = room - len(kept)
    also = [key for key in as_written if key not in lowered][-spare:] if spare else []
    ordered = [key for pair in zip(as_written, lowered, strict=True) for key in pair]
    return tuple(dict.fromkeys([*first, *(key for key in ordered if key in kept or key in also)]))


def _has_sound_dots(local_part: str) -> bool:
    return not (local_part.startswith(".") or local_part.endswith(".") or ".." in local_part)


def _is_storable(text: str) -> bool:
    """Whether DynamoDB can hold the text: no lone surrogates."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shorter_names(local_part: str) -> list[str]:
    """What is left of the local part when it is cut at a separator, the longest first."""
    if NEVER_CUT.match(local_part) or local_part.startswith('"'):
        return []
    cuts = [i for i in range(len(local_part) - 1, 0, -1) if local_part.startswith(SEPARATORS, i)]
    return [local_part[:i] for i in cuts]


def domain_name(text: str, *, field: str = "domain") -> str:
    """The stored form of a domain that an operator typed. Raises InvalidAddress with the reason.

    At least one dot, labels of letters, digits and inner hyphens (RFC 1035 section 2.3.1, RFC 5890 for Unicode).
    """
    stored = stored_form(text)
    if not stored:
        raise InvalidAddress(gettext_noop("The domain is empty."), code="empty", field=field)
    if not stored.isascii():
        raise InvalidAddress(
            gettext_noop("%(text)r cannot be written as an internet domain.", text=text), code="bad_domain", field=field
        )
    if not may_hold_aliases(stored):
        raise InvalidAddress(
            gettext_noop("%(text)r is not a domain: it needs at least one dot, as in example.com.", text=text),
            code="bad_domain",
            field=field,
        )
    labels = stored.split(".")
    wrong = next((label for label in labels if not LABEL.fullmatch(label)), None)
    if wrong is None and labels[-1].isdigit():
        wrong = labels[-1]  # an IP address; RFC 3696 section 2: the last label is not all digits
    if wrong is not None:
        why = gettext_noop("%(text)r is not a domain: the part %(part)r is not allowed.", text=text, part=wrong)
        raise InvalidAddress(why, code="bad_domain", field=field)
    if octets(stored) > DOMAIN_OCTETS - 2:
        why = gettext_noop("%(text)r is not a domain: its length is not allowed.", text=text)
        raise InvalidAddress(why, code="bad_domain", field=field)
    return stored


def local_part_name(text: str, *, field: str = "alias") -> str:
    """The stored form (lower case) of a local part that an operator typed. Raises InvalidAddress with the reason."""
    name = text.strip().lower()
    if not name:
        raise InvalidAddress(gettext_noop("The alias is empty."), code="empty", field=field)
    if not text.strip().isascii():
        raise InvalidAddress(
            gettext_noop(
                "%(text)r holds letters outside ASCII: Amazon SES cannot receive mail for it, and they can be taken "
                "for other letters.",
                text=text,
            ),
            code="not_ascii",
            field=field,
        )
    if octets(name) > LOCAL_PART_OCTETS:
        raise InvalidAddress(
            gettext_noop("The alias is longer than %(most)d characters.", most=LOCAL_PART_OCTETS),
            code="too_long",
            field=field,
        )
    if not _has_sound_dots(name):
        raise InvalidAddress(
            gettext_noop("%(text)r: a dot may stand neither first nor last nor beside another dot.", text=text),
            code="bad_dots",
            field=field,
        )
    if not DOT_ATOM.fullmatch(name):
        wrong = next(char for char in name if char != "." and not re.fullmatch(ATEXT, char))
        why = gettext_noop("%(text)r: %(wrong)r is not allowed in an address.", text=text, wrong=wrong)
        raise InvalidAddress(why, code="bad_character", field=field)
    return name


def alias_key(local_part: str, domain: str) -> Key:
    """The key of an alias that an operator wants. Raises InvalidAddress naming the field that is wrong."""
    key = Key(domain_name(domain), local_part_name(local_part))
    if octets(key.alias_address) + 1 + octets(key.sub_domain) > ADDRESS_OCTETS:
        raise InvalidAddress(
            gettext_noop("The address is longer than %(most)d characters.", most=ADDRESS_OCTETS),
            code="too_long",
            field="alias",
        )
    return key


def full_address(key: Key) -> str:
    return f"{key.alias_address}@{key.sub_domain}"
