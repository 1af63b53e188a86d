"""The files of rules that people edit in the console: each checked as the workers check it."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from models.rule_file import RuleFile
from models.severity_rules import load as load_severity
from models.taxonomy import load_taxonomy
from models.watch import load_file
from response.plan import load_plan
from schemas.errors import UserError
from schemas.yaml_file import load_yaml

MOST = 200_000  # characters


@dataclass(frozen=True)
class Kind:
    """`check` reads it from a folder of configuration; `dry_run` is the command that tries it on
    the stored history, () where there is none."""

    file: str
    title: str
    check: Callable[[Path], Any]
    dry_run: tuple[str, ...] = ()


def _plan(folder: Path) -> Any:
    departments = load_taxonomy(folder)[1].departments
    return load_plan(folder, {department.id for department in departments})


KINDS: dict[str, Kind] = {
    "severity": Kind(
        "severity.yaml", "严重程度", lambda folder: load_severity(folder / "severity.yaml"),
        ("severity", "dry-run", "--shown", "30"),
    ),
    "rules": Kind(
        "rules.yaml", "多条合看", lambda folder: load_yaml(folder / "rules.yaml", RuleFile),
        ("rules", "dry-run"),
    ),
    "routing": Kind("routing.yaml", "通知链", _plan),
    "duty": Kind("duty.yaml", "值班表", _plan),
    "watch": Kind("watch.yaml", "关注主题", lambda folder: load_file(folder / "watch.yaml")),
}  # fmt: skip


def read(folder: Path, kind: Kind) -> tuple[str, str]:
    """(its text, the version of that text)."""
    path = folder / kind.file
    text = path.read_text("utf-8") if path.exists() else ""
    return text, version(text)


def version(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def wrong(folder: Path, kind: Kind, text: str) -> str:
    """What is wrong with `text` beside the other files of the folder; "" when nothing is."""
    with tempfile.TemporaryDirectory(prefix="tingchao-rules-") as name:
        trial = Path(name) / "config"
        shutil.copytree(folder, trial, ignore=shutil.ignore_patterns("sources"))
        (trial / kind.file).write_text(text, "utf-8")
        try:
            kind.check(trial)
        except UserError as error:
            return str(error).replace(f"{trial}/", "")
    return ""


def swap(folder: Path, kind: Kind, text: str, seen: str) -> str | None:
    """The text that `text` took the place of; None, and nothing is written, when it is not the
    one whose version is `seen`. No other coroutine runs between the two."""
    now, at = read(folder, kind)
    if at != seen:
        return None
    path = folder / kind.file
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)  # in one step; workers read it by themselves
    return now


def difference(before: str, after: str) -> list[str]:
    """Lines that begin with + or -, and what stands around them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return list(lines)[2:]
