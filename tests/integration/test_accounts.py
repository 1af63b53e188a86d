"""Accounts as people and attackers meet them: logins, tokens, departments, keys, the record."""

from __future__ import annotations

import re
import time

import pyotp
import pytest
import requests
from elasticsearch import AsyncElasticsearch

from infra.accounts import Account
from infra.settings import Settings
from infra.stack import Endpoints
from tests.integration.crawling import tingchao
from tests.integration.inside import add_user
from tests.integration.web import NAME, PASSWORD, Web, web

NEW = "another long password"


def stranger(address: str, name: str, password: str, **more: str) -> requests.Response:
    given = {"name": name, "password": password, **more}
    return requests.post(f"{address}/login", given, timeout=30, allow_redirects=False)


async def test_who_may_in(console: str, config: Settings) -> None:
    asked = requests.get(f"{console}/search?q=电价", timeout=30, allow_redirects=False)
    assert asked.status_code == 303
    assert asked.headers["location"].startswith("/login?next=/search%3Fq%3D")
    assert requests.get(f"{console}/static/console.css", timeout=30).ok
    for name, password in ((NAME, "wrong"), ("nobody", PASSWORD), ("", ""), (NAME, "x" * 10_000)):
        refused = stranger(console, name, password)
        assert refused.status_code == 401 and "不对" in refused.text and not refused.cookies
    for to, goes in (("/alerts", "/alerts"), ("//evil.example", "/"), ("https://evil.example", "/"),
                     ("/\\evil.example", "/"), ("/a\r\nx: y", "/")):  # fmt: skip
        entered = stranger(console, NAME, PASSWORD, next=to)
        assert entered.status_code == 303 and entered.headers["location"] == goes, to
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    for _ in range(10):
        stranger(console, "guessed", "wrong wrong")
    for _ in range(45):  # right ones are not counted, however many sit behind one address
        web.login(console)
    limited = stranger(console, "guessed", "wrong wrong")
    assert limited.status_code == 429 and int(limited.headers["retry-after"]) > 60
    crossed = web.post(f"{console}/me/sessions", {}, headers={"origin": "http://evil.example"})
    assert crossed.status_code == 403


async def test_a_first_password_is_changed(console: str, config: Settings) -> None:
    made = web.post(f"{console}/accounts/add", {"id": "wang", "name": "王五", "roles": "viewer"})
    first = re.search(r"<code>([a-z2-9-]{23})</code>", made.text)
    assert first, made.text
    one, two = Web().login(console, "wang", first[1]), Web().login(console, "WANG", first[1])
    assert "请先把一次性密码换成自己的密码" in one.get(f"{console}/alerts").text
    for new, again, said in (
        ("short", "short", "10 到 200"), (NEW, NEW + "x", "不一样"), ("wangwangwangwang", "", ""),
        (first[1], first[1], "不一样"),
    ):  # fmt: skip
        wrong = one.post(
            f"{console}/me/password", {"old": first[1], "new": new, "again": again or new}
        )
        assert wrong.status_code == 422 and said in wrong.text
    done = one.post(f"{console}/me/password", {"old": first[1], "new": NEW, "again": NEW})
    assert "已保存" in done.text
    assert "登录" in two.get(f"{console}/alerts").text and "未办结" not in two.get(console).text
    assert one.get(f"{console}/accounts").status_code == 403
    token = one.get(f"{console}/me").text
    one.token = re.findall(r'name="csrf" value="([\w-]+)"', token)[0]
    assert one.post(f"{console}/accounts/add", {"id": "x", "roles": "admin"}).status_code == 403
    seen = web.get(f"{console}/accounts/wang").text
    version = re.search(r'name="version" value="([\d.]+)"', seen)
    assert version
    given = {"id": "wang", "name": "王五", "roles": "analyst", "version": version[1]}
    assert web.post(f"{console}/accounts/save", given).ok
    late = web.post(f"{console}/accounts/save", given | {"roles": "office"})
    assert late.status_code == 409 and "analyst" in late.text
    assert one.get(f"{console}/watches").ok
    tingchao("user", "disable", "wang")
    assert "登录名" in one.get(f"{console}/watches").text
    own = {"id": NAME, "name": "", "roles": "viewer", "version": ""}
    assert web.post(f"{console}/accounts/save", own).status_code == 409
    told = web.get(f"{console}/audit?actor=tester").text
    assert "添加账号" in told and "修改账号" in told and NEW not in told and first[1] not in told


