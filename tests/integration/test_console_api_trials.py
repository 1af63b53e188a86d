"""Trials of topics, rules and sources and saved searches by the REST API on the real stack."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from elasticsearch import AsyncElasticsearch

from crawlers.sources import load_source
from infra.accounts import Account
from infra.settings import PROJECT, Settings
from tests.integration.changing import BODY, News, serve
from tests.integration.inside import add_user, served
from tests.integration.rest import Client, audited, key_of, person, problem
from tests.integration.web import NAME, PASSWORD

RIGHTS = ("read", "correct", "rules", "sources")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECT / "config", tmp_path / "config"))


@pytest.fixture
def address(config: Settings, folder: Path) -> Iterator[str]:
    """A console with rules and sources of its own."""
    add_user(NAME, PASSWORD, "--role", "admin")
    with served(env={"TINGCHAO_CONFIG": str(folder), "TINGCHAO_STACK": "external"}) as found:
        yield found


@pytest.fixture
def api(address: str) -> Client:
    return Client(address, key_of("程序", *RIGHTS))


async def test_a_topic_is_tried_on_what_its_asker_may_see(
    landed: Account, api: Client, address: str, config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    tried = api("POST", "/watches/try", {"query": "爆炸"})
    assert tried.status_code == 200, tried.text
    found = tried.json()
    assert found["matched"] == len(found["hits"]) >= 2 and found["items"] > found["matched"]
    assert found["hits"][0].keys() == {"id", "title", "published_at"}
    assert sum("漳源" in hit["title"] for hit in found["hits"]) >= 2
    times = [hit["published_at"] for hit in found["hits"]]
    assert times == sorted(times, reverse=True)
    # One of them is older than the days asked about.
    index, old = f"{config.prefix}opinions", found["hits"][0]["id"]
    hits = await elasticsearch.search(index=index, query={"ids": {"values": [old]}})
    when = (datetime.now(UTC) - timedelta(days=10)).isoformat()
    await elasticsearch.update(
        index=hits["hits"]["hits"][0]["_index"], id=old, doc={"published_at": when}, refresh=True
    )
    for days, matched in ((5, found["matched"] - 1), (30, found["matched"])):
        again = api("POST", "/watches/try", {"query": "爆炸", "days": days}).json()
        assert again["matched"] == matched
    for body, place in (
        ({"query": "(爆炸"}, "$.query"), ({"query": "爆炸", "days": 31}, "$.days"),
        ({"query": "爆炸", "days": 0}, "$.days"), ({"query": ""}, "$.query"), ({}, "$.query"),
        ({"query": "爆炸", "departments": []}, "$.departments"),
    ):  # fmt: skip
        assert problem(api("POST", "/watches/try", body), 422)["place"] == place, body
    theirs = Client(address, key_of("信用", *RIGHTS, departments=("credit",)))
    add_user("sun", PASSWORD, "--role", "analyst", "--department", "credit")
    for other in (theirs, person(address, "sun")):
        seen = other("POST", "/watches/try", {"query": "爆炸"})
        assert seen.json()["matched"] == 0 and seen.json()["hits"] == [], seen.text
        assert "漳源" not in seen.text and seen.json()["items"] < found["items"]
    for name, *rights in (("只读", "read"), ("只改", "correct")):
        problem(Client(address, key_of(name, *rights))("POST", "/watches/try", {"query": "x"}), 403)
    assert api("GET", "/watches").json()["items"] == []  # a trial keeps nothing
    assert await audited(elasticsearch, config, action="watch") == []


async def test_rules_are_tried_and_stay_as_they_are(
    landed: Account, api: Client, address: str, folder: Path
) -> None:
    text = api("GET", "/rules/severity").json()["text"]
    # By this, whatever has a few points is of the highest level.
    harder = re.sub(r"(?m)^levels:.*$", "levels: {I: 4, II: 3, III: 2, IV: 1}", text)
    tried = api("POST", "/rules/severity/try", {"text": harder})
    assert tried.status_code == 200 and "电价上涨" in tried.json()["said"], tried.text
    same = api("POST", "/rules/severity/try", {"text": text, "since": "1d"})
    assert same.status_code == 200 and "电价上涨" not in same.json()["said"], same.text
    many = api("GET", "/rules/rules").json()["text"]
    assert "共" in api("POST", "/rules/rules/try", {"text": many}).json()["said"]
    assert problem(api("POST", "/rules/severity/try", {"text": text + "\nx: [\n"}), 422)["line"]
    wrong = problem(api("POST", "/rules/rules/try", {"text": many, "since": "soon"}), 422)
    assert "soon" in wrong["detail"] and "Traceback" not in wrong["detail"]
    problem(api("POST", "/rules/routing/try", {"text": (folder / "routing.yaml").read_text()}), 404)
    problem(api("POST", "/rules/nope/try", {"text": text}), 404)
    with ThreadPoolExecutor(4) as pool:  # it reads all of the history: one at a time
        asked = [{"text": text}] * 4
        answers = list(pool.map(lambda b: api("POST", "/rules/severity/try", b), asked))
    assert Counter(each.status_code for each in answers) == {200: 1, 429: 3}
    assert all("retry-after" in each.headers for each in answers if each.status_code == 429)
    for name, *rights in (("只读", "read"), ("只规则", "rules")):
        blind = Client(address, key_of(name, *rights))
        problem(blind("POST", "/rules/severity/try", {"text": text}), 403)
    whose = Client(address, key_of("处室", "read", "rules", departments=("credit",)))
    problem(whose("POST", "/rules/severity/try", {"text": text}), 403)
    assert (folder / "severity.yaml").read_text("utf-8") == text


async def test_a_source_is_tried_and_saved(
    config: Settings, folder: Path, elasticsearch: AsyncElasticsearch
) -> None:
    news = News()
    news.articles |= {n: f"{BODY}第{n}条。" for n in range(4, 9)}
    env = {"TINGCHAO_CONFIG": str(folder), "TINGCHAO_STACK": "external"}
    loopback = env | {"TINGCHAO_CONSOLE_LOOPBACK": "1"}
    with serve(news) as site, served(env=loopback) as address:
        api = Client(address, key_of("程序", *RIGHTS))
        tried = api("POST", "/sources/try", {"url": f"{site}/list/"})
        assert tried.status_code == 200 and tried.json()["found"]["guess"] == "list", tried.text
        draft = re.sub("name: .*", "name: local-news", tried.json()["draft"])
        saved = api("POST", "/sources", {"draft": draft.replace("\n", "\r\n")})
        assert saved.status_code == 201 and saved.json() == {"source": "local-news"}, saved.text
        assert load_source(folder / "sources" / "local-news.yaml").start == [f"{site}/list/"]
        assert "已经有了" in problem(api("POST", "/sources", {"draft": draft}), 422)["detail"]
        reader = Client(address, key_of("只读", "read"))
        problem(reader("POST", "/sources/try", {"url": site}), 403)
        problem(reader("POST", "/sources", {"draft": draft}), 403)
    told = await audited(elasticsearch, config, action="source", outcome="done")
    assert [(line["actor"], line["object"]) for line in told] == [("key:程序", "local-news")]


def test_what_of_a_source_may_not_be(api: Client, folder: Path) -> None:
    news = News()
    before = sorted((folder / "sources").iterdir())
    with serve(news) as site:
        for url in (f"{site}/list/", "http://169.254.169.254/"):
            tried = api("POST", "/sources/try", {"url": url}).json()
            assert tried["found"] is None and tried["draft"] == ""
            assert tried["why"].startswith("address refused")
    for url in ("file:///etc/passwd", "--help", " ", "http://[", "x" * 2_049):
        assert problem(api("POST", "/sources/try", {"url": url}), 422)["place"] == "$.url", url
    entry = "name: x\nkind: article\nstart: [https://news.example.org/]\n"
    for draft in (entry + "allow_loopback: true\n", "name: x\nkind: drop\nfolder: /etc\n",
                  entry.replace("name: x", "name: ../x"), "{", " "):  # fmt: skip
        assert problem(api("POST", "/sources", {"draft": draft}), 422)["place"] == "$.draft", draft
    assert sorted((folder / "sources").iterdir()) == before and news.asked == []


def test_searches_are_saved_by_people_for_themselves(api: Client, address: str) -> None:
    zhang = person(address)
    asked = {"name": "电价", "asked": "q=电价+上涨&since=7d&page=3&csrf=x"}
    made = zhang("POST", "/saved-searches", asked)
    assert made.status_code == 201 and made.json()["owner"] == NAME, made.text
    assert "since=7d" in made.json()["asked"] and "csrf" not in made.json()["asked"]
    shared = zhang("POST", "/saved-searches", asked | {"name": "大家的", "shared": True}).json()
    assert zhang("GET", "/saved-searches").json()["items"] == sorted(
        (made.json(), shared), key=lambda each: str(each["name"])
    )
    problem(zhang("POST", "/saved-searches", asked), 409)
    problem(zhang("POST", "/saved-searches", asked | {"name": "空", "asked": "page=2"}), 400)
    for body in (asked | {"name": ""}, asked | {"owner": "x"}, asked | {"name": "长" * 61}, {}):
        problem(zhang("POST", "/saved-searches", body), 422)
    add_user("reader", PASSWORD, "--role", "viewer")
    reader = person(address, "reader")
    assert reader("GET", "/saved-searches").json()["items"] == [shared]
    problem(reader("POST", "/saved-searches", asked | {"shared": True}), 403)
    own = f"/saved-searches/{made.json()['id']}"
    for path in (own, f"/saved-searches/{shared['id']}", "/saved-searches/nope"):
        problem(reader("DELETE", path), 404)
    for method, path in (("GET", ""), ("POST", ""), ("DELETE", f"/{shared['id']}")):
        told = problem(api(method, f"/saved-searches{path}", asked), 403)
        assert "密钥" in told["detail"]
    assert zhang("DELETE", own).status_code == 204
    problem(zhang("DELETE", own), 404)
    assert zhang("GET", "/saved-searches").json()["items"] == [shared]
