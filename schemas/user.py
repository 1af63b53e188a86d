"""Who uses the console: accounts, sessions, API keys, and the record of what they did."""

from __future__ import annotations

from msgspec import field

from schemas.base import Count, Record, Stored, Text, Time


class User(Record, kw_only=True):
    """An account (index `users`); `id` is the login name in lower case."""

    schema: int = 1
    id: str
    name: str  # as people read it
    roles: list[str]
    departments: list[str] = field(
        default_factory=list
    )  # ids of config/departments.yaml; none: all
    password: Stored = ""  # argon2id; "": only by OIDC
    must_change: bool = False
    oidc: str = ""  # "issuer sub" of who logs in by OpenID Connect: a name may change there
    totp: Stored = ""  # base32 secret; "": none
    totp_used: Count = 0  # the last time step whose code was taken: no code counts twice
    disabled: bool = False
    created_at: Time
    created_by: str
    changed_at: Time  # of the password: older sessions are over
    last_login: Time | None = None


class Session(Record, kw_only=True):
    """A login (index `sessions`); `id` is the SHA-256 of what the cookie holds."""

    schema: int = 1
    id: str
    user: str
    csrf: Stored
    created_at: Time
    seen_at: Time
    address: str = ""
    agent: str = ""


class ApiKey(Record, kw_only=True):
    """A key of a program (index `api-keys`); `id` is the SHA-256 of the key."""

    schema: int = 1
    id: str
    name: str
    rights: list[str]
    departments: list[str] = field(default_factory=list)
    created_at: Time
    created_by: str
    expires_at: Time | None = None
    revoked_at: Time | None = None
    used_at: Time | None = None


class AuditEntry(Record, kw_only=True):
    """Who did what (index `audit-log`): written once, never changed."""

    schema: int = 1
    id: str
    at: Time
    actor: str  # id of the account, key:NAME, or what was typed at a login that failed
    action: str
    object: str = ""
    outcome: str = "done"  # done, refused, failed
    note: Text = ""
    address: str = ""