async def test_one_time_codes_count_once(console: str, config: Settings) -> None:
    add_user("zhao", PASSWORD, "--role", "viewer")
    zhao = Web().login(console, "zhao")
    page = zhao.get(f"{console}/me").text
    secret = re.search(r'name="secret" value="(\w+)"', page)
    assert secret and "<svg" in page
    totp = pyotp.TOTP(secret[1])
    given = {"secret": secret[1], "old": PASSWORD}
    assert zhao.post(f"{console}/me/totp", given | {"code": "000000"}).status_code == 422
    code = totp.now()
    assert "已开通" in zhao.post(f"{console}/me/totp", given | {"code": code}).text
    assert stranger(console, "zhao", PASSWORD).status_code == 401
    assert stranger(console, "zhao", PASSWORD, code=code).status_code == 401  # used
    later = totp.at(time.time() + 30)
    assert stranger(console, "zhao", PASSWORD, code=later).status_code == 303
    assert stranger(console, "zhao", PASSWORD, code=later).status_code == 401


async def test_what_was_typed_outlives_the_session(console: str, config: Settings) -> None:
    typed = {"reporter": "张三", "words": "写了很久的<b>说明\n第二行", "csrf": "old"}
    refused = requests.post(f"{console}/intake", typed, timeout=30)
    assert refused.status_code == 401 and "您填写的内容还在" in refused.text
    body = re.search(r'name="body" value="([^"]+)"', refused.text)
    assert body
    kept = stranger(console, NAME, PASSWORD, next="/intake", body=body[1].replace("&amp;", "&"))
    assert kept.status_code == 200 and "写了很久的&lt;b&gt;说明\n第二行" in kept.text
    stale = requests.Session.post(web, f"{console}/intake", typed)
    assert stale.status_code == 403 and "上一次登录" in stale.text and "写了很久的" in stale.text
    assert requests.Session.post(web, f"{console}/accounts/add", {"id": "x"}).status_code == 403


