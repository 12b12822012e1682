"""What the list of aliases weighs in a browser: bytes, movement, other origins; read from Chromium itself."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.bench.figures import Figure
from tests.browser.chromium import launched
from tests.browser.sample import running_sample
from tests.browser.visiting import PHONE, Visits, signed_in_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

MOST_BYTES = 100_000
SHIFT = """() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 500);
})"""


@dataclass(frozen=True, slots=True)
class Weight:
    """`octets` as they came over the wire, all files of the page included; `shift` as Chromium sums it up."""

    octets: int
    files: int
    shift: float
    foreign: int


def weighed(page: Page, url: str) -> Weight:
    """The page as a first visit finds it: nothing is taken from the browser's memory."""
    found: dict[str, list[Any]] = {"octets": [], "hosts": []}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.on("Network.loadingFinished", lambda event: found["octets"].append(event["encodedDataLength"]))
    devtools.on("Network.requestWillBeSent", lambda event: found["hosts"].append(event["request"]["url"]))
    page.goto(url, wait_until="networkidle")
    shift = float(page.evaluate(SHIFT))
    own = urlsplit(page.url).netloc
    foreign = [host for host in found["hosts"] if urlsplit(host).scheme != "data" and urlsplit(host).netloc != own]
    return Weight(int(sum(found["octets"])), len(found["octets"]), shift, len(foreign))


def weight_figures() -> Iterator[Figure]:
    """Of the list with the first 25 of about 30 aliases, on a phone."""
    with tempfile.TemporaryDirectory() as folder, running_sample(Path(folder)) as sample, launched() as browser:
        visits = Visits(browser, sample.stack.site, signed_in_state(browser, sample.stack))
        weight = weighed(visits.open(PHONE, "light"), "/aliases/")
        visits.close()
    yield from figures_of(weight)


def figures_of(weight: Weight) -> Iterator[Figure]:
    place = "list of aliases in a browser"
    kilobytes = f"{weight.octets / 1000:.0f} kB in {weight.files} files"
    yield Figure(f"{place}: all of it, compressed", kilobytes, "100 kB", weight.octets < MOST_BYTES)
    yield Figure(f"{place}: layout shift", f"{weight.shift:.3f}", "0", weight.shift == 0)
    yield Figure(f"{place}: requests to other origins", str(weight.foreign), "0", weight.foreign == 0)
