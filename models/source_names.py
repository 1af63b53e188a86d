"""The titles of the sources, by the names that items carry."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from models.reloading import stamp
from schemas.yaml_file import read_yaml

LOOK = 10.0  # seconds between two looks at the files
LARGEST = 1 << 20  # bytes of a file that is read
LONGEST = 60  # characters of a title
PARTNERS = "partners.yaml"


class _Source(BaseModel):
    name: str = ""
    title: str = ""


class _Partners(BaseModel):
    partners: list[_Source] = []


@cache
def source_names(config: Path) -> SourceNames:
    """One for all who ask in this process: each looks at every file."""
    return SourceNames(config)


class SourceNames:
    """`demo-gssb` → 国是时报; a name that no file gives a title stays as it is.

    Sources come and go while a program runs: files that changed are read again. A file that
    cannot be read names nothing here; `tingchao source check` says what is wrong with it.
    """

    def __init__(self, config: Path) -> None:
        self._folder, self._partners = config / "sources", config / PARTNERS
        self._read: dict[Path, tuple[tuple[int, int], dict[str, str]]] = {}
        self._look()

    def __call__(self, name: str) -> str:
        return self._known().get(name, name)

    def titled(self, title: str) -> list[str]:
        """The names of the sources of that title: two offices may both be 信访办."""
        return [name for name, each in self._known().items() if each == title]

    def _known(self) -> dict[str, str]:
        if time.monotonic() - self._looked >= LOOK:
            self._look()
        return self._titles

    def _look(self) -> None:
        found = {}
        for path in (*self._folder.glob("*.yaml"), self._partners):
            now, known = stamp(path), self._read.get(path)
            if known is None or known[0] != now:
                read = _partners if path == self._partners else _source
                known = (now, dict(read(path)) if now[1] <= LARGEST else {})
            found[path] = known
        self._read = found
        self._titles = {
            name: line
            for _, each in found.values()
            for name, title in each.items()
            if name and (line := _line(title))
        }
        self._looked = time.monotonic()


def _source(path: Path) -> list[tuple[str, str]]:
    told, _ = read_yaml(path, _Source)
    return [(told.name, told.title)] if told else []


def _partners(path: Path) -> list[tuple[str, str]]:
    told, _ = read_yaml(path, _Partners)
    return [(f"intake.{each.name}", each.title) for each in told.partners] if told else []


def _line(title: str) -> str:
    """As it may stand in a message: one line, nothing that is not seen."""
    seen = "".join(sign if sign.isprintable() else " " for sign in title[: 10 * LONGEST])
    return " ".join(seen.split())[:LONGEST]
