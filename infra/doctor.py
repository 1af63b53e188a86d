"""What can be wrong with a machine and its servers, looked at one by one (`tingchao doctor`)."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.mapping import mapping_of
from schemas.registry import INDICES
from schemas.topics import ALL

GB = 1 << 30
State = Literal["ok", "warn", "fail"]
LITTLE_DISK, NO_DISK = 5 * GB, 1 * GB
LITTLE_MEMORY = 3 * GB  # broker, Elasticsearch, worker with its models
SKEW, FAR_SKEW = 2.0, 60.0  # seconds


@dataclass(frozen=True)
class Check:
    name: str
    state: State
    found: str
    remedy: str = ""  # empty when all is well


def machine(settings: Settings, running: bool) -> Iterator[Check]:
    """Python, memory, disk, ports; `running`: the stack holds its own ports."""
    version = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11)
    yield Check("Python", "fail" if old else "ok", version, "安装 Python 3.11 以上" if old else "")
    memory = psutil.virtual_memory()
    little = memory.total < LITTLE_MEMORY
    found = f"{memory.total / GB:.1f} GB，可用 {memory.available / GB:.1f} GB"
    remedy = "调小 elasticsearch_heap、kafka_heap，或增加内存" if little else ""
    yield Check("内存", "warn" if little else "ok", found, remedy)
    for name, path in (("数据盘", settings.data), ("缓存盘", settings.cache)):
        yield _disk(name, path)
    if settings.stack == "local" and not running:
        for name in ("kafka_port", "elasticsearch_port", "console_port", "metrics_port"):
            yield _port(name, getattr(settings, name))


def _disk(name: str, path: Path) -> Check:
    there = next(p for p in (path, *path.parents) if p.exists())
    free = psutil.disk_usage(str(there)).free
    state: State = "fail" if free < NO_DISK else "warn" if free < LITTLE_DISK else "ok"
    remedy = "" if state == "ok" else "腾出空间，或把 TINGCHAO_DATA、TINGCHAO_CACHE 设到别处"
    return Check(name, state, f"{path} 剩余 {free / GB:.1f} GB", remedy)


def _port(name: str, port: int) -> Check:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        return Check(f"端口 {port}", "warn", f"{name} 已被占用", "会自动另选；要固定就改设置")
    return Check(f"端口 {port}", "ok", f"{name} 空闲")


async def kafka(settings: Settings, endpoints: Endpoints) -> list[Check]:
    """Raises what its client raises when the broker does not answer."""
    admin = AIOKafkaAdminClient(**clients.kafka_options(settings, endpoints))
    await admin.start()
    try:
        brokers = len((await admin.describe_cluster())["brokers"])
        few = brokers < settings.kafka_replication
        checks = [Check(
            "Kafka", "fail" if few else "ok", f"{endpoints.kafka}，{brokers} 个节点",
            f"kafka_replication={settings.kafka_replication} 需要同样多的节点" if few else "",
        )]  # fmt: skip
        there = set(await admin.list_topics())
        missing = [t.name for t in ALL if settings.prefix + t.name not in there]
        if missing:
            return [*checks, Check(
                "主题", "warn", f"没有 {', '.join(missing)}", "启动一个 worker 就会建立"
            )]  # fmt: skip
        asked = [ConfigResource(ConfigResourceType.TOPIC, settings.prefix + t.name) for t in ALL]
        found = _configs(await admin.describe_configs(asked))
        return [*checks, *_topics(settings, found)]
    finally:
        await admin.close()


def _configs(answers: Iterable[Any]) -> dict[str, dict[str, str]]:
    return {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
    }


def _topics(settings: Settings, found: dict[str, dict[str, str]]) -> Iterator[Check]:
    """What differs from schemas/topics.py: a start leaves existing topics as they are."""
    wrong = []
    for topic in ALL:
        configs = found.get(settings.prefix + topic.name, {})
        wanted = {"retention.ms": topic.retention_ms, "max.message.bytes": topic.max_message}
        for name, value in wanted.items():
            if configs.get(name) != str(value):
                wrong.append(f"{topic.name} {name}={configs.get(name)}（应为 {value}）")
    remedy = "用 kafka-configs.sh --alter 改正，除非是有意为之" if wrong else ""
    yield Check("主题", "warn" if wrong else "ok", "；".join(wrong) or f"{len(ALL)} 个", remedy)


async def elasticsearch(settings: Settings, client: AsyncElasticsearch) -> list[Check]:
    """Raises what its client raises when Elasticsearch does not answer."""
    # Of the nodes and not of `GET /`: the server of `make run` is without that part.
    nodes = (await client.nodes.info(metric="os"))["nodes"].values()
    version = min(node["version"] for node in nodes)
    old = int(version.split(".")[0]) < 9
    health = (await client.cluster.health())["status"]
    states: dict[str, State] = {"green": "ok", "yellow": "warn", "red": "fail"}
    checks = [
        Check("Elasticsearch", "fail" if old else "ok", version, "升级到 9 以上" if old else ""),
        Check(
            "集群状态", states[health], health,
            {"green": "", "yellow": "副本没有分配：单节点设 elasticsearch_replicas=0"}.get(
                health, "有主分片不可用：查看 Elasticsearch 的日志"
            ),
        ),
        *await _indices(settings, client),
        await _clock(client),
    ]  # fmt: skip
    return checks


async def _indices(settings: Settings, client: AsyncElasticsearch) -> list[Check]:
    wrong, missing = [], []
    for index in INDICES:
        alias = settings.prefix + index.alias
        if not await client.indices.exists_index_template(name=alias):
            missing.append(index.alias)
            continue
        wanted = mapping_of(index.record)["properties"]
        found = await client.indices.get_mapping(index=alias, ignore_unavailable=True)
        for name, mapping in found.items():
            have = mapping["mappings"].get("properties", {})
            other = [f for f in wanted if _kind(have.get(f)) != _kind(wanted[f])]
            if other:
                wrong.append(f"{name}: {', '.join(other[:5])}")
    blocks = await client.indices.get_settings(
        index=f"{settings.prefix}*", name="index.blocks.read_only_allow_delete", flat_settings=True
    )
    blocked = [name for name, each in blocks.items() if each["settings"]]
    return [
        Check("索引模板", "warn" if missing else "ok", f"没有 {', '.join(missing)}" if missing else
              f"{len(INDICES)} 个", "启动一个 worker 就会建立" if missing else ""),
        Check("映射", "fail" if wrong else "ok", "；".join(wrong) or "与本版本一致",
              "tingchao reindex 索引名" if wrong else ""),
        Check("只读索引", "fail" if blocked else "ok", ", ".join(blocked) or "无",
              "磁盘满过：腾出空间，Elasticsearch 会自行解除" if blocked else ""),
    ]  # fmt: skip


def _kind(field: dict[str, Any] | None) -> str | None:
    return None if field is None else str(field.get("type", "object"))


async def _clock(client: AsyncElasticsearch) -> Check:
    asked = time.time()
    answer = await client.nodes.stats(metric="os")
    middle = (asked + time.time()) / 2
    skew = max((abs(n["timestamp"] / 1000 - middle) for n in answer["nodes"].values()), default=0.0)
    state: State = "fail" if skew > FAR_SKEW else "warn" if skew > SKEW else "ok"
    remedy = "" if state == "ok" else "各机器用 NTP 对时：时限按时钟计算"
    return Check("时钟", state, f"与 Elasticsearch 相差 {skew:.1f} 秒", remedy)
