"""Real commands in processes of their own: a site on loopback, a crawl of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.settings import PROJECT


@dataclass(frozen=True)
class Crawl:
    code: int
    summaries: dict[str, dict[str, Any]]
    items: list[dict[str, Any]]
    log: str
    peak_mb: float  # resident memory of the crawl's process


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT), "TINGCHAO_AUTHOR_KEY": "a key for tests"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tingchao", *arguments]


@contextmanager
def site(*arguments: str) -> Iterator[str]:
    """A site command on a free port; yields the address that it prints."""
    process = subprocess.Popen(
        command(*arguments, "--port", "0"), cwd=PROJECT, env=environment(),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)


def crawl(out: Path, *arguments: str, timeout: int = 120) -> Crawl:
    """`tingchao crawl … --out FILE --json`, to its end."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as told,
        tempfile.TemporaryFile("w+", encoding="utf-8") as log,
    ):
        process = subprocess.Popen(
            command("crawl", *arguments, "--out", str(out), "--json"), cwd=PROJECT,
            env=environment(), stdout=told, stderr=log, text=True,
        )  # fmt: skip
        stop = threading.Timer(timeout, process.kill)
        stop.start()
        _, status, usage = os.wait4(process.pid, 0)
        stop.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        log.seek(0)
        summaries, errors = [json.loads(line) for line in told], log.read()
    lines = out.read_text("utf-8").splitlines() if out.exists() else []
    return Crawl(
        process.returncode,
        {summary["source"]: summary for summary in summaries},
        [json.loads(line) for line in lines],
        errors,
        usage.ru_maxrss / 1024,
    )
