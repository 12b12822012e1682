"""Every error of the records reaches Django's code as one of Django's, with its message and its cause."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    connection,
    transaction,
)

from aliases.backend.errors import translated_errors
from aliases.models import Alias, Destination, Domain
from aliases.records import exceptions
from aliases.records.exceptions import (
    AlreadyExists,
    ConditionFailed,
    ConfigurationError,
    Conflict,
    InUse,
    InvalidAddress,
    NotFound,
    RecordError,
    TableError,
    TableRefused,
    TableUnavailable,
    TransactionCancelled,
    TransactionInvalid,
)
from tests.aliases.backend.models import Book
from tests.aliases.backend.rows import made
from tests.aliases.records.wire import Refusal
from tests.support.installation import TABLE
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable
    from tests.aliases.records.wire import Wire

TRANSLATED: dict[type[RecordError], type[Exception]] = {
    RecordError: DatabaseError,
    ConfigurationError: ImproperlyConfigured,
    InvalidAddress: DataError,
    NotFound: DatabaseError,
    AlreadyExists: IntegrityError,
    Conflict: OperationalError,
    InUse: IntegrityError,
    TableError: DatabaseError,
    ConditionFailed: IntegrityError,
    TransactionCancelled: IntegrityError,
    TableUnavailable: OperationalError,
    TableRefused: DatabaseError,
    TransactionInvalid: DatabaseError,
}
QUERIES: dict[str, tuple[str, Callable[[], Any]]] = {
    "a listing": ("Query", lambda: list(Alias.objects.all())),
    "a count": ("Query", Alias.objects.count),
    "one row": ("Query", Alias.objects.first),
    "existence": ("Query", Alias.objects.filter(sub_domain=DOMAIN).exists),
    "a key": ("GetItem", Book.objects.filter(pk=1).exists),
    "keys": ("BatchGetItem", lambda: list(Book.objects.filter(pk__in=[1, 2]))),
    "an iterator": ("Query", lambda: list(Alias.objects.iterator())),
    "an iterator of values": ("Query", lambda: list(Alias.objects.values_list("pk", flat=True).iterator())),
    "an aggregate": ("Query", Alias.objects.order_by("pk")[:3].count),
    "a subquery": ("Query", lambda: list(Book.objects.filter(title__in=Alias.objects.values("description")))),
    "an insert": ("PutItem", lambda: Book.objects.create(pk=1)),
    "a sequence": ("UpdateItem", Book.objects.create),
    "an update": ("Query", lambda: Alias.objects.update(use_count=1)),
    "a delete": ("Query", lambda: Alias.objects.all()._raw_delete("default")),
    "domains": ("GetItem", lambda: list(Domain.objects.all())),
}


def makes(kind: Any) -> RecordError:
    """Those about a transaction also say which of its writes it was."""
    message, positions = "What happened.", (0,)
    error: RecordError = (
        kind(message, positions) if kind in {TransactionCancelled, TransactionInvalid} else kind(message)
    )
    return error


def test_every_error_of_the_records_has_its_translation() -> None:
    kinds = {kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, RecordError)}
    assert kinds == set(TRANSLATED)


@pytest.mark.parametrize("kind", TRANSLATED)
def test_it_keeps_its_message_and_becomes_the_cause(kind: type[RecordError]) -> None:
    error = makes(kind)
    with pytest.raises(TRANSLATED[kind]) as raised, translated_errors():
        raise error
    assert type(raised.value) is TRANSLATED[kind]
    assert str(raised.value) == "What happened."
    assert raised.value.__cause__ is error


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), translated_errors():
        _ = 1 / 0


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize(
    ("code", "wanted", "cause"),
    [
        ("ThrottlingException", OperationalError, TableUnavailable),
        ("AccessDeniedException", DatabaseError, TableRefused),
        ("ResourceNotFoundException", DatabaseError, TableRefused),
    ],
)
def test_what_dynamodb_answers_reaches_the_caller_of_the_orm(
    wire: Wire, name: str, code: str, wanted: type[Exception], cause: type[Exception]
) -> None:
    operation, query = QUERIES[name]
    wire.answer_always(operation, Refusal(code, "refused by the test"))
    with pytest.raises(wanted, match=f"{TABLE}.*{code}.*refused by the test") as raised:
        query()
    assert type(raised.value) is wanted
    assert type(raised.value.__cause__) is cause


def test_an_iterator_fails_where_its_page_fails_and_not_before(wire: Wire, site: SiteTable) -> None:
    for name in ("one", "two"):
        made(name)
    rows = Alias.objects.iterator(chunk_size=1)
    wire.answer("Query", {"Items": [], "LastEvaluatedKey": {"x": {"S": "y"}}}, Refusal("ThrottlingException"))
    with pytest.raises(OperationalError):
        next(rows)


def test_a_table_that_is_not_there_is_named(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "no-such-table")
    with pytest.raises(DatabaseError, match="no-such-table"):
        list(Alias.objects.all())


def test_a_table_that_nobody_names_is_a_matter_of_configuration(
    empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")
    with pytest.raises(ImproperlyConfigured, match="POSTFIX_DYNAMODB_TABLE"):
        list(Alias.objects.all())
    with pytest.raises(ImproperlyConfigured, match="POSTFIX_DYNAMODB_TABLE"):
        Alias.objects.create(alias_address="x", sub_domain=DOMAIN)


@pytest.mark.usefixtures("site")
def test_what_the_records_refuse_reaches_the_caller_of_the_orm() -> None:
    shop = made("shop")
    with pytest.raises(IntegrityError, match=r"shop@taco\.example exists already"):
        made("shop")
    with pytest.raises(DataError, match="not allowed in an address"):
        made("no spaces")
    with pytest.raises(IntegrityError, match="still has 1 alias"):
        Domain.objects.get(pk=DOMAIN).delete()
    with pytest.raises(IntegrityError, match=r"is the destination of 1 alias: shop@taco\.example"):
        Destination.objects.get(pk=DESTINATION).delete()
    with pytest.raises(IntegrityError, match="known already"):
        Domain.objects.create(domain=DOMAIN)
    with pytest.raises(IntegrityError, match="exists already"):
        Book.objects.create(pk=Book.objects.create(title="x").pk)
    shop.delete()


@pytest.mark.usefixtures("site")
def test_a_column_that_may_not_be_null_is_named() -> None:
    with pytest.raises(IntegrityError, match=r"backend_tests\.Book\.title may not be null"):
        Book.objects.create(title=None)
    book = Book.objects.create(title="x")
    with pytest.raises(IntegrityError, match=r"backend_tests\.Book\.pages may not be null"):
        Book.objects.filter(pk=book.pk).update(pages=None)
    assert Book.objects.get().pages == 100


@pytest.mark.usefixtures("site")
def test_sql_is_refused_in_a_transaction_too() -> None:
    with pytest.raises(NotSupportedError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
