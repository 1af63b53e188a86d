"""Consoles, and the commands of accounts, in this process: most of what a process of its own takes
is its imports. That they are well as processes is seen in test_oidc and by the browser.
"""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

import pytest
import requests
import typer
import uvicorn
from typer.testing import CliRunner

from console.app import create_app
from infra.settings import settings
from infra.stack import stack
from tests.integration.crawling import environment, until


@contextmanager
def served(env: dict[str, str] | None = None) -> Iterator[str]:
    """A console with `env` (it holds for the test's own commands too); its address."""
    with _environ(environment() | (env or {})):
        config = settings()
        app = create_app(config, stack(config).endpoints())
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning",
                                               timeout_graceful_shutdown=1))  # fmt: skip
        done = asyncio.run_coroutine_threadsafe(server.serve(), _loop())
        try:
            until(lambda: server.started or done.done())
            port = server.servers[0].sockets[0].getsockname()[1]
            address = f"http://127.0.0.1:{port}"
            until(lambda: requests.get(f"{address}/ready", timeout=20).ok)
            yield address
        finally:
            server.should_exit = True
            done.result(20)


def user(*arguments: str, stdin: str = "") -> str:
    """What `tingchao user …` prints; it has to succeed."""
    app = typer.Typer()
    importlib.import_module("commands.user").register(app)
    settings.cache_clear()  # as a process would read them now
    with ThreadPoolExecutor(1) as thread:  # it runs a loop of its own, and so may the test
        done = thread.submit(CliRunner().invoke, app, ["user", *arguments], stdin).result(60)
    settings.cache_clear()
    if done.exception:
        raise done.exception
    return done.stdout


def add_user(name: str, password: str, *options: str) -> None:
    user("add", name, "--password-stdin", *options, stdin=password + "\n")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for all consoles: what they share waits on it."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


@contextmanager
def _environ(wanted: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in wanted.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield
    settings.cache_clear()