async def test_a_department_sees_its_own_only(
    landed: Account, console: str, config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    for index in ("alerts", "events"):
        await elasticsearch.indices.refresh(index=config.prefix + index)
    alerts = await elasticsearch.search(index=f"{config.prefix}alerts", size=10)
    events = await elasticsearch.search(index=f"{config.prefix}events", size=10)
    (alert,) = (hit for hit in alerts["hits"]["hits"] if "漳源" in hit["_source"]["title"])
    event = next(hit for hit in events["hits"]["hits"] if "漳源" in hit["_source"]["title"])
    theirs = event["_source"]["departments"]
    items = await elasticsearch.search(
        index=f"{config.prefix}opinions", query={"match_phrase": {"text": "漳源县城东"}}
    )
    cluster = items["hits"]["hits"][0]["_source"]["cluster_id"]
    add_user("li", PASSWORD, "--role", "department", "--department", "credit")
    add_user("qian", PASSWORD, "--role", "department", "--department", theirs[0])
    li, qian = Web().login(console, "li"), Web().login(console, "qian")
    for path in ("/", "/alerts", "/search?q=漳源", "/search?q=爆炸&copies=1", "/deliveries"):
        assert "漳源化工" not in re.sub("</?mark>", "", li.get(console + path).text), path
    assert "漳源" in qian.get(f"{console}/alerts").text
    for path in (f"/alerts/{alert['_id']}", f"/events/{event['_id']}", f"/clusters/{cluster}"):
        assert li.get(console + path).status_code == 404
        assert qian.get(console + path).status_code == 200
    for path in ("opinions", "opinions?q=爆炸", "events", "alerts"):
        assert "漳源化工" not in li.get(f"{console}/api/v1/{path}").text
    assert "漳源化工" in qian.get(f"{console}/api/v1/opinions?q=爆炸").text
    assert li.get(f"{console}/api/v1/alerts/{alert['_id']}").status_code == 404
    assert li.get(f"{console}/api/v1/dead-letters").status_code == 403
    assert "漳源化工" not in li.get(f"{console}/search/export.csv?q=爆炸").content.decode()
    assert "漳源化工" in qian.get(f"{console}/search/export.csv?q=爆炸").content.decode()
    add_user("sun", PASSWORD, "--role", "analyst", "--role", "office", "--department", "credit")
    sun = Web().login(console, "sun")
    tried = sun.post(f"{console}/watches/try", {"query": "爆炸", "name": "", "level": ""})
    assert "命中 0 条" in tried.text and "漳源化工" not in tried.text
    tried = web.post(f"{console}/watches/try", {"query": "爆炸", "name": "", "level": ""})
    assert "漳源化工" in tried.text
    assert sun.get(f"{console}/rules").status_code == 403  # over all departments
    acted = li.post(f"{console}/alerts/{alert['_id']}/acknowledge", {})
    assert acted.status_code == 404
    assert qian.post(f"{console}/alerts/{alert['_id']}/acknowledge", {}).ok
    for path in ("/rules", "/dead-letters", "/accounts", "/audit"):
        assert li.get(console + path).status_code == 403
    await elasticsearch.indices.refresh(index=f"{config.prefix}audit-log")
    told = web.get(f"{console}/audit?actor=li&outcome=refused").text
    assert "查看其他部门内容" in told and told.count(alert["_id"]) >= 3  # page, API, action


async def test_a_key_may_what_it_names(console: str, config: Settings) -> None:
    for what in (("key", "x", "--right", "read"), ("add", "x", "--role", "viewer")):
        assert "no department" in tingchao("user", *what, "--department", "nowhere", code=1)
    key = tingchao("user", "key", "报表", "--right", "read").strip()
    bearer = {"authorization": f"Bearer {key}"}
    assert requests.get(f"{console}/watches", headers=bearer, timeout=30).ok
    for path in ("/accounts", "/dead-letters", "/api/v1/dead-letters"):
        assert requests.get(console + path, headers=bearer, timeout=30).status_code == 403
    for bad in ("Bearer nope", "Basic eDp5", f"Bearer {key}x", "Bearer "):
        answer = requests.get(f"{console}/watches", headers={"authorization": bad}, timeout=30)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    page = web.get(f"{console}/accounts").text
    found = re.search(r'value="([0-9a-f]{64})"><button aria-label="收回 报表"', page)
    assert found and key not in page
    assert "已收回" in web.post(f"{console}/accounts/revoke", {"id": found[1]}).text
    assert requests.get(f"{console}/watches", headers=bearer, timeout=30).status_code == 401


def test_the_first_command_makes_the_indices(
    endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account may be made before any worker or console was started."""
    monkeypatch.setenv("TINGCHAO_PREFIX", "firstuser-")
    monkeypatch.setenv("TINGCHAO_ELASTICSEARCH_URL", endpoints.elasticsearch)
    monkeypatch.setenv("TINGCHAO_KAFKA_BOOTSTRAP", endpoints.kafka)
    url = endpoints.elasticsearch
    try:
        add_user("first", PASSWORD, "--role", "admin")
        found = requests.get(f"{url}/firstuser-users/_mapping", timeout=30).json()
        assert list(found) == ["firstuser-users-000001"]
        assert found["firstuser-users-000001"]["mappings"]["dynamic"] == "strict"
    finally:
        for name in requests.get(f"{url}/firstuser-*?expand_wildcards=all", timeout=30).json():
            requests.delete(f"{url}/{name}", timeout=30)
        requests.delete(f"{url}/_index_template/firstuser-*", timeout=30)
