"""Opening pages as visitors do: on a phone or at a desk, in light or dark, with JavaScript or without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tests.browser.operator import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, StorageState

    from tests.integration.local_stack import LocalStack

Scheme = Literal["light", "dark"]

ACTION_MILLISECONDS = 20_000.0  # busy machines are slow
POLL_MILLISECONDS = 100.0
STATIC = {"stylesheet", "script", "image", "font", "manifest"}
HARMLESS = (  # what the console shows in red although nothing is wrong
    "Failed to load resource: the server responded",  # pages that are meant to refuse are answered so, too
    "Response Status Error Code",  # the same in the words of htmx
    "htmx:sendAbort",  # a search that a newer one has overtaken
    "htmx:afterRequest",  # the same
)


@dataclass(frozen=True, slots=True)
class Screen:
    """`scale` is how many pixels of the device make one of CSS, each way."""

    name: str
    width: int
    height: int
    touch: bool = False
    scale: float = 1


PHONE = Screen("phone", 390, 844, touch=True, scale=2)
DESKTOP = Screen("desktop", 1280, 900)
SCREENS = (DESKTOP, PHONE)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


class Visits:
    """Pages opened on one running site.

    Whatever a page does that no page may do is kept in `complaints`: an error of its script, something that its
    Content-Security-Policy stopped, a request to another origin, a file of its own that is not there.
    """

    def __init__(self, browser: Browser, site: str, state: StorageState | None = None) -> None:
        self.browser = browser
        self.site = site
        self.state = state
        self.complaints: list[str] = []
        self._contexts: list[BrowserContext] = []

    def open(
        self,
        screen: Screen = DESKTOP,
        scheme: Scheme = "light",
        *,
        javascript: bool = True,
        signed_in: bool = True,
        language: str = "en-US",
    ) -> Page:
        """A blank page; the paths that it goes to are those of the site."""
        context = self.browser.new_context(
            base_url=self.site,
            viewport={"width": screen.width, "height": screen.height},
            device_scale_factor=screen.scale,
            has_touch=screen.touch,
            is_mobile=screen.touch,
            color_scheme=scheme,
            java_script_enabled=javascript,
            storage_state=self.state if signed_in else None,
            locale=language,
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        context.set_default_timeout(ACTION_MILLISECONDS)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.site)
        self._contexts.append(context)
        page = context.new_page()
        self._watch(page)
        return page

    def _watch(self, page: Page) -> None:
        complain = self.complaints.append
        page.on("pageerror", lambda error: complain(f"{page.url}: {error}"))
        page.on("console", lambda said: self._heard(page, said.type, said.text))
        page.on("request", lambda request: self._asked(page, request.url))
        page.on("response", lambda response: self._answered(page, response))

    def _heard(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(HARMLESS):
            self.complaints.append(f"{page.url}: {text}")

    def _asked(self, page: Page, url: str) -> None:
        if not url.startswith((f"{self.site}/", "data:", "blob:")):
            self.complaints.append(f"{page.url}: asks {url}")

    def _answered(self, page: Page, response: Any) -> None:
        if response.request.resource_type in STATIC and response.status >= 400:
            self.complaints.append(f"{page.url}: {response.url} is answered with {response.status}")

    def close(self) -> None:
        """Close all pages. Fails where one of them did what no page may do."""
        while self._contexts:
            self._contexts.pop().close()
        assert self.complaints == [], self.complaints  # said in full: pytest explains only what stands in a test


def signed_in_state(browser: Browser, stack: LocalStack, username: str = "admin", secret: str = "") -> StorageState:
    """The cookies of an operator who has signed in; that takes a second for the password's hash, so it is done once."""
    context = browser.new_context(base_url=stack.site)
    page = context.new_page()
    sign_in(page, stack, username, secret)
    state = context.storage_state()
    context.close()
    return state


def settled(page: Page) -> None:
    """Wait for what htmx still loads, as the DNS records of a domain."""
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def expect_copied(page: Page, pattern: str) -> None:
    """The clipboard of this page's browser gets a text like this, a moment after the button was pressed."""
    found = ""
    for _ in range(round(ACTION_MILLISECONDS / POLL_MILLISECONDS)):
        found = str(page.evaluate("navigator.clipboard.readText()"))
        if re.fullmatch(pattern, found):
            return
        page.wait_for_timeout(POLL_MILLISECONDS)
    raise AssertionError(f"the clipboard holds {found!r}")
