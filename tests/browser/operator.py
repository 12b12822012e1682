"""What an operator does in the browser, on the running stack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.local_stack import LocalStack

ADMIN = "/admin/"


def password(stack: LocalStack) -> str:
    """The one that the first start prints."""
    found = re.search(r"as admin with the password (\S+)", stack.output)
    assert found, stack.output
    return found[1]


def sign_in(page: Page, stack: LocalStack, username: str = "admin", secret: str = "") -> None:
    """As the first operator, unless another one is named with their password."""
    page.goto(ADMIN)
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(secret or password(stack))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{ADMIN}")


def add(page: Page, kind: str, **fields: str) -> None:
    """Fill in the form for one more, and save it."""
    page.goto(f"{ADMIN}aliases/{kind}/add/")
    for name, value in fields.items():
        field = page.locator(f"[name={name}]").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    save(page)
    assert "was added" in page.locator(".messagelist").inner_text()


def save(page: Page) -> None:
    """Press Save, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator("input[name=_save]").click()


def open_alias(page: Page, address: str) -> None:
    """From the list, by searching for it."""
    page.goto(f"{ADMIN}aliases/alias/?q={address}")
    page.get_by_role("link", name=address, exact=True).click()
    page.wait_for_url("**/change/**")
