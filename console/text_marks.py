"""Texts with words marked, evidence by kind. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

SHOWN = 20_000  # characters of a text on a page
MARKS = 400  # words looked for


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
