"""The first account: made at the first start, with a password that is printed once."""

from __future__ import annotations

from elasticsearch import AsyncElasticsearch

from console.access import passwords
from console.access.store import Users, new_user
from infra.indices import install
from infra.settings import Settings
from schemas.errors import UserError

NAME = "admin"


async def first_admin(settings: Settings, client: AsyncElasticsearch) -> str | None:
    """Its one-time password; None when there are accounts already. Makes the indices first: a
    console may be started before any worker."""
    await install(client, settings)
    users = Users(settings, client)
    if await users.all():
        return None
    password = passwords.one_time()
    kept = await passwords.hashed(password)
    try:
        await users.add(new_user(NAME, "管理员", ["admin"], [], "system", kept))
    except UserError:  # another console was faster
        return None
    return password
