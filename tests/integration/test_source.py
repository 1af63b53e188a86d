"""`tingchao source …` as a person uses it, against the demo site."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import PROJECT
from tests.integration.crawling import command, crawl, environment, site


def source(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("source", *arguments), cwd=PROJECT, env=environment(), capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with site("demo-site") as address:
        yield address


@pytest.mark.parametrize(
    ("path", "guess"),
    [("/hczx/index.asp", "list"), ("/hsw/", "list"), ("/zhsq/forum-1-1.html", "list"),
     ("/jgck/feed.xml", "feed"), ("/nowhere", None)],
)  # fmt: skip
def test_the_kind_of_a_page_is_guessed(demo: str, path: str, guess: str | None) -> None:
    done = source("try", f"{demo}{path}", "--allow-loopback", "--json")
    told = json.loads(done.stdout)
    if guess is None:
        assert done.returncode == 3 and told == {
            "found": None,
            "why": "HTTP 404",
            "name": "",
            "draft": "",
        }
        return
    found = told["found"]
    assert found["guess"] == guess, done.stdout
    assert len(found["links"]) >= 4
    assert len(found["samples"]) == 3 and all(s["title"] and s["text"] for s in found["samples"])


def test_an_article_is_told_from_a_list(demo: str) -> None:
    listed = json.loads(
        source("try", f"{demo}/hczx/index.asp", "--allow-loopback", "--json").stdout
    )
    article = listed["found"]["links"][0]
    found = json.loads(source("try", article, "--allow-loopback", "--json").stdout)["found"]
    assert found["guess"] == "article" and found["samples"][0]["title"]
    assert found["samples"][0] == listed["found"]["samples"][0]


def test_a_draft_can_be_checked_and_crawled_at_once(demo: str, tmp_path: Path) -> None:
    folder = ("--sources-dir", str(tmp_path))
    for path, kind, name in (("/zhsq/forum-1-1.html", "thread", "bbs"), ("/hsw/", "article", "")):
        done = source("add", f"{demo}{path}", "--allow-loopback", "--name", name, *folder)
        assert done.returncode == 0, done.stderr
        assert f"kind: {kind}" in done.stdout
    assert source("check", *folder).returncode == 0
    found = crawl(tmp_path / "o.jsonl", "127.0.0.1", *folder)
    assert found.code == 0 and found.summaries["127.0.0.1"]["items"] > 3
    again = source("add", f"{demo}/hsw/", "--allow-loopback", "--name", "bbs", *folder)
    assert again.returncode == 0 and (tmp_path / "bbs-2.yaml").exists()  # never over another


def test_a_private_address_is_not_tried(demo: str) -> None:
    done = source("try", f"{demo}/hsw/")
    assert done.returncode == 1 and "address refused" in done.stderr


def test_check_names_every_fault_with_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "name: x y\nkind: article\nstart:\n  - ftp://a/\nselectors:\n  links: 'a[['\nevery: soon\n"
    )
    (tmp_path / "broken.yaml").write_text("name: [\n")
    (tmp_path / "gbk.yaml").write_bytes("name: a\ntitle: 来源\n".encode("gbk"))
    done = source("check", "--sources-dir", str(tmp_path))
    assert done.returncode == 1
    for line in ("wrong.yaml, line 1: name", "wrong.yaml, line 3: start", "line 6: selectors.links",
                 "wrong.yaml, line 7: every", "broken.yaml, line 2", "gbk.yaml, line 2: not UTF-8"
                 ):  # fmt: skip
        assert line in done.stdout, done.stdout
    assert source("check").returncode == 0  # those that are shipped


def test_list_shows_what_a_crawl_met(demo: str, tmp_path: Path) -> None:
    folder, memory = tmp_path / "sources", str(tmp_path / "m.sqlite")
    folder.mkdir()
    for name, path in (("good", "/hsw/"), ("gone", "/nowhere/")):
        (folder / f"{name}.yaml").write_text(
            f'name: {name}\nkind: article\nstart: ["{demo}{path}"]\ndelay: 0\n'
            "allow_loopback: true\n"
        )
    options = ("--sources-dir", str(folder), "--memory", memory)
    crawl(tmp_path / "o.jsonl", "--all", *options)
    listed = source("list", *options, "--json")
    states = {s["source"]: s for s in map(json.loads, listed.stdout.splitlines())}
    assert states["good"]["status"] == "fine"
    assert (states["gone"]["status"], states["gone"]["cause"], states["gone"]["detail"]) == (
        "broken", "gone", "HTTP 404",
    )  # fmt: skip
    (folder / "bad.yaml").write_text("name: bad\n")
    listed = source("list", *options)
    assert listed.returncode == 1 and "good" in listed.stdout and "bad.yaml" in listed.stderr


def test_a_reset_of_the_stack_forgets_what_was_published(tmp_path: Path) -> None:
    (tmp_path / "crawl.sqlite").write_bytes(b"")
    (tmp_path / "author.key").write_text("key")
    done = subprocess.run(
        command("stack", "reset", "--yes"), cwd=PROJECT, capture_output=True, text=True,
        env={**environment(), "TINGCHAO_DATA": str(tmp_path), "TINGCHAO_STACK": "local"},
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "crawl.sqlite").exists() and (tmp_path / "author.key").exists()
