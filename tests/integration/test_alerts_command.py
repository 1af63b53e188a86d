"""`tingchao alerts` on the real stack: see, answer, mute, resolve, open again."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import orjson

from infra import clients
from infra.alert_store import AlertStore, Stored
from infra.indices import write_name
from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from response.alert import on_signal
from response.routing import Contacts, Routing
from schemas.registry import ALERTS
from schemas.yaml_file import load_yaml
from tests.builders import signal
from tests.integration.crawling import environment


def _alerts(*arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tingchao", "alerts", *arguments], cwd=PROJECT,
        env=environment() | {"TINGCHAO_STACK": "external"}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


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
    lines = _alerts("list").splitlines()
    assert [orjson.loads(line)["id"] for line in lines] == [alert.id, lower.id]
    done = _alerts("ack", alert.id, "--as", "张三", "--note", "在处理")
    assert "acknowledged：张三 已确认" in done
    assert "nothing was done" in _alerts("ack", alert.id, "--as", "李四", code=1)
    assert "完成 发布权威信息" in _alerts("met", alert.id, "information", "--note", "已发通报")
    assert "nothing was done" in _alerts("met", alert.id, "information", code=1)
    assert "no clock" in _alerts("met", alert.id, "lunch", code=1)
    assert "no status" in _alerts("list", "--status", "nonsense", code=1)
    assert "已知" in _alerts("mute", alert.id, "--reason", "已知", "--hours", "2")
    assert "resolved" in _alerts("resolve", alert.id, "--as", "张三")
    assert "open" in _alerts("reopen", alert.id)
    shown = orjson.loads(_alerts("show", alert.id, "--json"))
    actions = [change["action"] for change in shown["history"]]
    assert actions[-5:] == ["acknowledged", "met", "muted", "resolved", "reopened"]
    assert shown["route"].startswith("major") and shown["history"][-2]["actor"] == "张三"
    assert "no alert" in _alerts("show", "nope", code=1)
