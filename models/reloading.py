"""A configuration file that is read again when it changes; a broken change keeps the old one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from schemas.errors import UserError

Value = TypeVar("Value")


class Reloading(Generic[Value]):
    """`current()` looks at the file's time and size, and reads it when they changed.

    The first reading must succeed (UserError otherwise: a start stops on a broken file). Later
    ones report through `on_change`: None when the new file is in force, the error when the old
    one stays.
    """

    def __init__(
        self,
        path: Path,
        load: Callable[[Path], Value],
        on_change: Callable[[UserError | None], None],
        watched: Sequence[Path] = (),
    ) -> None:
        """`watched`: the files to look at, where they are others than `path`."""
        self._path, self._load, self._on_change = path, load, on_change
        self._watched = tuple(watched) or (path,)
        self._value = load(path)
        self._seen = self._stamp()

    def current(self) -> Value:
        now = self._stamp()
        if now != self._seen:
            self._seen = now
            try:
                self._value = self._load(self._path)
            except UserError as error:
                self._on_change(error)
            else:
                self._on_change(None)
        return self._value

    def _stamp(self) -> list[tuple[int, int]]:
        return [stamp(path) for path in self._watched]


def stamp(path: Path) -> tuple[int, int]:
    """(time of the last change in ns, size in bytes); (0, 0): not there."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
