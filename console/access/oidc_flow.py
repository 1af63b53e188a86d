"""What a browser carries between the start of a login elsewhere and its return. Pure."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlencode

import msgspec

LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Flow:
    state: str
    nonce: str
    verifier: str  # PKCE: a code that was seen on the way is of no use to others
    next: str  # a page of this console
    until: float  # seconds since 1970


class BadFlow(Exception):
    """Not begun by this browser, changed, or over; says which."""


class NotOurs(BadFlow):
    """Nothing that was begun here: any page of any site can make a browser come so."""


def begun(to: str, now: datetime) -> Flow:
    return Flow(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), to,
                (now + LASTS).timestamp())  # fmt: skip


def asked(flow: Flow, endpoint: str, client: str, back: str, scopes: str) -> str:
    """Where the browser is sent."""
    challenge = urlsafe_b64encode(sha256(flow.verifier.encode()).digest()).decode().rstrip("=")
    query = urlencode({
        "response_type": "code", "client_id": client, "redirect_uri": back, "scope": scopes,
        "state": flow.state, "nonce": flow.nonce, "code_challenge": challenge,
        "code_challenge_method": "S256",
    })  # fmt: skip
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def sealed(flow: Flow, secret: str) -> str:
    """For a cookie: any console with the same settings can open it, nobody else can make one."""
    body = urlsafe_b64encode(msgspec.json.encode(asdict(flow))).decode()
    return f"{body}.{_seal(body, secret)}"


def opened(cookie: str, answer: Mapping[str, str], secret: str, now: datetime) -> Flow:
    """The flow to which the provider's `answer` belongs; BadFlow when it is none of ours."""
    body, _, seal = cookie.partition(".")
    if not cookie:
        raise NotOurs("no login was begun in this browser")
    if not hmac.compare_digest(seal.encode(), _seal(body, secret).encode()):
        raise NotOurs("the cookie is not ours")
    try:
        flow = msgspec.json.decode(urlsafe_b64decode(body), type=Flow)
    except (ValueError, msgspec.MsgspecError):  # of another release
        raise BadFlow("the cookie is not ours") from None
    if now.timestamp() > flow.until:
        raise BadFlow("too late")
    if not hmac.compare_digest(flow.state.encode(), answer.get("state", "").encode()):
        raise BadFlow("another state")
    return flow


def _seal(body: str, secret: str) -> str:
    # Of a key made from the secret: nothing that is signed here is of use at the provider.
    key = hmac.digest(secret.encode(), b"tingchao login cookie", "sha256")
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
