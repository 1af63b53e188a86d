"""Accounts and API keys for those who manage them, and the record of what was done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console.access import passwords
from console.access.store import Users, new_user, reset
from console.actor import Right, Role, require
from console.forms import pairs
from console.pages import Frame, Pages
from infra.settings import Settings
from models.taxonomy import load_taxonomy
from schemas.errors import UserError
from schemas.registry import AUDIT_LOG
from schemas.user import ApiKey, User

SHOWN = 100


class UserPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._users = Users(settings, client)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/accounts", self.all),
            Route("/accounts/{action}", self.act, methods=["POST"]),
            Route("/accounts/{id}", self.one),
            Route("/audit", self.audit),
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
        roles, departments = self._checked(many)
        first = passwords.one_time()
        user = new_user(given.get("id", "").strip(), given.get("name", "").strip()[:50], roles,
                        departments, require(request, "accounts").id,
                        await passwords.hashed(first))  # fmt: skip
        await self._users.add(user)
        await self._audit.told(request, "add account", user.id, ", ".join(roles + departments))
        return await self._all(request, made=f"{user.id} 的一次性密码", secret=first)

    async def _save(
        self, request: Request, given: dict[str, str], many: dict[str, list[str]]
    ) -> Response:
        self._checked(many)
        key = given.get("id", "").casefold()
        if key == require(request, "accounts").id and (
            given.get("disabled") or "admin" not in many["roles"] or many["departments"]
        ):
            raise UserError("不能停用自己，也不能减少自己的管理权限", "another admin can")
        after = await self._users.change(
            key, lambda u: _changed(u, given, many), given.get("version", "")
        )
        note = f"{after.roles} {after.departments} {'停用' if after.disabled else ''}"
        await self._audit.told(request, "change account", key, note)
        return RedirectResponse("/accounts", 303)

    async def _reset(
        self, request: Request, given: dict[str, str], _: dict[str, list[str]]
    ) -> Response:
        first = passwords.one_time()
        made = await passwords.hashed(first)
        user = await self._users.change(given.get("id", ""), lambda u: reset(u, made))
        await self._audit.told(request, "reset password", user.id)
        return await self._all(request, made=f"{user.id} 的一次性密码", secret=first)

    async def _key(
        self, request: Request, given: dict[str, str], many: dict[str, list[str]]
    ) -> Response:
        actor = require(request, "accounts")
        name, now = given.get("name", "").strip()[:50], datetime.now(UTC)
        rights = [right for right in many["rights"] if right in get_args(Right)]
        days = given.get("days", "365")
        if not name or not rights or not days.isdecimal() or not 1 <= int(days) <= 3650:
            raise UserError("请填写名称、至少一项权限和 1 到 3650 天的期限", "fill it in")
        departments = self._checked({"roles": ["service"]} | {"departments": many["departments"]})[
            1
        ]
        key = ApiKey(id="", name=name, rights=rights, departments=departments, created_at=now,
                     created_by=actor.id, expires_at=now + timedelta(days=int(days)))  # fmt: skip
        token = await self._users.new_key(key)
        await self._audit.told(request, "add key", name, ", ".join(rights))
        return await self._all(request, made=f"{name} 的密钥", secret=token)

    async def _revoke(
        self, request: Request, given: dict[str, str], _: dict[str, list[str]]
    ) -> Response:
        await self._users.revoke(given.get("id", ""))
        await self._audit.told(request, "revoke key", given.get("id", "")[:12])
        return RedirectResponse("/accounts", 303)

    async def audit(self, request: Request) -> Response:
        require(request, "audit")
        names = ("actor", "action", "outcome", "object")
        asked = {name: request.query_params.get(name, "")[:200] for name in names}
        wanted = [{"term": {name: value}} for name, value in asked.items() if value]
        answer = await self._client.search(
            index=self._index(AUDIT_LOG), query={"bool": {"filter": wanted}}, size=SHOWN,
            sort=[{"at": "desc"}, {"id": "desc"}], track_total_hits=True,
            aggs={"action": {"terms": {"field": "action", "size": 60}}},
        )  # fmt: skip
        return self._page(
            request, "audit.html", asked=asked, total=answer["hits"]["total"]["value"],
            entries=[hit["_source"] for hit in answer["hits"]["hits"]],
            actions=[each["key"] for each in answer["aggregations"]["action"]["buckets"]],
        )  # fmt: skip

    def _checked(self, many: dict[str, list[str]]) -> tuple[list[str], list[str]]:
        """(roles, departments); UserError for one that is not there."""
        roles, departments = many["roles"], many["departments"]
        if not roles or not set(roles) <= set(get_args(Role)):
            raise UserError("请至少选一个角色", "choose a role")
        if not set(departments) <= self._departments().keys():
            raise UserError("没有这个部门", "see departments.yaml")
        if "department" in roles and not departments:
            raise UserError("部门角色要选部门", "choose departments")
        return roles, departments

    def _departments(self) -> dict[str, str]:
        found = load_taxonomy(self._settings.config)[1].departments
        return {department.id: department.name for department in found}

    async def _all(self, request: Request, status: int = 200, **values: Any) -> Response:
        shown = {"wrong": "", "made": "", "secret": "", "given": {}} | values
        return self._page(
            request, "accounts.html", status, users=await self._users.all(),
            keys=await self._users.keys(), roles=get_args(Role), rights=get_args(Right),
            departments=self._departments(), **shown,
        )  # fmt: skip

    def _one(
        self, request: Request, user: User, version: str, wrong: str = "", status: int = 200
    ) -> Response:
        return self._page(
            request, "account.html", status, user=user, version=version, wrong=wrong,
            roles=get_args(Role), departments=self._departments(),
        )  # fmt: skip


def _changed(user: User, given: dict[str, str], many: dict[str, list[str]]) -> User:
    disabled = bool(given.get("disabled"))
    return msgspec.structs.replace(
        user, name=given.get("name", "").strip()[:50] or user.id, roles=many["roles"],
        departments=many["departments"], disabled=disabled,
    )  # fmt: skip
