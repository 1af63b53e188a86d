"""Agent `analyse`: items.raw → documents, duplicate links, dead letters, opinions.

A batch is read by a process of the pool, linked on the fingerprint log, and settled:
documents written, briefs and dead letters sent, all of it confirmed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime

import numpy as np
import structlog

from infra import bulk, clients, metrics
from infra.bulk import Document, Refused
from infra.indices import write_name
from models.duplicates import DuplicateIndex, Link
from models.fingerprints import Fingerprints
from schemas import topics
from schemas.base import encode
from schemas.opinion import ANALYSIS_VERSION
from schemas.registry import DEAD_LETTERS, OPINIONS
from streams import dead_letters
from streams.batch import Message
from streams.context import Context
from streams.dead_letters import Letter
from streams.fingerprints import FingerprintLog
from streams.limit import DeadLetterLimit
from streams.parse import Bad, parse

log = structlog.get_logger("tingchao.analyse")


class Analyse:
    name = "analyse"

    def __init__(self, context: Context, readers: Readers) -> None:
        self._context = context
        self._readers = readers
        settings = context.settings
        self._limit = DeadLetterLimit(settings.dead_letter_limit, settings.dead_letter_window)
        self._log = FingerprintLog(
            context.producer,
            clients.consumer(settings, context.endpoints),
            context.topic(topics.FINGERPRINTS),
            DuplicateIndex(window, settings.fingerprints),
            window,
        )

    async def start(self) -> None:
        await self._readers.start()
        await self._log.start()

    async def stop(self) -> None:
        await self._log.stop()
        await self._readers.stop()

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        return self._settle(batch)

    async def _settle(self, messages: Sequence[Message]) -> None:
        batch = await self._readers.read(messages)
        metrics.BATCH_SECONDS.labels(self.name, "models").observe(batch.seconds)
        links = await self._link(batch)
        now = datetime.now(UTC)
        documents, briefs = [], []
        for ready, link in zip(batch.ready, links, strict=True):
            document, brief = linked(ready, link) if link else (ready.document, ready.brief)
            index = f"{self._context.settings.prefix}{OPINIONS.alias}-{ready.month}"
            documents.append(Document(index, ready.id, document, ANALYSIS_VERSION))
            briefs.append(brief)
        refused = {
            each.document.id: each
            for each in await bulk.write(self._context.elasticsearch, documents)
        }
        letters = [(messages[place], bad) for place, bad in batch.bad]
        letters += [
            (messages[ready.place], _refusal(refused[ready.id]))
            for ready in batch.ready
            if ready.id in refused
        ]
        documents = [self._document(each) for each in opinions]
        refused = await bulk.write(self._context.elasticsearch, documents)
        outcome = dict.fromkeys(("document", "duplicate", "dead_letter"), 0)
        lost = {each.document.id: each for each in refused}
        kept = []
        for message, document, words, harm in zip(
            messages, opinions, reading.keywords, reading.harms, strict=True
        ):
            if document.id in lost:
                letters = [*letters, (message, _refusal(lost[document.id]))]
            else:
                kept.append(brief(document, words, harm))
                outcome["duplicate" if document.duplicate else "document"] += 1
        outcome["dead_letter"] = len(letters)
        self._limit.add(len(letters), len(letters) + len(kept))
        await self._send_briefs(OpinionBatch(briefs=kept))
        await self._bury(letters, now)
        copies = sum(
            (link is not None or ready.copy) and ready.id not in refused
            for ready, link in zip(batch.ready, links, strict=True)
        )
        metrics.ITEMS.labels("duplicate").inc(copies)
        metrics.ITEMS.labels("document").inc(len(kept) - copies)
        metrics.ITEMS.labels("dead_letter").inc(len(letters))

    def _document(self, document: Opinion) -> Document:
        index = write_name(self._context.settings, OPINIONS, document.published_at)
        return Document(index, document.id, encode(document), _version(document))

    async def _send_briefs(self, briefs: Sequence[bytes]) -> None:
        if briefs:
            topic = self._context.topic(topics.OPINIONS)
            await self._context.producer.send_and_wait(topic, joined(briefs))

    async def _bury(self, letters: Sequence[Letter], now: datetime) -> None:
        if not letters:
            return
        context = self._context
        sent = await dead_letters.send(context.producer, context.topic(topics.DEAD), letters)
        index = write_name(context.settings, DEAD_LETTERS, now)
        records = [
            dead_letters.record(message, bad, now, place)
            for (message, bad), place in zip(letters, sent, strict=True)
        ]
        documents = [Document(index, record.id, encode(record)) for record in records]
        for each in await bulk.write(context.elasticsearch, documents):
            # The topic has it; only the record for reading is missing.
            log.error("no record of a dead letter", id=each.document.id, reason=each.reason)


def _version(document: Opinion) -> int:
    """A newer analysis replaces an older one, and under the same a later sight of the thing."""
    revision = document.provenance.revision if document.provenance else 0
    return ANALYSIS_VERSION * 1_000_000 + min(revision, 999_999)


def _refusal(refused: Refused) -> Bad:
    return Bad(
        "refused_by_index", "index", refused.kind, refused.reason, item_id=refused.document.id
    )
