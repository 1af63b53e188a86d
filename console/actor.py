"""Who asks, what they may do and which departments' matters they see. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request

Role = Literal["viewer", "analyst", "department", "office", "leading_group", "admin", "service"]
Right = Literal[
    "read",  # pages, search
    "export",  # search results as a file
    "correct",  # labels of an item, events
    "answer",  # alerts: acknowledge, assign, mute, comment, close
    "report",  # hand items in
    "sources",  # try and add
    "rules",  # severity, routing, watch topics
    "dead_letters",  # replay and drop
    "audit",  # who did what
    "accounts",  # accounts, roles, API keys
]
RIGHTS: dict[Role, frozenset[Right]] = {
    "viewer": frozenset({"read"}),
    "analyst": frozenset({"read", "export", "correct", "answer", "report", "sources"}),
    "department": frozenset({"read", "export", "answer", "report"}),
    "office": frozenset(
        {"read", "export", "correct", "answer", "report", "sources", "rules", "audit"}
    ),
    "leading_group": frozenset({"read", "export", "answer"}),
    "admin": frozenset(get_args(Right)),
    "service": frozenset({"read", "export", "report"}),  # a program; its key names fewer or more
}


# Over what is not of one department: for accounts that see all of them.
WHOLE: frozenset[Right] = frozenset({"rules", "dead_letters", "audit", "accounts"})


@dataclass(frozen=True)
class Actor:
    id: str  # of the account: what is written down as who did it
    name: str
    roles: frozenset[Role]
    departments: frozenset[str] = frozenset()  # ids of config/departments.yaml; empty: all
    scopes: frozenset[Right] | None = None  # of an API key: what it may, whatever its role

    def may(self, right: Right) -> bool:
        if self.departments and right in WHOLE:
            return False
        if self.scopes is not None:
            return right in self.scopes
        return any(right in RIGHTS[role] for role in self.roles)

    def sees(self, departments: Iterable[str]) -> bool:
        """Whether a matter of these departments is theirs to see."""
        return not self.departments or not self.departments.isdisjoint(departments)

    def filters(self, field: str = "departments") -> list[dict[str, Any]]:
        """Elasticsearch filter clauses; `field`: departments.id for opinions."""
        return [{"terms": {field: sorted(self.departments)}}] if self.departments else []


NOBODY = Actor("", "", frozenset())
EVERYTHING = Actor("system", "系统", frozenset({"admin"}))  # the command line


def actor_of(request: Request) -> Actor:
    found = request.state.actor
    assert isinstance(found, Actor)
    return found


class NotTheirs(HTTPException):
    """Something of another department: answered as if it were not there, and put on record."""

    def __init__(self, key: str) -> None:
        super().__init__(404, "没有找到。")
        self.key = key


def require(request: Request, right: Right) -> Actor:
    """The one who asks; HTTPException 403 when they may not."""
    actor = actor_of(request)
    if not actor.may(right):
        raise HTTPException(403, "您的账号没有这项权限，请联系管理员。")
    return actor


def require_person(request: Request, right: Right, refusal: str) -> Actor:
    """The same, logged in: for what no key may do, whatever its rights."""
    actor = require(request, right)
    if request.state.session is None:
        raise HTTPException(403, refusal)
    return actor
