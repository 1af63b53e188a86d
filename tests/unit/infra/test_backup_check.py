"""A backup is checked before anything of it is written."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from infra import dump
from schemas.errors import UserError


def _backup(folder: Path, name: str, index: str = "") -> Path:
    for each in ("config", "indices", "state"):
        (folder / each).mkdir()
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"x")
    part = dump.Part(name, hashlib.sha256(b"x").hexdigest(), index)
    manifest = dump.Manifest(dump.FORMAT, datetime.now(UTC), [part])
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    return folder


@pytest.mark.parametrize(
    ("name", "index"),
    [("config/routing.yaml", ""), ("state/models/a/b.npz", ""), ("indices/alerts.gz", "alerts")],
)
def test_a_whole_backup_is_taken(tmp_path: Path, name: str, index: str) -> None:
    assert dump.check(_backup(tmp_path, name, index)).parts[0].file == name


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("config/../indices/x", ""),  # would be written beside the configuration
        ("state/./../indices/x", ""),
        ("indices/x", ""),
        ("elsewhere/x", ""),
        ("x", ""),
        ("config/x", "alerts"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str, index: str) -> None:
    with pytest.raises(UserError, match="missing or damaged"):
        dump.check(_backup(tmp_path, name, index))


@pytest.mark.parametrize("kept", [0, 10, 0.5])
def test_a_truncated_manifest_is_no_backup(tmp_path: Path, kept: float) -> None:
    path = _backup(tmp_path, "config/x") / "manifest.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole)) if kept < 1 else int(kept)])
    with pytest.raises(UserError, match="no backup"):
        dump.check(tmp_path)


def test_a_truncated_part_is_named(tmp_path: Path) -> None:
    (_backup(tmp_path, "config/routing.yaml") / "config" / "routing.yaml").write_bytes(b"")
    with pytest.raises(UserError, match=r"config/routing\.yaml is missing or damaged"):
        dump.check(tmp_path)
