"""What a row wants, by the export that it comes from. The header tells which one it is.

What an alias cannot do without (its address, a destination, whether it is on) must be right, or the row is refused: a
guess would send mail elsewhere, or let it through. What it can do without (counts, moments, an identifier) is left out
where it is odd, with a warning, and the alias goes in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from aliases.exchange import values
from aliases.exchange.reading import UnreadableFile
from aliases.exchange.values import OddValue
from aliases.records.exceptions import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aliases.exchange.reading import Row

V = TypeVar("V")

REPORT_COLUMNS = ("line", "reason")  # what a report of refused rows adds to the columns of the file


class RefusedRow(RecordError):
    """A row that cannot go in; the text is the reason."""

    code = "refused_row"


@dataclass(slots=True)
class Wanted:
    """The alias that a row asks for. None means that the file says nothing about it. Moments are Unix seconds.

    A destination without `destinations` is the only place where mail shall go.
    """

    address: str
    destination: str | None = None
    destinations: dict[str, bool] | None = None
    active: bool | None = None
    ignore: bool | None = None
    description: str | None = None
    identifier: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    moments: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of export: the columns that tell it, those that it reads, and how."""

    name: str
    needed: frozenset[str]
    known: frozenset[str]
    read: Callable[[Cells], Wanted]

    def wanted(self, row: Row, header: Sequence[str]) -> Wanted:
        """Raises RefusedRow."""
        if len(row.cells) < len(header):
            raise RefusedRow(f"it has {len(row.cells)} cells, the header {len(header)}: is a line cut off?")
        if any(cell.strip() for cell in row.cells[len(header) :]):
            raise RefusedRow(f"it has {len(row.cells)} cells, the header {len(header)}: does a text lack its quotes?")
        return self.read(Cells(dict(zip(header, row.cells, strict=False))))


