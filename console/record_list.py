"""Lists of records, the latest first: since when, and where the page before ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.cursor import after, cursor
from schemas.errors import UserError
from schemas.when import since

SHOWN = 100


def since_of(text: str) -> datetime | None:
    """400 for what is no time."""
    try:
        return since(text, datetime.now(UTC)) if text else None
    except UserError:
        raise HTTPException(400, f"时间范围有误：{text}（写作 7d、24h 或 2026-01-31）") from None


def filters(field: str, since: str) -> list[dict[str, Any]]:
    begin = since_of(since)
    return [{"range": {field: {"gte": begin.isoformat()}}}] if begin else []


def older_than(request: Request) -> list[Any] | None:
    """For a search's `search_after`, of two sort values."""
    try:
        return after(request.url.path, request.query_params.get("cursor", ""), 2)
    except ValueError:
        raise HTTPException(400, "这一页的地址有误，请从第一页翻起。") from None


def older(request: Request, hits: Sequence[dict[str, Any]]) -> str:
    """The next page's cursor; "" at the end. A list asks for one more than it shows."""
    return cursor(request.url.path, hits[SHOWN - 1]["sort"]) if len(hits) > SHOWN else ""
