"""`tingchao user add|list|reset|disable|enable|key|log`: accounts of the console."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from console.access.store import Users
    from infra.settings import Settings

Name = Annotated[str, typer.Argument(help="the login name")]
Roles = Annotated[
    list[str], typer.Option("--role", help="viewer, analyst, department, office, …; repeat")
]
Departments = Annotated[
    list[str] | None, typer.Option("--department", help="of departments.yaml; none: all")
]


def register(app: typer.Typer) -> None:
    user = typer.Typer(help="Accounts of the console.", no_args_is_help=True)
    app.add_typer(user, name="user")
    user.command("add")(_add)
    user.command("list")(_list)
    user.command("reset")(_reset)
    user.command("disable")(_disable)
    user.command("enable")(_enable)
    user.command("key")(_key)


def _add(
    name: Name, role: Roles, department: Departments = None,
    shown: Annotated[str, typer.Option("--name", help="as people read it")] = "",
    stdin: Annotated[
        bool, typer.Option("--password-stdin", help="the password, and not a one-time one")
    ] = False,
) -> None:  # fmt: skip
    """Make an account; prints its one-time password, which the first login changes."""
    from typing import get_args

    from console.access import passwords
    from console.access.store import new_user
    from console.actor import Role
    from schemas.errors import UserError

    if bad := set(role) - set(get_args(Role)):
        raise UserError(f"no role {bad.pop()!r}", f"one of {', '.join(get_args(Role))}")
    _check(department or [])
    given = passwords.checked(sys.stdin.readline().rstrip("\n"), name) if stdin else ""
    first = given or passwords.one_time()

    async def work(users: Users) -> None:
        kept = await passwords.hashed(first)
        await users.add(new_user(name, shown, role, department or [], getpass.getuser(), kept,
                                 must_change=not given))  # fmt: skip

    _run(work)
    print(f"已添加 {name}" + ("" if given else f"，一次性密码（只显示这一次）：{first}"))


def _list() -> None:
    """One JSON line each, without what is secret."""
    import orjson

    for user in _run(lambda users: users.all()):
        shown = {
            "id": user.id, "name": user.name, "roles": user.roles,
            "departments": user.departments, "disabled": user.disabled, "totp": bool(user.totp),
            "last_login": user.last_login,
        }  # fmt: skip
        print(orjson.dumps(shown).decode())


def _reset(name: Name) -> None:
    """A new one-time password; ends the account's sessions and its one-time codes."""
    from console.access import passwords
    from console.access.store import reset

    first = passwords.one_time()

    async def work(users: Users) -> None:
        kept = await passwords.hashed(first)
        await users.change(name, lambda user: reset(user, kept))

    _run(work)
    print(f"{name} 的一次性密码（只显示这一次）：{first}")


def _disable(name: Name) -> None:
    """It is out at once."""
    _switch(name, True)


def _enable(name: Name) -> None:
    """Let a disabled one in again."""
    _switch(name, False)


def _switch(name: str, disabled: bool) -> None:
    import msgspec

    _run(lambda users: users.change(
        name, lambda user: msgspec.structs.replace(user, disabled=disabled)))  # fmt: skip
    print(f"{name} 已{'停用' if disabled else '启用'}")


def _key(
    name: Annotated[str, typer.Argument(help="of the program")],
    right: Annotated[list[str], typer.Option("--right", help="read, export, report, …; repeat")],
    department: Departments = None,
    days: Annotated[int, typer.Option(min=1, max=3650)] = 365,
) -> None:
    """Make an API key; it is shown once."""
    from typing import get_args

    from console.actor import Right
    from schemas.errors import UserError
    from schemas.user import ApiKey

    if bad := set(right) - set(get_args(Right)):
        raise UserError(f"no right {bad.pop()!r}", f"one of {', '.join(get_args(Right))}")
    _check(department or [])
    now = datetime.now(UTC)
    key = ApiKey(id="", name=name, rights=right, departments=department or [], created_at=now,
                 created_by=getpass.getuser(), expires_at=now + timedelta(days=days))  # fmt: skip
    print(_run(lambda users: users.new_key(key))[1])


def _check(departments: list[str]) -> None:
    """UserError: who is of a department that is not there sees nothing."""
    from infra.settings import settings
    from models.names import department_names
    from schemas.errors import UserError

    known = department_names(settings().config)
    if bad := set(departments) - known.keys():
        raise UserError(f"no department {bad.pop()!r}", f"one of {', '.join(known)}")


def _run(work: Any) -> Any:
    from commands.elastic import with_elasticsearch
    from console.access.store import Users
    from infra.indices import install

    async def inside(config: Settings, _: object, client: AsyncElasticsearch) -> Any:
        await install(client, config)  # the very first command may be this one
        return await work(Users(config, client))

    return with_elasticsearch(inside)
