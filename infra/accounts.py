"""What became of the items, added up (I4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from elasticsearch import AsyncElasticsearch

from infra.indices import write_name
from infra.ledger import ledger
from infra.settings import Settings
from infra.stack import Endpoints
from infra.tally import Tally
from schemas.registry import ALERTS, EVENTS


@dataclass
class Account(Tally):
    events: int = 0
    alerts: int = 0

    @property
    def unsettled(self) -> list[str]:
        return self.missing + self.waiting

    def totals(self) -> dict[str, int]:
        return {k: v for k, v in asdict(self).items() if k not in ("missing", "waiting")}


async def account(
    settings: Settings,
    endpoints: Endpoints,
    client: AsyncElasticsearch,
    since: Mapping[int, int] | None = None,
) -> Account:
    """Of what stands on items.raw from the offsets `since` on (None: all of it)."""
    result = Account()
    async for entry in ledger(settings, endpoints, client, since):
        result.add(entry)
    for index, name in ((EVENTS, "events"), (ALERTS, "alerts")):
        answer = await client.count(index=write_name(settings, index))
        setattr(result, name, answer["count"])
    return result
