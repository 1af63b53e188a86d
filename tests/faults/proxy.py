"""A proxy before the real Elasticsearch that answers badly: aiohttp on loopback."""

from __future__ import annotations

import random
from typing import Any

import orjson
from aiohttp import ClientSession, web

LIMIT = 64 * 1024 * 1024


class Proxy:
    """Items of a bulk get 429 or 503 instead of reaching it, those in `refuse` get 400;
    whole requests get 429 or 503; an answer is lost on the way."""

    def __init__(self, target: str, refuse: set[str], seed: int = 1) -> None:
        self._target = target
        self._refuse = refuse
        self._rnd = random.Random(seed)
        self.done: dict[str, int] = {}
        self.address = ""

    async def __aenter__(self) -> Proxy:
        self._session = ClientSession()
        app = web.Application(client_max_size=LIMIT)
        app.router.add_route("*", "/{path:.*}", self._any)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    def _note(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    async def _any(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not request.path.endswith("_bulk") or b"opinions" not in body[:200]:
            return await self._pass(request, body)
        chance = self._rnd.random()
        if chance < 0.2:
            status = self._rnd.choice([429, 503, 502])
            self._note(f"whole {status}")
            return web.Response(status=status)
        answer, results = await self._bulk(request, body)
        if chance < 0.4:
            self._note("answer lost")
            assert request.transport is not None
            request.transport.close()
        return web.Response(
            body=orjson.dumps({"errors": True, "items": results}), status=answer,
            headers={"x-elastic-product": "Elasticsearch", "content-type": "application/json"},
        )  # fmt: skip

    async def _bulk(self, request: web.Request, body: bytes) -> tuple[int, list[Any]]:
        lines = body.split(b"\n")
        pairs = list(zip(lines[:-1:2], lines[1::2], strict=True))
        results: list[Any] = [None] * len(pairs)
        kept = []
        for number, (action, source) in enumerate(pairs):
            key = orjson.loads(action)["index"]["_id"]
            status = 0
            if key in self._refuse:
                status = 400
            elif self._rnd.random() < 0.2:
                status = self._rnd.choice([429, 503])
            if status:
                self._note(str(status))
                kind = "mapper_parsing_exception" if status == 400 else "rejected"
                error = {"type": kind, "reason": "the test's own"}
                results[number] = {"index": {"status": status, "error": error}}
            else:
                kept.append((number, action, source))
        if kept:
            part = b"".join(a + b"\n" + s + b"\n" for _, a, s in kept)
            answer = await self._send(request, part)
            found = orjson.loads(await answer.read())["items"]
            for (number, _, _), result in zip(kept, found, strict=True):
                results[number] = result
                self._note(str(next(iter(result.values()))["status"]))
        return 200, results

    async def _pass(self, request: web.Request, body: bytes) -> web.Response:
        answer = await self._send(request, body)
        skip = {"content-length", "content-encoding", "transfer-encoding", "connection"}
        headers = {k: v for k, v in answer.headers.items() if k.lower() not in skip}
        return web.Response(body=await answer.read(), status=answer.status, headers=headers)

    async def _send(self, request: web.Request, body: bytes) -> Any:
        skip = {"host", "content-length", "accept-encoding"}
        headers = {k: v for k, v in request.headers.items() if k.lower() not in skip}
        url = self._target + request.path_qs
        return await self._session.request(request.method, url, data=body, headers=headers)
