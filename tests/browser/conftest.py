"""Debian's Chromium, driven by Playwright, on the local stack as `make run` starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import CHROMIUM, launched
from tests.browser.sample import running_sample
from tests.browser.sample_data import PASSWORD, VIEWER
from tests.browser.visiting import ACTION_MILLISECONDS, Visits, signed_in_state
from tests.integration.local_stack import LocalStack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, StorageState

    from tests.browser.sample import Sample

expect.set_options(timeout=ACTION_MILLISECONDS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module: while it runs, Playwright keeps an event loop in this thread, which Django does not like."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there: 'apt-get install chromium' lets the browser tests run")
    with launched() as running:
        yield running


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, stack: LocalStack) -> Iterator[Page]:
    """A fresh page on the running site, nobody signed in."""
    context = browser.new_context(base_url=stack.site, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(ACTION_MILLISECONDS)
    opened = context.new_page()
    yield opened
    context.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """One for the whole run, so a test changes only what it made for itself."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there, and the sample is for it alone")
    with running_sample(tmp_path_factory.mktemp("sample")) as running:
        yield running


@pytest.fixture(scope="module")
def owner(browser: Browser, sample: Sample) -> StorageState:
    """The cookies of the first operator."""
    return signed_in_state(browser, sample.stack)


@pytest.fixture(scope="module")
def viewer(browser: Browser, sample: Sample) -> StorageState:
    """The cookies of somebody who may look and change nothing."""
    return signed_in_state(browser, sample.stack, VIEWER, PASSWORD)


@pytest.fixture
def visits(browser: Browser, sample: Sample, owner: StorageState) -> Iterator[Visits]:
    """Pages of the sample's site, the owner signed in."""
    opened = Visits(browser, sample.stack.site, owner)
    yield opened
    opened.close()


@pytest.fixture
def viewer_visits(browser: Browser, sample: Sample, viewer: StorageState) -> Iterator[Visits]:
    """The same, a viewer signed in."""
    opened = Visits(browser, sample.stack.site, viewer)
    yield opened
    opened.close()
