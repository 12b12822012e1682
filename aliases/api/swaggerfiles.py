"""Swagger UI among the static files: it lies in django-ninja's package, which is not loaded for it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PREFIX = "swagger"
FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})  # without maps, and what else is there: six megabytes


class SwaggerFinder(FileSystemFinder):
    def __init__(self, *args: Any, **options: Any) -> None:
        self.locations = [(PREFIX, str(folder)) for folder in _folders()]
        self.storages = {}
        for prefix, folder in self.locations:
            storage: Any = FileSystemStorage(location=folder)
            storage.prefix = prefix
            self.storages[folder] = storage

    def find_location(self, root: str, path: str, prefix: str | None = None) -> str | None:
        return super().find_location(root, path, prefix) if Path(path).name in FILES else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        return ((path, storage) for path, storage in super().list(ignore_patterns) if path in FILES)


def _folders() -> Iterator[Path]:
    found = importlib.util.find_spec("ninja")
    for package in (found.submodule_search_locations or ()) if found else ():
        yield Path(package) / "static" / "ninja"
