"""Hostile sites: bounded, told with the source's name, and no harm to other sources."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.integration.crawling import Crawl, crawl, names
from tests.integration.hostile import GOOD, FailingRobots, Handler, SilentRobots, serve
from tests.integration.serving import Answers, serving


def source(folder: Path, name: str, start: str, **more: object) -> None:
    fields = {"kind": "article", "allow_loopback": "true", "delay": 0, "timeout": 2, **more}
    lines = [f"name: {name}", f'start: ["{start}"]']
    lines += [f"{field}: {value}" for field, value in fields.items()]
    (folder / f"{name}.yaml").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    folder = tmp_path_factory.mktemp("hostile")
    Handler.agents.clear()  # other tests crawl its kin
    with serve(Handler) as site, serve(SilentRobots) as silent, serve(FailingRobots) as failing:
        hosts = "[169.254.169.254, 10.0.0.1]"
        source(folder, "hostile", f"{site}/list/", hosts=hosts, timeout=6)
        source(folder, "trap", f"{site}/trap/0", max_pages=40)
        source(folder, "silent", f"{silent}/list/")
        source(folder, "failing", f"{failing}/list/")
        source(folder, "good", f"{site}/trap/0", max_pages=4)
        os.environ["TINGCHAO_CONTACT"] = "mailto:crawler@body.example"
        Handler.agents.clear()  # of other tests in this process
        started = time.monotonic()
        found = crawl(folder / "o.jsonl", "--all", "--sources-dir", str(folder))
        assert time.monotonic() - started < 90
        del os.environ["TINGCHAO_CONTACT"]
    return found


def test_each_attack_is_counted_by_its_kind(crawled: Crawl) -> None:
    errors = crawled.summaries["hostile"]["errors"]
    # bomb, huge, endless; a slow machine meets the time limit before the size
    large, late = errors.pop("too large"), errors.pop("timeout")
    assert large >= 2 and late >= 1 and large + late == 4  # and the drip
    assert errors.pop("redirects") == 1
    assert errors.pop("address refused") == 2  # metadata, private
    assert crawled.summaries["hostile"]["skipped"] == {"offsite": 1}  # a redirect to another host
    assert errors.pop("broken off") == 1
    assert errors.pop("HTTP 302") == 1  # to a file
    assert errors.pop("layout", 0) <= 1  # what is broken may hold nothing at all
    assert errors == {}


def test_what_is_good_on_a_hostile_site_is_kept(crawled: Crawl) -> None:
    texts = {item["title"]: item["text"] for item in crawled.items if item["source"] == "hostile"}
    assert texts["抢修进行时"] == GOOD
    assert texts["标错编码的网页"] == GOOD
    assert not any("root:" in item["text"] for item in crawled.items)


def test_every_line_of_the_log_names_the_source(crawled: Crawl) -> None:
    lines = [line for line in crawled.log.splitlines() if line]
    assert lines and "Traceback" not in crawled.log
    assert [line for line in lines if "hostile" not in line and "silent" not in line
            and "failing" not in line] == []  # fmt: skip


def test_a_calendar_trap_ends_at_the_page_limit(crawled: Crawl) -> None:
    assert crawled.summaries["trap"]["pages"] == 40
    assert crawled.summaries["trap"]["skipped"]["max_pages"] > 0


def test_robots_that_cannot_be_had_close_the_site(crawled: Crawl) -> None:
    assert crawled.summaries["silent"]["why"] == "timeout"
    assert crawled.summaries["failing"]["why"] == "robots"
    assert crawled.summaries["silent"]["pages"] == crawled.summaries["failing"]["pages"] == 0


def test_other_sources_are_unharmed(crawled: Crawl) -> None:
    assert crawled.summaries["good"]["items"] == 2
    assert crawled.summaries["good"]["seconds"] < 30


def test_memory_stays_bounded(crawled: Crawl) -> None:
    """A page of 300 MB and a bomb of 200 MB passed through a process that stayed far below them."""
    assert crawled.peak_mb < 300


def test_the_user_agent_says_whom_to_write_to(crawled: Crawl) -> None:
    assert Handler.agents == {
        "Mozilla/5.0 (compatible; Tingchao/0.1; +mailto:crawler@body.example)"
    }


def entity_bomb() -> str:
    grow = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    entry = "<item><title>&a9;</title><link>http://127.0.0.1/x</link></item>"
    return (f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">{grow}'
            f'<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>{entry}'
            f"<item><title>&f;</title></item></channel></rss>")  # fmt: skip


def test_other_kinds_meet_bombs_and_forgeries(tmp_path: Path) -> None:
    """A feed of entities, a deep list, a page of another charset than it says; one good feed."""
    forged = f"<html><title>编码伪造</title><body><p>{GOOD}</p></body></html>".encode("gb18030")
    good = (f'<?xml version="1.0"?><rss version="2.0"><channel><item><title>正常条目</title>'
            f"<guid>1</guid><description>{GOOD}</description></item></channel></rss>")  # fmt: skip
    answers: Answers = {
        "/bomb.xml": entity_bomb(),
        "/deep": "[" * 200_000,
        "/forged": forged,
        "/good.xml": good,
        "/huge": '{"data": {"list": [' + '{"id": 1, "text": "' + "长" * 2_000_000 + '"}]}}',
    }
    kinds = {
        "bomb.xml": "feed",
        "deep": "posts",
        "huge": "hot",
        "forged": "page",
        "good.xml": "feed",
    }
    with serving(answers) as site:
        for path, kind in kinds.items():
            source(tmp_path, path, f"{site}/{path}", kind=kind, timeout=20)
        found = crawl(tmp_path / "o.jsonl", "--all", "--sources-dir", str(tmp_path))
    assert found.code == 0 and found.peak_mb < 350 and "Traceback" not in found.log
    titles = {item["source"]: item["title"] for item in found.items}
    assert titles["good.xml"] == "正常条目" and titles["forged"] == "编码伪造"
    assert next(i for i in found.items if i["source"] == "forged")["text"] == GOOD
    assert "root:" not in str(found.items) and "hahaha" * 9 not in str(found.items)
    assert found.summaries["deep"]["items"] == found.summaries["huge"]["items"] == 0
    for line in found.log.splitlines():
        assert any(name in line for name in kinds), line


def test_names_that_resolve_to_the_inside_are_never_connected_to(tmp_path: Path) -> None:
    """A start page's name, a redirect's; loopback only for the source that may go there."""
    known = names(
        tmp_path / "dns", inside="10.0.0.1", metadata="169.254.169.254", here="127.0.0.1",
    )  # fmt: skip
    with serve(Handler) as site:
        port = site.rsplit(":", 1)[1]
        for name in ("inside", "metadata", "here"):
            source(tmp_path, name, f"http://{name}.example:{port}/list/", allow_loopback="false")
        for name in ("inside", "here"):
            target = f"http://{name}.example:{port}/2026/1124/good_1.html"
            source(tmp_path, f"to-{name}", f"{site}/to/{target}", hosts=f"[{name}.example]")
        Handler.agents.clear()
        found = crawl(tmp_path / "o.jsonl", "--all", "--sources-dir", str(tmp_path), **known)
    why = {name: summary["why"] for name, summary in found.summaries.items()}
    assert why.pop("to-here") != "address refused"  # that source may go to loopback, by any name
    assert set(why.values()) == {"address refused"}, why
    assert all(f"{name}: " in found.log for name in why)
    assert found.summaries["inside"]["errors"] == {"address refused": 1}
