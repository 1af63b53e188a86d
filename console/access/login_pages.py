"""Logging in and out, and a person's own account: password, one-time codes, sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pyotp
import segno
from elasticsearch import AsyncElasticsearch
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console import flash
from console.access import kept, passwords
from console.access.audit import address_of
from console.access.entering import Entering
from console.access.gate import COOKIE
from console.access.limiter import Limiter
from console.access.store import NAME
from console.actor import actor_of
from console.forms import fields
from console.pages import Frame
from infra.settings import Settings
from schemas.errors import UserError
from schemas.user import User

SAVED = "已保存。"
WRONG = "登录名、密码或验证码不对。"
FORM = 2 * 1024 * 1024  # bytes: a login may carry what was typed before
WITHIN = timedelta(minutes=15)
# Wrong tries: of a name from one address, so that nobody is locked out from elsewhere; of a name;
# of an address, which may be a whole building's.
FROM_ONE, OF_NAME, OF_ADDRESS = 10, 100, 40


class LoginPages(Entering):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._limits = [Limiter(most, WITHIN) for most in (FROM_ONE, OF_NAME, OF_ADDRESS)]

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/logout", self.logout, methods=["POST"]),
            Route("/me", self.me),
            Route("/me/{action}", self.change, methods=["POST"]),
        ]

    async def login(self, request: Request) -> Response:
        if request.method == "GET":
            to = kept.local(request.query_params.get("next", "/"))
            return self.form(request, kept.Kept(to, ""))
        # Who is in already and logs in again is somebody else from here on: no token is asked.
        request.state.csrf = None
        form = await fields(request, FORM)
        before = kept.of_form(form.get("next", "/"), form.get("body", "").encode())
        name = form.get("name", "").strip().casefold()[:50]
        now, address = datetime.now(UTC), address_of(request)
        tries = list(zip(self._limits, (f"{name} {address}", name, address), strict=True))
        wait = max(limit.wait(key, now) for limit, key in tries)
        if wait:
            answer = self.form(
                request, before, f"试得太多，请过 {_minutes(wait)} 分钟再试。", name, 429
            )
            answer.headers["retry-after"] = str(int(wait.total_seconds()) + 1)
            return answer
        # Counted before it is known: many at once are no way round the limit.
        for limit, key in tries:
            limit.failed(key, now)
        user = await self._right(name, form.get("password", ""), form.get("code", ""), now)
        if user is None:
            await self._audit.told(request, "login", outcome="refused", actor=name or "?")
            return self.form(request, before, WRONG, name, 401)
        for limit, key in tries:
            limit.spare(key)
        return await self.let_in(request, user, before)

    async def logout(self, request: Request) -> Response:
        await fields(request)
        if request.state.session:
            await self._users.end(request.state.session.id)
            await self._audit.told(request, "logout")
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def me(self, request: Request) -> Response:
        return await self._me(request)

    async def change(self, request: Request) -> Response:
        form = await fields(request)
        held = await self._users.get(actor_of(request).id)
        if held is None:
            raise HTTPException(404, "没有这个账号。")
        action, user = request.path_params["action"], held.user
        if action == "sessions":
            for session in await self._users.sessions(user.id):
                if session.id != request.state.session.id:
                    await self._users.end(session.id)
            await self._audit.told(request, "end sessions", user.id)
            return RedirectResponse("/me", 303)
        if not user.password:  # neither a password nor codes: they are the provider's matter
            return await self._me(request, "您经统一身份认证登录，这里没有密码。", 403)
        if not await passwords.right(user.password, form.get("old", "")):
            return await self._me(request, "现在的密码不对。", 403)
        try:
            if action == "password":
                return await self._new_password(request, user, form)
            if action == "totp":
                return await self._totp(request, user, form)
        except UserError as error:
            return await self._me(request, f"{error.problem}。", 422)
        raise HTTPException(404, "没有这个操作。")

    async def _new_password(self, request: Request, user: User, form: dict[str, str]) -> Response:
        if form.get("new") != form.get("again"):
            raise UserError("两次输入的新密码不一样", "type it again")
        if form.get("new") == form.get("old"):
            raise UserError("新密码要和现在的不一样", "choose another")
        made = await passwords.hashed(passwords.checked(form.get("new", ""), user.id))
        now = datetime.now(UTC)
        after = await self._users.change(user.id, lambda u: msgspec.structs.replace(
            u, password=made, must_change=False, changed_at=now))  # fmt: skip
        await self._audit.told(request, "change password", user.id)
        answer = await self.let_in(request, after, kept.Kept("/me", ""))  # the others are over
        flash.put(answer, SAVED)
        return answer

    async def _totp(self, request: Request, user: User, form: dict[str, str]) -> Response:
        """On with a code of the secret that was shown, off without a secret."""
        secret = form.get("secret", "")
        step = 0
        if secret:
            found = passwords.code_step(secret, form.get("code", ""), 0, datetime.now(UTC))
            if len(secret) != 32 or found is None:
                raise UserError("验证码不对，请看手机的时间是否准确", "try again")
            step = found
        await self._users.change(user.id, lambda u: msgspec.structs.replace(
            u, totp=secret, totp_used=step))  # fmt: skip
        await self._audit.told(request, "totp on" if secret else "totp off", user.id)
        return flash.go("/me", SAVED)

    async def _right(self, name: str, password: str, code: str, now: datetime) -> User | None:
        """The account when all that is asked for is right; a code is used up by it."""
        # No account has another name; that there is none takes as long as a wrong password.
        held = await self._users.get(name) if NAME.fullmatch(name) else None
        fits = await passwords.right(held.user.password if held else "", password)
        if not fits or held is None or held.user.disabled:
            return None
        step = held.user.totp_used
        if held.user.totp:
            found = passwords.code_step(held.user.totp, code, step, now)
            if found is None:
                return None
            step = found
        try:  # of two logins with one code, the second finds another version
            return await self._users.change(
                held.user.id,
                lambda u: msgspec.structs.replace(u, totp_used=step, last_login=now),
                held.version if held.user.totp else None,
            )
        except UserError:
            return None

    async def _me(self, request: Request, wrong: str = "", status: int = 200) -> Response:
        held = await self._users.get(actor_of(request).id)
        if held is None:
            raise HTTPException(404, "密钥没有自己的页面。")
        secret = pyotp.random_base32()
        uri = pyotp.TOTP(secret).provisioning_uri(name=held.user.id, issuer_name="听潮")
        drawn = segno.make(uri, error="m").svg_inline(scale=4, dark="#000", light="#fff")
        return self._page(
            request, "me.html", status, user=held.user, wrong=wrong, secret=secret,
            picture=Markup(drawn),  # noqa: S704 - drawn here
            sessions=await self._users.sessions(held.user.id), session=request.state.session,
        )  # fmt: skip


def _minutes(wait: timedelta) -> int:
    return int(wait.total_seconds() // 60) + 1
