"""How far a text is read for facts: a report on an event further than a review or a chat.

Reading every text to its end would cost as much as all other models together, and the facts of
a report stand at its head.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from models.joined import Joined, join
from models.lexicon import read
from models.wordscan import WordScan

EVENT = 1_000  # characters of a text that speaks of an event
OTHER = 200  # of any other


@cache
def _scan() -> WordScan:
    return WordScan(read("events"))


def joined_reach(texts: Sequence[str]) -> Joined:
    """The batch with each text cut to what is read of it."""
    batch = join(texts, EVENT)
    at, _ = _scan().numbers(batch.codes)
    eventful = np.zeros(len(texts), dtype=np.bool_)
    eventful[batch.owner(at)] = True
    long = (batch.ends - batch.starts > OTHER) & ~eventful
    if not long.any():
        return batch
    cut = zip(texts, long.tolist(), strict=True)
    return join([text[:OTHER] if short else text[:EVENT] for text, short in cut])
