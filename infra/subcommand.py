"""A `tingchao …` command in a process of its own: it can hang or die alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys

from infra.settings import PROJECT


async def run(
    *arguments: str, stdin: bytes | None = None, seconds: float = 60.0
) -> tuple[int | None, bytes, str]:
    """(exit code, standard output, standard error); the code is None when time was up."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tingchao", *arguments, cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, told = await asyncio.wait_for(process.communicate(stdin), seconds)
    except TimeoutError:
        return None, b"", ""
    finally:  # also when whoever asked has gone
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode, out, told.decode("utf-8", "replace")
