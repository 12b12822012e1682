"""Words of the closed vocabularies, as the document names them.

A stored word may be one of a newer version, so none of them is an enumeration of the schema, which would forbid it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

if TYPE_CHECKING:
    from collections.abc import Iterable


def word_of(*vocabularies: Iterable[str], about: str) -> Any:
    """A text that is one of these words, or one that only a newer version knows."""
    words = [str(word) for vocabulary in vocabularies for word in vocabulary]
    listed = ", ".join(f"`{word}`" for word in words)
    return Field(description=f"{about} One of {listed}.", json_schema_extra={"x-extensible-enum": list(words)})
