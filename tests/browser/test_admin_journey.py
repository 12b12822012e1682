"""One operator's afternoon in the admin, with real mail in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.operator import ADMIN, add, open_alias, password, save, sign_in
from tests.integration.local_stack import message, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.integration.local_stack import LocalStack

DOMAIN = "parcels.example.org"
SENDER = "shop@example.com"


def counted(page: Page, address: str) -> str:
    open_alias(page, address)
    return page.get_by_text("delivered,").inner_text()


def test_domain_destination_alias_mail_rename_pause_bounce_history(page: Page, stack: LocalStack) -> None:
    sign_in(page, stack)
    add(page, "domain", domain=DOMAIN, description="For parcels")
    add(page, "destination", destination="carol@tacomail")
    add(page, "alias", alias_address="parcel", sub_domain=DOMAIN, destination="carol@tacomail")

    stack.send(f"parcel@{DOMAIN}", data=message(subject="first"), sender=SENDER)
    stack.settled()
    assert len(stack.maildir("carol")) == 1
    assert counted(page, f"parcel@{DOMAIN}").startswith("1 delivered")

    page.locator("[name=alias_address]").fill("post")
    save(page)
    stack.send(f"post@{DOMAIN}", data=message(subject="second"), sender=SENDER)
    stack.settled()
    assert len(stack.maildir("carol")) == 2
    assert counted(page, f"post@{DOMAIN}").startswith("2 delivered")

    page.locator("[name=state][value=paused]").check()
    save(page)
    assert page.locator("#result_list .badge, #result_list").filter(has_text="paused").count() > 0
    stack.send(f"post@{DOMAIN}", data=message(subject="third"), sender=SENDER)
    stack.settled()
    assert len(stack.maildir("carol")) == 2
    bounces = [data for data, envelope in stack.outbox() if envelope["X-Envelope-To"] == [SENDER]]
    assert [f"Final-Recipient: rfc822; post@{DOMAIN}".encode() in data for data in bounces] == [True]

    open_alias(page, f"post@{DOMAIN}")
    page.get_by_role("link", name="History").click()
    page.wait_for_url("**/history/**")
    told = page.locator("#content").inner_text()
    assert [word in told for word in ("created", "renamed", "paused", "admin")] == [True] * 4
    assert told.index("paused") < told.index("renamed") < told.index("created")


def test_everything_works_with_javascript_off(browser: Browser, stack: LocalStack) -> None:
    context = browser.new_context(base_url=stack.site, java_script_enabled=False)
    page = context.new_page()
    page.goto(ADMIN)
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill(password(stack))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{ADMIN}")
    page.goto(f"{ADMIN}aliases/alias/?q=shop")
    page.locator("[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option(label="Pause (refuse with a bounce)")
    page.get_by_role("button", name="Go").click()
    page.wait_for_load_state()
    assert "1" in page.locator(".messagelist").inner_text()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_is_wider_than_the_screen(browser: Browser, stack: LocalStack, width: int, scheme: str) -> None:
    context = browser.new_context(
        base_url=stack.site,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    sign_in(page, stack)
    wide = []
    for path in (
        "",
        "aliases/alias/",
        "aliases/alias/add/",
        "aliases/domain/",
        "aliases/destination/",
        "aliases/messagelog/",
        "tacomail_site/operator/",
    ):
        page.goto(f"{ADMIN}{path}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    context.close()
    assert wide == []


def test_a_wrong_password_says_so_and_keeps_the_name(page: Page, stack: LocalStack) -> None:
    page.goto(ADMIN)
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    wait_for(lambda: page.locator(".note.bad").count(), "the error")
    assert page.get_by_label("User name").input_value() == "admin"
