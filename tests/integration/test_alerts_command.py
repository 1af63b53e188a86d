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
    alert, _, _ = on_signal(None, signal("II"), routing, contacts, datetime.now(UTC))
    assert alert
    client = clients.elasticsearch(config, endpoints)
    index = write_name(config, ALERTS)
    await AlertStore(client, index).save([Stored(alert)])
    await client.indices.refresh(index=index)
    await client.close()
    (line,) = _alerts("list").splitlines()
    assert orjson.loads(line)["id"] == alert.id
    assert "acknowledged" in _alerts("ack", alert.id, "--as", "张三", "--note", "在处理")
    assert "已知" in _alerts("mute", alert.id, "--reason", "已知", "--hours", "2")
    assert "resolved" in _alerts("resolve", alert.id, "--as", "张三")
    assert "open" in _alerts("reopen", alert.id)
    shown = orjson.loads(_alerts("show", alert.id, "--json"))
    actions = [change["action"] for change in shown["history"]]
    assert actions[-4:] == ["acknowledged", "muted", "resolved", "reopened"]
    assert shown["route"].startswith("major") and shown["history"][-2]["actor"] == "张三"
    assert "no alert" in _alerts("show", "nope", code=1)
