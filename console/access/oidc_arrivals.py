"""From a provider's answer to an account that is written down, or to what is said instead."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request

from console.access.audit import AuditLog
from console.access.oidc import Provider
from console.access.oidc_account import Person, Refused, account, person
from console.access.oidc_flow import Flow
from console.access.oidc_http import CODE, Away, BadCode
from console.access.oidc_token import BadToken
from console.access.store import Users
from infra.settings import Settings
from schemas.errors import UserError
from schemas.user import User

AGAIN = "这次登录没有完成或已过期，请重新登录。"
BROKEN = "身份认证服务暂时不可用，请稍后再试。"


class Failed(Exception):
    """`said` is for the person; the message is for the record and holds nothing secret."""

    def __init__(self, status: int, said: str, why: str, name: str = "") -> None:
        super().__init__(why)
        self.status, self.said, self.name = status, said, name


class Arrivals:
    def __init__(
        self, settings: Settings, provider: Provider, users: Users, audit: AuditLog
    ) -> None:
        self._settings, self._provider = settings, provider
        self._users, self._audit = users, audit

    async def user(self, request: Request, flow: Flow, now: datetime) -> User:
        """The account, as this login left it; Failed when there is none."""
        error, code = request.query_params.get("error", ""), request.query_params.get("code", "")
        why = error if CODE.fullmatch(error) else "an error without a name"
        if error == "access_denied":
            raise Failed(403, "身份认证没有同意这次登录。", why)
        if error in ("server_error", "temporarily_unavailable"):
            raise Failed(502, BROKEN, why)
        if error or not 0 < len(code) <= 4_096:
            raise Failed(400, AGAIN, why if error else "no code")
        try:
            claims = await self._provider.claims(code, flow.verifier, flow.nonce, now)
            return await self._account(request, person(claims, self._settings), now)
        except Away as error_:
            raise Failed(502, BROKEN, str(error_)) from None
        except (BadCode, BadToken) as error_:
            raise Failed(400, AGAIN, str(error_)) from None
        except Refused as error_:
            raise Failed(403, error_.said, str(error_), error_.name) from None
        except UserError:  # two first logins at once
            raise Failed(400, AGAIN, "changed meanwhile") from None

    async def _account(self, request: Request, who: Person, now: datetime) -> User:
        mine = await self._users.of_subject(who.key)
        held = await self._users.get(who.login)
        after = account(who, mine, held.user if held else None, self._settings, now)
        if mine is None:
            await self._users.add(after)
        else:  # as it is now: it may have been disabled meanwhile
            after = await self._users.change(
                mine.id, lambda user: account(who, user, None, self._settings, now)
            )
        if mine is None or (mine.roles, mine.departments) != (after.roles, after.departments):
            action = "change account" if mine else "add account"
            note = f"oidc: {', '.join(after.roles + after.departments)}"
            await self._audit.told(request, action, after.id, note, actor=after.id)
        return after
