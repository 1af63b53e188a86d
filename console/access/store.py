"""Accounts, sessions and keys in Elasticsearch; changes by compare-and-set."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from elasticsearch import AsyncElasticsearch, ConflictError, NotFoundError

from infra.indices import write_name
from infra.settings import Settings
from schemas.base import encode
from schemas.errors import UserError
from schemas.registry import API_KEYS, SESSIONS, USERS, Index
from schemas.user import ApiKey, Session, User

T = TypeVar("T", User, Session, ApiKey)
NAME = re.compile(r"(?!\.+$)[\w.@-]{1,50}")  # dots alone would be a folder in an address
IDLE, LONGEST = timedelta(hours=8), timedelta(days=7)
SEEN = timedelta(minutes=5)  # a session is written again at most this often
MOST = 2_000
SWEPT = 20
KEY = "tck_"


def hashed(token: str) -> str:
    """Of 256 bits of chance: one round is enough."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Clash(UserError):
    """It is well said, but what there is by now is against it."""


@dataclass(frozen=True)
class Held:
    user: User
    version: str  # what a change has to name


class Users:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._client = client
        self._names = {index: write_name(settings, index) for index in (USERS, SESSIONS, API_KEYS)}

    async def get(self, name: str) -> Held | None:
        try:
            found = await self._client.get(index=self._names[USERS], id=name.casefold())
        except NotFoundError:
            return None
        user = msgspec.convert(found["_source"], User, strict=False)
        return Held(user, f"{found['_seq_no']}.{found['_primary_term']}")

    async def of_subject(self, oidc: str) -> User | None:
        """The account of who logs in by OpenID Connect, whatever its name is by now."""
        found = await self._list(USERS, User, {"term": {"oidc": oidc}})
        return found[0] if found else None

    async def all(self) -> list[User]:
        return await self._list(USERS, User)

    async def add(self, user: User) -> None:
        """UserError when the name is taken or is none."""
        if not NAME.fullmatch(user.id):
            raise UserError(f"“{user.id}”不能作登录名", "字母、汉字、数字和 . @ - _，至多 50 个")
        try:
            await self._client.create(
                index=self._names[USERS], id=user.id, refresh="wait_for",
                document=encode(user),  # type: ignore[arg-type]  # encoded
            )  # fmt: skip
        except ConflictError:
            raise Clash(f"已有账号 {user.id}", "换一个登录名") from None

    async def change(
        self, name: str, how: Callable[[User], User], version: str | None = None
    ) -> User:
        """`version`: the one that was shown; UserError when it is another by now."""
        for _ in range(10):
            held = await self.get(name)
            if held is None:
                raise UserError(f"没有账号 {name}", "tingchao user list")
            if version is not None and held.version != version:
                raise Clash("这个账号刚被别人改过", "看过现在的内容再改")
            after = how(held.user)
            seq_no, term = map(int, held.version.split("."))
            try:
                await self._client.index(
                    index=self._names[USERS], id=after.id, if_seq_no=seq_no, if_primary_term=term,
                    document=encode(after), refresh="wait_for",  # type: ignore[arg-type]
                )  # fmt: skip
            except ConflictError:
                continue
            return after
        raise Clash(f"账号 {name} 正被别人修改", "稍后再试")

    async def begin(self, user: User, address: str, agent: str) -> tuple[str, Session]:
        """(what the cookie holds, the session)."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        session = Session(
            id=hashed(token), user=user.id, csrf=secrets.token_urlsafe(24), created_at=now,
            seen_at=now, address=address, agent=agent[:200],
        )  # fmt: skip
        await self._put(SESSIONS, session.id, session)
        await self._sweep(now)
        return token, session

    async def _sweep(self, now: datetime) -> None:
        """Some of the sessions that are over go with every login: the index stays small."""
        answer = await self._client.search(
            index=self._names[SESSIONS], size=SWEPT, source=False,
            query={"range": {"seen_at": {"lt": (now - LONGEST).isoformat()}}},
        )  # fmt: skip
        for hit in answer["hits"]["hits"]:
            await self.end(hit["_id"])

    async def session(self, token: str, now: datetime) -> tuple[Session, User] | None:
        """The live session of a cookie and its account, both as they are now."""
        session = await self._get(SESSIONS, hashed(token), Session)
        if session is None or now - session.seen_at > IDLE or now - session.created_at > LONGEST:
            return None
        held = await self.get(session.user)
        if held is None or held.user.disabled or session.created_at < held.user.changed_at:
            return None
        if now - session.seen_at > SEEN:
            session = msgspec.structs.replace(session, seen_at=now)
            await self._put(SESSIONS, session.id, session)
        return session, held.user

    async def end(self, session: str) -> None:
        await self._client.options(ignore_status=404).delete(
            index=self._names[SESSIONS], id=session
        )

    async def sessions(self, user: str) -> list[Session]:
        return await self._list(SESSIONS, Session, {"term": {"user": user}})

    async def new_key(self, key: ApiKey) -> tuple[ApiKey, str]:
        """Kept as its hash; (what is kept, the key, which nobody can read again)."""
        token = KEY + secrets.token_urlsafe(32)
        kept = msgspec.structs.replace(key, id=hashed(token))
        await self._put(API_KEYS, kept.id, kept)
        return kept, token

    async def key(self, token: str, now: datetime) -> ApiKey | None:
        """The key, when it may still be used."""
        key = await self._get(API_KEYS, hashed(token), ApiKey)
        if key is None or key.revoked_at or (key.expires_at and key.expires_at <= now):
            return None
        if key.used_at is None or now - key.used_at > SEEN:
            with suppress(ConflictError):  # as many others have just written it
                await self._mark(key.id, used_at=now)
        return key

    async def keys(self) -> list[ApiKey]:
        return await self._list(API_KEYS, ApiKey)

    async def revoke(self, key: str) -> None:
        found = await self._get(API_KEYS, key, ApiKey)
        if found is None:
            raise UserError("没有这把密钥", "tingchao user keys")
        if found.revoked_at is None:
            await self._mark(key, revoked_at=datetime.now(UTC))

    async def _mark(self, key: str, **when: datetime) -> None:
        """One field of it: a use that is written down late cannot undo that it was revoked."""
        await self._client.update(
            index=self._names[API_KEYS], id=key, retry_on_conflict=20,
            doc={name: at.isoformat() for name, at in when.items()},
        )  # fmt: skip

    async def _get(self, index: Index, key: str, kind: type[T]) -> T | None:
        try:
            found = await self._client.get(index=self._names[index], id=key)
        except NotFoundError:
            return None
        return msgspec.convert(found["_source"], kind, strict=False)

    async def _put(self, index: Index, key: str, record: Any) -> None:
        await self._client.index(index=self._names[index], id=key, document=encode(record))  # type: ignore[arg-type]  # encoded

    async def _list(
        self, index: Index, kind: type[T], query: dict[str, Any] | None = None
    ) -> list[T]:
        await self._client.indices.refresh(index=self._names[index])
        answer = await self._client.search(
            index=self._names[index], query=query or {"match_all": {}}, size=MOST,
            sort=[{"created_at": "asc"}],
        )  # fmt: skip
        return [msgspec.convert(h["_source"], kind, strict=False) for h in answer["hits"]["hits"]]


def new_user(
    name: str, shown: str, roles: list[str], departments: list[str], by: str, password: str = "",
    must_change: bool = True,
) -> User:  # fmt: skip
    """`password`: hashed."""
    now = datetime.now(UTC)
    return User(
        id=name.casefold(), name=shown or name, roles=roles, departments=departments,
        password=password, must_change=must_change, created_at=now, created_by=by, changed_at=now,
    )  # fmt: skip


def reset(user: User, password: str) -> User:
    """With a first password (hashed); UserError for one whose logins are a provider's."""
    if user.oidc:
        raise Clash(f"{user.id} 经统一身份认证登录，没有密码", "reset it at the provider")
    return msgspec.structs.replace(
        user, password=password, must_change=True, changed_at=datetime.now(UTC), totp=""
    )
