"""docs/backend.md says what the code does."""

from __future__ import annotations

import io
import logging
import logging.config
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from aliases import backend
from aliases.backend import aliasitems, compiler, lagging, logitems, ownwrites
from aliases.backend.table import logger
from aliases.models import Alias, Destination, Domain, MessageLog
from aliases.records.connection import BATCH_KEYS
from tests.aliases.backend.models import Book
from tests.aliases.backend.rows import made

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "backend.md").read_text(encoding="utf-8")
FLAT = " ".join(PAGE.split())
WORDS = {5: "five"}
aliases: Any = Alias.objects

PATHS: dict[str, Any] = {
    "key": lambda: [aliases.filter(sub_domain="a.example", alias_address="x"), Book.objects.filter(pk=1)],
    "identifier": lambda: [aliases.filter(pk="x")],
    "domain": lambda: [aliases.filter(sub_domain="a.example", alias_address__startswith="x")],
    "listing": lambda: [aliases.all()],
    "all domains": lambda: [Domain.objects.all()],
    "log of": lambda: [MessageLog.objects.filter(address="x@a.example")],
    "days of the log": lambda: [MessageLog.objects.filter(received_datetime__gte=timezone.now())],
    "partition": lambda: [Book.objects.all()],
    "installed models": lambda: [ContentType.objects.all()],
    "nothing": lambda: [aliases.none(), Destination.objects.filter(pk__in=[])],
}


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What the page's own LOGGING shows."""
    stream = io.StringIO()
    before = logger.level, logger.propagate, logger.handlers[:]
    yield stream
    logger.level, logger.propagate, logger.handlers[:] = before


def test_its_access_paths_are_those_of_the_code() -> None:
    assert list(dict.fromkeys(re.findall(r"^\| .* \| `([a-z ]+)` \| ", PAGE, flags=re.MULTILINE))) == list(PATHS)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("path", PATHS)
def test_explain_names_the_paths_as_the_page_does(path: str) -> None:
    for query in PATHS[path]():
        assert f" by {path}" in re.sub(r" by \d+ ", " by ", query.explain())


@pytest.mark.parametrize(
    "sentence",
    [
        f"up to {aliasitems.MOST_LOOKUPS} of them",
        f"{len(lagging.PAUSES)} more for one that nobody knows, then none for {ownwrites.LAG_SECONDS:.0f} seconds",
        f"what it wrote in the last {ownwrites.LAG_SECONDS:.0f} seconds",
        f"at most {logitems.MOST_DAYS} days",
        f"at most {WORDS[compiler.MOST_TRIES]} times",
        f"1 BatchGetItem for each {BATCH_KEYS} keys",
        f"1 request for each {BATCH_KEYS} related rows",
        f"The logger `{logger.name}`",
    ],
)
def test_its_numbers_are_those_of_the_code(sentence: str) -> None:
    assert sentence in FLAT


def test_every_file_that_it_names_is_there_and_every_mapping_is_named() -> None:
    folder = ROOT / "aliases" / "backend"
    named = set(re.findall(r"`([a-z]+\.py)`", PAGE))
    assert {name for name in named if not (folder / name).exists()} == {"manage.py"} & named
    mappings = {path.name for path in folder.glob("*.py") if "(ModelMapping)" in path.read_text(encoding="utf-8")}
    assert mappings <= named


def test_the_package_and_the_page_name_each_other() -> None:
    assert "docs/backend.md" in str(backend.__doc__)
    assert "`aliases/backend/`" in PAGE


@pytest.mark.usefixtures("site")
def test_its_logging_snippet_shows_what_it_says(printed: io.StringIO) -> None:
    snippet, shown = re.findall(r"```(?:python)?\n(.*?)```", PAGE, flags=re.DOTALL)
    settings: dict[str, Any] = {}
    exec(snippet, settings)  # noqa: S102  the page's own words
    settings["LOGGING"]["handlers"]["requests"]["stream"] = printed
    logging.config.dictConfig(settings["LOGGING"])
    shop = made("shop")
    printed.truncate(0)
    printed.seek(0)
    aliases.get(pk=shop.pk)
    list(aliases.all())
    assert printed.getvalue() == shown
