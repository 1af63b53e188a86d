"""Programs and people before the REST API."""

from __future__ import annotations

from typing import Any

import requests
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from tests.integration.inside import user
from tests.integration.web import NAME, PASSWORD, Web


class Client:
    """A program with a key, or somebody's session with what headers they send."""

    def __init__(self, address: str, key: str = "", web: Web | None = None) -> None:
        self._root, self._web = f"{address}/api/v1", web or requests.Session()
        self._own = {"authorization": f"Bearer {key}"} if key else {}

    def __call__(
        self, method: str, path: str, body: Any = None, match: str | None = None, **more: str
    ) -> requests.Response:
        headers = self._own | {name.replace("_", "-"): value for name, value in more.items()}
        headers |= {"if-match": match} if match is not None else {}
        return self._web.request(
            method, self._root + path, json=body, headers=headers, timeout=90
        )  # fmt: skip


def person(address: str, name: str = NAME, password: str = PASSWORD) -> Client:
    """Somebody who logged in, with the token of their session."""
    web = Web().login(address, name, password)
    found = Client(address, web=web)
    found._own = {"x-csrf-token": web.token}
    return found


def key_of(name: str, *rights: str, departments: tuple[str, ...] = ()) -> str:
    """A new key by the command line."""
    given = [word for right in rights for word in ("--right", right)]
    whose = [word for each in departments for word in ("--department", each)]
    return user("key", name, *given, *whose).strip()


def problem(answer: requests.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status and found["detail"]
    return found


async def audited(client: AsyncElasticsearch, config: Settings, **wanted: str) -> list[Any]:
    await client.indices.refresh(index=f"{config.prefix}audit-log")
    asked = [{"term": {name: value}} for name, value in wanted.items()]
    found = await client.search(
        index=f"{config.prefix}audit-log", query={"bool": {"filter": asked}}, size=100
    )
    return [hit["_source"] for hit in found["hits"]["hits"]]
