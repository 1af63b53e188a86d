"""Files that were brought by a form, for an hour, each under a random name."""

from __future__ import annotations

import secrets
import threading
import time
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException

# Kept at once of one person, whose oldest goes, so that nobody keeps others from importing; and
# of all, so that nobody's disk is filled.
OWN, FILES = 3, 60
KEPT = 3_600  # seconds


def beside(path: Path) -> Path:
    """Where an import says what is wrong with a file, while it runs."""
    return path.with_name(f"{path.name.partition('.')[0]}.faults.csv")


class Kept:
    """Between looking at a file and importing it; by a name that only who brought it knows."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._adding = folder, threading.Lock()

    def add(self, owner: str, suffix: str, content: bytes) -> str:
        with self._adding:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._sweep()
            mine = [p for p in self._folder.glob(f"{_mark(owner)}-*") if p != beside(p)]
            for path in sorted(mine, key=_age)[OWN - 1 :]:
                path.unlink(missing_ok=True)
            if len(list(self._folder.iterdir())) >= FILES:
                raise HTTPException(503, "等待导入的文件太多，请过一会儿再试。")
            token = f"{secrets.token_hex(16)}{suffix}"
            path = self._path(owner, token)
            path.touch(mode=0o600)
            path.write_bytes(content)
        return token

    def find(self, owner: str, token: str) -> Path:
        stem, dot, suffix = token.partition(".")
        sound = stem.isalnum() and stem.isascii() and suffix.isalnum() and dot
        path = self._path(owner, token) if sound else None
        if path is None or not path.is_file():
            raise HTTPException(404, "这个文件不在了（只留一小时），请重新选择。")
        return path

    def drop(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def _path(self, owner: str, token: str) -> Path:
        return self._folder / f"{_mark(owner)}-{token}"

    def _sweep(self) -> None:
        for path in self._folder.iterdir():
            if _age(path) > KEPT:
                path.unlink(missing_ok=True)


def _mark(owner: str) -> str:
    """Whose a file is, of one length whatever the name is, and without letters that mean
    something in a name of a file."""
    return sha256(owner.encode()).hexdigest()[:32]


def _age(path: Path) -> float:
    """Seconds; of one that somebody else took away meanwhile, none."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
