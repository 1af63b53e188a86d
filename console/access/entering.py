"""The last step of every login: a session, and on to where somebody wanted to go."""

from __future__ import annotations

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.access import kept
from console.access.audit import address_of
from console.access.gate import COOKIE, secure
from console.access.store import LONGEST, Users
from console.pages import Frame, Pages
from infra.settings import Settings
from schemas.user import User


class Entering(Pages):
    """Pages through which people come in."""

    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._users = Users(settings, client)

    async def let_in(
        self, request: Request, user: User, before: kept.Kept, note: str = ""
    ) -> Response:
        """A new session, and on to where they wanted to go, or what they had typed."""
        agent = request.headers.get("user-agent", "")
        if request.state.session:
            await self._users.end(request.state.session.id)
        token, session = await self._users.begin(user, address_of(request), agent)
        await self._audit.told(request, "login", note=note, actor=user.id)
        answer: Response = RedirectResponse(before.path, 303)
        if before.body:
            request.state.csrf = session.csrf
            said = "您已登录。登录前填写的内容还在，请核对后提交。"
            answer = self._page(request, "resume.html", kept=before, said=said)
        answer.set_cookie(
            COOKIE, token, max_age=int(LONGEST.total_seconds()), httponly=True, samesite="lax",
            secure=secure(self._settings), path="/",
        )  # fmt: skip
        return answer

    def form(
        self, request: Request, before: kept.Kept, wrong: str = "", name: str = "",
        status: int = 200,
    ) -> Response:  # fmt: skip
        return self._page(
            request, "login.html", status, wrong=wrong, name=name, next=before.path, kept=before
        )
