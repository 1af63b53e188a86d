"""A readable title for an event: the sentence that says most of what its items share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

SHORT, LONG, MOST = 8, 40, 60  # characters: too short says little, too long is no title
_ENDS = re.compile(r"[。！？!?；;\n]+")
_NO_TEXT = "（无文字）"


def title_of(texts: Iterable[str], words: Mapping[str, float]) -> str:
    """The best sentence of `texts` (titles, or contents where there is none; the first of
    equals), for an event of these weighed `words`."""
    best, most = "", -1.0
    for text in texts:
        for sentence in _ENDS.split(text.strip())[:4]:
            sentence = sentence.strip()
            if not sentence:
                continue
            low = sentence.lower()
            worth = 0.01
            for word, weight in words.items():
                if word in low:
                    worth += weight
            worth *= min(1.0, len(sentence) / SHORT, LONG / len(sentence))
            if worth > most * 1.0001:
                best, most = sentence, worth
    if len(best) > MOST:
        best = best[: MOST - 1] + "…"
    return best or _NO_TEXT
