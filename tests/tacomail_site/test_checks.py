"""When the checks run, what they cost, and what the page about them says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core.checks import Tags, run_checks

from tacomail_site import checks
from tests.support.site import counted_requests
from tests.tacomail_site.public import PUBLIC_SITE, ROOT, run_python

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliases.backend.table import SiteTable

PAGE = (ROOT / "docs" / "checks.md").read_text()
ROW = re.compile(r"^\| (tacomail\.[EW]\d{3}) \| (.+) \| (.+) \|$", re.MULTILINE)
FINDINGS = {found.id: found for found in vars(checks).values() if isinstance(found, checks.Finding)}


@pytest.mark.parametrize("deploy", [False, True])
def test_no_check_asks_the_table_unless_told_to(site: SiteTable, deploy: bool) -> None:
    with counted_requests() as requests:
        run_checks(include_deployment_checks=deploy)
    assert requests.operations == []


def test_looking_at_the_table_takes_three_requests(site: SiteTable) -> None:
    with counted_requests() as requests:
        found = run_checks(tags=[Tags.database], databases=["default"])
    assert found == []
    assert requests.operations == ["DescribeTable", "DescribeTimeToLive", "GetItem"]


@pytest.mark.parametrize("arguments", [("--deploy",), ()], ids=["deploy", "plain"])
def test_a_public_site_that_is_set_up_has_nothing_to_mend(arguments: Sequence[str]) -> None:
    done = run_python("manage.py", "check", "--fail-level", "WARNING", *arguments, environment=PUBLIC_SITE)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_laptop_without_any_variable_has_nothing_to_mend() -> None:
    done = run_python("manage.py", "check", "--fail-level", "WARNING", environment={})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_site_without_any_variable_is_told_all_that_it_lacks() -> None:
    done = run_python("manage.py", "check", "--deploy", environment={})
    assert done.returncode == 1
    named = set(re.findall(r"\((tacomail\.[EW]\d{3})\)", done.stderr))
    assert named == {"tacomail.E003", "tacomail.E004", "tacomail.E006", "tacomail.E007", "tacomail.W023"}


def test_no_two_findings_share_a_number() -> None:
    numbers = [found.id[-3:] for found in vars(checks).values() if isinstance(found, checks.Finding)]
    assert sorted(set(numbers)) == sorted(numbers)


def test_the_page_lists_every_id_once_and_no_other() -> None:
    assert [row[0] for row in ROW.findall(PAGE)] == sorted(FINDINGS)


def test_the_page_says_what_the_hints_say() -> None:
    shown = {row[0]: row[2].replace("`", "") for row in ROW.findall(PAGE)}
    assert shown == {found.id: found.hint for found in FINDINGS.values()}
