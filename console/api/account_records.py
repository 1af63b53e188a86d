"""Accounts and keys as the API shows and takes them: nothing from which one could log in."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from console.access.account_acts import LONGEST, NAME
from console.actor import Right, Role
from console.api.body import Sent
from schemas.base import Time
from schemas.user import ApiKey, User

Name = Annotated[str, Meta(max_length=NAME)]
Roles = Annotated[list[Role], Meta(min_length=1, max_length=20)]
Departments = Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=100)]


class Account(msgspec.Struct, kw_only=True):
    """Names each field that is shown: one that `User` gets later is not shown by itself."""

    id: str
    name: str
    roles: list[str]
    departments: list[str]  # none: all
    disabled: bool
    must_change: bool  # its password is a one-time one
    totp: bool  # whether it has one-time codes
    oidc: bool  # whether a provider logs it in
    created_at: Time
    created_by: str
    last_login: Time | None


def account_of(user: User) -> Account:
    return Account(
        id=user.id, name=user.name, roles=user.roles, departments=user.departments,
        disabled=user.disabled, must_change=user.must_change, totp=bool(user.totp),
        oidc=bool(user.oidc), created_at=user.created_at, created_by=user.created_by,
        last_login=user.last_login,
    )  # fmt: skip


class Accounts(msgspec.Struct, kw_only=True):
    items: list[Account]


class AccountMade(Sent):
    id: Annotated[str, Meta(min_length=1, max_length=NAME)]
    roles: Roles
    name: Name = ""  # none: the id
    departments: Departments = field(default_factory=list)  # none: all


class AccountChange(Sent):
    """What is not named stays as it is."""

    name: Name | UnsetType = UNSET
    roles: Roles | UnsetType = UNSET
    departments: Departments | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class FirstPassword(msgspec.Struct, kw_only=True):
    account: Account
    password: str  # one-time; shown here and never again


class Keys(msgspec.Struct, kw_only=True):
    items: list[ApiKey]  # ids are hashes of keys


class KeyMade(Sent):
    name: Annotated[str, Meta(min_length=1, max_length=NAME)]
    rights: Annotated[list[Right], Meta(min_length=1, max_length=20)]
    departments: Departments = field(default_factory=list)  # none: all
    days: Annotated[int, Meta(ge=1, le=LONGEST)] = 365


class NewKey(msgspec.Struct, kw_only=True):
    key: ApiKey
    token: str  # shown here and never again
