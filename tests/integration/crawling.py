"""Real commands in processes of their own: a site on loopback, a crawl of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from infra.settings import PROJECT

MB = 1 << 20


@dataclass(frozen=True)
class Crawl:
    code: int
    summaries: dict[str, dict[str, Any]]
    items: list[dict[str, Any]]
    log: str
    peak_mb: float


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT), "TINGCHAO_AUTHOR_KEY": "a key for tests"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tingchao", *arguments]


def tingchao(*arguments: str, code: int = 0) -> str:
    """What a command prints, on the test's servers; it has to end with `code`."""
    done = subprocess.run(
        command(*arguments), cwd=PROJECT, env=environment() | {"TINGCHAO_STACK": "external"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


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


def names(folder: Path, **addresses: str) -> dict[str, str]:
    """An environment in which `NAME.example` resolves to an address; the rest is real."""
    folder.mkdir()
    known = {f"{name}.example": found for name, found in addresses.items()}
    (folder / "sitecustomize.py").write_text(
        f"""import socket
known, many, one = {known!r}, socket.getaddrinfo, socket.gethostbyname
socket.getaddrinfo = lambda host, *rest, **more: many(known.get(host, host), *rest, **more)
socket.gethostbyname = lambda host: one(known.get(host, host))
"""
    )
    return {"PYTHONPATH": f"{folder}{os.pathsep}{PROJECT}"}


def crawl(out: Path, *arguments: str, timeout: int = 120, **more: str) -> Crawl:
    """`tingchao crawl … --out FILE --json`, to its end; `more` goes into its environment."""
    told, log = out.with_suffix(".stdout"), out.with_suffix(".stderr")
    with told.open("wb") as stdout, log.open("wb") as stderr:
        process = subprocess.Popen(
            command("crawl", *arguments, "--out", str(out), "--json"),
            cwd=PROJECT, env=environment() | more, stdout=stdout, stderr=stderr,
        )  # fmt: skip
        code, peak_mb = wait_measuring(process, timeout)
    summaries = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
    lines = out.read_text("utf-8").splitlines() if out.exists() else []
    return Crawl(
        code,
        {summary["source"]: summary for summary in summaries},
        [json.loads(line) for line in lines],
        log.read_text("utf-8"),
        peak_mb,
    )


def wait_measuring(process: subprocess.Popen[bytes], timeout: int) -> tuple[int, float]:
    """The exit code and the peak memory of this one process.

    Read while it runs: rusage would count what the parent had at the fork.
    """
    until = time.monotonic() + timeout
    peak = 0
    while time.monotonic() < until:
        if (code := process.poll()) is not None:
            return code, peak / MB
        with suppress(psutil.Error):
            peak = max(peak, psutil.Process(process.pid).memory_info().rss)
        time.sleep(0.02)
    process.kill()
    raise TimeoutError(f"the crawl took more than {timeout} s")


@contextmanager
def forever(log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`tingchao crawl --forever …` while the block runs."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command("crawl", "--forever", *arguments),
            cwd=PROJECT, env=environment(), stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def until(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)
