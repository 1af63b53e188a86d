"""WeCom, DingTalk, Feishu, e-mail, SMS gateways and whatever else apprise can reach.

Its addresses hold secrets: they come from the environment or a file, are read for
each message (so that a changed secret counts at once), and stand in no log and no
receipt. apprise blocks and says little, so it runs in threads of its own, and of
what it logs only the HTTP status is taken.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import apprise
import requests
from apprise.plugins import dingtalk, wecombot

from response.contacts import Channel
from response.delivery import Result

THREADS = 8
SECONDS = 20.0  # its own waits are 4 s to connect and 4 s to read; a mail server may be slower
_STATUS = re.compile(r"error[=: ]+(\d{3})\b")
# Error codes in a body of HTTP 200 that pass: busy, too many messages.
_PASSING = {-1, 45009, 45033, 130101, 410100}
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]{1,20})://", re.I)


def address(channel: Channel) -> tuple[str, str]:
    """(the address, why there is none)."""
    if channel.url_env:
        found = os.environ.get(channel.url_env, "").strip()
        return found, "" if found else f"{channel.url_env} is not set"
    try:
        found = Path(channel.url_file or "").read_text("utf-8").strip()
    except OSError as error:
        return "", f"{channel.url_file}: {error.strerror}"
    return found, "" if found else f"{channel.url_file} is empty"


def service(channel: Channel) -> str:
    """wecombot, dingtalk, feishu, mailto …: the scheme, which is no secret."""
    match = _SCHEME.match(address(channel)[0])
    return match[1].lower() if match else "apprise"


class AppriseChannel:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="apprise")
        logger = logging.getLogger("apprise")
        logger.propagate = False  # what it writes may hold parts of an address
        self._heard = _Heard()
        logger.addHandler(self._heard)
        for plugin in (wecombot, dingtalk):
            plugin.requests = _Listening(self._heard)  # type: ignore[attr-defined]

    async def send(self, channel: Channel, subject: str, body: str) -> Result:
        where, missing = address(channel)
        if missing:
            return Result(missing, again=False)
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, self._send, where, subject, body)
        try:
            return await asyncio.wait_for(work, SECONDS)
        except TimeoutError:
            return Result("TimeoutError")

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        logging.getLogger("apprise").removeHandler(self._heard)

    def _send(self, where: str, subject: str, body: str) -> Result:
        self._heard.clear()
        sender = apprise.Apprise(asset=apprise.AppriseAsset(secure_logging=True))
        if not sender.add(where):
            return Result("apprise does not know this kind of address", again=False)
        try:
            taken = sender.notify(title=subject, body=body, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # a plugin's own fault must not end the worker
            return Result(type(error).__name__)
        code = self._heard.code
        if code:
            return Result(f"errcode {code}", again=code in _PASSING)
        if taken:
            return Result()
        status = self._heard.status
        if status is None:
            return Result("not taken")
        return Result(f"HTTP {status}", again=status >= 500 or status in (408, 425, 429))


class _Heard(logging.Handler):
    """What this thread's message met: the HTTP status apprise logged, the code in the body."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._local = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        match = _STATUS.search(record.getMessage())
        if match:
            self._local.status = int(match[1])

    def clear(self) -> None:
        self._local.status = self._local.code = None

    def body(self, answer: requests.Response) -> None:
        try:
            code = answer.json().get("errcode")
        except (ValueError, AttributeError):
            return
        self._local.code = code if isinstance(code, int) else None

    @property
    def status(self) -> int | None:
        return getattr(self._local, "status", None)

    @property
    def code(self) -> int | None:
        return getattr(self._local, "code", None)


class _Listening:
    """`requests` for the plugins of WeCom and DingTalk, which refuse with HTTP 200 and an errcode
    in the body; apprise takes that for success."""

    def __init__(self, heard: _Heard) -> None:
        self._heard = heard

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def post(self, *args: Any, **kwargs: Any) -> requests.Response:
        answer = requests.post(*args, **kwargs)  # noqa: S113 (the plugin gives its timeout)
        self._heard.body(answer)
        return answer
