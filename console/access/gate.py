"""Before every page: who asks, by session cookie or API key, and what goes with every answer."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import quote

from elastic_transport import TransportError
from elasticsearch import ApiError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.access import kept
from console.access.store import Users
from console.actor import NOBODY, Actor, Right, Role
from console.headers import headers
from console.pages import Frame
from infra.settings import Settings
from schemas.user import ApiKey, User

COOKIE = "tingchao_session"
FREE = ("/static/", "/ready", "/favicon.ico")  # the same for everybody
OPEN = "/login"
OWN = "/me"  # where a password that has to be changed is changed
AWAY = "检索服务（Elasticsearch）暂时没有应答，数据不会丢失；请稍后刷新。"


class Gate:
    def __init__(self, app: ASGIApp, settings: Settings, users: Users, frame: Frame) -> None:
        self._app, self._users, self._frame = app, users, frame
        self._headers = headers(secure(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.actor, request.state.csrf, request.state.session = NOBODY, "", None

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=_raw(message))
                for name, value in self._headers.items():
                    found.setdefault(name, value)
            await send(message)

        try:
            refused = await self._enter(request)
        except (ApiError, TransportError):
            refused = self._frame.page(
                request, "error.html", 503, message=AWAY, kept=await kept.of(request)
            )
        await (refused or self._app)(scope, receive, answer)

    async def _enter(self, request: Request) -> Response | None:
        """None: go on. Else what is answered instead."""
        path, now = request.url.path, datetime.now(UTC)
        if path.startswith(FREE):
            return None
        if given := request.headers.get("authorization", ""):
            return await self._by_key(request, given, now)
        token = request.cookies.get(COOKIE, "")
        found = await self._users.session(token, now) if token else None
        if found:
            session, user = found
            request.state.actor, request.state.csrf = actor(user), session.csrf
            request.state.session = session
            if user.must_change and not path.startswith((OWN, "/logout", OPEN)):
                if path.startswith("/api/"):
                    return problem(403, "请先在网页上把一次性密码换成自己的密码。")
                return RedirectResponse(OWN, 303)
            return None
        if path.startswith(OPEN):
            return None
        if path.startswith("/api/"):
            return problem(401, "请登录，或在 Authorization 里给出密钥")
        if request.method == "GET":
            asked = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(asked)}", 303)
        form = await kept.of(request)
        said = "您填写的内容还在，登录后可以继续提交。" if form.body else "请登录后再提交。"
        return self._frame.page(
            request, "login.html", 401, wrong=f"登录已过期。{said}", name="", next=path, kept=form
        )

    async def _by_key(self, request: Request, given: str, now: datetime) -> Response | None:
        scheme, _, token = given.partition(" ")
        key = await self._users.key(token.strip(), now) if scheme.lower() == "bearer" else None
        if key is None:
            return problem(401, "密钥无效、过期或已收回")
        request.state.actor, request.state.csrf = actor_of_key(key), None
        return None


def actor(user: User) -> Actor:
    known = frozenset(get_args(Role)).intersection(user.roles)
    return Actor(user.id, user.name, known, frozenset(user.departments))


def actor_of_key(key: ApiKey) -> Actor:
    scopes = frozenset(get_args(Right)).intersection(key.rights)
    return Actor(f"key:{key.name}", key.name, frozenset({"service"}), frozenset(key.departments),
                 scopes)  # fmt: skip


def problem(status: int, detail: str, **more: Any) -> Response:
    """RFC 9457."""
    body = {"type": "about:blank", "title": TITLES.get(status, "错误"), "status": status,
            "detail": detail, **more}  # fmt: skip
    extra = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(body, status, extra, media_type="application/problem+json")


TITLES = {400: "请求有误", 401: "需要登录", 403: "没有权限", 404: "没有找到", 405: "不支持的方法",
          409: "状态不允许", 412: "已被别人改过", 413: "内容太大", 415: "不是 JSON",
          422: "内容有误", 428: "需要 If-Match", 429: "太频繁", 503: "暂时不可用"}  # fmt: skip


def secure(settings: Settings) -> bool:
    return settings.console_url.startswith("https://")


def _raw(message: Message) -> MutableMapping[str, Any]:
    message.setdefault("headers", [])
    message["headers"] = list(message["headers"])
    return message
