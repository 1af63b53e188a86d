"""Every page opened in a browser: no error, accessible, readable on a phone, pictures kept."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page

from tests.browser.conftest import Demo

PAGES = (
    "/", "/search?q=电价", "/alerts", "/sources", "/intake", "/intake/report", "/rules",
    "/rules/severity", "/watches", "/dead-letters", "/deliveries",
)  # fmt: skip
SERIOUS = ("serious", "critical")
PHONE = {"width": 375, "height": 800}


async def found_at(page: Page, listed: str, selector: str) -> str:
    """The address behind the first link of `listed` that matches."""
    await page.goto(listed)
    found = await page.locator(selector).first.get_attribute("href")
    assert found
    return found


@pytest.mark.usefixtures("chinese_font")
async def test_every_page_in_a_browser(demo: Demo, context: BrowserContext) -> None:
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}")
            if said.type == "error" else None)  # fmt: skip
    axe = Axe()
    details = [
        await found_at(page, "/alerts", "a[href^='/alerts/']"),
        await found_at(page, "/", "a[href^='/events/']"),
        await found_at(page, "/", "a[href^='/clusters/']"),
    ]
    for path in (*PAGES, *details):
        answer = await page.goto(path)
        assert answer and answer.status == 200, (path, await page.content())
        name = re.sub(r"/[0-9a-f]{32}$", "-one", path.split("?")[0]).strip("/").replace("/", "-")
        name = name or "home"
        await page.screenshot(path=demo.pictures / f"{name}.png", full_page=True)
        wrong = (await axe.run(page)).response["violations"]
        told = [f"{path}: {each['id']}: {each['nodes'][0]['html'][:200]}"
                for each in wrong if each["impact"] in SERIOUS]  # fmt: skip
        assert not told, told
        await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} pixels too wide for a phone"
        await page.screenshot(path=demo.pictures / f"{name}-phone.png")
        await page.set_viewport_size({"width": 1280, "height": 900})
    assert not faults, faults
