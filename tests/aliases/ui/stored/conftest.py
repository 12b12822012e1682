"""A bucket for the pages of stored mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aliases.services.stored_mail import empty_bucket

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


@pytest.fixture
def s3(site: SiteTable) -> Any:
    """boto3's client; the bucket is empty."""
    return empty_bucket()
