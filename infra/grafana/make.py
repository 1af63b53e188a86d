"""The Grafana dashboard, written from the table below: python -m infra.grafana.make

Each panel names its metrics; a test holds the file against this table and the metrics
against infra/metrics.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "tingchao.json"
WIDTH, HEIGHT = 8, 7  # of a panel; the board is 24 wide

Panel = tuple[str, str, dict[str, str]]  # title, unit, {legend: expression}


def _rate(name: str, by: str) -> str:
    return f"sum by ({by}) (rate(tingchao_{name}_total[5m]))"


def _since(name: str, by: str = "") -> str:
    of = f" by ({by})" if by else ""
    return f"time() - max{of} (tingchao_{name}_timestamp_seconds)"


def _p95(name: str, by: str) -> str:
    rate = f"rate(tingchao_{name}_bucket[5m])"
    return f"histogram_quantile(0.95, sum by ({by}, le) ({rate}))"


def _mean(name: str, by: str) -> str:
    parts = [f"sum by ({by}) (rate(tingchao_{name}_{end}[5m]))" for end in ("sum", "count")]
    return " / ".join(parts)


BAD_SOURCE = 'tingchao_source_status{status=~"silent|broken|layout"} == 1'
MISSING = {
    "缺失": "max(tingchao_audit_missing_items)", "核对": "max(tingchao_audit_items)",
}  # fmt: skip
ROWS: list[tuple[str, list[Panel]]] = [
    ("一条信息的路", [
        ("每秒处理 Items per second", "ops", {"{{outcome}}": _rate("items", "outcome")}),
        ("积压 Lag", "short", {"{{agent}}": "sum by (agent) (tingchao_lag_messages)"}),
        ("停滞 Standing still", "s", {"{{agent}}": "max by (agent) (tingchao_still_seconds)"}),
        ("一批用时 p95", "s", {"{{agent}} {{stage}}": _p95("batch_seconds", "agent, stage")}),
        ("每批条数 Batch size", "short", {"{{agent}}": _mean("batch_items", "agent")}),
        ("就绪 Ready", "short", {"{{agent}} {{instance}}": "tingchao_ready"}),
    ]),
    ("不丢 Nothing lost", [
        ("死信 Dead letters", "ops",
         {"{{stage}} {{reason}}": _rate("dead_letters", "stage, reason")}),
        ("审计 Audit", "short", MISSING),
        ("距上次审计 Since the last audit", "s", {"": _since("audit")}),
        ("写入重试 Sink retries", "ops", {"{{reason}}": _rate("sink_retries", "reason")}),
        ("拒收 Refused", "ops", {"{{index}}": _rate("sink_refused", "index")}),
        ("距上批 Since the last batch", "s", {"{{agent}}": _since("last_batch", "agent")}),
    ]),
    ("事件与预警 Events and alerts", [
        ("活动事件 Live events", "short", {"": "sum(tingchao_live_events)"}),
        ("信号 Signals", "ops", {"{{level}}": _rate("signals", "level")}),
        ("预警变化 Alert changes", "ops", {"{{change}}": _rate("alert_changes", "change")}),
        ("通知 Notifications", "ops", {"{{kind}}": _rate("notifications", "kind")}),
        ("送达 Deliveries", "ops",
         {"{{channel}} {{status}}": _rate("deliveries", "channel, status")}),
        ("指纹 Fingerprints", "short", {"{{instance}}": "tingchao_fingerprints"}),
    ]),
    ("来源 Sources", [
        ("不正常的来源 Not well", "short", {"{{source}} {{status}}": BAD_SOURCE}),
        ("每小时条数 Items an hour", "short",
         {"{{source}}": 'tingchao_source_items_per_hour{period="day"}'}),
        ("距上次成功 Since the last success", "s",
         {"{{source}}": _since("source_last_success", "source")}),
        ("来源的错误 Errors", "ops", {"{{source}}": _rate("source_errors", "source")}),
        ("来源带来的条数 Items", "ops", {"{{source}}": _rate("source_items", "source")}),
        ("配置重新加载 Reloads", "ops",
         {"{{file}} {{outcome}}": _rate("config_reloads", "file, outcome")}),
    ]),
]  # fmt: skip


def dashboard() -> dict[str, Any]:
    panels: list[dict[str, Any]] = []
    y = 0
    for title, found in ROWS:
        panels.append({"type": "row", "title": title, "collapsed": False, "panels": [],
                       "gridPos": {"h": 1, "w": 24, "x": 0, "y": y}})  # fmt: skip
        y += 1
        for number, (name, unit, queries) in enumerate(found):
            at = {"x": number % 3 * WIDTH, "y": y + number // 3 * HEIGHT}
            place = {"h": HEIGHT, "w": WIDTH, **at}
            panels.append(_panel(name, unit, queries, place))
        y += (len(found) + 2) // 3 * HEIGHT
    for number, panel in enumerate(panels, start=1):
        panel["id"] = number
    return {
        "title": "听潮 Tingchao", "uid": "tingchao", "schemaVersion": 39, "version": 1,
        "refresh": "10s", "time": {"from": "now-3h", "to": "now"}, "tags": ["tingchao"],
        "templating": {"list": [{
            "name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus",
        }]},
        "panels": panels,
    }  # fmt: skip


def _panel(title: str, unit: str, queries: dict[str, str], place: dict[str, int]) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${source}"}
    return {
        "type": "timeseries", "title": title, "gridPos": place, "datasource": source,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(65 + n), "expr": expr, "legendFormat": legend, "datasource": source}
            for n, (legend, expr) in enumerate(queries.items())
        ],
    }  # fmt: skip


def text() -> str:
    return json.dumps(dashboard(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
