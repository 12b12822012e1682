"""axe-core, run in a page: WCAG 2.0 to 2.2, levels A and AA, and its best practices.

The page's Content-Security-Policy forbids scripts of others. Playwright evaluates this one through the debugger, to
which the policy does not apply. It needs JavaScript: axe waits for promises.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
RUN = """async tags => {
    const found = await axe.run(document, {
        runOnly: {type: "tag", values: tags},
        resultTypes: ["violations"],
        rules: {"target-size": {enabled: true}},
    });
    return found.violations;
}"""


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def findings(page: Page) -> list[str]:
    """One line for each element that breaks a rule."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())
    violations = page.evaluate(RUN, list(TAGS))
    return [_line(violation, node) for violation in violations for node in violation["nodes"]]


def _line(violation: dict[str, Any], node: dict[str, Any]) -> str:
    where = " ".join(str(part) for part in node["target"])
    why = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
    return f"{violation['id']}: {where}: {why or violation['help']}"


def assert_accessible(page: Page) -> None:
    """axe finds nothing wrong with the page as it is now."""
    found = findings(page)
    assert found == [], f"{page.url}: {found}"
