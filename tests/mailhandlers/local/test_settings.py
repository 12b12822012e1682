from __future__ import annotations

from pathlib import Path

import pytest

from mailhandlers.local.settings import LocalError, LocalSettings, read_settings


def test_without_variables_the_usual_ports_and_folder_are_taken() -> None:
    assert read_settings() == LocalSettings(8000, 2525, Path.cwd() / "var")


def test_variables_choose_ports_and_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TACOMAIL_HTTP_PORT", "8001")
    monkeypatch.setenv("TACOMAIL_SMTP_PORT", "0")
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path))
    assert read_settings() == LocalSettings(8001, 0, tmp_path)


@pytest.mark.parametrize("value", ["smtp", "-1", "65536", "25.5"])
def test_a_port_that_is_none_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TACOMAIL_SMTP_PORT", value)
    with pytest.raises(LocalError, match=f"TACOMAIL_SMTP_PORT is '{value}'"):
        read_settings()
