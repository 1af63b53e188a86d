"""Accounts by the API: the acts of their page. Only people who logged in change them."""

from __future__ import annotations

from urllib.parse import quote

import msgspec
from elasticsearch import AsyncElasticsearch
from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response

from console.access.account_acts import AccountActs, manager
from console.access.store import Clash
from console.actor import require
from console.api.account_records import (
    AccountChange,
    AccountMade,
    Accounts,
    FirstPassword,
    account_of,
)
from console.api.body import read
from console.api.match import check, etag, shown, unchanged
from console.api.problem import Endpoint, Told, answer
from console.api.resources import ROOT
from console.pages import Frame, Pages
from infra.settings import Settings
from schemas.errors import UserError
from schemas.user import User

SECRET = {"cache-control": "no-store"}  # an answer from which somebody could log in


class ApiAccounts(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._acts = AccountActs(settings, client)

    def handlers(self) -> dict[str, Endpoint]:
        return {
            "list-accounts": self.all, "get-account": self.one, "add-account": self.add,
            "change-account": self.change, "reset-account": self.reset,
        }  # fmt: skip

    async def all(self, request: Request) -> Response:
        require(request, "accounts")
        users = await self._acts.users.all()
        return answer(Accounts(items=[account_of(user) for user in users]))

    async def one(self, request: Request) -> Response:
        require(request, "accounts")
        account = account_of(await self._user(request))
        if unchanged(request, tag := etag(account)):
            return Response(status_code=304, headers={"etag": tag})
        return shown(account)

    async def add(self, request: Request) -> Response:
        manager(request)
        made = await read(request, AccountMade)
        try:
            user, first = await self._acts.add(
                request, made.id, made.name, list(dict.fromkeys(made.roles)),
                list(dict.fromkeys(made.departments)),
            )  # fmt: skip
        except UserError as error:
            raise told(error) from None
        where = {"location": f"{ROOT}/accounts/{quote(user.id)}"}
        return answer(FirstPassword(account=account_of(user), password=first), 201, **where,
                      **SECRET)  # fmt: skip

    async def change(self, request: Request) -> Response:
        """Compared in the step itself: it is written over the version that was compared."""
        manager(request)
        said = await read(request, AccountChange)
        before = await self._user(request)

        def step(user: User) -> User:
            check(request, account_of(user))
            return _changed(user, said)

        try:
            after = await self._acts.save(request, before.id, step)
        except UserError as error:
            raise told(error) from None
        return shown(account_of(after))

    async def reset(self, request: Request) -> Response:
        manager(request)
        key = (await self._user(request)).id
        try:
            user, first = await self._acts.reset(request, key)
        except UserError as error:
            raise told(error) from None
        return answer(FirstPassword(account=account_of(user), password=first), 200, **SECRET)

    async def _user(self, request: Request) -> User:
        held = await self._acts.users.get(request.path_params["id"])
        if held is None:
            raise Told(404, "没有这个账号。")
        return held.user


def _changed(user: User, said: AccountChange) -> User:
    given = {name: value for name in said.__struct_fields__
             if (value := getattr(said, name)) is not UNSET}  # fmt: skip
    for name in given.keys() & {"roles", "departments"}:
        given[name] = list(dict.fromkeys(given[name]))
    if "name" in given:
        given["name"] = given["name"].strip() or user.id
    return msgspec.structs.replace(user, **given)


def told(error: UserError) -> Told:
    """409 where what was sent would do, but for what there is."""
    return Told(409 if isinstance(error, Clash) else 422, f"{error.problem}。")
