"""The OpenID provider: what it publishes, and the claims that a code stands for."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from joserfc.jwk import KeySet

from console.access import oidc_token
from console.access.oidc_http import Away, answer
from console.access.oidc_token import BadToken, UnknownKey
from infra.oidc_settings import safe_url
from infra.settings import Settings

FRESH = timedelta(hours=1)  # what it publishes is read again after


class Provider:
    def __init__(self, settings: Settings, back: str) -> None:
        """`back`: the address to which it sends people."""
        self._issuer, self.client, self.back = settings.oidc_issuer, settings.oidc_client_id, back
        self._secret = settings.oidc_client_secret.get_secret_value()
        self._wanted = (settings.oidc_claim, settings.oidc_groups_claim)
        self._known: dict[str, Any] = {}
        self._keys = KeySet([])
        self._known_at = self._keys_at = datetime.min.replace(tzinfo=UTC)

    async def known(self, now: datetime) -> dict[str, Any]:
        """Its configuration (OpenID Connect Discovery)."""
        if now - self._known_at > FRESH:
            address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
            found = await answer("GET", address)
            if found.get("issuer") != self._issuer:
                raise Away("it says it is another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not safe_url(str(found.get(name, ""))):
                    raise Away(f"its {name} is no safe address")
            self._known, self._known_at = found, now
        return self._known

    async def scopes(self, now: datetime) -> str:
        """Groups are a scope with some; others refuse what they do not know."""
        offered = _listed(await self.known(now), "scopes_supported")
        return "openid profile groups" if "groups" in offered else "openid profile"

    async def claims(self, code: str, verifier: str, nonce: str, now: datetime) -> dict[str, Any]:
        """Of the one who logged in; Away, BadCode or BadToken."""
        known = await self.known(now)
        given = await self._exchange(known, code, verifier)
        claims = await self._checked(str(given.get("id_token", "")), nonce, now)
        # Some put into the token no more than who it is, and tell the rest when asked.
        more = str(known.get("userinfo_endpoint", ""))
        if any(name not in claims for name in self._wanted) and safe_url(more):
            bearer = {"authorization": f"Bearer {given.get('access_token', '')}"}
            told = await answer("GET", more, headers=bearer)
            if told.get("sub") != claims["sub"]:
                raise BadToken("userinfo of another sub")
            claims = told | claims
        return claims

    async def _checked(self, token: str, nonce: str, now: datetime) -> dict[str, Any]:
        def check() -> dict[str, Any]:
            return oidc_token.checked(token, self._keys, self._issuer, self.client, nonce, now)

        fresh = now - self._keys_at > FRESH
        if fresh:
            await self._read_keys(now)
        try:
            return check()
        except UnknownKey:
            if fresh:
                raise
        await self._read_keys(now)
        return check()

    async def _read_keys(self, now: datetime) -> None:
        address = (await self.known(now))["jwks_uri"]
        self._keys, self._keys_at = oidc_token.keys_of(await answer("GET", address)), now

    async def _exchange(self, known: dict[str, Any], code: str, verifier: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.back,
                "code_verifier": verifier}  # fmt: skip
        headers = {}
        ways = _listed(known, "token_endpoint_auth_methods_supported")
        if not ways or "client_secret_basic" in ways:
            pair = ":".join(quote(each, safe="") for each in (self.client, self._secret))
            headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self.client, "client_secret": self._secret}
        return await answer("POST", known["token_endpoint"], headers=headers, data=form)


def _listed(known: dict[str, Any], name: str) -> list[Any]:
    found = known.get(name)
    return found if isinstance(found, list) else []
