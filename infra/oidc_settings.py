"""Settings of the login by OpenID Connect; off as long as there is no issuer."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def safe_url(url: str) -> bool:
    """https, or plain http that does not leave this machine: a code and a secret travel there."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    plain = not any(letter.isspace() for letter in url)
    return safe and plain and bool(host) and parts.username is None and not parts.fragment


class OidcSettings(BaseSettings):
    oidc_issuer: str = ""  # exactly as the provider writes it
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "统一身份认证"  # the words on the button
    oidc_claim: str = "preferred_username"  # of an account's first login: its login name
    oidc_groups_claim: str = "groups"
    oidc_roles: dict[str, str] = {}  # group -> role
    oidc_departments: dict[str, str] = {}  # group -> id of departments.yaml, or "*": all of them

    @field_validator("oidc_issuer")
    @classmethod
    def _safe(cls, url: str) -> str:
        if url and (not safe_url(url) or "?" in url or len(url) > 500):
            raise ValueError("an https address, or one of loopback, without query or fragment")
        return url
