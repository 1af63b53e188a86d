"""POST /api/v1/items, the webhook of changedetection.io, and the OpenAPI document."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crawlers.intake.access import admitted, body_of, spend
from crawlers.intake.desk import Desk
from crawlers.intake.limits import Limits
from crawlers.intake.openapi import document
from crawlers.intake.partners import Partner, Partners
from crawlers.intake.problems import Problem, by_field
from crawlers.intake.repeats import Repeats
from crawlers.intake.submission import MAX_ITEMS, Submission, submission_item
from infra.author_key import author_key
from schemas.errors import UserError


class Rest:
    def __init__(self, partners: Partners, desk: Desk, repeats: Repeats, limits: Limits) -> None:
        self._partners = partners
        self._desk = desk
        self._repeats = repeats
        self._limits = limits

    async def items(self, request: Request) -> Response:
        partner = admitted(request, self._partners)
        data, body = await _json(request)
        key = request.headers.get("idempotency-key", "")
        if len(key) > 200:
            raise Problem(400, "Idempotency-Key 至多 200 字")
        if not key:
            return JSONResponse(await self._take(partner, _submissions(data)), 202)
        now, digest = datetime.now(UTC), sha256(body).hexdigest()
        answer = self._repeats.begin(partner.name, key, digest, now)
        if answer is not None:
            headers = {"Idempotency-Replayed": "true"}
            return Response(answer, 202, headers, "application/json")
        try:
            answer = orjson.dumps(await self._take(partner, _submissions(data))).decode()
            self._repeats.end(partner.name, key, answer)
        finally:
            self._repeats.forget(partner.name, key)  # where there is no answer: it failed
        return Response(answer, 202, media_type="application/json")

    async def _take(self, partner: Partner, given: list[Submission]) -> dict[str, Any]:
        spend(self._limits, partner, len(given))
        now = datetime.now(UTC)
        items = [submission_item(one, partner, author_key(), now) for one in given]
        try:
            await self._desk.take(items)
        except UserError as error:
            raise Problem(503, str(error), retry_after=10) from None
        return {"items": [{"id": item.id, "origin_id": item.origin_id} for item in items]}

    async def changed(self, request: Request) -> Response:
        """changedetection.io: its own JSON, or a body made of its tokens."""
        partner = admitted(request, self._partners)
        data, _ = await _json(request)
        if not isinstance(data, dict):
            raise Problem(422, "要一个对象")
        try:
            given = _change(data)
        except ValidationError as error:
            raise Problem(422, errors=by_field(error)) from None
        return JSONResponse(await self._take(partner, [given]), 202)

    async def openapi(self, request: Request) -> Response:
        return JSONResponse(document())


async def _json(request: Request) -> tuple[Any, bytes]:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    body = await body_of(request)
    if kind != "application/json":
        raise Problem(415)
    try:
        return orjson.loads(body), body
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"不是 JSON：{error}") from None


def _submissions(data: Any) -> list[Submission]:
    """One object or a list of them: all are good, or every fault is told and none is taken."""
    rows = data if isinstance(data, list) else [data]
    if not rows or len(rows) > MAX_ITEMS:
        raise Problem(422, f"一次 1 到 {MAX_ITEMS} 条")
    found: list[Submission] = []
    errors: list[dict[str, str]] = []
    for number, row in enumerate(rows):
        try:
            found.append(Submission.model_validate_json(orjson.dumps(row), strict=False))
        except ValidationError as error:
            errors += by_field(error, number if isinstance(data, list) else None)
        except orjson.JSONEncodeError:  # it may be written less deep than it may be read
            raise Problem(422, "嵌套太深") from None
    if errors:
        raise Problem(422, errors=errors[:500])
    return found


def _change(data: dict[str, Any]) -> Submission:
    text = {name: str(value) for name, value in data.items() if isinstance(value, str)}
    message = text.get("message", "")
    url = text.get("watch_url") or next(iter(re.findall(r"https?://[^\s<>\"]+", message)), "")
    title = text.get("watch_title") or text.get("title") or url
    body = text.get("diff_added") or text.get("diff") or text.get("triggered_text") or message
    return Submission(title=title[:1000], text=body[:200_000], url=url[:2048])
