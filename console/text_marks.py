"""Texts with words marked: evidence by kind, and what differs between two versions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

SHOWN = 20_000  # characters of a text on a page
COMPARED = 3_000  # words of each of two texts; the rest is shown as it is
MARKS = 400  # words looked for
_WORD = re.compile(r"[0-9A-Za-z.%]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Mark:
    word: str
    kind: str  # a class of its own: topic, department, time, place, subject, reason
    about: str  # what it is evidence of, for people


def annotated(text: str, marks: Iterable[Mark]) -> Markup:
    """`text` escaped, each word in a <mark>; of words that overlap the longer one. At most
    SHOWN characters."""
    text = text[:SHOWN]
    known: dict[str, Mark] = {}
    for mark in marks:
        if mark.word.strip() and len(known) < MARKS:
            known.setdefault(mark.word, mark)
    if not known:
        return escape(text)
    wanted = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
    parts: list[str] = []
    end = 0
    for found in re.finditer(wanted, text):
        mark = known[found[0]]
        parts += [
            str(escape(text[end : found.start()])),
            f'<mark class="mark-{escape(mark.kind)}" title="{escape(mark.about)}">',
            str(escape(found[0])), "</mark>",
        ]  # fmt: skip
        end = found.end()
    parts.append(str(escape(text[end:])))
    return Markup("".join(parts))  # noqa: S704 (every part is escaped above)


@dataclass(frozen=True)
class Difference:
    old: Markup
    new: Markup
    same: float  # share of words in common, 0 to 1


def difference(old: str, new: str) -> Difference:
    """Both texts, <del> around what only the old has, <ins> around what only the new has.
    A word is a number, a Latin word, or a character."""
    a, b = _WORD.findall(old[:SHOWN]), _WORD.findall(new[:SHOWN])
    matcher = SequenceMatcher(None, a[:COMPARED], b[:COMPARED], autojunk=False)
    left: list[str] = []
    right: list[str] = []
    for kind, a0, a1, b0, b1 in _joined(matcher.get_opcodes()):
        left.append(_part(a[a0:a1], "del" if kind != "equal" else ""))
        right.append(_part(b[b0:b1], "ins" if kind != "equal" else ""))
    left.append(_part(a[COMPARED:], ""))
    right.append(_part(b[COMPARED:], ""))
    return Difference(Markup("".join(left)), Markup("".join(right)), matcher.ratio())  # noqa: S704


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


def _part(words: Sequence[str], tag: str) -> str:
    said = str(escape("".join(words)))
    return f"<{tag}>{said}</{tag}>" if tag and said else said
