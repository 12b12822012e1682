"""The interactive page of the API: nothing of it is refused by the site's own policy, and a token works in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.integration.api.tokens import made_tokens

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django import DjangoDbBlocker

    from tests.integration.local_stack import LocalStack

PATH = "/api/v1/docs"


@pytest.fixture(scope="module", autouse=True)
def token(stack: LocalStack, django_db_blocker: DjangoDbBlocker) -> str:
    """Made before the browser runs: its event loop keeps Django from the table."""
    with django_db_blocker.unblock():
        return made_tokens(stack).create


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_it_is_shown_without_a_complaint(page: Page, scheme: str, size: tuple[int, int]) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(PATH)
    expect(page.locator("#operations-Aliases-createAlias")).to_be_visible()
    assert page.evaluate("document.documentElement.classList.contains('dark-mode')") == (scheme == "dark")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []


def test_an_alias_is_made_with_a_token_that_was_pasted(page: Page, token: str) -> None:
    page.goto(PATH)
    page.click("button.authorize")
    page.fill(".auth-container input", token)
    page.click(".auth-btn-wrapper button.authorize")
    page.click(".auth-btn-wrapper .btn-done")
    page.click("#operations-Aliases-createAlias button.opblock-summary-control")
    operation = page.locator("#operations-Aliases-createAlias")
    operation.locator(".try-out__btn").click()
    operation.locator("textarea").fill('{"name": "tried"}')
    operation.locator(".execute").click()
    answer = operation.locator(".live-responses-table .response").first
    expect(answer).to_contain_text("201")
    expect(answer).to_contain_text("tried@taco.example")
