"""An OpenID provider on loopback (oidc-provider-mock): it insists on the client's secret and
address, on a nonce, and, by what is added here, on PKCE."""

from __future__ import annotations

import os
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests


class Pkce:
    """In front of the provider: a code is changed only by who shows the verifier (RFC 7636)."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self._challenges: dict[str, str] = {}  # by code

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        path, asked = environ["PATH_INFO"], parse_qs(environ.get("QUERY_STRING", ""))
        if path == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = BytesIO(body)
            form = parse_qs(body.decode())
            made = urlsafe_b64encode(sha256(form["code_verifier"][0].encode()).digest())
            if self._challenges.pop(form["code"][0], "") != made.decode().rstrip("="):
                start("400 Bad Request", [("content-type", "application/json")])
                return [b'{"error": "invalid_grant", "error_description": "PKCE"}']

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            to = {name.lower(): value for name, value in headers}.get("location", "")
            for code in parse_qs(urlsplit(to).query).get("code", []):
                assert asked["code_challenge_method"] == ["S256"]
                self._challenges[code] = asked["code_challenge"][0]
            return start(status, headers, *rest)

        return self._app(environ, started)


@dataclass
class OpenIdProvider:
    url: str

    def client(self, back: str) -> tuple[str, str]:
        """(id, secret) of a console at whose address `back` people come back."""
        made = requests.post(
            f"{self.url}/oauth2/clients", json={"redirect_uris": [back]}, timeout=9
        )
        return made.json()["client_id"], made.json()["client_secret"]

    def person(self, sub: str, login: str, *groups: str, **more: Any) -> None:
        """Somebody with an account there, as it is from now on."""
        claims = {
            "preferred_username": login,
            "name": f"{sub} 同志",
            "groups": list(groups),
            **more,
        }
        assert requests.put(f"{self.url}/users/{sub}", json=claims, timeout=9).ok

    def back(self, address: str, sub: str) -> str:
        """Where the browser of `sub`, who was sent to `address`, is sent in turn; "": no."""
        given = {"sub": sub} if sub else {"action": "deny"}
        answer = requests.post(address, given, timeout=9, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        to = answer.headers["location"]
        # Its denial forgets the state, which RFC 6749, 4.1.2.1 asks for.
        return to if sub else f"{to}&state={parse_qs(urlsplit(address).query)['state'][0]}"


@contextmanager
def provider() -> Iterator[OpenIdProvider]:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback
    import oidc_provider_mock
    from werkzeug.serving import make_server

    app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    server = make_server("localhost", 0, Pkce(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield OpenIdProvider(f"http://localhost:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
