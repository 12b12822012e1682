"""Debian's Chromium, driven by Playwright, on the local stack as `make run` starts it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.integration.local_stack import LocalStack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
ACTION_MILLISECONDS = 20_000.0  # busy machines are slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module: while it runs, Playwright keeps an event loop in this thread, which Django does not like."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there: 'apt-get install chromium' lets the browser tests run")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield launched
        finally:
            launched.close()


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
