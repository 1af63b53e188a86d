"""`tingchao alerts` on the real stack: see, answer, mute, resolve, open again."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from infra import clients
from infra.alert_store import AlertStore, Stored
from infra.indices import write_name
from infra.settings import Settings
from infra.stack import Endpoints
from response.alert import on_signal
from response.routing import Contacts, Routing
from schemas.registry import ALERTS
from schemas.yaml_file import load_yaml
from tests.builders import signal
from tests.integration.crawling import tingchao


async def test_an_alert_is_answered_muted_and_resolved(
    config: Settings, endpoints: Endpoints
) -> None:
    routing = load_yaml(config.config / "routing.yaml", Routing)
    contacts = load_yaml(config.config / "contacts.yaml", Contacts)
    alert, _, _ = on_signal(None, signal("II", score=0), routing, contacts, datetime.now(UTC))
    lower, _, _ = on_signal(None, signal("III", matter="m2"), routing, contacts, datetime.now(UTC))
    assert alert and lower
    client = clients.elasticsearch(config, endpoints)
    index = write_name(config, ALERTS)
    await AlertStore(client, index).save([Stored(lower), Stored(alert)])
    await client.indices.refresh(index=index)
    await client.close()
    # The level counts, not the score, which an alert of a rule does not have.
    lines = tingchao("alerts", "list").splitlines()
    assert [orjson.loads(line)["id"] for line in lines] == [alert.id, lower.id]
    done = tingchao("alerts", "ack", alert.id, "--as", "张三", "--note", "在处理")
    assert "acknowledged：张三 已确认" in done
    assert "nothing was done" in tingchao("alerts", "ack", alert.id, "--as", "李四", code=1)
    assert "完成 发布权威信息" in tingchao(
        "alerts", "met", alert.id, "information", "--note", "已发通报"
    )
    assert "nothing was done" in tingchao("alerts", "met", alert.id, "information", code=1)
    assert "no clock" in tingchao("alerts", "met", alert.id, "lunch", code=1)
    assert "no status" in tingchao("alerts", "list", "--status", "nonsense", code=1)
    assert "已知" in tingchao("alerts", "mute", alert.id, "--reason", "已知", "--hours", "2")
    assert "resolved" in tingchao("alerts", "resolve", alert.id, "--as", "张三")
    assert "open" in tingchao("alerts", "reopen", alert.id)
    shown = orjson.loads(tingchao("alerts", "show", alert.id, "--json"))
    actions = [change["action"] for change in shown["history"]]
    assert actions[-5:] == ["acknowledged", "met", "muted", "resolved", "reopened"]
    assert shown["route"].startswith("major") and shown["history"][-2]["actor"] == "张三"
    assert "no alert" in tingchao("alerts", "show", "nope", code=1)
