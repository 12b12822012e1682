"""What the bodies and the filters of all resources have in common.

No file with schemas or operations postpones its annotations: ninja and pydantic read them while the program runs.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from ninja.errors import ValidationError
from pydantic import ConfigDict, Field, PlainSerializer, ValidationInfo, model_validator

T = TypeVar("T")

MOST_ROWS, ROWS = 100, 50  # of a page: at most, and where nobody says
MOST_IDS = 100  # of a call that changes many
SECONDS = 20.0  # for a call that changes many: API Gateway waits 29
UNKNOWN = "extra_forbidden"  # pydantic's word for a field that nobody knows


def rfc3339(moment: datetime) -> str:
    """In UTC and whole seconds, as the records keep moments."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]


class Body(Schema):
    """What a request sends, and nothing that nobody knows. Flags are `StrictBool`: “yes” is a text.

    A field that is null is as good as absent, where its type allows null.
    """

    model_config = ConfigDict(extra="forbid")


class Filters(Schema):
    """The parameters of a list. A mistyped one is refused: it would leave the list longer than its reader believes."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any, info: ValidationInfo) -> Any:
        request = (info.context or {}).get("request")
        unknown = set(request.GET) - set(cls.model_fields) if request else set()
        if unknown:
            raise ValidationError([{"type": UNKNOWN, "loc": ("query", name), "msg": ""} for name in sorted(unknown)])
        return data


class Pages(Filters):
    """Of a list that comes in pages."""

    limit: int = Field(ROWS, ge=1, le=MOST_ROWS)
    cursor: str = Field("", max_length=4_000, description="`next` of the page before.")


class ItemError(Schema):
    """Why one of many is not as it was wanted."""

    code: str = Field(description="For programs.")
    detail: str = Field(description="For people.")


class One(Schema, Generic[T]):
    """A single resource."""

    data: T


class Many(Schema, Generic[T]):
    """A page of a list; `next` is the cursor of the following one, null on the last. The header Link has it, too."""

    data: list[T]
    next: str | None
