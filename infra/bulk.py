"""Bulk writes to Elasticsearch that settle every document.

A document ends as written, already there (409), or refused for good with the
reason. 429, 5xx, a full disk, a lost answer and a server that is away are tried
again with growing pauses for as long as it takes: the caller waits, and so does
the stream behind it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from elastic_transport import ConnectionError, ConnectionTimeout
from elasticsearch import ApiError, AsyncElasticsearch

from infra import metrics

log = structlog.get_logger("tingchao.bulk")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Document:
    """`source` is the encoded JSON. With a `version` the higher one stays; else first come."""

    index: str
    id: str
    source: bytes
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Elasticsearch will never take this document, and why."""

    document: Document
    kind: str
    reason: str


async def write(client: AsyncElasticsearch, documents: Sequence[Document]) -> list[Refused]:
    """Write all; returns those refused for good. Ends only when each is settled."""
    refused: list[Refused] = []
    left, pause = list(documents), FIRST_PAUSE
    while left:
        answer = await _send(client, left)
        if isinstance(answer, str):
            metrics.SINK_RETRIES.labels(answer).inc(len(left))
        else:
            again = []
            for document, result in zip(left, answer, strict=True):
                match _verdict(result):
                    case "retry":
                        again.append(document)
                        metrics.SINK_RETRIES.labels(str(result["status"])).inc()
                    case "refused":
                        error = result["error"]
                        refused.append(Refused(document, error["type"], _reason(error)))
                        metrics.SINK_REFUSED.labels(document.index).inc()
            if len(again) < len(left):
                pause = FIRST_PAUSE
            left = again
        if left:
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311 (jitter)
            pause = min(pause * 2, LONGEST_PAUSE)
    return refused


async def _send(
    client: AsyncElasticsearch, documents: Sequence[Document]
) -> list[dict[str, Any]] | str:
    """The results in order; a word that says why there are none, to be tried again."""
    operations = [line for document in documents for line in (_action(document), document.source)]
    try:
        response = await client.bulk(
            operations=operations,  # type: ignore[arg-type]  # encoded lines
            filter_path="errors,items.*.status,items.*.error",
        )
    except ConnectionTimeout:
        return "timeout"
    except ConnectionError:
        log.warning("Elasticsearch does not answer; trying again", documents=len(documents))
        return "connection"
    except ApiError as error:
        if error.status_code == 413 and len(documents) > 1:
            return await _in_halves(client, documents)
        if error.status_code == 429 or error.status_code >= 500:
            return str(error.status_code)
        raise
    return [next(iter(item.values())) for item in response["items"]]


async def _in_halves(
    client: AsyncElasticsearch, documents: Sequence[Document]
) -> list[dict[str, Any]] | str:
    middle = len(documents) // 2
    results: list[dict[str, Any]] = []
    for half in (documents[:middle], documents[middle:]):
        answer = await _send(client, half)
        if isinstance(answer, str):
            return answer
        results += answer
    return results


def _action(document: Document) -> bytes:
    meta: dict[str, Any] = {"_index": document.index, "_id": document.id}
    if document.version is None:
        return orjson.dumps({"create": meta})
    # external: only a higher version replaces what is there, so a repeat is a 409.
    return orjson.dumps(
        {"index": {**meta, "version": document.version, "version_type": "external"}}
    )


def _verdict(result: dict[str, Any]) -> str:
    status = result["status"]
    if status in (200, 201, 409):
        return "written"
    return "retry" if retriable(result) else "refused"


def retriable(result: dict[str, Any]) -> bool:
    """Whether an item of a bulk answer asks to come again; a full disk blocks for a while."""
    status = result["status"]
    blocked = (result.get("error") or {}).get("type") == "cluster_block_exception"
    return bool(status == 429 or status >= 500 or blocked)


def _reason(error: dict[str, Any]) -> str:
    cause = error.get("caused_by") or {}
    return f"{error.get('reason', '')} {cause.get('reason', '')}".strip()[:500]
