"""From what the provider says of a person to an account, or to why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from console.access.store import NAME, new_user
from infra.settings import Settings
from schemas.user import User

ALL = "*"  # of oidc_departments: such a group sees every department


class Refused(Exception):
    """`said` is for the person; the message is for the record."""

    def __init__(self, why: str, said: str, name: str = "") -> None:
        super().__init__(why)
        self.said, self.name = said, name


@dataclass(frozen=True)
class Person:
    key: str  # issuer and sub: what stays when names change
    login: str
    name: str
    groups: frozenset[str]


def person(claims: Mapping[str, Any], settings: Settings) -> Person:
    """Refused: there is no usable login name."""
    login = claims.get(settings.oidc_claim)
    login = login.strip().casefold() if isinstance(login, str) else ""
    if not NAME.fullmatch(login):
        raise Refused(f"no login name in {settings.oidc_claim}",
                      "没有从身份认证得到可用的登录名，请联系管理员。")  # fmt: skip
    shown = claims.get("name")
    groups = claims.get(settings.oidc_groups_claim)
    listed = groups if isinstance(groups, list) else [groups]
    return Person(
        f"{settings.oidc_issuer} {claims['sub']}", login,
        shown.encode(errors="ignore").decode().strip()[:50] if isinstance(shown, str) else "",
        frozenset(each for each in listed if isinstance(each, str)),
    )  # fmt: skip


def account(
    who: Person, mine: User | None, namesake: User | None, settings: Settings, now: datetime
) -> User:
    """The account as it is after this login; Refused, and nothing is changed.

    `mine` is the one with this issuer and sub, `namesake` any with this login name.
    """
    if mine is None and namesake is not None:
        kind = "a local account" if namesake.password else "an account of another sub"
        said = "这个登录名已有别的账号，不能用身份认证登录，请联系管理员。"
        raise Refused(f"{who.login} is {kind}", said, who.login)
    if mine is not None and mine.disabled:
        raise Refused("disabled", "这个账号已停用，请联系管理员。", mine.id)
    if mine is not None and not settings.oidc_roles:  # they are given in the console
        return msgspec.structs.replace(mine, last_login=now)
    roles, departments = granted(who, settings)
    user = mine or msgspec.structs.replace(
        new_user(who.login, who.name, [], [], "oidc", must_change=False), oidc=who.key,
        created_at=now, changed_at=now,
    )  # fmt: skip
    return msgspec.structs.replace(user, roles=roles, departments=departments, last_login=now)


def granted(who: Person, settings: Settings) -> tuple[list[str], list[str]]:
    """(roles, departments) of the groups; Refused without a role.

    An account without departments sees all of them. So somebody who is in none is refused, and
    never let in to see all.
    """
    roles = sorted(
        {settings.oidc_roles[group] for group in who.groups & settings.oidc_roles.keys()}
    )
    if not roles:
        raise Refused("no group with a role",
                      "您所在的组没有听潮的角色，请联系管理员。", who.login)  # fmt: skip
    mapped = settings.oidc_departments
    departments = {mapped[group] for group in who.groups & mapped.keys()}
    everything = ALL in departments
    if (mapped and not departments) or ("department" in roles and (everything or not departments)):
        raise Refused("no group with a department",
                      "您所在的组没有对应的部门，请联系管理员。", who.login)  # fmt: skip
    return roles, [] if everything else sorted(departments)
