"""Where what was handed in goes: confirmed by the broker before anybody is told that it is in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from crawlers.kafka import Sender
from infra.settings import Settings
from schemas.base import encode
from schemas.errors import UserError
from schemas.event import Signal
from schemas.raw_item import RawItem
from schemas.topics import SIGNALS

SECONDS = 20.0


class Desk:
    async def take(self, items: Sequence[RawItem], signal: Signal | None = None) -> None:
        """Returns when all is safe; UserError when it is not."""
        raise NotImplementedError

    async def close(self) -> None: ...


class KafkaDesk(Desk):
    """Opens its producers at the first use, and anew after a failure: a broker comes back."""

    def __init__(self, config: Settings) -> None:
        self._config = config
        self._open: tuple[Sender, Sender] | None = None
        self._lock = asyncio.Lock()

    async def take(self, items: Sequence[RawItem], signal: Signal | None = None) -> None:
        try:
            await asyncio.wait_for(self._take(items, signal), SECONDS)
        except TimeoutError:
            await self.close()
            raise UserError("Kafka did not answer in time", "tingchao stack status") from None
        except UserError:
            await self.close()
            raise

    async def _take(self, items: Sequence[RawItem], signal: Signal | None) -> None:
        raw, signals = await self._senders()
        sent = [await raw.put(item.origin_id.encode(), encode(item)) for item in items]
        if signal:
            sent.append(await signals.put(signal.matter_id.encode(), encode(signal)))
        results = await asyncio.gather(*sent, return_exceptions=True)
        if failed := next((r for r in results if isinstance(r, BaseException)), None):
            raise UserError(f"Kafka did not confirm an item: {failed}", "tingchao stack status")

    async def _senders(self) -> tuple[Sender, Sender]:
        async with self._lock:
            if self._open is None:
                made = (Sender(config=self._config), Sender(config=self._config, topic=SIGNALS))
                for sender in made:
                    await sender.start()
                self._open = made
            return self._open

    async def close(self) -> None:
        opened, self._open = self._open, None
        for sender in opened or ():
            await sender.stop()


class FileDesk(Desk):
    """Items to FILE, signals to FILE.signals; to try things out."""

    def __init__(self, path: str) -> None:
        self._path = path

    async def take(self, items: Sequence[RawItem], signal: Signal | None = None) -> None:
        with Path(self._path).open("ab") as file:  # noqa: ASYNC230 - a few lines
            file.writelines(encode(item) + b"\n" for item in items)
        if signal:
            with Path(f"{self._path}.signals").open("ab") as file:  # noqa: ASYNC230
                file.write(encode(signal) + b"\n")
