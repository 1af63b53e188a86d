"""A link that somebody hands in, fetched as a crawl would: guarded, bounded, in its own process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from datetime import datetime
from typing import Any

import orjson

from infra.settings import PROJECT

SECONDS = 60.0


async def fetch(url: str, allow_loopback: bool) -> tuple[dict[str, Any] | None, str]:
    """(the page as it was read: title, text, published_at …, why there is none)."""
    command = [sys.executable, "-m", "tingchao", "source", "try", "--json", "--samples", "0"]
    if allow_loopback:
        command.append("--allow-loopback")
    process = await asyncio.create_subprocess_exec(
        *command, "--", url, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        told = orjson.loads(out)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        return None, "timeout"
    except orjson.JSONDecodeError:
        return None, "fetch failed"
    samples = (told["found"] or {}).get("samples") or []
    if not samples:
        return None, told["why"] or "no article"
    sample: dict[str, Any] = samples[0]
    if when := sample.get("published_at"):
        sample["published_at"] = datetime.fromisoformat(when)
    return sample, ""
