"""Logging in at an OpenID provider: the way there and the way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console.access import kept, oidc_flow
from console.access.audit import Outcome, address_of
from console.access.entering import Entering
from console.access.gate import secure
from console.access.limiter import Limiter
from console.access.oidc import Provider
from console.access.oidc_arrivals import AGAIN, BROKEN, Arrivals, Failed
from console.access.oidc_config import fits
from console.access.oidc_flow import BadFlow, Flow, NotOurs
from console.access.oidc_http import Away, BadCode
from console.pages import Frame
from infra.settings import Settings

PATH = "/login/oidc"
DONE = f"{PATH}/done"
COOKIE = "tingchao_oidc"
FAILED, WITHIN = 40, timedelta(minutes=15)  # of an address: each one writes a line of the record


class OidcPages(Entering):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        fits(settings)
        self._provider = Provider(settings, settings.console_url.rstrip("/") + DONE)
        self._secret = settings.oidc_client_secret.get_secret_value()
        self._arrivals = Arrivals(settings, self._provider, self._users, self._audit)
        self._tries, self._spent = Limiter(FAILED, WITHIN), Limiter(1, oidc_flow.LASTS)

    def routes(self) -> list[BaseRoute]:
        on = bool(self._settings.oidc_issuer)
        return [Route(PATH, self.start), Route(DONE, self.done)] if on else []

    async def start(self, request: Request) -> Response:
        to, now = kept.local(request.query_params.get("next", "/")), datetime.now(UTC)
        if refused := self._too_often(request, to, now):
            return refused
        try:
            known, scopes = await self._provider.known(now), await self._provider.scopes(now)
        except (Away, BadCode) as error:
            return await self._said(request, to, Failed(502, BROKEN, str(error)), now)
        flow, provider = oidc_flow.begun(to, now), self._provider
        answer = RedirectResponse(
            oidc_flow.asked(flow, known["authorization_endpoint"], provider.client, provider.back,
                            scopes), 303
        )  # fmt: skip
        answer.set_cookie(
            COOKIE, oidc_flow.sealed(flow, self._secret), httponly=True, samesite="lax", path=PATH,
            max_age=int(oidc_flow.LASTS.total_seconds()), secure=secure(self._settings),
        )  # fmt: skip
        return answer

    async def done(self, request: Request) -> Response:
        now = datetime.now(UTC)
        if refused := self._too_often(request, "/", now):
            return refused
        try:
            flow = self._flow(request, now)
        except NotOurs:  # neither counted nor on record, or a picture elsewhere could fill both
            return self.form(request, kept.Kept("/", ""), AGAIN, "", 400)
        except Failed as error:  # the cookie stays: what another site sent here ends no login
            return await self._said(request, "/", error, now)
        try:
            user = await self._arrivals.user(request, flow, now)
        except Failed as error:
            answer = await self._said(request, flow.next, error, now)
        else:
            answer = await self.let_in(request, user, kept.Kept(flow.next, ""), "oidc")
        answer.delete_cookie(COOKIE, path=PATH)
        return answer

    def _flow(self, request: Request, now: datetime) -> Flow:
        """The login that comes back here, for the one time that it may."""
        given = request.query_params
        try:
            flow = oidc_flow.opened(request.cookies.get(COOKIE, ""), given, self._secret, now)
        except NotOurs:
            raise
        except BadFlow as error:
            raise Failed(400, AGAIN, str(error)) from None
        if self._spent.wait(flow.state, now):
            raise Failed(400, AGAIN, "used before")
        if given.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:
            raise Failed(400, AGAIN, "from another issuer")  # RFC 9207
        self._spent.failed(flow.state, now)
        return flow

    def _too_often(self, request: Request, to: str, now: datetime) -> Response | None:
        wait = self._tries.wait(address_of(request), now)
        if not wait:
            return None
        answer = self.form(request, kept.Kept(to, ""), "试得太多，请稍后再试。", "", 429)
        answer.headers["retry-after"] = str(int(wait.total_seconds()) + 1)
        return answer

    async def _said(self, request: Request, to: str, error: Failed, now: datetime) -> Response:
        self._tries.failed(address_of(request), now)
        outcome: Outcome = "failed" if error.status == 502 else "refused"
        await self._audit.told(request, "login", note=f"oidc: {error}", outcome=outcome,
                               actor=error.name or "?")  # fmt: skip
        return self.form(request, kept.Kept(to, ""), error.said, "", error.status)
