"""What others wrote between a statement's reading and its writing: no write goes to a row that is no longer meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models import F

from aliases.backend.aliasitems import AliasMapping
from aliases.backend.compiler import MOST_TRIES
from aliases.backend.documents import DocumentMapping
from aliases.models import Alias
from aliases.records.alias import Alias as Record
from aliases.records.keys import Key
from tests.aliases.backend.models import Book, Shelf
from tests.aliases.backend.rows import made, names, sent_requests
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")

aliases: Any = Alias.objects
books: Any = Book.objects


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has something happen just before the next write of a statement, when it has read its rows."""

    def schedule(kind: type[Any], method: str, *happenings: Callable[[], Any]) -> None:
        waiting, write = list(happenings), getattr(kind, method)

        def interrupted(self: Any, *arguments: Any) -> Any:
            if waiting:
                waiting.pop(0)()
            return write(self, *arguments)

        monkeypatch.setattr(kind, method, interrupted)

    return schedule


def test_of_two_who_claim_a_row_one_gets_it(meanwhile: Callable[..., None]) -> None:
    book = books.create(title="free")
    claims: list[int] = []

    def claim(title: str) -> int:
        return int(books.filter(pk=book.pk, title="free").update(title=title))

    meanwhile(DocumentMapping, "update", lambda: claims.append(claim("theirs")))
    claims.append(claim("ours"))
    assert claims == [1, 0]
    assert books.get().title == "theirs"


def test_a_change_to_another_column_does_not_stand_in_the_way(meanwhile: Callable[..., None]) -> None:
    book = books.create(title="free")
    meanwhile(DocumentMapping, "update", lambda: books.filter(pk=book.pk).update(pages=7))
    with counted_requests() as requests:
        assert books.filter(title="free").update(title="ours") == 1
    assert (books.get().title, books.get().pages) == ("ours", 7)
    assert requests.operations.count("UpdateItem") == 2


def test_a_row_that_changed_but_is_still_meant_is_written_after_all(meanwhile: Callable[..., None]) -> None:
    books.create(title="free", pages=10)
    meanwhile(DocumentMapping, "update", lambda: books.update(pages=20))
    assert books.filter(pages__gt=5).update(title="ours") == 1
    assert books.get().title == "ours"


def test_a_row_that_keeps_changing_is_given_up_with_an_error(meanwhile: Callable[..., None]) -> None:
    book = books.create(title="free", pages=10)
    count = F("pages") + 1
    changes = [lambda: books.filter(pk=book.pk).update(pages=count)] * (2 * MOST_TRIES)
    meanwhile(DocumentMapping, "delete", *changes)
    with pytest.raises(OperationalError, match=f"The book {book.pk} was changed by others again and again"):
        books.filter(pages__gt=5)._raw_delete("default")
    assert books.exists()


def test_a_row_that_is_no_longer_meant_is_not_deleted(meanwhile: Callable[..., None]) -> None:
    books.create(title="old", pages=10)
    meanwhile(DocumentMapping, "delete", lambda: books.update(title="wanted after all"))
    assert books.filter(title="old")._raw_delete("default") == 0
    assert books.exists()


def test_a_row_that_is_gone_is_not_made_again(meanwhile: Callable[..., None]) -> None:
    book = books.create(title="old")
    meanwhile(DocumentMapping, "update", lambda: books.filter(pk=book.pk)._raw_delete("default"))
    assert books.filter(title="old").update(title="new") == 0
    assert books.count() == 0


def test_the_condition_names_what_the_filter_looked_at(site: SiteTable) -> None:
    books.create(title="free", pages=10)
    with sent_requests(site) as sent:
        books.filter(title="free", rating=None).update(pages=1)
    (update,) = [arguments for operation, arguments in sent if operation == "UpdateItem"]
    assert set(update["ExpressionAttributeNames"].values()) == {"alias_address", "data", "title", "rating", "pages"}
    assert "attribute_not_exists" in update["ConditionExpression"]


def test_a_filter_on_a_relation_guards_the_row_itself_alone() -> None:
    shelf = Shelf.objects.create(name="left", room="hall")
    books.create(title="x", shelf=shelf)
    assert books.filter(shelf__room="hall").update(title="y") == 1
    assert books.get().title == "y"


def test_an_alias_is_only_changed_while_it_is_as_the_filter_wants_it(meanwhile: Callable[..., None]) -> None:
    shop = made("shop")
    meanwhile(AliasMapping, "update", lambda: aliases.filter(pk=shop.pk).update(active_alias=False))
    assert aliases.filter(active_alias=True).update(description="active ones only") == 0
    assert aliases.get().description == ""


def test_an_alias_whose_address_another_one_took_is_not_changed(
    site: SiteTable, meanwhile: Callable[..., None]
) -> None:
    shop = made("shop")

    def replace() -> None:
        site.delete(shop.key)
        made("shop")

    meanwhile(AliasMapping, "update", replace)
    assert aliases.filter(pk=shop.pk).update(description="for the old one") == 0
    assert aliases.get().description == ""
    assert aliases.get().pk != shop.pk


def test_an_alias_whose_address_another_one_took_is_not_deleted(
    site: SiteTable, meanwhile: Callable[..., None]
) -> None:
    shop = made("shop")

    def replace() -> None:
        site.delete(shop.key)
        made("shop")

    meanwhile(AliasMapping, "delete", replace)
    assert aliases.filter(pk=shop.pk)._raw_delete("default") == 0
    assert names(aliases.all()) == ["shop"]


def test_an_alias_that_was_renamed_meanwhile_is_changed_under_its_new_name(meanwhile: Callable[..., None]) -> None:
    shop = made("shop")

    def rename() -> None:
        other = aliases.get(pk=shop.pk)
        other.alias_address = "store"
        other.save()

    meanwhile(AliasMapping, "update", rename)
    assert aliases.filter(pk=shop.pk).update(description="still me") == 1
    assert (aliases.get().alias_address, aliases.get().description) == ("store", "still me")


def test_a_rename_meets_a_use_that_was_counted_meanwhile_and_loses_none(
    site: SiteTable, meanwhile: Callable[..., None]
) -> None:
    shop = made("shop", use_count=1)

    def use() -> None:
        site.update(Key(DOMAIN, "shop"), [Record.use_count.add(1)])

    meanwhile(AliasMapping, "_move", use, use)
    shop.alias_address = "store"
    shop.save()
    assert (aliases.get().alias_address, aliases.get().use_count) == ("store", 3)


def test_a_rename_to_an_address_that_was_taken_meanwhile_is_an_integrity_error(meanwhile: Callable[..., None]) -> None:
    shop = made("shop")
    meanwhile(AliasMapping, "_move", lambda: made("store"))
    shop.alias_address = "store"
    with pytest.raises(IntegrityError, match=r"store@taco\.example exists already"):
        shop.save()
    assert names(aliases.all()) == ["shop", "store"]
