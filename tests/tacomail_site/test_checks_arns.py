"""What `manage.py check` says of the list of those who may call the API by a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tacomail_site import checks

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:user/backup",
        "arn:aws:iam::123456789012:user/scripts/at-night/back+up=1,2.3@example_x",
        "arn:aws:iam::123456789012:role/Backup",
        "arn:aws-cn:iam::123456789012:role/Backup",
        "arn:aws-us-gov:sts::123456789012:assumed-role/Backup/i-0123456789abcdef0",
        "arn:aws:sts::123456789012:assumed-role/Backup/alice@example.com",
        "arn:aws:sts::123456789012:federated-user/alice",
    ],
)
def test_these_are_arns(settings: Settings, arn: str) -> None:
    settings.API_ARNS = frozenset({arn})
    assert checks.check_environment() == []


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "backup",
        "123456789012",
        "AIDAEXAMPLE",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::123456789012:user/",
        "arn:aws:iam::12345678901:user/backup",
        "arn:aws:iam::١٢٣٤٥٦٧٨٩٠١٢:user/backup",
        "arn:aws:iam::123456789012:group/backup",
        "arn:aws:lambda:us-east-1:123456789012:function:backup",
        "ARN:AWS:IAM::123456789012:USER/BACKUP",
        "arn:aws:iam::123456789012:user/backup extra",
    ],
)
def test_what_is_none_is_named(settings: Settings, arn: str) -> None:
    settings.API_ARNS = frozenset({arn, "arn:aws:iam::123456789012:root"})
    (found,) = checks.check_environment()
    assert found.id == "tacomail.E002"
    assert found.msg.startswith(f"TACOMAIL_API_ARNS names {arn}, which is no ARN of a user or a role: use one as in ")


def test_a_role_with_its_path_would_never_be_met_and_is_told_so(settings: Settings) -> None:
    settings.API_ARNS = frozenset({"arn:aws:iam::123456789012:role/scripts/night/Backup"})
    (found,) = checks.check_environment()
    assert found.msg.endswith("whose path AWS does not say: use arn:aws:iam::123456789012:role/Backup.")
