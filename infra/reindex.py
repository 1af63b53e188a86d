"""A new index with today's mapping behind the same name, while writing goes on.

Copy, then copy what changed meanwhile until little is left, then block writing to the old
index for the last few documents and put the new one in its place in one step. Who writes
in that moment is refused with a block that passes, and tries again. Versions are external,
so that a copy never replaces something newer. docs/decisions/041-reindex.md.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch

from infra import bulk
from infra.bulk import Document
from infra.indices import template
from infra.pages import pages
from infra.settings import Settings
from schemas.errors import UserError
from schemas.registry import INDICES, Index

FEW = 500  # documents left for the moment in which writing waits
Report = Callable[[str, int, int], None]
_GENERATION = re.compile(r"_v(\d+)$")


@dataclass
class Reindexed:
    old: str
    new: str
    documents: int
    blocked_seconds: float  # for so long writers waited


async def reindex(
    settings: Settings, client: AsyncElasticsearch, alias: str, report: Report
) -> list[Reindexed]:
    """Every index behind the alias (without the prefix); UserError when nothing has it."""
    index = next((each for each in INDICES if each.alias == alias), None)
    if index is None:
        names = ", ".join(each.alias for each in INDICES)
        raise UserError(f"no index {alias!r}", f"choose one of {names}")
    name = settings.prefix + alias
    await client.indices.put_index_template(name=name, **template(settings, index))
    found = await client.indices.get_alias(name=name)
    return [await _one(settings, client, index, old, report) for old in sorted(found)]


async def _one(
    settings: Settings, client: AsyncElasticsearch, index: Index, old: str, report: Report
) -> Reindexed:
    new = following(old)
    await _make(settings, client, index, old, new)
    try:
        of = (await client.count(index=old))["count"]
        upto = await _last(client, old)
        done = await _copy(client, old, new, -1, upto, lambda n: report(old, min(n, of - 1), of))
        while (last := await _last(client, old)) - upto > FEW:
            done += await _copy(client, old, new, upto, last)
            upto = last
        report(old, of, of)
        started = time.perf_counter()
        await client.indices.add_block(index=old, block="write")
        try:
            await _copy(client, old, new, upto, await _last(client, old))
            await client.indices.refresh(index=[old, new])
            before, after = [(await client.count(index=n))["count"] for n in (old, new)]
            if before != after:
                raise UserError(
                    f"{old} has {before} documents, its copy {after}: somebody deleted some",
                    "nothing was changed; run it again",
                )
            await _switch(settings, client, index, old, new)
        except BaseException:
            await client.indices.put_settings(index=old, settings={"index.blocks.write": None})
            raise
    except BaseException:
        await client.indices.delete(index=new, ignore_unavailable=True)
        raise
    return Reindexed(old, new, after, time.perf_counter() - started)


def following(name: str) -> str:
    """events-000001 → events_000001_v2 → events_000001_v3: outside the template's pattern,
    which would put it behind the alias before it is whole."""
    found = _GENERATION.search(name)
    if found:
        return f"{name[: found.start()]}_v{int(found[1]) + 1}"
    stem, _, rest = name.rpartition("-")
    return f"{stem}_{rest}_v2"


async def _make(
    settings: Settings, client: AsyncElasticsearch, index: Index, old: str, new: str
) -> None:
    """The empty new index. Its primary term is above the old one's: who read a document in
    the old index and writes it with that term is told that it changed."""
    await client.indices.delete(index=new, ignore_unavailable=True)  # of a run that was cut off
    body = template(settings, index)["template"]
    await client.indices.create(index=new, settings=body["settings"], mappings=body["mappings"])
    term = await _term(client, old)
    while await _term(client, new) <= term:
        await client.indices.close(index=new)
        await client.indices.open(index=new)
        await client.cluster.health(index=new, wait_for_status="yellow", timeout="30s")


async def _term(client: AsyncElasticsearch, name: str) -> int:
    state = await client.cluster.state(metric="metadata", index=name)
    return int(max(state["metadata"]["indices"][name]["primary_terms"].values()))


async def _last(client: AsyncElasticsearch, name: str) -> int:
    """The highest sequence number, after a refresh: all up to it can be searched."""
    stats = await client.indices.stats(index=name, level="shards")
    copies = [c for shard in stats["indices"][name]["shards"].values() for c in shard]
    last = max(copy["seq_no"]["max_seq_no"] for copy in copies)
    await client.indices.refresh(index=name)
    return int(last)


async def _copy(
    client: AsyncElasticsearch, old: str, new: str, after: int, upto: int,
    done: Callable[[int], None] = lambda count: None,
) -> int:  # fmt: skip
    """The documents written in old after the one number and up to the other, at least."""
    count = 0
    written = {"range": {"_seq_no": {"gt": after, "lte": upto}}}
    async for page in pages(client, old, written, version=True):
        refused = await bulk.write(
            client,
            [Document(new, hit["_id"], orjson.dumps(hit["_source"]), hit["_version"])
             for hit in page],
        )  # fmt: skip
        if refused:
            raise UserError(
                f"{refused[0].document.id} does not fit the new mapping: {refused[0].reason}",
                "nothing was changed; this release cannot hold that document",
            )
        count += len(page)
        done(count)
    return count


async def _switch(
    settings: Settings, client: AsyncElasticsearch, index: Index, old: str, new: str
) -> None:
    """In one step: the alias, and for a month's index its own name, lead to the new one."""
    names = await client.indices.get_alias(index=old)
    aliases = set(names[old]["aliases"]) | {settings.prefix + index.alias}
    if index.monthly and not _GENERATION.search(old):
        aliases.add(old)  # where documents of that month are written
    actions: list[dict[str, Any]] = [{"remove_index": {"index": old}}]
    actions += [{"add": {"index": new, "alias": alias}} for alias in sorted(aliases)]
    await client.indices.update_aliases(actions=actions)
