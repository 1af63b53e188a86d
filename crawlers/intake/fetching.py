"""A link that somebody hands in, fetched as a crawl would: guarded, bounded, in its own process."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from infra.subcommand import run

SECONDS = 60.0


async def fetch(url: str, allow_loopback: bool) -> tuple[dict[str, Any] | None, str]:
    """(the page as it was read: title, text, published_at …, why there is none)."""
    options = ["--json", "--samples", "0", *(["--allow-loopback"] if allow_loopback else [])]
    code, out, _ = await run("source", "try", *options, "--", url, seconds=SECONDS)
    if code is None:
        return None, "timeout"
    try:
        told = orjson.loads(out)
    except orjson.JSONDecodeError:
        return None, "fetch failed"
    samples = (told["found"] or {}).get("samples") or []
    if not samples:
        return None, told["why"] or "no article"
    sample: dict[str, Any] = samples[0]
    if when := sample.get("published_at"):
        sample["published_at"] = datetime.fromisoformat(when)
    return sample, ""
