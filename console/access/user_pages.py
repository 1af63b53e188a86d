"""Accounts and API keys for those who manage them."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console.access.account_acts import AccountActs
from console.actor import Right, Role, require
from console.forms import pairs
from console.pages import Frame, Pages
from infra.settings import Settings
from schemas.errors import UserError
from schemas.user import User


class UserPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._acts = AccountActs(settings, client)
        self._users = self._acts.users

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/accounts", self.all),
            Route("/accounts/{action}", self.act, methods=["POST"]),
            Route("/accounts/{id}", self.one),
        ]

    async def all(self, request: Request) -> Response:
        require(request, "accounts")
        return await self._all(request)

    async def one(self, request: Request) -> Response:
        require(request, "accounts")
        held = await self._users.get(request.path_params["id"])
        if held is None:
            raise HTTPException(404, "没有这个账号。")
        return self._one(request, held.user, held.version)

    async def act(self, request: Request) -> Response:
        require(request, "accounts")
        form = await pairs(request, fields=200)
        action, given = request.path_params["action"], dict(form)
        many = {
            name: [v for n, v in form if n == name] for name in ("roles", "departments", "rights")
        }
        steps = {"add": self._add, "save": self._save, "reset": self._reset, "key": self._key,
                 "revoke": self._revoke}  # fmt: skip
        if action not in steps:
            raise HTTPException(404, "没有这个操作。")
        try:
            return await steps[action](request, given, many)
        except UserError as error:
            if action == "save" and (held := await self._users.get(given.get("id", ""))):
                return self._one(request, _changed(held.user, given, many), held.version,
                                 f"{error.problem}。下面是您填的内容，现在的角色是"
                                 f" {'、'.join(held.user.roles) or '无'}。", 409)  # fmt: skip
            return await self._all(request, 422, wrong=f"{error.problem}。", given=given)

    async def _add(
        self, request: Request, given: dict[str, str], many: dict[str, list[str]]
    ) -> Response:
        user, first = await self._acts.add(request, given.get("id", ""), given.get("name", ""),
                                           many["roles"], many["departments"])  # fmt: skip
        return await self._all(request, made=f"{user.id} 的一次性密码", secret=first)

    async def _save(
        self, request: Request, given: dict[str, str], many: dict[str, list[str]]
    ) -> Response:
        await self._acts.save(request, given.get("id", ""), lambda u: _changed(u, given, many),
                              given.get("version", ""))  # fmt: skip
        return RedirectResponse("/accounts", 303)

    async def _reset(
        self, request: Request, given: dict[str, str], _: dict[str, list[str]]
    ) -> Response:
        user, first = await self._acts.reset(request, given.get("id", ""))
        return await self._all(request, made=f"{user.id} 的一次性密码", secret=first)

    async def _key(
        self, request: Request, given: dict[str, str], many: dict[str, list[str]]
    ) -> Response:
        days = given.get("days", "365")
        key, token = await self._acts.add_key(
            request, given.get("name", ""), many["rights"], many["departments"],
            int(days) if days.isdecimal() and len(days) < 5 else 0,
        )  # fmt: skip
        return await self._all(request, made=f"{key.name} 的密钥", secret=token)

    async def _revoke(
        self, request: Request, given: dict[str, str], _: dict[str, list[str]]
    ) -> Response:
        await self._acts.revoke(request, given.get("id", ""))
        return RedirectResponse("/accounts", 303)

    async def _all(self, request: Request, status: int = 200, **values: Any) -> Response:
        shown = {"wrong": "", "made": "", "secret": "", "given": {}} | values
        return self._page(
            request, "accounts.html", status, users=await self._users.all(),
            keys=await self._users.keys(), roles=get_args(Role), rights=get_args(Right),
            departments=self._acts.departments(), **shown,
        )  # fmt: skip

    def _one(
        self, request: Request, user: User, version: str, wrong: str = "", status: int = 200
    ) -> Response:
        return self._page(
            request, "account.html", status, user=user, version=version, wrong=wrong,
            roles=get_args(Role), departments=self._acts.departments(),
        )  # fmt: skip


def _changed(user: User, given: dict[str, str], many: dict[str, list[str]]) -> User:
    disabled = bool(given.get("disabled"))
    return msgspec.structs.replace(
        user, name=given.get("name", "").strip()[:50] or user.id, roles=many["roles"],
        departments=many["departments"], disabled=disabled,
    )  # fmt: skip
