"""Within one request of a browser, a whole listing is read once; nothing of it is kept any longer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.core.signals import request_finished, request_started

from aliases.backend.listings import listings
from aliases.models import Alias, Domain
from tests.aliases.backend.models import Book
from tests.aliases.backend.rows import made, names
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("site")

aliases: Any = Alias.objects


@pytest.fixture
def request_of_a_browser(site: object) -> Iterator[None]:
    request_started.send(sender=None)
    yield
    request_finished.send(sender=None)


@pytest.fixture
def three(site: object) -> None:
    for name in ("one", "two", "three"):
        made(name)


@pytest.mark.usefixtures("three", "request_of_a_browser")
def test_the_count_and_the_page_share_one_reading() -> None:
    with counted_requests() as requests:
        assert aliases.filter(alias_address__contains="o").count() == 2
        assert aliases.count() == 3
        assert [alias.alias_address for alias in aliases.order_by("alias_address")[:1]] == ["one"]
    assert requests.operations == ["Query"]


@pytest.mark.usefixtures("request_of_a_browser")
def test_so_they_do_for_documents_and_domains() -> None:
    Book.objects.create(title="x")
    with counted_requests() as requests:
        assert (Book.objects.count(), len(Book.objects.all())) == (1, 1)
        assert (Domain.objects.count(), len(Domain.objects.all())) == (1, 1)
    assert requests.operations == ["Query", "GetItem", "Query"]


@pytest.mark.usefixtures("three")
def test_outside_of_a_request_nothing_is_kept() -> None:
    with counted_requests() as requests:
        assert (aliases.count(), aliases.count()) == (3, 3)
    assert requests.operations == ["Query"] * 2
    assert listings.kept == {}


@pytest.mark.usefixtures("three")
def test_nothing_is_kept_for_the_next_request() -> None:
    for _ in range(2):
        request_started.send(sender=None)
        with counted_requests() as requests:
            aliases.count()
        request_finished.send(sender=None)
        assert requests.operations == ["Query"]
        assert listings.kept == {}


@pytest.mark.usefixtures("three", "request_of_a_browser")
def test_a_write_ends_what_is_kept() -> None:
    assert aliases.count() == 3
    made("four")
    assert aliases.count() == 4
    aliases.filter(alias_address="four").update(description="x")
    assert aliases.filter(description="x").count() == 1
    renamed = aliases.get(sub_domain="taco.example", alias_address="four")
    renamed.alias_address = "five"
    renamed.save()
    assert "five" in names(aliases.all())
    aliases.filter(alias_address="five").delete()
    assert aliases.count() == 3


@pytest.mark.usefixtures("three", "request_of_a_browser")
def test_a_write_that_fails_ends_it_too() -> None:
    assert aliases.count() == 3
    with pytest.raises(Exception, match="exists already"):
        made("one")
    with counted_requests() as requests:
        aliases.count()
    assert requests.operations == ["Query"]


@pytest.mark.usefixtures("three", "request_of_a_browser")
def test_another_thread_keeps_nothing_of_this_one() -> None:
    aliases.count()
    kept: list[dict[Any, Any]] = []
    thread = threading.Thread(target=lambda: kept.append(listings.kept))
    thread.start()
    thread.join()
    assert kept == [{}]


@pytest.mark.usefixtures("three", "request_of_a_browser")
def test_a_row_that_was_changed_in_memory_does_not_change_the_listing() -> None:
    for alias in aliases.all():
        alias.description = "only here"
        alias.destinations["S3"] = {"active": True}
    assert {(alias.description, str(alias.destinations)) for alias in aliases.all()} == {("", "{}")}
