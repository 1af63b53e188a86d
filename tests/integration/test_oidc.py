"""Logging in at a provider, as people and attackers do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from infra.settings import Settings
from infra.stack.process import free_port
from tests.integration.crawling import tingchao
from tests.integration.oidc_provider import OpenIdProvider, provider
from tests.integration.web import NAME, PASSWORD, Web, add_user, served

ROLES = '{"analysts": "analyst", "dept": "department", "heads": "office"}'
DEPARTMENTS = '{"credit": "credit", "energy": "energy", "heads": "*"}'


@dataclass
class Place:
    console: str
    provider: OpenIdProvider

    def start(self, browser: requests.Session, to: str = "/") -> str:
        """Where the console sends this browser."""
        answer = browser.get(f"{self.console}/login/oidc", params={"next": to}, timeout=30,
                             allow_redirects=False)  # fmt: skip
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def enter(self, browser: requests.Session, sub: str, to: str = "/") -> requests.Response:
        """The whole way there and back; the console's last answer."""
        back = self.provider.back(self.start(browser, to), sub)
        return browser.get(back, timeout=30, allow_redirects=False)


@pytest.fixture
def place(config: Settings) -> Iterator[Place]:
    add_user(NAME, PASSWORD, "--role", "admin")
    port = free_port(8300, set())
    address = f"http://127.0.0.1:{port}"
    with provider() as found:
        client, secret = found.client(f"{address}/login/oidc/done")
        env = {
            "TINGCHAO_CONSOLE_URL": f"{address}/", "TINGCHAO_OIDC_ISSUER": found.url,
            "TINGCHAO_OIDC_CLIENT_ID": client, "TINGCHAO_OIDC_CLIENT_SECRET": secret,
            "TINGCHAO_OIDC_NAME": "省统一认证", "TINGCHAO_OIDC_ROLES": ROLES,
            "TINGCHAO_OIDC_DEPARTMENTS": DEPARTMENTS,
        }  # fmt: skip
        with served("--port", str(port), env=env) as console:
            yield Place(console, found)


def refused(answer: requests.Response, status: int, said: str) -> None:
    assert answer.status_code == status, answer.text
    assert said in answer.text and "tingchao_session" not in answer.headers.get("set-cookie", "")


