"""doctor reads every file that a start reads, each checked against the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commands.doctor import _configuration
from infra.settings import PROJECT, Settings


@pytest.mark.parametrize("name", ["duty.yaml", "partners.yaml", "contacts.yaml", "routing.yaml"])
def test_a_broken_file_is_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "config"
    shutil.copytree(PROJECT / "config", folder)
    settings = Settings(config=folder)
    assert {check.state for check in _configuration(settings)} == {"ok"}
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n]\n")
    failed = [check for check in _configuration(settings) if check.state == "fail"]
    assert failed and f"{name}, line" in failed[0].found
