"""Accounts and keys by the REST API on the real stack, and what attackers may not."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
import requests
from elasticsearch import AsyncElasticsearch
from msgspec.structs import replace

from console.access.passwords import hashed
from console.access.store import Users, new_user
from console.actor import Right
from infra.settings import Settings
from schemas.registry import API_KEYS
from schemas.user import ApiKey
from tests.integration.inside import add_user
from tests.integration.rest import Client, audited, key_of, person, problem
from tests.integration.web import NAME, PASSWORD, Web

SHOWN = {"id", "name", "roles", "departments", "disabled", "must_change", "totp", "oidc",
         "created_at", "created_by", "last_login"}  # fmt: skip
ONE_TIME = re.compile(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}")
WANG = {"id": "Wang", "name": "王五", "roles": ["viewer"], "departments": []}
FORMS = {"add": {"id": "eve", "roles": "admin"}, "save": {"id": NAME, "roles": "viewer"},
         "reset": {"id": NAME}, "key": {"name": "eve", "rights": "accounts"},
         "revoke": {"id": "x"}}  # fmt: skip


@pytest.fixture
def admin(console: str) -> Client:
    return person(console)


async def _everything(client: AsyncElasticsearch, config: Settings) -> str:
    """The whole record of who did what."""
    return str(await audited(client, config))


async def test_an_account_is_made_changed_and_its_password_is_shown_once(
    admin: Client, console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    made = admin("POST", "/accounts", WANG)
    assert made.status_code == 201 and made.headers["cache-control"] == "no-store", made.text
    first, path = made.json()["password"], made.headers["location"].removeprefix("/api/v1")
    assert ONE_TIME.fullmatch(first) and path == "/accounts/wang"
    seen = admin("GET", path)
    assert seen.json() == made.json()["account"] and seen.json().keys() == SHOWN
    assert seen.json()["must_change"] and seen.json()["created_by"] == NAME
    tag = seen.headers["etag"]
    assert admin("GET", path, if_none_match=tag).status_code == 304
    listed = admin("GET", "/accounts")
    assert {each["id"] for each in listed.json()["items"]} == {"wang", NAME}
    assert all(each.keys() == SHOWN for each in listed.json()["items"])
    wang = person(console, "wang", first)
    problem(wang("GET", "/alerts"), 403)  # until the password is their own

    tag = admin("GET", path).headers["etag"]  # as of the login
    unseen = problem(admin("PATCH", path, {"name": "x"}), 428)
    assert unseen["etag"] == tag and unseen["current"].keys() == SHOWN
    done = admin("PATCH", path, {"roles": ["analyst", "analyst"], "departments": ["credit"]}, tag)
    assert done.status_code == 200, done.text
    assert done.json()["roles"] == ["analyst"] and done.json()["name"] == "王五"
    assert admin("GET", path).json() == done.json()
    assert admin("GET", path).headers["etag"] == done.headers["etag"] != tag
    # A second administrator still holds the first version.
    add_user("second", PASSWORD, "--role", "admin")
    second = person(console, "second")
    late = problem(second("PATCH", path, {"roles": ["office"]}, tag), 412)
    assert late["current"] == done.json() and late["etag"] == done.headers["etag"]
    assert admin("GET", path).json()["roles"] == ["analyst"]
    with ThreadPoolExecutor(8) as pool:  # all at once, all of one version: one of them wins
        names = [{"name": f"第{number}位"} for number in range(8)]
        codes = pool.map(lambda b: admin("PATCH", path, b, late["etag"]).status_code, names)
        assert Counter(codes) == {200: 1, 412: 7}

    again = admin("POST", f"{path}/reset")
    assert again.status_code == 200 and again.headers["cache-control"] == "no-store", again.text
    renewed = again.json()["password"]
    assert ONE_TIME.fullmatch(renewed) and renewed != first
    problem(wang("GET", "/alerts"), 401)  # its sessions are over
    refused = requests.post(f"{console}/login", {"name": "wang", "password": first}, timeout=30)
    assert refused.status_code == 401
    wang = person(console, "wang", renewed)
    out = admin("PATCH", path, {"disabled": True}, admin("GET", path).headers["etag"])
    assert out.status_code == 200 and out.json()["disabled"]
    problem(wang("GET", "/alerts"), 401)
    record = await _everything(elasticsearch, config)
    for action in ("add account", "change account", "reset password"):
        assert await audited(elasticsearch, config, action=action, actor=NAME, object="wang")
    said = [record, *(each.text for each in (seen, listed, done, out, admin("GET", "/accounts")))]
    for text in (*said, str(unseen), str(late), admin("GET", path).text):
        assert first not in text and renewed not in text and "argon2" not in text


async def test_what_an_account_may_not_be(
    admin: Client, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    for body, place in (
        (WANG | {"roles": ["emperor"]}, "$.roles[0]"), (WANG | {"roles": []}, "$.roles"),
        (WANG | {"password": PASSWORD}, "$.password"), (WANG | {"must_change": False},
        "$.must_change"), (WANG | {"departments": ["nope"]}, None), (WANG | {"id": "a b"}, None),
        (WANG | {"id": ".."}, None), (WANG | {"roles": ["department"]}, None), ({}, "$.id"),
        (WANG | {"id": "key:x"}, None), (WANG | {"id": "x" * 51}, "$.id"),
    ):  # fmt: skip
        assert problem(admin("POST", "/accounts", body), 422).get("place") == place, body
    problem(admin("POST", "/accounts", WANG | {"id": NAME.upper()}), 409)
    assert [each["id"] for each in admin("GET", "/accounts").json()["items"]] == [NAME]
    own = f"/accounts/{NAME}"
    for body in ({"disabled": True}, {"roles": ["office"]}, {"departments": ["credit"]},
                 {"roles": ["viewer", "admin"], "departments": ["credit"]}):  # fmt: skip
        for path in (own, f"/accounts/{NAME.upper()}"):
            assert "自己" in problem(admin("PATCH", path, body, "*"), 409)["detail"], body
    assert not await audited(elasticsearch, config, action="change account")
    renamed = admin("PATCH", own, {"name": " "}, "*")
    assert renamed.status_code == 200 and renamed.json()["name"] == NAME
    assert renamed.json()["roles"] == ["admin"] and not renamed.json()["disabled"]
    for body in ({"roles": ["emperor"]}, {"departments": ["nope"]}, {"roles": ["department"]},
                 {"password": PASSWORD}, {"totp": ""}, {"roles": None}):  # fmt: skip
        problem(admin("PATCH", own, body, "*"), 422)
    for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/reset")):
        problem(admin(method, f"/accounts/nobody{path}", {"name": "x"}, "*"), 404)

    users = Users(config, elasticsearch)
    kept = await hashed(PASSWORD)
    gone = new_user("gone", "", ["department"], ["abolished"], "system", kept, must_change=False)
    await users.add(gone)
    problem(admin("PATCH", "/accounts/gone", {"roles": ["analyst"]}, "*"), 422)
    # Somebody of a department that is no more can be shut out all the same.
    assert admin("PATCH", "/accounts/gone", {"disabled": True}, "*").status_code == 200
    await users.change("gone", lambda user: replace(user, oidc="https://id.example.org 7"))
    problem(admin("POST", "/accounts/gone/reset"), 409)  # its passwords are a provider's


async def test_a_key_is_shown_once_and_gone_at_once(
    admin: Client, console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    asked = {"name": "报表", "rights": ["read", "read"], "departments": ["credit"], "days": 3}
    made = admin("POST", "/keys", asked)
    assert made.status_code == 201 and made.headers["cache-control"] == "no-store", made.text
    token, kept = made.json()["token"], made.json()["key"]
    assert kept["rights"] == ["read"] and kept["departments"] == ["credit"]
    left = datetime.fromisoformat(kept["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=2) < left < timedelta(days=3)
    program = Client(console, token)
    assert program("GET", "/alerts").status_code == 200
    problem(program("POST", "/intake", {"words": "x"}), 403)
    problem(program("GET", "/accounts"), 403)
    listed = admin("GET", "/keys")
    assert [each["id"] for each in listed.json()["items"]] == [kept["id"]]
    assert token not in listed.text and len(kept["id"]) == 64
    for body in (asked | {"rights": ["rule"]}, asked | {"rights": []}, asked | {"days": 0},
                 asked | {"days": 3_651}, asked | {"departments": ["nope"]}, asked | {"name": " "},
                 asked | {"id": "x"}, {}):  # fmt: skip
        problem(admin("POST", "/keys", body), 422)
    assert len(admin("GET", "/keys").json()["items"]) == 1

    users = Users(config, elasticsearch)
    stale = await users._get(API_KEYS, kept["id"], ApiKey)
    assert admin("DELETE", f"/keys/{kept['id']}").status_code == 204
    problem(program("GET", "/alerts"), 401)

    async def before(*_: Any) -> Any:
        return stale

    users._get = before  # type: ignore[method-assign]
    await users.key(token, datetime.now(UTC) + timedelta(hours=1))  # read before it was revoked
    problem(program("GET", "/alerts"), 401)  # and what was written later did not revive it
    (gone,) = admin("GET", "/keys").json()["items"]
    assert admin("DELETE", f"/keys/{kept['id']}").status_code == 204
    assert admin("GET", "/keys").json()["items"][0]["revoked_at"] == gone["revoked_at"]
    for key in ("nope", "..%2f..", "f" * 64):
        problem(admin("DELETE", f"/keys/{key}"), 404)
    assert token not in await _everything(elasticsearch, config)
    assert {"add key", "revoke key"} <= {
        line["action"] for line in await audited(elasticsearch, config, actor=NAME)
    }


async def test_who_may_not_manage_accounts(
    admin: Client, console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    add_user("reader", PASSWORD, "--role", "viewer")
    add_user("narrow", PASSWORD, "--role", "admin", "--department", "credit")
    described = admin("GET", "/openapi.json").json()["paths"]
    people = [(path, method.upper()) for path, methods in described.items()
              for method, each in methods.items()
              if each.get("security") == [{"session": []}]]  # fmt: skip
    assert len(people) == 8
    ours = ("/api/v1/accounts", "/api/v1/keys")
    changes = [each for each in people if each[0].startswith(ours)]
    reads = [(path, "GET") for path in (*ours, "/api/v1/accounts/{id}")]
    key = Client(console, key_of("全能", *get_args(Right)))
    before = (admin("GET", "/accounts").json(), len(admin("GET", "/keys").json()["items"]))
    for path, method in people:  # whatever its rights are, a key makes nobody
        where = path.removeprefix("/api/v1").replace("{id}", NAME)
        assert "密钥" in problem(key(method, where, WANG, "*"), 403)["detail"], (path, method)
    for path, _ in reads:
        where = path.removeprefix("/api/v1").replace("{id}", NAME)
        assert key("GET", where).status_code == 200, path
    bearer = key._own
    for action, form in FORMS.items():  # nor by the forms of the page
        told = requests.post(f"{console}/accounts/{action}", form, headers=bearer, timeout=30)
        assert told.status_code == 403, action
    crossed = Client(console, web=Web().login(console))
    outsiders = [person(console, "reader"), person(console, "narrow"),
                 Client(console, key_of("处室", "accounts", departments=("credit",))),
                 Client(console, key_of("只读", "read"))]  # fmt: skip
    for path, method in changes:
        where = path.removeprefix("/api/v1").replace("{id}", NAME)
        problem(crossed(method, where, WANG, "*"), 403)  # as another site makes a browser send it
        problem(Client(console)(method, where, WANG, "*"), 401)
    for path, method in (*changes, *reads):
        where = path.removeprefix("/api/v1").replace("{id}", NAME)
        for each in outsiders:
            told = problem(each(method, where, WANG, "*"), 403)
            assert NAME not in told["detail"]
    # The keys of this test are new; nothing else is.
    after = (admin("GET", "/accounts").json(), len(admin("GET", "/keys").json()["items"]))
    assert after[1] == before[1] + 2
    assert [_lasting(each) for each in after[0]["items"]] == [
        _lasting(each) for each in before[0]["items"]
    ]
    refused = await audited(elasticsearch, config, actor="key:全能", action="not allowed")
    assert len(refused) == len(people) + len(FORMS)


def _lasting(account: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in account.items() if name != "last_login"}
