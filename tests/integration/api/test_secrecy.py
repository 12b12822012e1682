"""A token is in no line that the running system prints or keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.integration.api.replay import send
from tests.integration.local_stack import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.api.tokens import Tokens
    from tests.integration.local_stack import LocalStack

PATHS = ("/alias", "/api/v1/aliases", "/addy/api/v1/aliases", "/simplelogin/api/mailboxes", "/api/v1/nothing-is-here")


def test_no_token_is_printed_or_kept_whatever_is_asked_with_it(stack: LocalStack, tokens: Tokens) -> None:
    """In headers where it belongs, in ones where it does not, and with bodies that break on the way."""
    for secret in tokens.secrets:
        # Those that are over are refused early, and too many of them would make this network wait.
        for path in PATHS if secret in tokens.good_secrets else PATHS[:1]:
            for headers in (
                {"Authorization": f"Bearer taco_{secret}"},
                {"Authentication": f"addy_io_{secret}"},
                {"Authorization": f"Basic {secret}"},
                {"X-Api-Key": secret, "Referer": f"{stack.site}/alias"},
            ):
                send(stack.site, "GET", path, headers)
                broken = json.dumps({"alias": "\0", "domain": ["taco.example"], "destination": {"a": 1}})
                answer = send(stack.site, "POST", path, {**headers, "Content-Type": "application/json"}, broken)
                assert secret not in answer.body.decode()
    printed = stack.output
    assert '"POST /alias HTTP/1.1"' in printed  # the access log is looked at, too
    assert [secret for secret in tokens.secrets if secret in printed] == []


def test_the_saved_table_holds_no_token(stack: LocalStack, tokens: Tokens) -> None:
    """What is kept between two runs, every file of it: a digest finds the token, and is none."""
    wait_for(lambda: "tacomail_site_apitoken" in saved(stack.folder), "the table to be saved")
    found = saved(stack.folder)
    assert [secret for secret in tokens.secrets if secret in found] == []


def saved(folder: Path) -> str:
    return "\n".join(path.read_text(errors="replace") for path in sorted(folder.rglob("*")) if path.is_file())
