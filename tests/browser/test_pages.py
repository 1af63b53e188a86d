"""Every page opened in a browser: no error, accessible, readable on a phone, pictures kept."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Demo
from tests.integration.web import NAME, PASSWORD

PAGES = (
    "/", "/search?q=电价", "/search/saved", "/alerts", "/events", "/sources", "/intake",
    "/intake/report", "/intake/import", "/rules",
    "/rules/severity", "/watches", "/dead-letters", "/deliveries", "/me", "/accounts",
    "/accounts/tester", "/audit",
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
        await found_at(page, "/search?q=爆炸", "a[href^='/items/']"),
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
    for name, path in (("home", "/"), ("search", "/search?q=电价"), ("alert", details[0])):
        await page.emulate_media(color_scheme="dark")
        await page.goto(path)
        wrong = (await axe.run(page)).response["violations"]
        told = [f"{path}: {each['id']}: {each['nodes'][0]['html'][:200]}"
                for each in wrong if each["impact"] in SERIOUS]  # fmt: skip
        assert not told, told
        await page.screenshot(path=demo.pictures / f"{name}-dark.png", full_page=True)
    assert not faults, faults


async def test_keys_and_the_switch_of_colours(demo: Demo, context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto("/")
    await expect(page.locator("#live")).to_have_text("自动更新")
    # Somebody answers elsewhere: the page is read again, and still says that it is alive.
    await page.evaluate("document.querySelector('main').dataset.old = 1")
    there = await context.new_page()
    await there.goto("/alerts?status=open")
    await there.locator("[data-row=a]").last.click()
    await expect(there.locator(".flash")).to_contain_text("1 条")
    await there.close()
    await expect(page.locator("main:not([data-old]) #live")).to_have_text("自动更新")
    await page.keyboard.press("/")
    await page.keyboard.type("电价")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/search?q=*")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await page.wait_for_url("**/alerts")
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.closest('main tbody a') !== null")
    await page.click("#theme")
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.reload()
    assert ground == await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_a_duty_officer_answers_without_scripts(demo: Demo, browser: Browser) -> None:
    """Logs in, finds the gravest alert, acknowledges, hands an item in; JavaScript is off."""
    context = await browser.new_context(base_url=demo.address, java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto("/alerts")
    assert "/login?next=/alerts" in page.url
    await page.fill("input[name=name]", NAME)
    await page.fill("input[name=password]", PASSWORD)
    await page.click("main button")
    assert page.url.endswith("/alerts")
    await page.click("a[href^='/alerts/']")
    await page.fill("input[name=note]", "已派人核实")
    await page.click("text=确认收到")
    assert "值班员" in await page.inner_text("main") and "已派人核实" in await page.content()
    await page.click("nav >> text=报送")
    await page.fill("textarea[name=words]", "群众反映小区停电两天")
    await page.click("main >> button")
    assert "已收到" in await page.inner_text("main")
    await page.click("text=退出")
    assert "/login" in page.url
    await page.goto("/alerts")
    assert "/login" in page.url
    await context.close()


async def test_a_time_is_chosen_by_dragging_over_the_bars(
    demo: Demo, context: BrowserContext
) -> None:
    page = await context.new_page()
    await page.goto("/search?q=小区")
    before = int((await page.inner_text("main h2 small")).split()[0])
    bars = page.locator(".times a")
    count = await bars.count()
    assert count > 4
    box = await page.locator(".times svg").bounding_box()
    assert box
    wide, middle = box["width"] / count, box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + wide * (count - 3.5), middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + wide * (count - 0.5), middle, steps=5)
    assert await page.locator(".times a.chosen").count() == 4
    await page.screenshot(path=demo.pictures / "search-dragging.png")
    await page.mouse.up()
    await page.wait_for_url("**/search?*since=*until=*")
    after = int((await page.inner_text("main h2 small")).split()[0])
    assert 0 < after < before
    await page.click("text=不限时间")
    assert int((await page.inner_text("main h2 small")).split()[0]) == before
    # A click on one bar is a link; what lies under the pointer is what is opened.
    wanted = await bars.nth(count - 1).get_attribute("href")
    await bars.nth(count - 1).locator("rect.reach").click()
    await page.wait_for_url("**/search?*since=*")
    assert wanted and page.url.endswith(wanted)


async def test_an_analyst_corrects_an_item(demo: Demo, context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto(await found_at(page, "/search?q=充电桩", "a[href^='/items/']"))
    form = page.locator("#attitude")
    await form.locator("summary").click()
    await form.locator("select[name=value]").select_option("positive")
    await form.locator("input[name=note]").fill("说的是好事")
    await form.get_by_text("保存更正").click()
    await page.wait_for_url("**#attitude")
    said = await page.inner_text("main")
    assert "更正：说的是好事" in said and "值班员" in said.split("更正：说的是好事")[0][-40:]
    await form.locator("summary").click()
    assert await form.locator("select[name=value]").input_value() == "positive"
    await page.screenshot(path=demo.pictures / "item-corrected.png", full_page=True)


async def test_alerts_are_answered_by_key_and_by_tick(demo: Demo, context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto("/alerts?status=open")
    row = page.locator("main tbody tr").nth(1)
    title = await row.locator("a").inner_text()
    await row.locator("a").focus()
    await page.keyboard.press("a")
    await expect(page.locator(".flash")).to_contain_text("已确认收到 1 条")
    assert title not in await page.locator("main tbody").inner_text()
    for at in (0, 1):
        await page.locator("main tbody tr").nth(at).locator("input[name=id]").check()
    await page.fill("input[name=note]", "统一核实")
    await page.locator("select[name=person]").select_option("duty-b")
    await page.click("button[value=assign]")
    await expect(page.locator(".flash")).to_contain_text("已交办 2 条")
    assert "值班员乙" in await page.locator("main tbody").inner_text()
