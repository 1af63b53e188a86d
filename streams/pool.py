"""Readers in processes of their own: the loop waits for servers, they keep a processor busy.

A reader that dies ends the worker (BrokenProcessPool): nothing was acknowledged. A
worker that dies takes its readers along.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from infra import heap, logs
from streams.batch import Message
from streams.reading import Batch, Reader

_reader: Reader | None = None  # of a reader's process


class ReaderPool:
    def __init__(self, config: Path, models: Path, processes: int) -> None:
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_open,
            initargs=(config, models, os.getpid()),
        )

    async def start(self) -> None:
        """Returns when a reader has loaded its models; its errors come here."""
        await self.read([])

    async def read(self, messages: Sequence[Message]) -> Batch:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _read, list(messages))

    async def stop(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)


def _open(config: Path, models: Path, parent: int) -> None:
    global _reader
    # Ctrl-C reaches the whole group; the worker ends its readers when it is done with them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    logs.configure()
    _reader = Reader.open(config, models)
    heap.settle()


def _follow(parent: int) -> None:
    """End with the worker, however it ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _read(messages: list[Message]) -> Batch:
    assert _reader is not None
    return _reader.read(messages)
