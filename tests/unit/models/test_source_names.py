"""The titles of the sources, by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.settings import PROJECT
from models import source_names
from models.source_names import SourceNames


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_names, "LOOK", 0.0)


def written(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def test_the_sources_and_partners_that_come_along_have_titles() -> None:
    names = SourceNames(PROJECT / "config")
    assert names("demo-gssb") == "国是时报"
    assert names("intake.hotline-12345") == "12345 热线"
    assert names.titled("国是时报") == ["demo-gssb"]


def test_a_source_is_known_once_its_file_is_there_and_as_it_was_last_written(
    tmp_path: Path,
) -> None:
    names = SourceNames(tmp_path)  # no folder, no partners
    assert names("new") == "new"
    written(tmp_path / "sources" / "new.yaml", "name: new\ntitle: 新报\n")
    assert names("new") == "新报"
    written(tmp_path / "sources" / "new.yaml", "name: new\ntitle: 新新报纸\n")
    assert names("new") == "新新报纸"
    (tmp_path / "sources" / "new.yaml").unlink()
    assert names("new") == "new"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "name: [",
        "name: x\ntitle: !!bool foo",
        'name: x\ntitle: "\\ud83d"',
        'name: x\ntitle: "\\u202e \\0"',
        "name: x\ntitle: {a: b}",
        "a: &a [*a]",
        "partners: 5",
        "\x00",
    ],
)
def test_a_file_that_cannot_be_read_names_nothing_and_harms_no_other(
    tmp_path: Path, text: str
) -> None:
    written(tmp_path / "sources" / "good.yaml", "name: good\ntitle: 好报\n")
    written(tmp_path / "sources" / "bad.yaml", text)
    written(tmp_path / "partners.yaml", text)
    names = SourceNames(tmp_path)
    assert names("good") == "好报"
    assert names("x") == "x"


def test_a_title_is_one_short_line_without_what_is_not_seen(tmp_path: Path) -> None:
    title = r'"甲报\n\n详情：https://evil.example/\u202e\0 ' + "长" * 500 + '"'
    written(tmp_path / "sources" / "one.yaml", f"name: one\ntitle: {title}\n")
    found = SourceNames(tmp_path)("one")
    assert found.isprintable() and found.startswith("甲报 详情：https://evil.example/ 长长")
    assert len(found) == source_names.LONGEST


def test_a_file_that_nests_itself_or_is_huge_holds_up_nobody(tmp_path: Path) -> None:
    nest = "a0: &a0 {title: x}\n"
    for level in range(1, 12):
        nest += f"a{level}: &a{level} {{partners: [{', '.join([f'*a{level - 1}'] * 10)}]}}\n"
    written(tmp_path / "sources" / "nest.yaml", nest + "partners: [*a11]\n")
    written(tmp_path / "sources" / "huge.yaml", "name: h\ntitle: " + "长" * source_names.LARGEST)
    (tmp_path / "partners.yaml").write_text(nest + "partners: [*a11]\n", "utf-8")
    assert SourceNames(tmp_path)("h") == "h"


def test_files_that_did_not_change_are_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "sources" / "one.yaml"
    written(path, "name: one\ntitle: 一报\n")
    names = SourceNames(tmp_path)
    status = path.stat()
    written(path, "name: one\ntitle: 二报\n")  # of the same size
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert names("one") == "一报"
