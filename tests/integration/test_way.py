"""The whole way of an item on the real stack: topic → documents, events, alerts, deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
from elasticsearch import AsyncElasticsearch
from prometheus_client import REGISTRY

from console.dry_run import dry_run
from console.search import Filters, search
from infra.accounts import Account
from infra.audit import audit, publish, total
from infra.indices import write_name
from infra.settings import Settings
from infra.stack import Endpoints
from models.severity_rules import load as load_rules
from models.words import cutter
from schemas.registry import OPINIONS
from tests.integration.conftest import START, good_items


async def test_an_item_goes_the_whole_way(
    landed: Account, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    assert landed.missing == []
    assert (landed.items, landed.documents, landed.duplicates, landed.dead_letters) == (11, 3, 2, 6)
    await _copies_are_linked(config, elasticsearch)
    await _dead_letters_have_reasons(config, elasticsearch)
    await _personal_data_is_masked(config, elasticsearch)
    await _search_finds_words(config, elasticsearch)
    await _the_same_rules_say_the_same_of_history(config, elasticsearch)
    await _one_alert_was_raised_and_delivered(config, elasticsearch)


async def test_the_audit_adds_up_and_names_what_is_missing(
    landed: Account, config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch
) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    rows = await audit(config, endpoints, elasticsearch, since)
    assert sum(row.items for row in rows) == landed.items
    assert sum(row.documents for row in rows) == landed.documents
    assert sum(row.dead_letters for row in rows) == landed.dead_letters
    assert {row.source for row in rows} >= {"日报", "门户", "微博", "test", ""}
    assert not any(row.missing or row.waiting for row in rows)
    gone = good_items()[0].id
    index = write_name(config, OPINIONS, START)
    await elasticsearch.delete(index=index, id=gone, refresh=True)
    rows = await audit(config, endpoints, elasticsearch, since)
    assert [row.missing for row in rows if row.missing] == [[gone]]
    found = total(rows, since, datetime.now(UTC))
    assert (found.missing, found.examples, found.items) == (1, [gone], landed.items)
    publish(found)
    assert REGISTRY.get_sample_value("tingchao_audit_missing_items") == 1


async def _copies_are_linked(config: Settings, client: AsyncElasticsearch) -> None:
    first, copy, repost, *_ = good_items()
    found = await client.search(index=f"{config.prefix}opinions", size=20)
    by_id = {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}
    assert by_id[copy.id]["duplicate"]["of"] == first.origin_id
    assert by_id[copy.id]["duplicate"]["reason"] == "near"
    assert by_id[repost.id]["duplicate"] == {
        "of": first.origin_id, "similarity": 1.0, "reason": "repost"
    }  # fmt: skip
    assert by_id[first.id]["duplicate"] is None
    assert by_id[first.id]["casualties"]["deaths"] == 12


async def _dead_letters_have_reasons(config: Settings, client: AsyncElasticsearch) -> None:
    found = await client.search(index=f"{config.prefix}dead-letters", size=20)
    reasons = sorted(hit["_source"]["reason"] for hit in found["hits"]["hits"])
    assert reasons == sorted(
        ["malformed_json", "missing_field", "nul_character", "malformed_json", "absurd_date",
         "too_large"]
    )  # fmt: skip
    assert all(hit["_source"]["message"] for hit in found["hits"]["hits"])


async def _personal_data_is_masked(config: Settings, client: AsyncElasticsearch) -> None:
    indices = ",".join(f"{config.prefix}{name}" for name in ("opinions", "events", "dead-letters"))
    everything = await client.search(index=indices, size=50)
    text = orjson.dumps(everything.body).decode()
    assert "13812345678" not in text and "11010519491231002" not in text


async def _search_finds_words(config: Settings, client: AsyncElasticsearch) -> None:
    dictionary = cutter(config.config / "userdict.txt")
    index = f"{config.prefix}opinions"
    for words, titles in (
        ("电价 上涨", ["电价上涨太多了"]),
        ("電價", ["电价上涨太多了"]),
        ('"浓烟滚滚" -突发', ["漳源化工园区发生爆炸 已致12人死亡"]),
        ("股票", []),
    ):
        found = await search(client, index, words, Filters(), dictionary, 10)
        assert [hit.source["title"] for hit in found.hits] == titles, words
    found = await search(client, index, "爆炸", Filters(since=START), dictionary, 10)
    assert found.hits[0].copies == 2
    assert "\ue000" in found.hits[0].title


async def _the_same_rules_say_the_same_of_history(
    config: Settings, client: AsyncElasticsearch
) -> None:
    rules = load_rules(config.config / "severity.yaml")
    found = await dry_run(config, client, START, rules, lambda what, done, of: None)
    assert found.items == 5 and found.changes == []


async def _one_alert_was_raised_and_delivered(config: Settings, client: AsyncElasticsearch) -> None:
    alerts = await client.search(index=f"{config.prefix}alerts", size=20)
    grave = [h["_source"] for h in alerts["hits"]["hits"] if h["_source"]["level"] in ("I", "II")]
    assert len(grave) == 1
    assert any(reason["rule"] == "grade-II" for reason in grave[0]["reasons"])
    sent = await client.search(
        index=f"{config.prefix}deliveries", query={"term": {"alert_id": grave[0]["id"]}}
    )
    kinds = [h["_source"]["kind"] for h in sent["hits"]["hits"]]
    assert "raised" in kinds
    assert len(kinds) == len({h["_id"] for h in sent["hits"]["hits"]})
    event = await client.get(index=f"{config.prefix}events", id=grave[0]["matter_id"])
    assert event["_source"]["items"] == 3
