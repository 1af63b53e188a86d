"""On the real stack: a report becomes an alert, a page that is gone says so in its document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import requests
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from crawlers.intake.partners import key_hash
from crawlers.revisits import deleted
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.builders import raw_item
from tests.integration.crawling import site
from tests.integration.test_intake import REPORT, STAFF
from tests.integration.workers import Worker, settled


async def test_a_report_raises_an_alert_and_an_update_reaches_it(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch, tmp_path: Path
) -> None:
    partners = tmp_path / "partners.yaml"
    partners.write_text(f"partners: [{{name: o, key_sha256: {key_hash(STAFF)}, forms: true}}]\n")
    now = datetime.now(UTC).isoformat()
    report = REPORT | {"time": now, "subjects": "供电公司，联系人13912345678"}
    with (
        Worker(tmp_path / "log") as worker,
        site("intake", "--partners", str(partners)) as address,
    ):

        def send(fields: dict[str, str]) -> str:
            url, login = f"{address}/report", ("o", STAFF)
            answer = requests.post(url, data=fields, auth=login, timeout=60)
            assert answer.status_code == 200, answer.text
            return answer.text.split("matter=")[1][:32]

        matter = send(report)
        assert send(report | {"matter": matter, "urgency": "特别重大", "content": "续报"}) == matter
        await settled(config, endpoints, worker=worker)
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    found = await elasticsearch.search(
        index=f"{config.prefix}alerts", query={"term": {"matter_id": matter}}
    )
    (alert,) = [hit["_source"] for hit in found["hits"]["hits"]]
    assert alert["level"] == "I" and alert["title"] == REPORT["title"]
    documents = await elasticsearch.search(
        index=f"{config.prefix}opinions", query={"term": {"channel": "staff"}}
    )
    found_in = [hit["_source"] for hit in documents["hits"]["hits"]]
    assert {d["report"]["update_of"]: d["severity"]["level"] for d in found_in} == {
        None: "II", matter: "I",
    }  # fmt: skip
    assert all(d["report"]["place"] == "某县" for d in found_in)
    assert "13912345678" not in str(found_in) + str(alert)


async def test_a_page_that_is_gone_says_so_in_its_document(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch,
    producer: AIOKafkaProducer, tmp_path: Path,
) -> None:  # fmt: skip
    item = raw_item("gone", published_at=datetime.now(UTC))
    for version in (item, deleted(item, 404), item):  # the first sent again changes nothing
        await producer.send_and_wait(f"{config.prefix}items.raw", encode(version))
    with Worker(tmp_path / "log") as worker:
        await settled(config, endpoints, worker=worker)
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    found = await elasticsearch.search(index=f"{config.prefix}opinions")
    (document,) = [hit["_source"] for hit in found["hits"]["hits"]]
    assert document["provenance"]["change"] == "deleted" and document["provenance"]["status"] == 404