def test_the_way_in(place: Place) -> None:
    page = requests.get(f"{place.console}/search?q=a&since=7d", timeout=30).text
    link = re.search(r'href="(/login/oidc\?next=[^"]+)">用省统一认证登录', page)
    assert link and parse_qs(urlsplit(link[1]).query)["next"] == ["/search?q=a&since=7d"]
    place.provider.person("s-1", "Wang.Wu", "analysts", "credit", "other")
    wang = requests.Session()
    asked = parse_qs(urlsplit(place.start(wang)).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    cookie = wang.get(f"{place.console}/login/oidc", allow_redirects=False, timeout=30).headers
    for word in ("HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/login/oidc"):
        assert word in cookie["set-cookie"]
    entered = place.enter(wang, "s-1", "/alerts?x=1")
    assert entered.status_code == 303 and entered.headers["location"] == "/alerts?x=1"
    me = wang.get(f"{place.console}/me", timeout=30).text
    assert "s-1 同志" in me and "wang.wu，分析员" in me and "省统一认证登录，密码" in me
    assert 'action="/me/password"' not in me
    assert place.enter(wang, "s-1", "//evil.example").headers["location"] == "/"

    token = re.search(r'name="csrf" value="([\w-]+)"', wang.get(f"{place.console}/me").text)
    assert token  # neither a password nor codes, whatever is sent
    for action in ("password", "totp"):
        given = {
            "csrf": token[1],
            "old": "",
            "new": "another one",
            "again": "another long one",
        }
        tried = wang.post(f"{place.console}/me/{action}", given, timeout=30)
        assert tried.status_code == 403 and "这里没有密码" in tried.text
    given = {"name": "wang.wu", "password": ""}
    assert requests.post(f"{place.console}/login", given, timeout=30).status_code == 401
    assert "没有密码" in tingchao("user", "reset", "wang.wu", code=1)

    # Other groups and another name there: the same account, as the groups say now.
    place.provider.person("s-1", "wang.liu", "heads")
    assert place.enter(wang, "s-1").status_code == 303
    assert "wang.wu，办公室 " in wang.get(f"{place.console}/me").text.replace("</small>", " ")
    admin = Web().login(place.console)
    told = admin.get(f"{place.console}/audit?actor=wang.wu").text
    assert "添加账号" in told and "修改账号" in told and "oidc: analyst, credit" in told
    listed = admin.get(f"{place.console}/accounts").text
    assert "统一身份认证" in listed and "wang.liu" not in listed
    reset = admin.post(f"{place.console}/accounts/reset", {"id": "wang.wu"})
    assert reset.status_code == 422 and "没有密码" in reset.text

    # A disabled account is out at once, and no other name lets it in again.
    tingchao("user", "disable", "wang.wu")
    assert "登录名" in wang.get(f"{place.console}/alerts").text
    refused(place.enter(wang, "s-1"), 403, "已停用")
    place.provider.person("s-1", "somebody", "heads")
    refused(place.enter(wang, "s-1"), 403, "已停用")


def test_who_may_not_in(place: Place) -> None:
    for sub, groups, said in (
        ("s-2", (), "没有听潮的角色"), ("s-2", ("credit",), "没有听潮的角色"),
        ("s-2", ("dept",), "没有对应的部门"), ("s-2", ("analysts",), "没有对应的部门"),
    ):  # fmt: skip
        place.provider.person(sub, "li", *groups)
        refused(place.enter(requests.Session(), sub), 403, said)
    place.provider.person("s-3", "a b<script>", "heads")
    refused(place.enter(requests.Session(), "s-3"), 403, "登录名")
    place.provider.person("s-4", NAME.upper(), "heads")  # the name of a local account
    refused(place.enter(requests.Session(), "s-4"), 403, "已有别的账号")
    Web().login(place.console)  # with its password as before
    place.provider.person("s-5", "zhao", "dept", "energy")
    assert place.enter(requests.Session(), "s-5").status_code == 303
    place.provider.person("s-6", "zhao", "heads")  # a name given anew there
    refused(place.enter(requests.Session(), "s-6"), 403, "已有别的账号")
    refused(place.enter(requests.Session(), ""), 403, "没有同意")
    users = {line.split('"')[3] for line in tingchao("user", "list").splitlines()}
    assert users == {NAME, "zhao"}
    told = Web().login(place.console).get(f"{place.console}/audit?outcome=refused").text
    for why in ("no group with a role", "no group with a department", "is a local account",
                "is an account of another sub", "no login name", "access_denied"):  # fmt: skip
        assert f"oidc: {why}" in told or f"{why}</td>" in told, why


def test_what_attackers_try(place: Place) -> None:
    place.provider.person("s-7", "sun", "heads")
    place.provider.person("evil", "evil", "heads")
    sun, evil = requests.Session(), requests.Session()
    # The attacker's code in the victim's browser, with no login begun there, and with one.
    stolen = place.provider.back(place.start(evil), "evil")
    refused(sun.get(stolen, timeout=30, allow_redirects=False), 400, "重新登录")
    place.start(sun)
    refused(sun.get(stolen, timeout=30, allow_redirects=False), 400, "重新登录")
    own = place.provider.back(place.start(sun), "s-7")
    state = parse_qs(urlsplit(own).query)["state"][0]
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    mixed = f"{place.console}/login/oidc/done?code={code}&state={state}"
    refused(sun.get(mixed, timeout=30, allow_redirects=False), 400, "重新登录")  # PKCE
    # Twice the same address, and again with the cookie that the browser was told to forget.
    begun = requests.Session()
    back = place.provider.back(place.start(begun), "s-7")
    cookie = begun.cookies.get_dict()
    assert begun.get(back, timeout=30, allow_redirects=False).status_code == 303
    refused(begun.get(back, timeout=30, allow_redirects=False), 400, "重新登录")
    again = requests.get(back, cookies=cookie, timeout=30, allow_redirects=False)
    refused(again, 400, "重新登录")
    # A cookie of another make; an answer of another issuer; errors; no code.
    value = cookie["tingchao_oidc"]
    for bad in (value[:-1] + ("0" if value[-1] != "0" else "1"), "x", ".", f"e30=.{'0' * 64}", "é"):
        sent = {"cookie": f"tingchao_oidc={bad}".encode()}
        refused(requests.get(back, headers=sent, timeout=30, allow_redirects=False), 400, "重新")
    for query, status in (
        ("iss=https://evil.example&code=x", 400), ("error=invalid_scope", 400), ("", 400),
        ("error=server_error", 502), ("error=<script>", 400), ("code=wrong", 400),
    ):  # fmt: skip
        browser = requests.Session()
        state = parse_qs(urlsplit(place.start(browser)).query)["state"][0]
        done = f"{place.console}/login/oidc/done?state={state}&{query}"
        answer = browser.get(done, timeout=30, allow_redirects=False)
        refused(answer, status, "重新登录" if status == 400 else "暂时不可用")
        assert "<script>" not in answer.text
    told = Web().login(place.console).get(f"{place.console}/audit?action=login").text
    for why in ("another state", "used before", "another issuer", "invalid_grant", "server_error",
                "no code"):  # fmt: skip
        assert why in told, why
    # What any site can make a browser ask for fills no record and locks nobody out.
    assert code not in told and "no login was begun" not in told
    done = f"{place.console}/login/oidc/done"
    for _ in range(45):
        assert requests.get(done, timeout=30).status_code == 400
    browser = requests.Session()
    place.start(browser)
    for _ in range(41):
        last = browser.get(f"{done}?state=wrong", timeout=30)
    assert last.status_code == 429 and int(last.headers["retry-after"]) > 60


def test_a_provider_that_is_away(config: Settings) -> None:
    add_user(NAME, PASSWORD, "--role", "admin")
    env = {"TINGCHAO_CONSOLE_URL": "http://127.0.0.1:9", "TINGCHAO_OIDC_CLIENT_ID": "x",
           "TINGCHAO_OIDC_CLIENT_SECRET": "0123456789abcdef",
           "TINGCHAO_OIDC_ISSUER": "http://127.0.0.1:9"}  # fmt: skip
    with served(env=env) as console:
        away = requests.get(f"{console}/login/oidc", timeout=30, allow_redirects=False)
        refused(away, 502, "暂时不可用")
        told = Web().login(console).get(f"{console}/audit?outcome=failed").text
        assert "it does not answer" in told


def test_off_without_an_issuer(config: Settings) -> None:
    with served() as console:
        assert "login/oidc" not in requests.get(f"{console}/login", timeout=30).text
        assert requests.get(f"{console}/login/oidc", timeout=30).status_code == 404
