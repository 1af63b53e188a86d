"""Ids that are part of an address may be typed by anybody: none of them leads somewhere else."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from elasticsearch import AsyncElasticsearch, NotFoundError

from console.api.resources import RESOURCES
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.errors import UserError
from tests.integration.rest import key_of
from tests.integration.web import web

ODD = ("..", ".", "", "\x00", "a\nb", "\x7f", "../_all", "a" * 600, "a" * 6_000, "*", "_all",
       "..%2f..", "\u2028", "？")  # fmt: skip


class Wire:
    """Requests as they are: an ordinary client resolves `..` before it sends anything."""

    def __init__(self, console: str, key: str) -> None:
        self._where = urlsplit(console).netloc
        self._cookie = "; ".join(f"{each.name}={each.value}" for each in web.cookies)
        self._key = key

    def __call__(
        self, method: str, path: str, form: dict[str, Any] | None = None, body: str = ""
    ) -> tuple[int, str]:
        headers = {"cookie": self._cookie}
        if form is not None:
            body = urlencode({"csrf": web.token, **form}, doseq=True)
            headers["content-type"] = "application/x-www-form-urlencoded"
        if path.startswith("/api/"):
            headers = {"authorization": f"Bearer {self._key}", "if-match": "*"}
            headers["content-type"] = "application/json"
        wire = HTTPConnection(self._where, timeout=60)
        try:
            wire.request(method, path, body or None, headers)
            answer = wire.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            wire.close()


async def _indices(client: AsyncElasticsearch, config: Settings) -> dict[str, int]:
    await client.indices.refresh(index=f"{config.prefix}*")
    found = await client.indices.stats(index=f"{config.prefix}*", expand_wildcards="all")
    keep = {"watches", "users", "events", "alerts", "api-keys"}
    return {
        name: each["primaries"]["docs"]["count"] if any(k in name for k in keep) else 0
        for name, each in found["indices"].items()
    }


async def test_no_typed_id_reaches_anything_else(
    config: Settings, endpoints: Endpoints, console: str, elasticsearch: AsyncElasticsearch
) -> None:
    rights = ("read", "answer", "correct", "report", "rules", "dead_letters", "audit")
    key = key_of("程序", *rights)
    made = web.post(f"{console}/watches/add", {"name": "电价", "query": "电价", "level": ""},
                    timeout=30)  # fmt: skip
    assert made.status_code == 200, made.text
    before = await _indices(elasticsearch, config)
    assert any("watches" in name for name in before)
    send, wrong = Wire(console, key), []

    def expect(method: str, path: str, *wanted: int, **more: Any) -> None:
        status, said = send(method, path, **more)
        if status not in wanted:
            wrong.append((method, path[:60], str(more)[:60], status, said[-200:]))

    for odd in ODD:
        at = quote(odd, safe="").replace(".", "%2e")
        for name in ("events", "alerts", "items", "clusters", "dead-letters", "accounts"):
            if odd:
                expect("GET", f"/{name}/{at}", 404, 405)
        for name in RESOURCES:
            if odd:
                expect("GET", f"/api/v1/{name}/{at}", 404, 405)
        if odd:
            expect("DELETE", f"/api/v1/watches/{at}", 404)
            expect("POST", f"/api/v1/alerts/{at}/comment", 404, body='{"note": "x"}')
            expect("POST", f"/api/v1/events/{at}/rename", 404, body='{"title": "x"}')
            for path in ("opinions/{}/corrections", "opinions/{}/related", "clusters/{}",
                         "events/{}/items", "events/{}/trend", "events/{}/spread",
                         "events/{}/related", "events/{}/alert", "alerts/{}/reports"):  # fmt: skip
                expect("GET", f"/api/v1/{path.format(at)}", 404, 405)
            for action in ("rename", "merge", "split"):
                expect("POST", f"/events/{at}/{action}", 404, form={"title": "x"})
            expect("POST", f"/alerts/{at}/comment", 404, form={"note": "x"})
            expect("POST", f"/items/{at}/correct", 404, form={"field": "level", "value": "I"})
        expect("POST", "/watches/remove", 404, form={"id": odd})
        expect("POST", "/search/saved/remove", 404, form={"id": odd})
        expect("POST", "/alerts/several", 404, form={"action": "acknowledge", "id": odd})
        expect("POST", "/events/merge", 404, form={"id": [odd, f"{odd}x"]})
        expect("POST", "/dead-letters/settle", 303, form={"action": "replay", "id": odd})
        for action in ("save", "reset", "revoke"):
            given = {"id": odd, "key": odd, "roles": "analyst", "version": "0.1"}
            expect("POST", f"/accounts/{action}", 404, 422, form=given)
        given = {"id": odd, "name": "x", "roles": "analyst"}
        if odd != "_all":  # a name like any other
            expect("POST", "/accounts/add", 422, form=given)
        login = {"name": odd, "password": "x" * 12}
        expect("POST", "/login", 401, form=login)
    assert not wrong, wrong
    after = await _indices(elasticsearch, config)
    assert after == before


@pytest.mark.parametrize("key", ["", ".", "..", "a" * 513, "\ud83d"])
async def test_the_client_asks_nothing_by_an_impossible_id(
    config: Settings, elasticsearch: AsyncElasticsearch, key: str
) -> None:
    index = f"{config.prefix}watches"
    for client in (elasticsearch, elasticsearch.options(request_timeout=5)):
        for call in (client.get, client.delete):
            with pytest.raises(NotFoundError) as told:
                await call(index=index, id=key)
            assert told.value.status_code == 404 and told.value.meta.status == 404
        with pytest.raises(NotFoundError):
            await client.update(index=index, id=key, doc={})
        for make in (client.create, client.index):
            with pytest.raises(UserError):
                await make(index=index, id=key, document={})
    assert await elasticsearch.indices.exists(index=index)
