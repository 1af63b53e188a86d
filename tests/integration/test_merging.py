"""Two people merge alerts at the same moment: no matter is lost, and none counts twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import AsyncElasticsearch
from msgspec.structs import replace

from console.merging import merge_alerts
from infra.alert_store import AlertStore, Stored
from infra.indices import write_name
from infra.settings import Settings
from response.alert import alert_id, matters_of, on_signal
from response.plan import load_plan
from schemas.alert import Alert
from schemas.errors import UserError
from schemas.registry import ALERTS
from tests.builders import signal

ROUNDS = 25
NOW = datetime.now(UTC)


class Together(AlertStore):
    """Nobody goes on from the first reading before all have read."""

    def __init__(self, client: AsyncElasticsearch, index: str, barrier: asyncio.Barrier) -> None:
        super().__init__(client, index, patient=False)
        self._barrier, self._read = barrier, False

    async def get(self, ids: Any) -> dict[str, Stored]:
        found = await super().get(ids)
        if not self._read:
            self._read = True
            await self._barrier.wait()
        return found


class Laggard(Together):
    """Both have claimed the other's before anybody asks further: the worst that can happen."""

    claimed = False

    async def save(self, changed: Any) -> list[str]:
        conflicts = await super().save(changed)
        if not self.claimed:
            self.claimed = True
            await self._barrier.wait()
        return conflicts


async def _raised(store: AlertStore, config: Settings, *matters: str) -> list[str]:
    plan = load_plan(config.config)
    made = []
    for name in matters:
        alert, _, _ = on_signal(
            None, signal("III", matter=name), plan.routing, plan.contacts, NOW, plan.duty
        )
        assert alert
        made.append(alert)
    assert not await store.save([Stored(alert) for alert in made])
    return [alert_id(name) for name in matters]


async def _at_once(stores: list[Any], *ways: tuple[str, str]) -> list[Any]:
    calls = [
        merge_alerts(store, first, second, f"第{n}位", "", NOW)
        for n, (store, (first, second)) in enumerate(zip(stores, ways, strict=True))
    ]
    return await asyncio.gather(*calls, return_exceptions=True)


def _matters(alert: Alert) -> set[str]:
    return {matter.id for matter in matters_of(alert)}


@pytest.mark.parametrize("kind", [Together, Laggard])
async def test_merged_both_ways_at_once_one_goes_on_with_both_matters(
    config: Settings, elasticsearch: AsyncElasticsearch, kind: type[Together]
) -> None:
    index = write_name(config, ALERTS)
    store = AlertStore(elasticsearch, index)
    for number in range(ROUNDS):
        names = {f"a{kind.__name__}{number}", f"b{kind.__name__}{number}"}
        one, two = await _raised(store, config, *sorted(names))
        barrier = asyncio.Barrier(2)
        stores = [kind(elasticsearch, index, barrier) for _ in range(2)]
        done = await _at_once(stores, (one, two), (two, one))
        assert sorted(isinstance(each, UserError) for each in done) == [False, True], done
        held = {key: each.alert for key, each in (await store.get([one, two])).items()}
        kept = [alert for alert in held.values() if alert.status == "open"]
        gone = [alert for alert in held.values() if alert.status == "merged"]
        assert len(kept) == len(gone) == 1 and gone[0].merged_into == kept[0].id, held
        assert _matters(kept[0]) == names and kept[0].items == 6
        assert [line.action for line in kept[0].history].count("merged_into") == 0
        assert kept[0].next_due_at and kept[0].tells


async def test_one_alert_goes_into_one_of_two(
    config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    index = write_name(config, ALERTS)
    store = AlertStore(elasticsearch, index)
    for number in range(ROUNDS):
        names = [f"{letter}{number}" for letter in "abc"]
        a, b, c = await _raised(store, config, *names)
        barrier = asyncio.Barrier(2)
        stores = [Together(elasticsearch, index, barrier) for _ in range(2)]
        done = await _at_once(stores, (a, b), (c, b))
        assert sorted(isinstance(each, UserError) for each in done) == [False, True], done
        held = {key: each.alert for key, each in (await store.get([a, b, c])).items()}
        assert held[b].status == "merged"
        has = [key for key in (a, c) if names[1] in _matters(held[key])]
        assert has == [held[b].merged_into], held


async def test_what_broke_off_is_done_by_the_same_call_and_what_is_refused_is_undone(
    config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    index = write_name(config, ALERTS)
    store = AlertStore(elasticsearch, index)
    one, two = await _raised(store, config, "a", "b")
    before = (await store.get([two]))[two].alert
    seen = []

    def twice(_: Alert) -> None:
        seen.append(_)
        if len(seen) > 1:
            raise LookupError("changed since")

    with pytest.raises(LookupError):
        await merge_alerts(store, one, two, "甲", "", NOW, twice)
    assert (await store.get([two]))[two].alert == before

    class Torn(AlertStore):
        async def save(self, changed: Any) -> list[str]:
            if changed[0].alert.id == one:
                raise KeyboardInterrupt
            return await super().save(changed)

    with pytest.raises(KeyboardInterrupt):
        await merge_alerts(Torn(elasticsearch, index), one, two, "甲", "", NOW)
    assert (await store.get([two]))[two].alert.merged_into == one
    for _ in range(2):
        kept = await merge_alerts(store, one, two, "甲", "", NOW)
        assert _matters(kept) == {"a", "b"}
        assert [line.action for line in kept.history].count("merged") == 1
    # Over by now: neither is it merged again, nor does it come back.
    await store.change(one, lambda alert: replace(alert, status="closed"))
    with pytest.raises(UserError, match="已办结"):
        await merge_alerts(store, one, two, "甲", "", NOW)
    assert (await store.get([two]))[two].alert.status == "merged"
