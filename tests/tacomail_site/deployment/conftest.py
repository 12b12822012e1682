"""An empty account on in-process moto, in which only the two functions exist yet."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from boto3.session import Session
from moto import mock_aws

from aliases.records.connection import Table
from mailhandlers.local.functions import register_functions
from mailhandlers.local.moto_ses import extend_moto
from tacomail_site.deployment import provision
from tacomail_site.deployment.resources import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCOUNT = "123456789012"
REGION = "us-east-1"


@pytest.fixture
def deployment() -> Deployment:
    return Deployment(ACCOUNT, REGION, "tacomail", "tacomail-mail", domains=("taco.example", "mail.example.org"))


@pytest.fixture(scope="session")
def one_session() -> Session:
    """Reading the descriptions of the services takes half a second, so it is done once."""
    return Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)


@pytest.fixture(scope="session")
def one_table() -> Callable[..., Table]:
    """The same for the table's own session; it holds no state."""
    return cache(Table)


@pytest.fixture
def session(
    deployment: Deployment, one_session: Session, one_table: Callable[..., Table], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    monkeypatch.setattr(provision, "Table", one_table)
    extend_moto()
    with mock_aws():
        register_functions(one_session, ACCOUNT, (deployment.ses_function, deployment.s3_function))
        yield one_session
