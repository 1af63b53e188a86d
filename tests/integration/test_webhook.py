"""A webhook whose other side is strange or hostile: bounded, and nothing else is asked."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from streams.webhook import send
from tests.integration.receivers import http


async def _sent(path: str, answer: tuple[int, dict[str, str], object]) -> tuple[str, bool, int]:
    """(error, again, requests that came in) of one attempt."""
    async with http() as web, aiohttp.ClientSession() as session:
        web.answers[path] = [answer]
        result = await asyncio.wait_for(
            send(session, f"http://{web.address}{path}", "s", "id", b"{}"), 10
        )
        return result.error, result.again, sum(map(len, web.got.values()))


@pytest.mark.parametrize("target", ["/other", "http://169.254.169.254/latest/meta-data", "file:/x"])
async def test_a_redirect_is_a_failure_and_is_not_followed(target: str) -> None:
    assert await _sent("/moved", (307, {"location": target}, {})) == ("HTTP 307", False, 1)


async def test_what_is_answered_is_not_read() -> None:
    assert await _sent("/big", (200, {}, "x" * 10_000_000)) == ("", True, 1)
    assert await _sent("/wide", (200, {"x-wide": "x" * 100_000}, {})) != ("", True, 1)


@pytest.mark.parametrize(
    ("url", "secret", "error"),
    [
        ("http://127.0.0.1:9/", "whsec_abc", "the secret after whsec_ is no base64"),
        ("ftp://127.0.0.1/", "s", "NonHttpUrlClientError"),
        ("http://", "s", "InvalidUrlClientError"),
    ],
)
async def test_a_wrong_setting_is_a_failure_for_good(url: str, secret: str, error: str) -> None:
    async with aiohttp.ClientSession() as session:
        result = await send(session, url, secret, "id", b"{}")
    assert (result.error, result.again) == (error, False)
