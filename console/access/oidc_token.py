"""Is this ID token the provider's, for us, for this login, and of now? Pure."""

from __future__ import annotations

import warnings
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

# Signatures that only the provider can make: with a MAC its key would be ours as well, and a
# provider's public key taken as a MAC key is the oldest forgery there is.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
    "EdDSA",
)  # fmt: skip
LEEWAY = 60  # seconds by which clocks may differ
SUBJECT = 255  # ASCII characters: the most that OpenID Connect allows
LONGEST = 64 * 1024  # characters of a token
KEYS = 100
_KINDS: dict[str, Any] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}


class BadToken(Exception):
    """Says why, in words that hold nothing of the token."""


class UnknownKey(BadToken):
    """The provider may have new keys since theirs were read."""


def keys_of(published: Any) -> KeySet:
    """The keys that sign, of a JWKS; those that this program cannot read are left out."""
    listed = published.get("keys") if isinstance(published, dict) else None
    found: list[Any] = []
    for each in listed[:KEYS] if isinstance(listed, list) else []:
        kind = _KINDS.get(str(each.get("kty"))) if isinstance(each, dict) else None
        if kind is None or each.get("use", "sig") != "sig":
            continue
        try:
            found.append(kind.import_key(each))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return KeySet(found)


def checked(
    token: str, keys: KeySet, issuer: str, client: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims; BadToken when anything does not fit."""
    if len(token) > LONGEST:
        raise BadToken("too long")
    try:
        with warnings.catch_warnings():
            # EdDSA under its old name is fine, and some providers know no other.
            warnings.simplefilter("ignore", SecurityWarning)
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=LEEWAY,
            iss={"essential": True, "value": issuer}, aud={"essential": True, "value": client},
            sub={"essential": True}, exp={"essential": True}, iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)  # fmt: skip
    except InvalidKeyIdError:
        raise UnknownKey("signed with an unknown key") from None
    except JoseError as error:
        raise BadToken(f"{error.error} {getattr(error, 'claim', '')}".strip()) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadToken("not a token") from None
    # For several audiences, it has to say that it was made for us.
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client) != client:
        raise BadToken("invalid_claim azp")
    sub = claims["sub"]
    if not 0 < len(sub) <= SUBJECT or not sub.isascii() or not sub.isprintable():
        raise BadToken("invalid_claim sub")
    return claims
