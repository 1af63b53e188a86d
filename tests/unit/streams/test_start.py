"""A worker that analyses does not start on a broken file, and says which line it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infra.settings import PROJECT
from schemas.errors import UserError
from streams.reading import check_files


@pytest.mark.parametrize(
    "name", ["acts.yaml", "watch.yaml", "rumour.yaml", "severity.yaml", "taxonomy.yaml"]
)
def test_a_broken_file_stops_the_start_with_its_line(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "config"
    shutil.copytree(PROJECT / "config", folder)
    check_files(folder)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n]\n")
    with pytest.raises(UserError, match=rf"{name}, line \d+"):
        check_files(folder)
