"""Passwords and one-time codes: what they must be, how they are kept and compared."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.errors import UserError

LEAST, MOST = 10, 200  # characters of a password
STEP = 30  # seconds of a one-time code
_AT_ONCE = asyncio.Semaphore(2)  # each takes 64 MB
_hasher = PasswordHasher()
# Compared with when there is no such account: an answer tells by its time no more than by its text.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def checked(password: str, name: str) -> str:
    """UserError when it is too short, too long or the account's own name."""
    if not LEAST <= len(password) <= MOST:
        raise UserError(f"密码要有 {LEAST} 到 {MOST} 个字符", "choose another password")
    if name and name.casefold() in password.casefold():
        raise UserError("密码里不能有登录名", "choose another password")
    if len(set(password)) < 5:
        raise UserError("密码里不同的字符太少", "choose another password")
    return password


async def hashed(password: str) -> str:
    async with _AT_ONCE:
        return await asyncio.to_thread(_hasher.hash, password)


async def right(kept: str, password: str) -> bool:
    """Whether `password` is the one of which `kept` is the hash; "" is nobody's."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_verify, kept or _NOBODY, password[:MOST]) and bool(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def one_time() -> str:
    """A first password: 100 bits, easy to type."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def code_step(secret: str, code: str, used: int, now: datetime) -> int | None:
    """The time step of a right code that is later than `used`; None for any other."""
    code = code.replace(" ", "")
    totp, at = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    for step in (at - 1, at, at + 1):  # clocks differ
        same = hmac.compare_digest(
            totp.generate_otp(step).encode(), code.encode("utf-8", "replace")
        )
        if same and step > used:
            return step
    return None
