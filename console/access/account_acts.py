"""What is done to accounts and keys, by pages and by the API: the checks and the record of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import get_args

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request

from console.access import passwords
from console.access.audit import AuditLog
from console.access.store import Clash, Users, new_user, reset
from console.actor import Actor, Right, Role, require_person
from infra.settings import Settings
from models.taxonomy import load_taxonomy
from schemas.errors import UserError
from schemas.user import ApiKey, User

NAME = 50  # characters
LONGEST = 3650  # days of a key


class AccountActs:
    """Each act is a person's. A key that may do it could make an account or a key that may more
    than it, or that outlives it: its right `accounts` is one to read."""

    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._settings, self.users = settings, Users(settings, client)
        self._audit = AuditLog(settings, client)

    async def add(
        self, request: Request, key: str, name: str, roles: list[str], departments: list[str]
    ) -> tuple[User, str]:
        """(the account, its one-time password). UserError: Clash when the name is taken."""
        actor = manager(request)
        self._check(roles, departments)
        first = passwords.one_time()
        user = new_user(key.strip(), name.strip()[:NAME], roles, departments, actor.id,
                        await passwords.hashed(first))  # fmt: skip
        await self.users.add(user)
        await self._audit.told(request, "add account", user.id, ", ".join(roles + departments))
        return user, first

    async def save(
        self, request: Request, key: str, how: Callable[[User], User], version: str | None = None
    ) -> User:
        """`how` is asked in the step itself: the account is written over what `how` saw. What
        an account has already is not checked: one whose department is no more can be disabled."""
        actor = manager(request)

        def step(user: User) -> User:
            after = how(user)
            if (after.roles, after.departments) != (user.roles, user.departments):
                self._check(after.roles, after.departments)
            lessened = after.disabled or "admin" not in after.roles or after.departments
            if user.id == actor.id and lessened:
                raise Clash("不能停用自己，也不能减少自己的管理权限", "another admin can")
            return after

        after = await self.users.change(key, step, version)
        note = f"{after.roles} {after.departments} {'停用' if after.disabled else ''}"
        await self._audit.told(request, "change account", after.id, note)
        return after

    async def reset(self, request: Request, key: str) -> tuple[User, str]:
        """(the account, its one-time password). UserError for one that has no password."""
        manager(request)
        first = passwords.one_time()
        made = await passwords.hashed(first)
        user = await self.users.change(key, lambda u: reset(u, made))
        await self._audit.told(request, "reset password", user.id)
        return user, first

    async def add_key(
        self, request: Request, name: str, rights: list[str], departments: list[str], days: int
    ) -> tuple[ApiKey, str]:
        """(what is kept of the key, the key)."""
        actor, name, now = manager(request), name.strip()[:NAME], datetime.now(UTC)
        if not name or not rights or not 1 <= days <= LONGEST:
            raise UserError(f"请填写名称、至少一项权限和 1 到 {LONGEST} 天的期限", "fill it in")
        if not set(rights) <= set(get_args(Right)):
            raise UserError("没有这项权限", f"one of {', '.join(get_args(Right))}")
        self._check(["service"], departments)
        key, token = await self.users.new_key(ApiKey(
            id="", name=name, rights=rights, departments=departments, created_at=now,
            created_by=actor.id, expires_at=now + timedelta(days=days),
        ))  # fmt: skip
        await self._audit.told(request, "add key", name, ", ".join(rights))
        return key, token

    async def revoke(self, request: Request, key: str) -> None:
        """UserError when there is none."""
        manager(request)
        await self.users.revoke(key)
        await self._audit.told(request, "revoke key", key[:12])

    def departments(self) -> dict[str, str]:
        found = load_taxonomy(self._settings.config)[1].departments
        return {department.id: department.name for department in found}

    def _check(self, roles: list[str], departments: list[str]) -> None:
        """UserError for a role or department that is not there."""
        if not roles or not set(roles) <= set(get_args(Role)):
            raise UserError("请至少选一个角色", "choose a role")
        if not set(departments) <= self.departments().keys():
            raise UserError("没有这个部门", "see departments.yaml")
        if "department" in roles and not departments:
            raise UserError("部门角色要选部门", "choose departments")


def manager(request: Request) -> Actor:
    """Who may change accounts and keys; HTTPException 403."""
    return require_person(request, "accounts", "账号和密钥要登录后才能改，程序的密钥不能改。")
