"""The AWS clients: made once, kept while the environment stays the same, and made without naming a table too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.connection import MAIL_LIMITS, PATIENT_LIMITS
from aliases.records.exceptions import ConfigurationError
from mailhandlers.clients import clients

if TYPE_CHECKING:
    from tests.support.installation import Installation


def waits_of(client: Any) -> tuple[float, float]:
    return client.meta.config.connect_timeout, client.meta.config.read_timeout


def test_a_warm_function_keeps_its_clients(installation: Installation) -> None:
    first = clients(MAIL_LIMITS, PATIENT_LIMITS)
    assert clients(MAIL_LIMITS, PATIENT_LIMITS) is first
    assert first.s3 is first.s3
    assert first.table is first.table


@pytest.mark.parametrize(
    ("variable", "value"),
    [("POSTFIX_DYNAMODB_TABLE", "other"), ("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")],
)
def test_another_environment_has_other_clients(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    first = clients(MAIL_LIMITS, PATIENT_LIMITS)
    monkeypatch.setenv(variable, value)
    assert clients(MAIL_LIMITS, PATIENT_LIMITS) is not first


def test_the_two_functions_have_clients_with_limits_of_their_own(installation: Installation) -> None:
    hurried, patient = clients(MAIL_LIMITS, MAIL_LIMITS), clients(MAIL_LIMITS, PATIENT_LIMITS)
    assert waits_of(hurried.s3) == (MAIL_LIMITS.connect_seconds, MAIL_LIMITS.read_seconds)
    assert waits_of(patient.s3) == (PATIENT_LIMITS.connect_seconds, PATIENT_LIMITS.read_seconds)
    assert waits_of(patient.ses) == (PATIENT_LIMITS.connect_seconds, PATIENT_LIMITS.read_seconds)


def test_without_the_name_of_the_table_the_bucket_can_still_be_reached(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")
    reached = clients(MAIL_LIMITS, PATIENT_LIMITS)
    assert reached.s3.meta.region_name == "us-east-1"
    with pytest.raises(ConfigurationError, match="POSTFIX_DYNAMODB_TABLE"):
        _ = reached.table
