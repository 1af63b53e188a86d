"""What differs between two versions of a text, stretch by stretch. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from markupsafe import Markup, escape

from console.text_marks import SHOWN

COMPARED = 3_000  # words of each of two texts; the rest is shown as it is
_WORD = re.compile(r"[0-9A-Za-z.%]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Stretch:
    """`rest`: beyond what is compared."""

    kind: Literal["same", "changed", "rest"]
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    stretches: list[Stretch]
    same: float  # share of words in common, 0 to 1

    @property
    def old(self) -> Markup:
        """Escaped, <del> around what only the old has."""
        return Markup("").join(_part(each.old, each.kind, "del") for each in self.stretches)

    @property
    def new(self) -> Markup:
        """Escaped, <ins> around what only the new has."""
        return Markup("").join(_part(each.new, each.kind, "ins") for each in self.stretches)


def difference(old: str, new: str) -> Difference:
    """A word is a number, a Latin word, or a character; of each text SHOWN characters."""
    a, b = _WORD.findall(old[:SHOWN]), _WORD.findall(new[:SHOWN])
    matcher = SequenceMatcher(None, a[:COMPARED], b[:COMPARED], autojunk=False)
    found = [
        Stretch("same" if kind == "equal" else "changed", "".join(a[a0:a1]), "".join(b[b0:b1]))
        for kind, a0, a1, b0, b1 in _joined(matcher.get_opcodes())
    ]
    if a[COMPARED:] or b[COMPARED:]:
        found.append(Stretch("rest", "".join(a[COMPARED:]), "".join(b[COMPARED:])))
    return Difference(found, matcher.ratio())


Opcode = tuple[str, int, int, int, int]


def _joined(codes: Sequence[Opcode]) -> list[Opcode]:
    """One equal character between two changes is chance: people read one change."""
    found: list[Opcode] = []
    for at, (kind, a0, a1, b0, b1) in enumerate(codes):
        if kind == "equal" and a1 - a0 < 2 and 0 < at < len(codes) - 1:
            kind = "replace"
        if found and kind != "equal" and found[-1][0] != "equal":
            found[-1] = ("replace", found[-1][1], a1, found[-1][3], b1)
        else:
            found.append((kind, a0, a1, b0, b1))
    return found


def _part(text: str, kind: str, tag: str) -> Markup:
    changed = kind == "changed" and text
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if changed else escape(text)  # noqa: S704
