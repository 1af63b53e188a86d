"""What became of the items, added up (I4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from elasticsearch import AsyncElasticsearch

from infra.indices import write_name
from infra.ledger import ledger
from infra.records import end_offsets
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.registry import ALERTS, EVENTS


@dataclass
class Account:
    """items = documents + duplicates + dead_letters, or `missing` says which are not settled."""

    items: int = 0
    documents: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    events: int = 0
    alerts: int = 0
    missing: list[str] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        return {k: v for k, v in asdict(self).items() if k != "missing"}


async def account(
    settings: Settings,
    endpoints: Endpoints,
    client: AsyncElasticsearch,
    since: Mapping[int, int] | None = None,
) -> Account:
    """Of what stands on items.raw from the offsets `since` on (None: all of it)."""
    result = Account()
    async for entry in ledger(settings, endpoints, client, since):
        result.items += 1
        match entry.outcome:
            case "document":
                result.documents += 1
            case "duplicate":
                result.duplicates += 1
            case "dead_letter":
                result.dead_letters += 1
            case _:
                result.missing.append(entry.id)
    for index, name in ((EVENTS, "events"), (ALERTS, "alerts")):
        answer = await client.count(index=write_name(settings, index))
        setattr(result, name, answer["count"])
    return result


__all__ = ["Account", "account", "end_offsets"]
