"""The one place where an error of botocore or PynamoDB becomes one of ours, with its cause."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

from aliases.records.exceptions import (
    ConditionFailed,
    TableError,
    TableRefused,
    TableUnavailable,
    TransactionCancelled,
    TransactionInvalid,
)
from aliases.records.translatable import gettext_noop

# Whatever a request may raise.
LIBRARY_ERRORS = (PynamoDBException, ClientError, BotoCoreError, ResponseParserError)

# Codes after which the same request may succeed. AWS: "Error handling with DynamoDB".
TRANSIENT_CODES = frozenset({
    "InternalServerError",
    "InternalFailure",
    "ItemCollectionSizeLimitExceededException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "Throttling",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
})  # fmt: skip
SERVER_ERROR = 500
CONDITION_FAILED = "ConditionalCheckFailedException"
# Reasons inside a cancelled transaction, one per write.
REASON_CONDITION = "ConditionalCheckFailed"
REASON_INVALID = "ValidationError"
TRANSIENT_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
# The codes of TableUnavailable after which a transaction is repeated as it is.
WORTH_REPEATING = TRANSIENT_CODES | TRANSIENT_REASONS


def translated(error: Exception, name: str) -> TableError:
    """The one place where an error of the libraries below becomes one of ours."""
    cause = error.cause if isinstance(error, PynamoDBException) and error.cause is not None else error
    if isinstance(cause, NoCredentialsError | PartialCredentialsError | NoRegionError):
        why = gettext_noop("The table %(table)s cannot be asked: %(cause)s", table=name, cause=str(cause))
        return TableRefused(why, code=type(cause).__name__)
    if not isinstance(cause, ClientError):
        why = gettext_noop("The table %(table)s cannot be reached: %(cause)s", table=name, cause=str(cause))
        return TableUnavailable(why, code=type(cause).__name__)
    code = cause.response.get("Error", {}).get("Code", "")
    text = cause.response.get("Error", {}).get("Message", "")
    if code == CONDITION_FAILED:
        return ConditionFailed(gettext_noop("A condition on the table %(table)s did not hold.", table=name))
    if code == "TransactionCanceledException":
        return _cancelled(cause, name)
    if code in TRANSIENT_CODES or _status(cause) >= SERVER_ERROR:
        why = gettext_noop("The table %(table)s is busy (%(code)s): %(cause)s", table=name, code=code, cause=text)
        return TableUnavailable(why, code=code)
    why = gettext_noop(
        "The table %(table)s refused the request (%(code)s): %(cause)s", table=name, code=code, cause=text
    )
    return TableRefused(why, code=code)


def _status(cause: ClientError) -> int:
    """The HTTP status, which PynamoDB leaves out of the error that it makes of botocore's."""
    answered = cause.__cause__ if isinstance(cause.__cause__, ClientError) else cause
    status: int = answered.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status


def _cancelled(cause: ClientError, name: str) -> TableError:
    reasons = cause.cancellation_reasons if isinstance(cause, VerboseClientError) else []
    codes = [reason.code if reason is not None else "" for reason in reasons]
    failed = tuple(i for i, code in enumerate(codes) if code == REASON_CONDITION)
    invalid = tuple(i for i, code in enumerate(codes) if code == REASON_INVALID)
    if failed:
        why = gettext_noop("Conditions on the table %(table)s did not hold.", table=name)
        return TransactionCancelled(why, failed)
    if invalid:
        why = gettext_noop("The table %(table)s cannot carry out writes of a transaction.", table=name)
        return TransactionInvalid(why, invalid)
    if any(code in TRANSIENT_REASONS for code in codes):
        why = gettext_noop("A transaction on the table %(table)s met another one.", table=name)
        return TableUnavailable(why, code="TransactionConflict")
    why = gettext_noop("The table %(table)s cancelled a transaction: %(cause)s", table=name, cause=str(cause))
    return TableRefused(why, code="TransactionCanceled")
