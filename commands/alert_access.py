"""Alerts for the commands: the store of the configured stack, and changes by compare-and-set."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from infra.alert_store import AlertStore
    from infra.settings import Settings
    from schemas.alert import Alert

Key = Annotated[str, typer.Argument(help="the alert's id")]
Note = Annotated[str, typer.Option(help="why, for the history")]
Actor = Annotated[str, typer.Option("--as", help="who does it; default: this account")]


@dataclass(frozen=True)
class Access:
    settings: Settings
    client: AsyncElasticsearch
    store: AlertStore

    async def alert(self, key: str) -> Alert:
        from schemas.errors import UserError

        held = (await self.store.get([key])).get(key)
        if held is None:
            raise UserError(f"no alert {key!r}", "tingchao alerts list shows their ids")
        return held.alert


def run(work: Callable[[Access], Awaitable[Any]]) -> Any:
    from commands.elastic import with_elasticsearch
    from infra.alert_store import AlertStore
    from infra.indices import write_name
    from schemas.registry import ALERTS

    async def inside(config: Settings, _: object, client: AsyncElasticsearch) -> Any:
        store = AlertStore(client, write_name(config, ALERTS), patient=False)
        return await work(Access(config, client, store))

    return with_elasticsearch(inside)


def change(key: str, step: Callable[[Alert], Alert]) -> None:
    """Do `step` and say what stands in the history last; UserError when it makes no sense now."""

    from console.words import ACTIONS

    async def work(access: Access) -> Alert:
        from response.labels import STATUSES
        from schemas.errors import UserError

        await access.alert(key)
        seen: list[Alert] = []

        def noted(alert: Alert) -> Alert:
            seen[:] = [alert]
            return step(alert)

        after = await access.store.change(key, noted)
        assert after is not None
        if after is seen[0]:
            by = f"，{after.acknowledged_by} 已确认" if after.acknowledged_by else ""
            raise UserError(
                f"nothing was done: the alert is {after.status}（{STATUSES[after.status]}{by}）",
                f"see tingchao alerts show {key}",
            )
        return after

    alert = run(work)
    last = alert.history[-1]
    print(f"{alert.id} {alert.status}：{last.actor} {ACTIONS[last.action]} {last.note}")


def who(actor: str) -> str:
    return actor or getpass.getuser()


def masked(text: str) -> str:
    from models.masking import mask

    return mask([text])[0]
