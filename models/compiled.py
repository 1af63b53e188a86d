"""Loops over characters, compiled to machine code by numba and kept on disk.

The first call on a machine compiles (seconds, once; `make setup` does it ahead); the code
lies in `__pycache__`, or in the user's cache folder where that cannot be written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """`function` as machine code. It sees arrays and numbers alone; numbers of arrays are not
    checked, so the caller guards every index."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: F) -> F:
    """As `compiled`, for a part of another loop: a call would hand over each array's header and
    count its references, which costs more than what a short part does."""
    return cast(F, njit(inline="always", error_model="numpy")(function))
