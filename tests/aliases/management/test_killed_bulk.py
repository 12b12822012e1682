"""Commands that change many aliases, as processes of their own: killed in the middle, and run again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from tests.integration.moto_server import process_environment

if TYPE_CHECKING:
    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

ROOT = Path(__file__).resolve().parents[3]
ALIASES = 40
DOMAIN = "many.example"
LONGEST_WAIT = 60


def start(aws: MotoServer, served: Installation, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=process_environment(aws, served.root), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def killed(aws: MotoServer, served: Installation, operation: str, *words: str) -> None:
    """Run it until it has done this some times, and end it then as a power cut would."""
    aws.requests.clear()
    with start(aws, served, *words) as process:
        ends = time.monotonic() + LONGEST_WAIT
        while aws.operations("dynamodb").count(operation) < 4 and time.monotonic() < ends:
            time.sleep(0.005)
        aws.stall("dynamodb", operation)  # so that it cannot be done before it is killed
        process.kill()
    aws.cure()


def finished(aws: MotoServer, served: Installation, *words: str) -> str:
    with start(aws, served, *words) as process:
        said, wrong = process.communicate(timeout=LONGEST_WAIT)
    assert (process.returncode, wrong) == (0, "")
    return said


def fill(served: Installation) -> AliasStore:
    Registry(served.table).add_domain(DOMAIN)
    store = AliasStore(served.table)
    for number in range(ALIASES):
        several = {"old@tacomail": number % 2 == 0, "S3": True} if number % 4 == 0 else None
        store.create(f"a{number:02}", DOMAIN, "old@tacomail", destinations=several)
    return store


def test_a_redirect_that_is_killed_ends_the_same_when_it_is_run_again(aws: MotoServer, served: Installation) -> None:
    store = fill(served)
    words = ("destination", "redirect", "old@tacomail", "new@tacomail")
    killed(aws, served, "UpdateItem", *words)
    turned = sum(alias.destination == "new@tacomail" for alias in store.of_domain(DOMAIN))
    assert 4 <= turned < ALIASES
    assert finished(aws, served, *words) == f"{ALIASES - turned} aliases send mail to new@tacomail now.\n"
    for number, alias in enumerate(store.of_domain(DOMAIN)):
        assert alias.destination == "new@tacomail"
        if number % 4 == 0:
            assert alias.destinations == {"new@tacomail": {"active": number % 2 == 0}, "S3": {"active": True}}


def test_a_domain_whose_removal_is_killed_is_still_there_and_goes_the_next_time(
    aws: MotoServer, served: Installation
) -> None:
    store = fill(served)
    words = ("domain", "remove", DOMAIN, "--with-aliases")
    killed(aws, served, "DeleteItem", *words)
    left = len(list(store.of_domain(DOMAIN)))
    assert 0 < left <= ALIASES - 4
    assert Registry(served.table).serves(DOMAIN)
    assert finished(aws, served, *words) == f"{DOMAIN} is removed, and {left} of its aliases.\n"
    assert list(store.of_domain(DOMAIN)) == []
    assert not Registry(served.table).serves(DOMAIN)
