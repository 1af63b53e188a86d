"""The garbage collector, set for a process that makes many short-lived objects per batch."""

from __future__ import annotations

import gc

YOUNG = 100_000  # new objects before a look at the youngest


def settle() -> None:
    """Call when all that stays is loaded: it is never looked at again, the rest rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 50, 100)
