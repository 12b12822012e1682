"""What the documents claim about names is compared with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aliases.records.alias import Alias
from mailhandlers.config import Config, read_config

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
VARIABLE = re.compile(r"\b(?:POSTFIX|TACOMAIL|DJANGO)_[A-Z_]+\b")
CODE = ("aliases", "mailhandlers", "tacomail_site")


def section(title: str) -> str:
    """The text below a heading of the README, up to the next one of the same rank."""
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def read_in_code() -> set[str]:
    source = "\n".join(path.read_text() for folder in CODE for path in (ROOT / folder).rglob("*.py"))
    # DJANGO_SETTINGS_MODULE is Django's own, and every entry point sets it.
    return set(re.findall(r'"((?:POSTFIX|TACOMAIL|DJANGO)_[A-Z_]+)"', source)) - {"DJANGO_SETTINGS_MODULE"}


def test_every_variable_that_the_code_reads_is_in_the_readme() -> None:
    assert read_in_code() - set(VARIABLE.findall(README)) == set()


def test_the_readme_names_no_variable_that_the_code_does_not_read() -> None:
    assert set(VARIABLE.findall(section("Environment"))) - read_in_code() == set()


def test_the_example_environment_names_every_variable() -> None:
    assert set(VARIABLE.findall((ROOT / ".env.example").read_text())) == read_in_code()


@pytest.mark.parametrize(
    ("variable", "attribute"),
    [
        ("TACOMAIL_MAIL_PREFIX", "prefix"),
        ("TACOMAIL_MAILDIR_ROOT", "maildir_root"),
        ("TACOMAIL_RULE_LAYOUT", "rule_layout"),
        ("TACOMAIL_SPAM_ACTION", "spam_action"),
        ("TACOMAIL_LOG_DAYS", "log_days"),
    ],
)
def test_the_defaults_in_the_readme_are_those_of_the_code(variable: str, attribute: str) -> None:
    config = read_config({"POSTFIX_DYNAMODB_TABLE": "tacomail"})
    assert isinstance(config, Config)
    (row,) = [line for line in section("Environment").splitlines() if f"`{variable}`" in line]
    assert str(getattr(config, attribute)) in row


def test_the_readme_lists_every_attribute_of_an_alias() -> None:
    listed = set(re.findall(r"`(\w+)`", section("Records")))
    assert {attribute.attr_name for attribute in Alias.get_attributes().values()} <= listed


def test_every_command_is_in_the_readme() -> None:
    commands = {path.stem for path in (ROOT / "aliases/management/commands").glob("[a-z]*.py")}
    assert commands <= set(re.findall(r"`([a-z]+)[ `]", section("Commands")))


def test_every_decision_is_in_the_list_of_decisions() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text()
    pages = [path.name for path in (ROOT / "docs/decisions").glob("0*.md")]
    assert pages
    assert all(f"({name})" in listed for name in pages)
