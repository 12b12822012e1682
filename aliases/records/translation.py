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
from pynamodb.exceptions import DoesNotExist, PynamoDBException, TransactWriteError, VerboseClientError

from aliases.records.exceptions import (
    ConditionFailed,
    TableError,
    TableRefused,
    TableUnavailable,
    TransactionCancelled,
)

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
TRANSIENT_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


def translated(error: Exception, name: str) -> TableError:
    """The one place where an error of the libraries below becomes one of ours."""
    cause = error.cause if isinstance(error, PynamoDBException) and error.cause is not None else error
    if isinstance(error, DoesNotExist):
        return TableRefused(f"The table {name} holds no such item.", code="no_item")
    if isinstance(cause, NoCredentialsError | PartialCredentialsError | NoRegionError):
        return TableRefused(f"The table {name} cannot be asked: {cause}", code=type(cause).__name__)
    if not isinstance(cause, ClientError):
        return TableUnavailable(f"The table {name} cannot be reached: {cause}", code=type(cause).__name__)
    code = cause.response.get("Error", {}).get("Code", "")
    text = cause.response.get("Error", {}).get("Message", "")
    if code == CONDITION_FAILED:
        return ConditionFailed(f"A condition on the table {name} did not hold.")
    if code == "TransactionCanceledException":
        return _cancelled(error, cause, name)
    if code in TRANSIENT_CODES or _status(cause) >= SERVER_ERROR:
        return TableUnavailable(f"The table {name} is busy ({code}): {text}", code=code)
    return TableRefused(f"The table {name} refused the request ({code}): {text}", code=code)


def _status(cause: ClientError) -> int:
    """The HTTP status; a proxy in between has no code of DynamoDB, and botocore then gives the status as the code."""
    code = cause.response.get("Error", {}).get("Code", "")
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return int(code) if code.isdecimal() else status


def _cancelled(error: Exception, cause: ClientError, name: str) -> TableError:
    reasons = error.cancellation_reasons if isinstance(error, TransactWriteError) else []
    if not reasons and isinstance(cause, VerboseClientError):
        reasons = list(cause.cancellation_reasons)
    codes = [reason.code if reason is not None else "" for reason in reasons]
    failed = tuple(i for i, code in enumerate(codes) if code == REASON_CONDITION)
    if failed:
        return TransactionCancelled(f"Conditions on the table {name} did not hold.", failed)
    if any(code in TRANSIENT_REASONS for code in codes):
        return TableUnavailable(f"A transaction on the table {name} met another one.", code="TransactionConflict")
    return TableRefused(f"The table {name} cancelled a transaction: {cause}", code="TransactionCanceled")
