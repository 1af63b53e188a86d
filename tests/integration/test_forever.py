"""The schedule: each source at its interval, and none waits for another."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import psutil
import pytest
import requests

from crawlers import job
from crawlers.job import Job
from crawlers.sources import load_source
from tests.integration.changing import BODY, News, serve, write_source
from tests.integration.crawling import environment, forever, until
from tests.integration.hostile import SilentRobots
from tests.integration.hostile import serve as hostile


def runs(state: Path, source: str) -> int:
    if not state.exists():
        return 0
    with sqlite3.connect(state) as connection:
        try:
            query = "SELECT count(*) FROM runs WHERE source = ?"
            return int(connection.execute(query, (source,)).fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0


def test_each_source_runs_at_its_interval_and_a_hanging_one_delays_none(tmp_path: Path) -> None:
    folder, out, log = tmp_path / "sources", tmp_path / "o.jsonl", tmp_path / "log"
    folder.mkdir()
    state = Path(f"{out}.sqlite")
    news, other = News(), News()
    with serve(news) as site, serve(other) as second, hostile(SilentRobots) as hanging:
        write_source(folder, "news", site, every="2s")
        write_source(folder, "hangs", hanging, every="2s", timeout=600)
        (folder / "broken.yaml").write_text("name: broken\nkind: nothing\n", "utf-8")
        options = ("--sources-dir", str(folder), "--out", str(out), "--jobs", "2")
        with forever(log, *options) as process:
            until(lambda: runs(state, "news") >= 3)
            news.articles[4] = BODY + "第4条。"
            until(lambda: len(out.read_text("utf-8").splitlines()) == 4)
            write_source(folder, "later", second, every=2)  # while it runs
            until(lambda: runs(state, "later") >= 1)
            metrics = log.read_text("utf-8").split("metrics ")[1].split()[0]
            until(
                lambda: 'source="news",status="fine"} 1.0' in requests.get(metrics, timeout=5).text
            )
            told = requests.get(metrics, timeout=5).text
            assert 'tingchao_source_items_total{source="news"} 4.0' in told
            assert 'tingchao_source_runs_total{outcome="all_seen",source="news"}' in told
            children = psutil.Process(process.pid).children()
            started = time.monotonic()
            process.terminate()
            assert process.wait(60) == 0
            assert time.monotonic() - started < 40
        assert not any(child.is_running() for child in children)
    told = log.read_text("utf-8")
    assert "broken.yaml, line 2: kind" in told and told.count("broken.yaml") == 1
    titles = [json.loads(line)["title"] for line in out.read_text("utf-8").splitlines()]
    assert len(titles) == 7 and len(set(titles)) == 4  # 1 to 4 of news, 1 to 3 of later
    assert "all seen" in told and "Traceback" not in told
    assert runs(state, "hangs") == 0  # it hung all the time


def test_the_interval_survives_a_restart(tmp_path: Path) -> None:
    folder, out = tmp_path / "sources", tmp_path / "o.jsonl"
    folder.mkdir()
    news = News()
    with serve(news) as site:
        write_source(folder, "news", site, every="1h")
        options = ("--sources-dir", str(folder), "--out", str(out))
        with forever(tmp_path / "log", *options):
            until(lambda: runs(Path(f"{out}.sqlite"), "news") == 1)
        asked = len(news.asked)
        with forever(tmp_path / "log", *options):
            time.sleep(4)
    assert len(news.asked) == asked


def test_a_crawl_past_its_limit_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "GRACE", 1.0)
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    with hostile(SilentRobots) as site:
        path = write_source(tmp_path, "hangs", site, timeout=600, limit=3)
        hanging = Job(load_source(path), path, ["--out", str(tmp_path / "o")])
        until(hanging.done, 30)
    found, own = hanging.summary()
    assert (found.source, found.why) == ("hangs", "time limit") or own
    assert found.seconds < 20
