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
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
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
        self._listener = _Listener(logging.DEBUG)
        logger.addHandler(self._listener)
        self._listening = _Listening()
        # Its plugins are loaded now, not when the first message is in a hurry.
        self._threads.submit(lambda: apprise.Apprise().add("json://localhost"))

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
        logging.getLogger("apprise").removeHandler(self._listener)

    def _send(self, where: str, subject: str, body: str) -> Result:
        heard = _Heard()
        _heard.set(heard)
        sender = apprise.Apprise(asset=apprise.AppriseAsset(secure_logging=True))
        if not sender.add(where):
            return Result("apprise does not know this kind of address", again=False)
        for plugin in (wecombot, dingtalk):  # each time: apprise may load its plugins anew
            plugin.requests = self._listening  # type: ignore[attr-defined]
        try:
            taken = sender.notify(title=subject, body=body, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # a plugin's own fault must not end the worker
            return Result(type(error).__name__)
        if heard.code:
            return Result(f"errcode {heard.code}", again=heard.code in _PASSING)
        if taken:
            return Result()
        status = heard.status
        if status is None:
            return Result("not taken")
        return Result(f"HTTP {status}", again=status >= 500 or status in (408, 425, 429))


class _Heard:
    """What one message met: the HTTP status that apprise logged, the error code in a body."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.code: int | None = None


# apprise sends in threads of its own, and takes the context along.
_heard: ContextVar[_Heard | None] = ContextVar("heard", default=None)


class _Listener(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        heard, match = _heard.get(), _STATUS.search(record.getMessage())
        if heard and match:
            heard.status = int(match[1])


class _Listening:
    """`requests` for the plugins of WeCom and DingTalk, which refuse with HTTP 200 and an errcode
    in the body; apprise takes that for success."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def post(self, *args: Any, **kwargs: Any) -> requests.Response:
        answer = requests.post(*args, **kwargs)  # noqa: S113 (the plugin gives its timeout)
        heard = _heard.get()
        with suppress(ValueError, AttributeError):
            code = answer.json().get("errcode")
            if heard and isinstance(code, int):
                heard.code = code
        return answer
