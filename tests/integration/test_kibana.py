"""The worked queries of docs/index-contract.md on the real Elasticsearch."""

from __future__ import annotations

import json

import orjson
from elasticsearch import AsyncElasticsearch

from infra.accounts import Account
from infra.kibana.examples import examples
from infra.kibana.objects import saved_objects
from infra.settings import Settings
from tests.integration.crawling import tingchao


async def test_every_example_is_answered(
    landed: Account, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    assert len(examples()) >= 10
    for each in examples():
        answer = await elasticsearch.search(
            index=config.prefix + each.alias, body=json.loads(each.body)
        )
        assert not answer["_shards"]["failed"], each.title
        if "aggs" in each.body and each.alias == "opinions":
            name = next(iter(answer["aggregations"]))
            assert answer["aggregations"][name]["buckets"], each.title


async def test_what_is_exported_is_about_this_installation(config: Settings) -> None:
    lines = [orjson.loads(line) for line in tingchao("kibana", "export").splitlines()]
    assert lines == list(saved_objects(config))
    titles = [each["attributes"]["title"] for each in lines if each["type"] == "index-pattern"]
    assert f"{config.prefix}opinions" in titles