class Cells:
    """The cells of one row by their column; notes what is odd and not essential."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells
        self.warnings: list[str] = []

    def has(self, column: str) -> bool:
        return column in self.cells

    def text(self, column: str) -> str:
        return values.optional_text(self.cells.get(column, ""))

    def name(self, column: str) -> str:
        """The text of a cell that may say null, none or nil and mean it."""
        word = values.text(self.cells.get(column, ""))
        return "" if word in values.SQL_NULL else word

    def description(self, column: str) -> str | None:
        return values.text(self.cells[column]) if column in self.cells else None

    def flag(self, column: str) -> bool | None:
        """Raises RefusedRow: guessing would let mail through, or refuse it."""
        try:
            return values.flag(self.cells.get(column, ""))
        except OddValue as error:
            raise RefusedRow(f"{column}: {error}") from error

    def soft(self, column: str, read: Callable[[str], V]) -> V | None:
        """A value that an alias can do without: what is odd is left out, with a warning."""
        try:
            return read(self.cells.get(column, ""))
        except OddValue as error:
            self.warnings.append(f"{column}: {error}; left out")
            return None

    def fill(self, wanted: Wanted, counts: Mapping[str, str], moments: Mapping[str, str], identifier: str) -> Wanted:
        """Take the attributes that most dialects have under some name (attribute to column)."""
        for attribute, column in counts.items():
            if (number := self.soft(column, values.count)) is not None:
                wanted.counts[attribute] = number
        for attribute, column in moments.items():
            if (seconds := self.soft(column, values.moment)) is not None:
                wanted.moments[attribute] = seconds
        wanted.identifier = self.soft(identifier, values.identifier) or ""
        wanted.warnings = self.warnings
        return wanted


def _columns(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Our own export

OWN_COLUMNS = (
    "address", "state", "destination", "destinations", "description", "identifier", "use_count", "ignored_count",
    "refused_count", "created", "modified", "last_used",
)  # fmt: skip
STATES: dict[str, tuple[bool, bool]] = {"active": (True, False), "ignored": (True, True), "paused": (False, False)}
PAUSED_AND_IGNORED = "paused, ignored"  # what is ignored again as soon as it is active again


def _own(cells: Cells) -> Wanted:
    state = cells.text("state").lower()
    if state and state not in {*STATES, PAUSED_AND_IGNORED}:
        raise RefusedRow(f"state: {state!r} is none of {', '.join(STATES)}")
    active, ignore = (False, True) if state == PAUSED_AND_IGNORED else STATES.get(state, (None, None))
    wanted = Wanted(
        cells.text("address"),
        cells.text("destination") if cells.has("destination") else None,
        _several(cells.text("destinations")) if cells.has("destinations") else None,
        active,
        ignore,
        # With the blanks around it: what we wrote comes back just as it was.
        values.unguarded(cells.cells["description"]) if cells.has("description") else None,
    )
    counts = {name: name for name in ("use_count", "ignored_count", "refused_count")}
    moments = {f"{name}_datetime": name for name in ("created", "modified", "last_used")}
    return cells.fill(wanted, counts, moments, "identifier")


def _several(cell: str) -> dict[str, bool]:
    """`alice@tacomail; bob@tacomail=off`."""
    found: dict[str, bool] = {}
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        name, _, word = part.rpartition("=")
        is_switch = bool(name) and word.lower() in {"on", "off"}
        found[name if is_switch else part] = word.lower() != "off" if is_switch else True
    return found


# The older version's SQL export. `full_address` is not read: it only repeats the two columns before it.


def _older(cells: Cells) -> Wanted:
    domain = cells.text("subdomain") or cells.text("sub_domain")
    name = cells.name("alias_address")
    if not domain:
        raise RefusedRow("it names no domain")
    if not name:
        raise RefusedRow("it names no alias")
    wanted = Wanted(
        f"{name}@{domain}",
        cells.text("destination"),
        None,
        cells.flag("active_alias"),
        cells.flag("ignore_alias"),
        cells.name("description") if cells.has("description") else None,
    )
    names = {"created_datetime": "created", "modified_datetime": "modified"}
    moments = {attribute: name if cells.has(name) else attribute for attribute, name in names.items()}
    return cells.fill(wanted, {"use_count": "use_count"}, moments, "identifier")


# SimpleLogin: alias,note,enabled,mailboxes, the main mailbox first


def _simplelogin(cells: Cells) -> Wanted:
    single, several = _recipients(cells.text("mailboxes"))
    return Wanted(cells.text("alias"), single, several, cells.flag("enabled"), description=cells.description("note"))


def _recipients(cell: str) -> tuple[str, dict[str, bool] | None]:
    """One is the single destination; several are all on."""
    recipients = cell.replace(",", " ").split()
    if len(recipients) > 1:
        return "", dict.fromkeys(recipients, True)
    return "".join(recipients), None


# addy.io


def _addy(cells: Cells) -> Wanted:
    if cells.text("deleted_at"):
        raise RefusedRow("it is deleted there (deleted_at)")
    single, several = _recipients(cells.text("recipients"))
    active = cells.flag("active")
    if active is None:
        # https://docs.laravel-excel.com/3.1/exports/collection.html#strict-null-comparisons
        cells.warnings.append("active: the cell is empty, which is how addy.io writes no; so the alias is paused")
    wanted = Wanted(cells.text("email"), single, several, bool(active), description=cells.description("description"))
    counts = {"use_count": "emails_forwarded", "refused_count": "emails_blocked"}
    moments = {
        "created_datetime": "created_at",
        "modified_datetime": "updated_at",
        "last_used_datetime": "last_forwarded",
    }
    return cells.fill(wanted, counts, moments, "id")


DIALECTS = (
    Dialect("tacomail", _columns("address state"), frozenset(OWN_COLUMNS), _own),
    Dialect(
        "the older SQL version",
        _columns("alias_address destination"),
        _columns(
            "alias_id alias_address subdomain sub_domain full_address destination active_alias ignore_alias use_count"
            " created modified created_datetime modified_datetime identifier application description"
        ),
        _older,
    ),
    Dialect("SimpleLogin", _columns("alias mailboxes"), _columns("alias note mailboxes enabled"), _simplelogin),
    Dialect(
        "addy.io",
        _columns("email active"),
        _columns(
            "id user_id aliasable_id aliasable_type local_part extension domain email active description from_name"
            " attached_recipients_only recipients emails_forwarded emails_blocked emails_replied emails_sent"
            " last_forwarded last_blocked last_replied last_sent created_at updated_at deleted_at"
        ),
        _addy,
    ),
)


def dialect_of(header: Sequence[str]) -> tuple[Dialect, list[str]]:
    """The dialect, and the header in its own names.

    Raises UnreadableFile for a header that nobody exports, and for one that names a column twice.
    """
    names = column_names(header)
    for dialect in DIALECTS:
        if dialect.needed <= set(names):
            twice = [name for name, count in Counter(names).items() if count > 1 and name in dialect.known]
            if twice:
                raise UnreadableFile(f"The column {twice[0]} is there twice: which of the two counts?")
            return dialect, names
    known = "; ".join(f"{dialect.name}: {', '.join(sorted(dialect.needed))}" for dialect in DIALECTS)
    found = ", ".join("".join(char if char.isprintable() else "?" for char in cell) for cell in header)
    raise UnreadableFile(f"The first line names no columns that are known: {found[:200]}. Needed are one of: {known}.")


def column_names(header: Sequence[str]) -> list[str]:
    """As they are compared, without the empty ones at the end that spreadsheets leave."""
    names = [values.text(cell).strip().lower().replace(" ", "_") for cell in header]
    while names and not names[-1]:
        names.pop()
    return names


def unknown_columns(dialect: Dialect, names: Sequence[str]) -> list[str]:
    """The columns that are not read."""
    return [name for name in names if name and name not in dialect.known and name not in REPORT_COLUMNS]
