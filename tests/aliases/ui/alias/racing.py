"""Somebody else who is faster: what happens between the moment an alias is read and the moment it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aliases.ui.alias.writing as writing

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def lose(monkeypatch: pytest.MonkeyPatch, service: str, act: Callable[[], Any]) -> None:
    """Let `act` happen once, just before the page calls this service."""
    real, waiting = getattr(writing, service), [act]

    def slower(*args: Any, **kwargs: Any) -> Any:
        if waiting:
            waiting.pop()()
        return real(*args, **kwargs)

    monkeypatch.setattr(writing, service, slower)


def refuse(monkeypatch: pytest.MonkeyPatch, service: str, error: Exception) -> None:
    """Let this service raise."""

    def refused(*args: Any, **kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr(writing, service, refused)
