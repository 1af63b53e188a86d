"""API keys by the API: the acts of their page. No key makes or revokes keys."""

from __future__ import annotations

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console.access.account_acts import AccountActs, manager
from console.actor import require
from console.api.account_records import KeyMade, Keys, NewKey
from console.api.accounts import SECRET, told
from console.api.body import read
from console.api.problem import Endpoint, Told, answer
from console.pages import Frame, Pages
from infra.settings import Settings
from schemas.errors import UserError


class ApiKeys(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._acts = AccountActs(settings, client)

    def handlers(self) -> dict[str, Endpoint]:
        return {"list-keys": self.all, "add-key": self.add, "revoke-key": self.revoke}

    async def all(self, request: Request) -> Response:
        require(request, "accounts")
        return answer(Keys(items=await self._acts.users.keys()))

    async def add(self, request: Request) -> Response:
        manager(request)
        made = await read(request, KeyMade)
        rights, whose = (list(dict.fromkeys(each)) for each in (made.rights, made.departments))
        try:
            key, token = await self._acts.add_key(request, made.name, rights, whose, made.days)
        except UserError as error:
            raise told(error) from None
        return answer(NewKey(key=key, token=token), 201, **SECRET)

    async def revoke(self, request: Request) -> Response:
        """Without If-Match: nothing that changed meanwhile is a reason to let a key live."""
        manager(request)
        try:
            await self._acts.revoke(request, request.path_params["id"])
        except UserError as error:
            raise Told(404, f"{error.problem}。") from None
        return Response(status_code=204)
