"""Structured logs: one JSON object a line, with the message id, never with the message's content."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

logger = logging.getLogger("tacomail")


class JsonFormatter(logging.Formatter):
    """The record as one line of JSON; what was given as `extra={"fields": {...}}` becomes keys of their own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class StandardOutput(logging.StreamHandler[Any]):
    """Writes to whatever standard output is at the moment, not to what it was when the handler was made."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stdout

    @stream.setter
    def stream(self, value: Any) -> None:
        raise AttributeError("the stream is always standard output")


def configure() -> None:
    """Send the log of this project to standard output as JSON. Does nothing the second time.

    Lambda's own handler on the root logger would print each line again, as text.
    """
    if not logger.handlers:
        handler = StandardOutput()
        handler.setFormatter(JsonFormatter())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def log(level: int, event: str, *, exc_info: bool = False, **fields: Any) -> None:
    """One line: what happened, and the facts about it."""
    logger.log(level, event, exc_info=exc_info, extra={"fields": fields})
