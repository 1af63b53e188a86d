"""A source is added in the console: tried, looked at, saved; and what may not be."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawlers.sources import load_source
from infra.settings import PROJECT, Settings
from tests.integration.changing import BODY, News, serve
from tests.integration.inside import add_user, served
from tests.integration.web import NAME, PASSWORD, web


@contextmanager
def console(folder: Path, **more: str) -> Iterator[str]:
    """A console with a configuration of its own; `folder` gets its sources."""
    shutil.copytree(PROJECT / "config", folder, dirs_exist_ok=True)
    add_user(NAME, PASSWORD, "--role", "admin")
    env = {"TINGCHAO_CONFIG": str(folder), "TINGCHAO_STACK": "external"} | more
    with served(env=env) as address:
        web.cookies.clear()
        web.login(address)
        yield address


def draft_of(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert found, page
    return html.unescape(found[1])


def test_an_address_is_tried_looked_at_and_saved(config: Settings, tmp_path: Path) -> None:
    news, folder = News(), tmp_path / "config"
    news.articles |= {n: f"{BODY}第{n}条。" for n in range(4, 9)}
    with serve(news) as site, console(folder, TINGCHAO_CONSOLE_LOOPBACK="1") as address:
        assert "/sources" in web.get(address, timeout=30).text
        tried = web.post(
            f"{address}/sources/try", data={"url": f"{site}/list/"}, timeout=90
        )  # fmt: skip
        assert tried.status_code == 200 and "列表页" in tried.text
        assert (
            "城区供电抢修进展通报第1号" in tried.text and "供电抢修人员正在更换变压器" in tried.text
        )
        assert "<script>" not in tried.text
        draft = re.sub("name: .*", "name: local-news", draft_of(tried.text))
        saved = web.post(f"{address}/sources/save", data={"draft": draft}, timeout=60)
        assert saved.status_code == 200 and saved.url.endswith("/sources")
        assert "已保存 local-news" in saved.text
        source = load_source(folder / "sources" / "local-news.yaml")
        assert source.start == [f"{site}/list/"] and source.kind == "article"
        twice = web.post(f"{address}/sources/save", data={"draft": draft}, timeout=60)
        assert twice.status_code == 422 and "已经有了" in twice.text
        assert draft_of(twice.text) == draft  # nothing has to be typed again
    assert not list((folder / "sources").glob(".*"))


def test_what_may_not_be_tried_or_saved(config: Settings, tmp_path: Path) -> None:
    news, folder = News(), tmp_path / "config"
    with serve(news) as site, console(folder) as address:
        before = sorted((folder / "sources").iterdir())
        for url in (f"{site}/list/", "http://169.254.169.254/", "http://localhost:9200/"):
            tried = web.post(f"{address}/sources/try", data={"url": url}, timeout=90)
            assert "没有读到：address refused" in tried.text and "<textarea" not in tried.text
        for url in ("file:///etc/passwd", "", "--help"):
            tried = web.post(f"{address}/sources/try", data={"url": url}, timeout=90)
            assert tried.status_code == 422 and "http" in tried.text
        entry = "name: x\nkind: article\nstart: [https://news.example.org/]\n"
        for wrong, why in {
            entry + "allow_loopback: true\n": "allow_loopback",
            "name: x\nkind: drop\nfolder: /etc\n": "kind: drop",
            entry + "folder: /etc\n": "文件夹",
            entry.replace("name: x", "name: ../x"): "name",
            entry + "delay: fast\n": "delay",
            "{": "YAML",
            entry + "#" * 21_000: "太长",
        }.items():
            answer = web.post(f"{address}/sources/save", data={"draft": wrong}, timeout=60)
            assert answer.status_code == 422 and why.lower() in answer.text.lower(), answer.text
        elsewhere = web.post(
            f"{address}/sources/save", data={"draft": entry}, timeout=60,
            headers={"Origin": "https://evil.example"},
        )  # fmt: skip
        assert elsewhere.status_code == 403
        huge = web.post(f"{address}/sources/save", data={"draft": "#" * 70_000}, timeout=60)
        assert huge.status_code == 413
        assert sorted((folder / "sources").iterdir()) == before
    assert news.asked == []
