"""No error of the records or the services is an f-string: those could not be translated."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliases.records import exceptions
from aliases.records.translatable import TranslatableError
from mailhandlers import bucket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Function = ast.FunctionDef | ast.AsyncFunctionDef

ROOT = Path(__file__).resolve().parents[3]
# Only commands use these, and what commands print is English.
FOR_COMMANDS = {"adopting.py", "adoption.py", "dump.py", "dumplines.py", "olderdomains.py", "schema.py"}
MARKS = {"gettext_noop", "ngettext_noop", "given"}
ERRORS = {
    name
    for module in (exceptions, bucket)
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, TranslatableError)
}


def modules() -> list[Path]:
    folders = (ROOT / "aliases" / "records", ROOT / "aliases" / "services")
    found = [path for folder in folders for path in sorted(folder.rglob("*.py")) if path.name not in FOR_COMMANDS]
    return [*found, ROOT / "mailhandlers" / "bucket.py"]


def faults(source: str) -> Iterator[int]:
    """The lines on which an error is made of something else than a marked text."""
    tree = ast.parse(source)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in ERRORS:
                    if not is_marked(first, function, tree):
                        yield node.lineno


def is_marked(value: ast.expr, function: Function, module: ast.Module) -> bool:
    match value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in MARKS
        case ast.Name(id=name):
            values = [*assigned(name, ast.walk(function)), *assigned(name, module.body)]
            return is_text(name, function) or (bool(values) and all(is_marked(v, function, module) for v in values))
        case _:
            return False


def assigned(name: str, nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            yield node.value


def is_text(name: str, function: Function) -> bool:
    """Whether it is a parameter that can only be a marked text."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    return any(a.arg == name and isinstance(a.annotation, ast.Name) and a.annotation.id == "Text" for a in arguments)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_error_is_made_of_a_text_that_can_be_translated(path: Path) -> None:
    assert list(faults(path.read_text())) == []


def test_there_are_errors_to_look_at() -> None:
    made = sum(path.read_text().count("gettext_noop(") for path in modules())
    assert made > 40
    assert {"InvalidAddress", "NotFound", "BucketError"} <= ERRORS


@pytest.mark.parametrize(
    "raised",
    [
        'NotFound(f"There is no alias {name}.")',
        'NotFound("There is none.")',
        'NotFound("There is no alias %s." % name)',
        'NotFound("There is no alias {}.".format(name))',
        "NotFound(message)",
        "NotFound(name)",
        "NotFound(PLAIN)",
    ],
)
def test_an_untranslatable_one_would_be_found(raised: str) -> None:
    source = (
        f'PLAIN = "None."\ndef find(name: str) -> None:\n    message = f"There is no {{name}}."\n    raise {raised}\n'
    )
    assert list(faults(source)) == [4]


@pytest.mark.parametrize(
    "raised",
    [
        'NotFound(gettext_noop("There is no alias %(name)s.", name=name), field="alias")',
        "NotFound(message)",
        "NotFound(text)",
        "NotFound(UNKNOWN.given(name=name))",
        "NotFound(MARKED)",
        'ValueError(f"{name} is odd.")',
    ],
)
def test_a_translatable_one_is_let_through(raised: str) -> None:
    before = 'MARKED = gettext_noop("None.")\n'
    source = f"{before}def find(name: str, text: Text) -> None:\n    message = MARKED\n    raise {raised}\n"
    assert list(faults(source)) == []
