"""Agent `analyse`: items.raw → documents, duplicate links, dead letters, opinions.

A batch is parsed, analysed and linked at once; settling it writes the documents,
sends the briefs and the dead letters, and waits until all of that is confirmed.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from infra import bulk, clients, metrics
from infra.bulk import Document, Refused
from infra.indices import write_name
from models.analyser import Analyser, Reading
from models.duplicates import DuplicateIndex, Link
from models.reloading import Reloading
from models.severity_rules import Rules
from schemas import topics
from schemas.base import encode
from schemas.opinion import ANALYSIS_VERSION, Opinion, OpinionBatch
from schemas.raw_item import RawItem
from schemas.registry import DEAD_LETTERS, OPINIONS
from streams import dead_letters
from streams.batch import Message
from streams.context import Context
from streams.dead_letters import Letter
from streams.documents import brief, opinion
from streams.fingerprints import FingerprintLog
from streams.parse import Bad, parse


class Analyse:
    name = "analyse"

    def __init__(self, context: Context, analyser: Analyser, rules: Reloading[Rules]) -> None:
        self._context = context
        self._rules = rules
        self._analyser = analyser
        settings = context.settings
        self._log = FingerprintLog(
            context.producer,
            clients.consumer(settings, context.endpoints),
            context.topic(topics.FINGERPRINTS),
            DuplicateIndex(settings.duplicate_window_days * 86_400, settings.fingerprints),
            settings.duplicate_window_days * 86_400,
        )

    async def start(self) -> None:
        await self._log.start()

    async def stop(self) -> None:
        await self._log.stop()

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        started = time.perf_counter()
        letters: list[Letter] = []
        items: list[RawItem] = []
        messages: list[Message] = []
        for message in batch:
            found = parse(message)
            if isinstance(found, Bad):
                letters.append((message, found))
            else:
                items.append(found)
                messages.append(message)
        self._analyser.use(self._rules.current())
        reading = self._analyser.read(items)
        with_text = np.flatnonzero(reading.fingerprints.size).tolist()
        metrics.BATCH_SECONDS.labels(self.name, "models").observe(time.perf_counter() - started)
        answer = await self._log.link(
            [items[n].origin_id for n in with_text],
            reading.fingerprints[np.asarray(with_text, dtype=np.int64)],
        )

        async def settle() -> None:
            links: list[Link | None] = [None] * len(items)
            for n, link in zip(with_text, await answer, strict=True):
                links[n] = link
            await self._settle(messages, items, reading, links, letters)

        return settle()

    async def _settle(
        self,
        messages: Sequence[Message],
        items: Sequence[RawItem],
        reading: Reading,
        links: Sequence[Link | None],
        letters: list[Letter],
    ) -> None:
        now = datetime.now(UTC)
        opinions = [
            opinion(item, analysis, link, message.position, now)
            for item, analysis, link, message in zip(
                items, reading.analyses, links, messages, strict=True
            )
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
        await self._send_briefs(OpinionBatch(briefs=kept))
        await self._bury(letters, now)
        for name, count in outcome.items():
            metrics.ITEMS.labels(name).inc(count)

    def _document(self, document: Opinion) -> Document:
        index = write_name(self._context.settings, OPINIONS, document.published_at)
        return Document(index, document.id, encode(document), ANALYSIS_VERSION)

    async def _send_briefs(self, batch: OpinionBatch) -> None:
        if batch.briefs:
            topic = self._context.topic(topics.OPINIONS)
            await self._context.producer.send_and_wait(topic, encode(batch))

    async def _bury(self, letters: Sequence[Letter], now: datetime) -> None:
        if not letters:
            return
        context = self._context
        await dead_letters.send(context.producer, context.topic(topics.DEAD), letters)
        index = write_name(context.settings, DEAD_LETTERS, now)
        records = [dead_letters.record(message, bad, now) for message, bad in letters]
        documents = [Document(index, record.id, encode(record)) for record in records]
        await bulk.write(context.elasticsearch, documents)


def _refusal(refused: Refused) -> Bad:
    return replace(
        Bad("refused_by_index", "index", refused.kind, refused.reason), item_id=refused.document.id
    )
