"""The titles of the sources, by the names that items carry."""

from __future__ import annotations

import time
from pathlib import Path

from pydantic import BaseModel

from models.reloading import stamp
from schemas.yaml_file import read_yaml

LOOK = 10.0  # seconds between two looks at the files


class _Named(BaseModel):
    name: str = ""
    title: str = ""
    partners: list[_Named] = []


class SourceNames:
    """`demo-gssb` → 国是时报; a name that no file gives a title stays as it is.

    Sources come and go while a program runs: files that changed are read again. A file that
    cannot be read names nothing here; `tingchao source check` says what is wrong with it.
    """

    def __init__(self, config: Path) -> None:
        self._folder, self._partners = config / "sources", config / "partners.yaml"
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
            found[path] = known if known and known[0] == now else (now, _titles(path))
        self._read = found
        self._titles = {name: title for _, each in found.values() for name, title in each.items()}
        self._looked = time.monotonic()


def _titles(path: Path) -> dict[str, str]:
    read, _ = read_yaml(path, _Named)
    if read is None:
        return {}
    named = {read.name: read.title}
    named |= {f"intake.{partner.name}": partner.title for partner in read.partners}
    return {name: title for name, title in named.items() if name and title}
