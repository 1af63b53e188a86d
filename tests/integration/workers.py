"""Real workers in processes of their own, and waiting until they have done all."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from infra.lag import READS, lags
from infra.settings import PROJECT, Settings
from infra.stack import Endpoints


class Worker:
    """`tingchao worker` under the test's prefix."""

    def __init__(self, log: Path, agents: str = "analyse,events,alerts,notify,deadlines") -> None:
        self._log = log
        self._agents = agents
        self.module = ["tingchao", "worker", "--agents"]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()  # one at a time: a forgotten one would do the other's work
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.module, self._agents],
                cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)},
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    async def started(self, times: int = 1, seconds: float = 60) -> None:
        """Until it has said so, for the so-manieth time."""
        deadline = time.monotonic() + seconds
        while self._log.read_text("utf-8", "replace").count("worker started") < times:
            assert self.process and self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            await asyncio.sleep(0.05)

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process
        self.process.terminate()
        return self.process.wait(40)

    def __enter__(self) -> Worker:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process and self.process.poll() is None:
            self.kill()
        if kind:
            print(self.log())

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")[-4000:]


async def settled(
    config: Settings,
    endpoints: Endpoints,
    seconds: float = 60,
    worker: Worker | None = None,
    agents: Iterable[str] = tuple(READS),
) -> None:
    """Until no agent is behind, twice in a row."""
    deadline = time.monotonic() + seconds
    calm = 0
    while calm < 2:
        found = await lags(config, endpoints, agents)
        calm = calm + 1 if not any(lag.behind for lag in found) else 0
        assert time.monotonic() < deadline, [lag for lag in found if lag.behind]
        if worker and worker.process:
            assert worker.process.poll() is None, worker.log()
        await asyncio.sleep(0.25)


async def supervised(config: Settings, endpoints: Endpoints, worker: Worker) -> int:
    """Until all is settled, the worker started again when it ends; how often that was."""
    restarts, deadline = 0, time.monotonic() + 200
    while True:
        try:
            await settled(config, endpoints, 200, worker)
            return restarts
        except AssertionError:
            assert time.monotonic() < deadline, worker.log()
            assert worker.process and worker.process.poll() == 70, worker.log()
            worker.start()
            restarts += 1
            await asyncio.sleep(2)
