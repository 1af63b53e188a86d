"""Word lists of our own making, one file a list."""

from __future__ import annotations

from pathlib import Path


def read_lines(name: str) -> list[list[str]]:
    """The words of each line of `name`.txt; lines that begin with # are left out."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text("utf-8").splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


def read(name: str) -> frozenset[str]:
    """All words of `name`.txt."""
    return frozenset(word for line in read_lines(name) for word in line)
