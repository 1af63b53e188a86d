"""Briefs of stored documents: for decisions, which carry the items that they move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from models.casualties import Harm
from models.keywords import Keywords
from models.textpass import text_pass
from models.words import cutter
from schemas.opinion import Opinion, OpinionBrief
from streams.documents import brief

KEYWORDS = 15


def briefs_of(documents: Sequence[Opinion], config: Path) -> list[OpinionBrief]:
    texts = [f"{document.title}\n{document.text}" for document in documents]
    cut = cutter(config / "userdict.txt").cut_pass(text_pass(texts))
    words = Keywords(KEYWORDS).of(cut, [len(document.title) for document in documents])
    return [
        brief(document, own, _harm(document))
        for document, own in zip(documents, words, strict=True)
    ]


def _harm(document: Opinion) -> Harm:
    stated = document.casualties
    return Harm(
        **{each.name: getattr(stated, each.name) or 0 for each in fields(Harm)
           if hasattr(stated, each.name)}
    )  # fmt: skip
