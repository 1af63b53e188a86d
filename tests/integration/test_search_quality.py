"""What people ask of the demo corpus is found, and stands first."""

from __future__ import annotations

import pytest

from benchmarks.search_judgements import judged
from benchmarks.search_quality import mean_of, measure
from benchmarks.search_ways import corpus as stored
from benchmarks.search_ways import ours
from infra import clients
from infra.settings import settings
from infra.stack import Endpoints

LEAST = 0.85


async def test_the_search_finds_what_people_ask_for(
    corpus: dict[str, str], endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINGCHAO_PREFIX", corpus["TINGCHAO_PREFIX"])
    settings.cache_clear()
    config = settings()
    settings.cache_clear()
    client = clients.elasticsearch(config, endpoints)
    try:
        documents = await stored(config, client)
        scores = await measure(ours(config, client), documents)
    finally:
        await client.close()
    told = "\n".join(f"{score.value:.3f} {score.judged.query}" for score in scores)
    print(f"all {mean_of(scores):.3f}, held {mean_of(scores, lambda each: each.held):.3f}")
    assert len(scores) == 60 and sum(each.held for each in judged()) == 20
    assert mean_of(scores) >= LEAST, told
