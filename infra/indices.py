"""Index templates, indices behind aliases, and retention."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime, timedelta
from typing import Any

from elasticsearch import AsyncElasticsearch, BadRequestError

from infra.settings import Settings
from schemas.errors import UserError
from schemas.mapping import mapping_of
from schemas.registry import INDICES, Index


def write_name(settings: Settings, index: Index, when: datetime | None = None) -> str:
    """Where a document is written: the month's index, or the alias."""
    name = settings.prefix + index.alias
    if index.monthly:
        if when is None:
            raise ValueError(f"{index.alias} is monthly: a document needs its time")
        return f"{name}-{when:%Y.%m}"
    return name


def template(settings: Settings, index: Index) -> dict[str, Any]:
    alias = settings.prefix + index.alias
    return {
        "index_patterns": [f"{alias}-*"],
        "priority": 200,
        "template": {
            "settings": {
                "number_of_shards": 1,
                "number_of_replicas": settings.elasticsearch_replicas,
                "refresh_interval": "1s",
                "mapping.total_fields.limit": 500,
            },
            "mappings": mapping_of(index.record),
            "aliases": {alias: {}},
        },
    }


async def install(client: AsyncElasticsearch, settings: Settings) -> None:
    """Put the templates, and make the indices that are not there; twice changes nothing.

    Side by side: each waits for its shard, which is most of the time that it takes."""
    await asyncio.gather(*(
        client.indices.put_index_template(
            name=settings.prefix + index.alias, **template(settings, index)
        )
        for index in INDICES
    ))  # fmt: skip
    await asyncio.gather(*(_there(client, settings, index) for index in INDICES))


async def _there(client: AsyncElasticsearch, settings: Settings, index: Index) -> None:
    alias = settings.prefix + index.alias
    if await client.indices.exists_alias(name=alias):
        await _extend(client, alias, index)
    # Of a monthly one too: a search of an empty alias must find nothing rather than fail.
    elif index.monthly:
        await _create(client, write_name(settings, index, datetime.now()))
    else:
        await _create(client, f"{alias}-000001")


async def _extend(client: AsyncElasticsearch, alias: str, index: Index) -> None:
    """Give what is there the fields that an upgrade brought."""
    try:
        await client.indices.put_mapping(index=alias, **mapping_of(index.record))
    except BadRequestError as error:
        raise UserError(
            f"the index {alias} has another mapping: {error.message}",
            "this release changed a field: reindex the old index, or delete it",
        ) from None


async def _create(client: AsyncElasticsearch, name: str) -> None:
    try:
        await client.indices.create(index=name)
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":
            raise


_MONTH = re.compile(r"[-_](\d{4})\.(\d{2})(?:_v\d+)?$")  # _v2: made by a reindex


def expired(names: list[str], today: date, days: int) -> list[str]:
    """The monthly indices whose last day is more than `days` before `today`; 0 keeps all."""
    old = []
    for name in names if days else []:
        match = _MONTH.search(name)
        if match:
            year, month = int(match[1]), int(match[2])
            following = date(year + month // 12, month % 12 + 1, 1)
            if following <= today - timedelta(days=days):
                old.append(name)
    return old


async def apply_retention(client: AsyncElasticsearch, settings: Settings, today: date) -> list[str]:
    """Delete what is older than the setting allows; the names of what went."""
    gone = []
    for index in INDICES:
        if index.monthly:
            alias = settings.prefix + index.alias
            found = await client.indices.get_alias(name=alias, ignore_unavailable=True)
            for name in expired(sorted(found), today, settings.retention_days):
                await client.indices.delete(index=name)
                gone.append(name)
    return gone
