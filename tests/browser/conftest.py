"""A real browser before the real console, over the demo corpus on the real stack."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.integration.web import NAME, PASSWORD, add_user, served

FONTS = "Noto Sans CJK"


@dataclass(frozen=True)
class Demo:
    """The console's address; where pictures of its pages are left."""

    address: str
    pictures: Path


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's: `apt install chromium fonts-noto-cjk`."""
    found = shutil.which("chromium")
    if found is None:
        assert os.environ.get("TINGCHAO_TEST_COMPLETE") != "1", "chromium is missing"
        pytest.skip("chromium is not installed (Debian: chromium, fonts-noto-cjk)")
    return found


@pytest.fixture(scope="session")
def demo(chromium: str, corpus: dict[str, str]) -> Iterator[Demo]:
    """A console that shows the demo corpus."""
    add_user(NAME, PASSWORD, "--role", "admin", "--name", "值班员", env=corpus)
    with served(env=corpus) as address:
        pictures = Path(os.environ.get("TINGCHAO_TEST_PICTURES") or tempfile.mkdtemp())
        pictures.mkdir(parents=True, exist_ok=True)
        yield Demo(address, pictures)
        print(f"pictures of the pages: {pictures}")


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield found
        await found.close()


@pytest.fixture
async def context(browser: Browser, demo: Demo) -> AsyncIterator[BrowserContext]:
    found = await browser.new_context(base_url=demo.address, locale="zh-CN",
                                      viewport={"width": 1280, "height": 900})  # fmt: skip
    found.set_default_timeout(15_000)
    entered = await found.request.post("/login", form={"name": NAME, "password": PASSWORD})
    assert entered.ok and "/login" not in entered.url
    yield found
    await found.close()


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """Pictures without one show boxes."""
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True)
    if FONTS not in listed.stdout:
        assert os.environ.get("TINGCHAO_TEST_COMPLETE") != "1", "a Chinese font is missing"
        pytest.skip("no Chinese font is installed (Debian: fonts-noto-cjk)")
