"""Both OpenAPI documents are true: schemathesis calls every operation as they say, and as they forbid."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.api.replay import send
from tests.integration.api.tokens import Tokens, made_tokens
from tests.integration.local_stack import LocalStack
from tests.support.dns_server import DnsServer, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

DOCUMENTS = ("/api/original/openapi.json", "/api/v1/openapi.json")
SECONDS = 600  # on a busy machine; on another one it is less than a tenth
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# The same requests in every run. `coverage` tries every limit of every parameter, a thousand requests for the modern
# paths; `fuzzing` adds what comes to its mind.
OPTIONS = (
    "--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--generation-deterministic",
    "--no-shrink", "--continue-on-failure", "--warnings", "off", "--no-color",
)  # fmt: skip


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Not the one of the other tests: aliases and domains go as they come. No name is asked for outside."""
    with running(DnsServer()) as names:
        environment = {"TACOMAIL_API_CALLS_PER_MINUTE": "0", "TACOMAIL_DNS_SERVER": names.address}
        with LocalStack(tmp_path_factory.mktemp("documents"), **environment) as stack:
            yield stack


@pytest.fixture(scope="module")
def own_tokens(own_stack: LocalStack, django_db_blocker: DjangoDbBlocker) -> Tokens:
    with django_db_blocker.unblock():
        return made_tokens(own_stack)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_request_gets_an_answer_that_the_document_does_not_know(
    own_stack: LocalStack, own_tokens: Tokens, document: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", own_stack.site + document,
            "--header", f"Authorization: Bearer {own_tokens.admin}", "--checks", ",".join(CHECKS), *OPTIONS,
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-8_000:] + run.stderr[-2_000:]
    operations = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", run.stdout)
    assert operations, run.stdout
    assert len(set(operations.groups())) == 1  # none was left out
    assert own_tokens.admin not in own_stack.output
    assert "Traceback" not in own_stack.output
    still = send(own_stack.site, "GET", "/api/v1/domains", own_tokens.bearer("read"))
    assert still.status == 200, still.body  # the operator and their tokens are as before


def operations_of(stack: LocalStack, document: str) -> Iterator[tuple[str, str, Any]]:
    """Method, path with something that is not there in it, and what the document says of it."""
    described = send(stack.site, "GET", document).json
    assert described["openapi"].startswith("3.1")
    for template, operations in described["paths"].items():
        for method in sorted(operations.keys() & {"get", "post", "put", "patch", "delete"}):
            yield method.upper(), re.sub(r"\{\w+\}", "nothing-is-here", template), operations[method]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_operation_of_a_document_asks_for_a_token(stack: LocalStack, document: str) -> None:
    for method, path, operation in operations_of(stack, document):
        answer = send(stack.site, method, path, {"Content-Type": "application/json"}, "{}")
        assert answer.status == 401, (method, path, answer.body)
        assert "401" in operation["responses"], (method, path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_token_that_may_make_aliases_may_do_nothing_else(stack: LocalStack, tokens: Tokens, document: str) -> None:
    allowed = set()
    for method, path, operation in operations_of(stack, document):
        answer = send(stack.site, method, path, tokens.bearer("create"), "[]")  # a body that nothing can be made of
        if answer.status == 403:
            assert "403" in operation["responses"], (method, path)
        else:
            allowed.add((method, path))
    assert allowed == {("POST", "/alias" if "original" in document else "/api/v1/aliases")}


@pytest.mark.parametrize("kind", ["expired", "revoked"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_token_that_is_over_opens_nothing(stack: LocalStack, tokens: Tokens, document: str, kind: str) -> None:
    """One of each kind of path: many of them would make this network wait."""
    method, path, _ = next(operations_of(stack, document))
    assert send(stack.site, method, path, tokens.bearer(kind), "{}").status == 401
