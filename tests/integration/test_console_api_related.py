"""What pages work out, by the API: a search with its counts, what belongs to an event, an item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
import requests
from elasticsearch import AsyncElasticsearch

from console.api.related_records import Channels, People, RelatedEvents, RelatedToItem, Reports
from console.api.search_records import SearchFound
from console.cursor import cursor
from console.event_reading import EventItems
from console.spread import Spread
from infra.accounts import Account
from infra.settings import Settings
from models.spread_path import Path as SpreadPath
from schemas.alert import Alert
from schemas.trend import Trend
from tests.integration.conftest import good_items
from tests.integration.crawling import until
from tests.integration.rest import Client, audited, key_of, problem
from tests.integration.workers import Worker

FIRST, COPY, _, BILL, NOISE = good_items()


@pytest.fixture
def api(console: str) -> Client:
    return Client(console, key_of("程序", "read", "export", "answer", "dead_letters", "audit"))


def told(answer: requests.Response, kind: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=kind)


def ids(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_a_search_is_counted_paged_and_taken_as_a_file(
    landed: Account, api: Client, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    found = told(api("GET", "/search?q=爆炸&since=7d"), SearchFound)
    assert found.total == 2 and found.next is None
    # The two are copies of each other, and so the repost.
    assert [hit.copies for hit in found.items] == [2] and "<b>" not in found.items[0].snippet
    assert "<mark>爆炸</mark>" in found.items[0].title
    every = told(api("GET", "/search?copies=1&limit=2"), SearchFound)
    assert every.total == 5 and sum(each.count for each in every.over_time) == 5
    counts = {each.label: each.count for each in every.counts["channel"]}
    assert sum(counts.values()) == 5 and counts["forum"] == 1
    seen = [hit.id for hit in every.items]
    while every.next:
        every = told(api("GET", f"/search?copies=1&limit=2&cursor={every.next}"), SearchFound)
        seen += [hit.id for hit in every.items]
    assert len(seen) == len(set(seen)) == 5
    file = api("GET", "/search/export?q=渠道:论坛&kind=jsonl")
    assert file.status_code == 200, file.text
    assert [orjson.loads(line)["id"] for line in file.text.splitlines()] == [BILL.id]
    assert api("GET", "/search/export?kind=csv").text.startswith("\ufeff编号")
    lines = await audited(elasticsearch, config, action="export", actor="key:程序")
    assert sorted(line["object"] for line in lines) == ["csv", "jsonl"]
    for path in (
        "/search?q=(", "/search?sort=luck", "/search?page=2", "/search?since=gestern",
        "/search?limit=0", "/search?limit=0000010000", "/search?level=I&level=II",
        "/search?cursor=zzz", "/search?cursor=WyJ4Il0",
        "/search?cursor=" + cursor("search", [10_000]), "/search?cursor=" + cursor("search", [-1]),
        "/search?cursor=" + cursor("search", [1.5]), "/search?cursor=" + cursor("opinions", [20]),
        "/search?sort=time&cursor=" + cursor("search", [2]), "/search?channel=rumour",
        "/search/export?kind=exe",
        "/search/export?q=(", "/search/export?limit=1",
    ):  # fmt: skip
        problem(api("GET", path), 400)
    assert problem(api("GET", "/search?q=a AND"), 400)["position"]


async def test_lists_are_narrowed_as_pages_are(landed: Account, api: Client) -> None:
    assert ids(api("GET", "/opinions?channel=forum")) == [BILL.id]
    assert len(ids(api("GET", "/opinions?channel=forum&channel=news&since=1d"))) == 4
    assert ids(api("GET", "/opinions?until=7d")) == []
    (event,) = ids(api("GET", "/events?several=1"))
    for order in ("heat", "level", "last", "new", "size"):
        page = api("GET", f"/events?sort={order}&limit=1")
        assert ids(page) == [event], order
        after = api("GET", f"/events?sort={order}&limit=1&cursor={page.json()['next']}")
        assert ids(after) == [], order
    assert ids(api("GET", "/events?q=化工园区爆炸")) == [event]
    assert ids(api("GET", "/events?level=I&phase=outbreak&phase=spread&phase=latent")) in (
        [event], [],
    )  # fmt: skip
    (alert,) = ids(api("GET", f"/alerts?matter={event}"))
    assert ids(api("GET", "/alerts?status=open&q=爆炸")) == [alert]
    assert ids(api("GET", "/alerts?status=closed")) == ids(api("GET", "/alerts?mine=1")) == []
    assert len(ids(api("GET", "/dead-letters?waiting=1"))) == 6
    assert len(ids(api("GET", "/dead-letters?reason=malformed_json"))) == 2
    assert ids(api("GET", f"/deliveries?alert={alert}")) == ids(api("GET", "/deliveries"))
    assert ids(api("GET", "/audit-log?action=nothing")) == []
    other = api("GET", "/opinions?limit=1").json()["next"]
    for path in (
        f"/alerts?cursor={other}", f"/events?sort=heat&cursor={other}", "/opinions?since=x",
        "/opinions?since=1d&since=2d", "/opinions?limit=0000010000", "/alerts?levle=I",
        "/alerts?level=V", "/events?sort=luck",
        "/audit-log?until=never", "/deliveries?q=x", "/opinions?q=" + "a" * 3_000,
    ):  # fmt: skip
        problem(api("GET", path), 400)
    assert "level" in problem(api("GET", "/alerts?levle=I"), 400)["detail"]


async def test_what_belongs_to_an_event_an_item_and_an_alert(
    landed: Account, api: Client, console: str, tmp_path: Path
) -> None:
    (event,) = api("GET", "/events?several=1").json()["items"]
    at = f"/events/{event['id']}"
    items = told(api("GET", f"{at}/items"), EventItems)
    assert items.total == 3 and {each.id for each in items.latest} >= {FIRST.id, COPY.id}
    assert sum(sum(each.counts.values()) for each in items.attitudes) == 3
    path = told(api("GET", f"{at}/spread"), SpreadPath)
    assert (path.items, path.depth, path.by_step) == (3, 1, [2, 1])
    assert [(copy.id, copy.of) for copy in path.copies] == [(COPY.origin_id, FIRST.origin_id)]
    told(api("GET", f"{at}/related"), RelatedEvents)
    with Worker(tmp_path / "trends.log", "trends") as worker:
        until(lambda: api("GET", f"{at}/trend").status_code == 200)
        assert worker.stop() == 0, worker.log()
    assert told(api("GET", f"{at}/trend"), Trend).items == 3
    alert = told(api("GET", f"{at}/alert"), Alert)
    told(api("GET", f"/alerts/{alert.id}/reports"), Reports)
    item = told(api("GET", f"/opinions/{FIRST.id}/related"), RelatedToItem)
    (copy,) = item.copies
    assert copy.item.id == COPY.id and 0.9 < copy.same < 1
    assert ("一家", "某") in [(s.old, s.new) for s in copy.stretches if s.kind == "changed"]
    assert [each.id for each in item.events] == [event["id"]] and item.alert == alert
    assert told(api("GET", f"/clusters/{FIRST.origin_id}"), Spread).total == 3
    assert told(api("GET", "/channels"), Channels).items == []
    people = told(api("GET", "/people"), People)
    assert people.items and all(each.id and each.name for each in people.items)
    for path_ in ("/events/nope/spread", "/events/nope/items", "/opinions/nope/related",
                  "/clusters/nope", "/alerts/nope/reports"):  # fmt: skip
        problem(api("GET", path_), 404)
    # Another department's is not there, whatever the address.
    other = Client(console, key_of("别处", "read", departments=("prices",)))
    for path_ in (f"{at}/items", f"{at}/trend", f"{at}/spread", f"{at}/related", f"{at}/alert",
                  f"/alerts/{alert.id}/reports", f"/opinions/{FIRST.id}/related",
                  f"/clusters/{FIRST.origin_id}"):  # fmt: skip
        problem(other("GET", path_), 404)
    assert ids(other("GET", "/deliveries")) == []
    seen = told(other("GET", "/search?copies=1"), SearchFound)
    assert FIRST.id not in {hit.id for hit in seen.items}
    problem(other("GET", "/search/export"), 403)
    problem(other("GET", "/people"), 403)


async def test_an_alert_is_as_hidden_by_way_of_its_event(
    landed: Account, api: Client, console: str, config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    """An event that others were merged into is of departments that its alert is not of."""
    (event,) = api("GET", "/events?several=1").json()["items"]
    alert = api("GET", f"/events/{event['id']}/alert").json()["id"]
    assert "prices" not in event["departments"]
    index = f"{config.prefix}events"
    whose = {"departments": [*event["departments"], "prices"]}
    await elasticsearch.update(index=index, id=event["id"], doc=whose, refresh=True)
    item = {"departments": [{"id": "prices", "evidence": []}]}
    found = await elasticsearch.search(
        index=f"{config.prefix}opinions", query={"ids": {"values": [FIRST.id]}}
    )
    where = found["hits"]["hits"][0]["_index"]
    await elasticsearch.update(index=where, id=FIRST.id, doc=item, refresh=True)
    other = Client(console, key_of("价格", "read", departments=("prices",)))
    told(other("GET", f"/events/{event['id']}/items"), EventItems)
    problem(other("GET", f"/alerts/{alert}"), 404)
    problem(other("GET", f"/events/{event['id']}/alert"), 404)
    related = told(other("GET", f"/opinions/{FIRST.id}/related"), RelatedToItem)
    assert related.alert is None and [each.id for each in related.events] == [event["id"]]
    for page in (f"/events/{event['id']}", "/events", f"/items/{FIRST.id}"):
        seen = other._web.get(console + page, headers=other._own, timeout=30)
        assert alert not in seen.text, page
