"""One address of the API with all its methods: what it does not know is 405 with Allow."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from console.api.body import trusted
from console.api.problem import Endpoint, Told

READS = ("GET", "HEAD")
LONGEST = 500  # characters of a part of an address: all ids are shorter


class Ways:
    """An application and no function, so that Starlette gives it every method: a route of
    functions with a few methods would leave the others to the next route that fits."""

    def __init__(self, by_method: Mapping[str, Endpoint]) -> None:
        self.by_method = dict(by_method)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        method = "GET" if request.method == "HEAD" else request.method
        endpoint = self.by_method.get(method)
        if endpoint is None:
            allowed = [*self.by_method, *(["HEAD"] if "GET" in self.by_method else [])]
            said = f"这个地址只有 {'、'.join(allowed)}。"
            raise Told(405, said, {"allow": ", ".join(allowed)})
        if method not in READS:
            trusted(request)  # here, so that no change can forget it
        if not all(0 < len(str(part)) <= LONGEST for part in request.path_params.values()):
            raise Told(404, "没有找到。")
        response = await endpoint(request)
        await response(scope, receive, send)
