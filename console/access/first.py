"""The first account: made at the first start, with a password that is printed once."""

from __future__ import annotations

from console.access import passwords
from console.access.store import Users, new_user
from schemas.errors import UserError

NAME = "admin"


async def first_admin(users: Users) -> str | None:
    """Its one-time password; None when there are accounts already."""
    if await users.all():
        return None
    password = passwords.one_time()
    kept = await passwords.hashed(password)
    try:
        await users.add(new_user(NAME, "管理员", ["admin"], [], "system", kept))
    except UserError:  # another console was faster
        return None
    return password
