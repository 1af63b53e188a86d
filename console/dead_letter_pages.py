"""What could not be processed: seen, sent again after a mend, or given up."""

from __future__ import annotations

from collections import Counter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import flash
from console.actor import require
from console.forms import pairs
from console.pages import Pages
from console.record_list import since_of
from infra.dead_letters import DeadLetters, Filters, Held
from infra.subcommand import run
from schemas.errors import UserError
from schemas.registry import DEAD_LETTERS

SHOWN = 50
AT_ONCE = 500
SECONDS = 60.0
ASKED = ("reason", "stage", "source", "since", "settled")


class DeadLetterPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/dead-letters", self.all),
            Route("/dead-letters/settle", self.settle, methods=["POST"]),
            Route("/dead-letters/{id:path}", self.show),
        ]

    async def all(self, request: Request) -> Response:
        require(request, "dead_letters")
        asked = {name: request.query_params.get(name, "")[:100] for name in ASKED}
        filters = _filters(asked)
        letters = DeadLetters(self._settings, self._client)
        await self._client.indices.refresh(index=self._index(DEAD_LETTERS))
        return self._page(
            request, "dead_letters.html", asked=asked, total=await letters.count(filters),
            letters=[held.letter async for held in letters.find(filters, SHOWN)],
            reasons=await self._reasons(),
        )  # fmt: skip

    async def show(self, request: Request) -> Response:
        require(request, "dead_letters")
        held = await self._held(request.path_params["id"])
        return self._page(request, "dead_letter.html", letter=held.letter)

    async def settle(self, request: Request) -> Response:
        """Sends the chosen ones again, or gives them up with a name."""
        require(request, "dead_letters")
        form = await pairs(request, fields=AT_ONCE + 10)
        ids = [value for name, value in form if name == "id"][:AT_ONCE]
        if not ids:
            raise HTTPException(400, "请先勾选要处理的条目。")
        said = await self.do(request, dict(form).get("action", ""), ids)
        return flash.go("/dead-letters", said)

    async def do(self, request: Request, action: str, ids: list[str]) -> str:
        """What was done, in words. Those that somebody else settled meanwhile are left alone."""
        actor = require(request, "dead_letters")
        letters = DeadLetters(self._settings, self._client)
        there = await letters.of(ids)
        waiting = [held for held in there if held.letter.waits]
        told: Counter[str] = Counter({
            "没有找到": len(ids) - len(there), "已由别人处理": len(there) - len(waiting),
        })  # fmt: skip
        if action == "drop":
            for held in waiting:
                done = await letters.drop(held, actor.name)
                told["放弃" if done else "已由别人处理"] += 1
        elif action == "replay":
            keys = [held.letter.id for held in waiting]
            code, out, _ = await run(
                "dlq", "replay", "--by", actor.name, "--", *keys, seconds=SECONDS
            ) if keys else (0, b"", "")  # fmt: skip
            if code not in (0, 1):
                raise HTTPException(503, "没有写进消息队列（Kafka），条目仍在这里，请稍后再试。")
            told[out.decode().strip()] += 1
        else:
            raise HTTPException(400, "没有这个操作。")
        note = f"{action} {len(waiting)}: {ids[0]}"
        await self._audit.told(request, "dead letters", action, note)
        return "；".join(
            name if name.startswith("重新发送") else f"{name} {count} 条"
            for name, count in told.items()
            if count and name
        )

    async def _held(self, key: str) -> Held:
        try:
            return await DeadLetters(self._settings, self._client).get(key[:300])
        except UserError:
            raise HTTPException(404, "没有这条。") from None

    async def _reasons(self) -> dict[str, int]:
        """Why those that wait could not be processed."""
        answer = await self._client.search(
            index=self._index(DEAD_LETTERS), query=Filters().query(), size=0,
            aggs={"reasons": {"terms": {"field": "reason", "size": 20}}},
        )  # fmt: skip
        buckets = answer["aggregations"]["reasons"]["buckets"]
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _filters(asked: dict[str, str]) -> Filters:
    begin = since_of(asked["since"])
    return Filters(asked["reason"], asked["stage"], asked["source"], begin, bool(asked["settled"]))
