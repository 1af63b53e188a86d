"""Whatever stands in an operator's file, the error names the file and the line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infra.settings import PROJECT
from response.plan import Plan, load_plan
from schemas.errors import UserError
from schemas.yaml_file import load_yaml
from streams.reloading import alert_plan

DUTY = (PROJECT / "config" / "duty.yaml").read_text("utf-8")


def _folder(tmp_path: Path, duty: str) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(PROJECT / "config", folder, dirs_exist_ok=True)
    (folder / "duty.yaml").write_text(duty, "utf-8")
    return folder


@pytest.mark.parametrize(
    "value",
    [
        "[{date: 2026-02-30}]",
        "[{date: 2026-13-01T25:00:00}]",
        "[!!int x]",
        "[!!float y]",
        "[!!bool x]",
        "[!!int '']",
        "[!!float '']",
        "[!!timestamp x]",
        r'["\ud83d"]',
    ],
)
def test_what_yaml_cannot_read_as_a_value_has_its_line(tmp_path: Path, value: str) -> None:
    folder = _folder(tmp_path, DUTY.replace("closed: []", f"closed: {value}"))
    with pytest.raises(UserError, match=r"duty\.yaml, line 6: "):
        load_plan(folder)


def test_a_broken_holiday_keeps_the_rosters_in_force(tmp_path: Path) -> None:
    folder = _folder(tmp_path, DUTY)
    plan = alert_plan(folder)
    before = plan.current()
    _folder(tmp_path, DUTY.replace("closed: []", "closed: [{date: 2026-02-30}]"))
    assert plan.current() is before
    _folder(tmp_path, DUTY.replace("closed: []", "closed: [{date: 2026-02-28}]"))
    assert plan.current() is not before


def test_endless_nesting_is_an_error_like_others(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text("[" * 5_000)
    with pytest.raises(UserError, match=r"deep\.yaml"):
        load_yaml(path, Plan)  # type: ignore[type-var]  # never reached


def test_a_key_that_stands_twice_is_an_error_and_forgets_nobody(tmp_path: Path) -> None:
    folder = _folder(tmp_path, DUTY + "stand_ins: []\n")
    line = DUTY.count("\n") + 1
    with pytest.raises(
        UserError, match=rf"duty\.yaml, line {line}: 'stand_ins' stands there twice"
    ):
        load_plan(folder)
