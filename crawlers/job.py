"""One crawl of one source in a process of its own: it can hang or die alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import orjson

from crawlers.sources import Source
from crawlers.summary import Summary
from infra.settings import PROJECT

GRACE = 30.0  # seconds beyond the source's own limit, and again after SIGTERM


class Job:
    def __init__(self, source: Source, path: Path, options: Sequence[str]) -> None:
        self.source = source
        self.at = datetime.now(UTC)
        self.started = time.monotonic()
        self._killed = False
        self._terminated = 0.0
        self._out = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tingchao", "crawl", str(path), "--json", *options],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            start_new_session=True,  # Ctrl-C reaches the scheduler alone, which ends us in order
        )

    def done(self) -> bool:
        """Whether the process has ended; past its limit it is told to, and then made to."""
        if self._process.poll() is not None:
            return True
        now = time.monotonic()
        if not self._terminated and now - self.started > self.source.limit + GRACE:
            self.terminate()
        elif self._terminated and now - self._terminated > GRACE:
            self.kill()
        return False

    def terminate(self) -> None:
        self._killed, self._terminated = True, time.monotonic()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def summary(self) -> tuple[Summary, bool]:
        """What it brought, and whether it could still say so itself."""
        self._out.seek(0)
        lines = self._out.read().splitlines()
        self._out.close()
        try:
            return msgspec.convert(orjson.loads(lines[-1]), Summary), True
        except (IndexError, orjson.JSONDecodeError, msgspec.ValidationError):
            code = self._process.returncode
            why = "time limit" if self._killed else f"the crawl ended with code {code}"
            seconds = round(time.monotonic() - self.started, 2)
            lost = Summary(self.source.name, self.source.kind, seconds=seconds, why=why)
            return lost, False
