"""Word lists of our own making, one file a list."""

from __future__ import annotations

from pathlib import Path


def read(name: str) -> frozenset[str]:
    """The words of `name`.txt: separated by blanks, lines that begin with # left out."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
