"""A provider that is not as it should be: what the console makes of its answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

from console.access import oidc_http
from console.access.oidc import Provider
from console.access.oidc_http import Away, BadCode
from console.access.oidc_token import BadToken, UnknownKey
from infra.settings import Settings

NOW = datetime.now(UTC)
AT = int(NOW.timestamp())


class Served:
    """Answers by path; how often each was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        found = self.answers[request.path]
        return await found(request) if callable(found) else web.json_response(found)

    def provider(self) -> Provider:
        return Provider(Settings(oidc_issuer=self.url, oidc_client_id="c",
                                 oidc_client_secret="0123456789abcdef"), "http://back")  # fmt: skip

    def token(self, key: RSAKey, **more: Any) -> dict[str, Any]:
        claims = {"iss": self.url, "aud": "c", "sub": "s", "iat": AT, "exp": AT + 60, "nonce": "n",
                  "preferred_username": "li", "groups": []}  # fmt: skip
        given = {name: value for name, value in (claims | more).items() if value is not None}
        return {"id_token": jwt.encode({"alg": "RS256", "kid": key.kid}, given, key),
                "access_token": "a"}  # fmt: skip


@asynccontextmanager
async def served() -> AsyncIterator[Served]:
    here, app = Served(), web.Application()
    app.router.add_route("*", "/{path:.*}", here.answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    here.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    here.answers["/.well-known/openid-configuration"] = {
        "issuer": here.url, "authorization_endpoint": f"{here.url}/authorize",
        "token_endpoint": f"{here.url}/token", "jwks_uri": f"{here.url}/jwks",
        "userinfo_endpoint": f"{here.url}/userinfo",
    }  # fmt: skip
    try:
        yield here
    finally:
        await runner.cleanup()


def keys(*found: RSAKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in found]}


async def test_keys_are_kept_and_read_again_once_for_an_unknown_one() -> None:
    old, new = (RSAKey.generate_key(2048, auto_kid=True) for _ in range(2))
    async with served() as here:
        provider = here.provider()
        here.answers |= {"/jwks": keys(old), "/token": here.token(old)}
        for _ in range(3):
            assert (await provider.claims("code", "v", "n", NOW))["sub"] == "s"
        assert here.asked.count("/jwks") == 1 and len(here.asked) == 5
        here.answers |= {"/jwks": keys(old, new), "/token": here.token(new)}
        assert await provider.claims("code", "v", "n", NOW)
        assert here.asked.count("/jwks") == 2
        here.answers["/token"] = here.token(RSAKey.generate_key(2048, auto_kid=True))
        with pytest.raises(UnknownKey):
            await provider.claims("code", "v", "n", NOW)
        assert here.asked.count("/jwks") == 3
        # A key that was taken back is not trusted for ever.
        here.answers |= {"/jwks": keys(new), "/token": here.token(old, exp=AT + 9_000)}
        with pytest.raises(UnknownKey):
            await provider.claims("code", "v", "n", NOW + timedelta(hours=2))
        with pytest.raises(BadToken):
            here.answers["/token"] = here.token(new)
            await provider.claims("code", "v", "another nonce", NOW)


async def test_what_the_token_lacks_is_asked_for() -> None:
    key = RSAKey.generate_key(2048, auto_kid=True)
    async with served() as here:
        here.answers |= {"/jwks": keys(key), "/token": here.token(key, groups=None),
                         "/userinfo": {"sub": "s", "groups": ["a"], "iss": "x"}}  # fmt: skip
        claims = await here.provider().claims("code", "v", "n", NOW)
        assert claims["groups"] == ["a"] and claims["iss"] == here.url
        here.answers["/userinfo"] = {"sub": "another", "groups": ["a"]}
        with pytest.raises(BadToken, match="another sub"):
            await here.provider().claims("code", "v", "n", NOW)


async def test_answers_that_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    key = RSAKey.generate_key(2048, auto_kid=True)

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound("/jwks")

    async def large(request: web.Request) -> web.Response:
        return web.Response(body=b" " * (oidc_http.MOST + 1))

    async def hangs(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        raise AssertionError

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>secret</html>", status=500)

    async def wrong(request: web.Request) -> web.Response:
        return web.json_response({"error": "invalid_grant"}, status=400)

    async def odd(request: web.Request) -> web.Response:
        return web.json_response({"error": "<b>secret</b>"}, status=401)

    monkeypatch.setattr(oidc_http, "PATIENCE", oidc_http.aiohttp.ClientTimeout(total=1))
    async with served() as here:
        good = here.answers["/.well-known/openid-configuration"]
        for path in ("/.well-known/openid-configuration", "/token", "/jwks"):
            for bad in (elsewhere, large, hangs, page, odd, ["x"]):
                here.answers |= {"/.well-known/openid-configuration": good, "/jwks": keys(key),
                                 "/token": here.token(key)} | {path: bad}  # fmt: skip
                with pytest.raises(Away) as error:
                    await here.provider().claims("code", "v", "n", NOW)
                assert "secret" not in str(error.value)
        here.answers |= {"/jwks": keys(key), "/token": wrong}
        with pytest.raises(BadCode):
            await here.provider().claims("code", "v", "n", NOW)
        for name, value in (
            ("issuer", f"{here.url}/"), ("token_endpoint", "http://id.example/t"),
            ("jwks_uri", None), ("authorization_endpoint", "file:///x"),
        ):  # fmt: skip
            here.answers["/.well-known/openid-configuration"] = good | {name: value}
            with pytest.raises(Away):
                await here.provider().known(NOW)
        odd_shapes = {"scopes_supported": 7, "token_endpoint_auth_methods_supported": "x"}
        here.answers |= {"/.well-known/openid-configuration": good | odd_shapes,
                         "/token": here.token(key)}  # fmt: skip
        assert await here.provider().scopes(NOW) == "openid profile"
        assert await here.provider().claims("code", "v", "n", NOW)
