"""Limits, one-time codes, kept forms and rights: the pure parts of who may in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.access import kept, passwords
from console.access.gate import actor_of_key
from console.access.limiter import KEPT, Limiter
from console.actor import RIGHTS, Actor, Right, Role
from schemas.errors import UserError
from schemas.user import ApiKey

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_limit_is_lifted_by_time_and_memory_is_bounded() -> None:
    limiter = Limiter(3, timedelta(minutes=10))
    for second in range(3):
        assert not limiter.wait("a", NOW)
        limiter.failed("a", NOW + timedelta(seconds=second))
    assert limiter.wait("a", NOW + timedelta(minutes=9)) == timedelta(minutes=1)
    assert not limiter.wait("b", NOW) and not limiter.wait("a", NOW + timedelta(minutes=10))
    limiter.spare("b")  # never tried
    limiter.failed("b", NOW)
    limiter.spare("b")
    assert not limiter.wait("b", NOW)
    for number in range(KEPT + 10):
        limiter.failed(str(number), NOW)
    assert len(limiter._tries) == KEPT


def test_a_code_counts_once_and_near_its_time() -> None:
    secret = pyotp.random_base32()
    at = int(NOW.timestamp()) // passwords.STEP
    code = pyotp.TOTP(secret).generate_otp(at)
    assert passwords.code_step(secret, code, 0, NOW) == at
    assert passwords.code_step(secret, f"{code[:3]} {code[3:]}", at - 1, NOW) == at
    assert passwords.code_step(secret, code, at, NOW) is None
    assert passwords.code_step(secret, code, 0, NOW + timedelta(minutes=2)) is None
    for wrong in ("", "abcdef", "１２３４５６", "0" * 1000):
        assert passwords.code_step(secret, wrong, 0, NOW) is None


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaa", "12-admin-34"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(UserError):
        passwords.checked(password, "admin")


def test_first_passwords_are_strong_enough() -> None:
    made = {passwords.one_time() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.checked(each, "admin") for each in made)


async def test_passwords_are_kept_as_argon2id() -> None:
    made = await passwords.hashed("a long password")
    assert made.startswith("$argon2id$") and "long" not in made
    assert await passwords.right(made, "a long password")
    assert not await passwords.right(made, "another password")
    assert not await passwords.right("", "a long password")
    assert not await passwords.right("no hash", "a long password")


@given(st.text(max_size=100))
def test_nobody_is_sent_elsewhere(path: str) -> None:
    found = kept.local(path)
    assert found.startswith("/") and not found.startswith("//") and "\\" not in found
    assert not any(ord(letter) < 32 for letter in found)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=200)), max_size=20))
def test_a_form_comes_back_as_it_was(fields: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode

    body = urlencode([*fields, ("csrf", "token")], errors="surrogatepass").encode()
    wanted = [(name, value) for name, value in fields if name != "csrf"]
    again = kept.of_form("/x", body)
    assert again.fields == [
        (name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode())
        for name, value in wanted
    ] or any("\ufffd" in name + value for name, value in again.fields)


def test_rights_are_those_of_the_role_or_of_the_key() -> None:
    assert set(RIGHTS) == set(get_args(Role))
    assert Actor("a", "", frozenset({"admin"})).may("accounts")
    assert not Actor("a", "", frozenset({"viewer", "analyst"})).may("rules")
    assert not Actor("", "", frozenset()).may("read")
    key = ApiKey(id="", name="k", rights=["read", "nonsense"], created_at=NOW, created_by="a")
    found = actor_of_key(key)
    assert found.may("read") and not found.may("export")
    own = Actor("a", "", frozenset({"department"}), frozenset({"energy"}))
    assert own.sees(["energy", "prices"]) and not own.sees(["prices"]) and not own.sees([])
    assert own.filters() == [{"terms": {"departments": ["energy"]}}]
    whole = Actor("a", "", frozenset({"admin"}), frozenset({"energy"}))
    assert whole.may("answer") and not whole.may("rules") and not whole.may("accounts")
    rights: tuple[Right, ...] = get_args(Right)
    assert all(any(right in found for found in RIGHTS.values()) for right in rights)
