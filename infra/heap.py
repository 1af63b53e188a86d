"""The garbage collector, set for a process that makes many short-lived objects per batch."""

from __future__ import annotations

import ctypes
import gc

YOUNG = 100_000  # new objects before a look at the youngest


def settle() -> None:
    """Call when all that stays is loaded: it is never looked at again, the rest rarely."""
    gc.collect()
    # What loading took and gave back would stay with the process for good.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
    if trim is not None:
        trim(0)
    gc.freeze()
    gc.set_threshold(YOUNG, 50, 100)
