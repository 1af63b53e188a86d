"""The local stack: Kafka and Elasticsearch as processes of this machine.

`data/stack/state.json` remembers pids and ports; the data stays when they stop.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from filelock import FileLock

from infra.settings import Settings
from infra.stack import artifacts, elasticsearch, kafka, process
from infra.stack.artifacts import Progress
from infra.stack.endpoints import Endpoints
from infra.stack.process import Process
from schemas.errors import UserError

SERVERS = ("kafka", "elasticsearch")
START_SECONDS = 120


class LocalStack:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.folder = settings.data / "stack"
        self._state_file = self.folder / "state.json"

    def up(self, progress: Progress) -> Endpoints:
        """Start what does not run, wait until both answer; the second call is at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "stack.lock"):
            return self._up(progress)

    def _up(self, progress: Progress) -> Endpoints:
        state = self._state()
        missing = [name for name in SERVERS if not self._alive(state, name)]
        if missing:
            jars, home = artifacts.fetch(self._settings.cache, progress)
            java = process.java(self._settings.cache)
            taken = {port for name in SERVERS for port in state.get(name, {}).get("ports", [])}
            for name in missing:
                ports = self._ports(state.get(name, {}).get("ports"), name, taken)
                taken.update(ports)
                folder = self.folder / name
                if name == "kafka":
                    found = kafka.start(java, jars, folder, self._settings.kafka_heap, *ports)
                else:
                    heap = self._settings.elasticsearch_heap
                    found = elasticsearch.start(java, home, folder, heap, *ports)
                state[name] = {"process": asdict(found), "ports": ports}
                self._state_file.write_text(json.dumps(state))
        endpoints = self._endpoints(state)
        self._wait(state, endpoints, progress)
        return endpoints

    def _ports(self, before: list[int] | None, name: str, taken: set[int]) -> list[int]:
        """The ports of the last time when they are free, so that addresses stay."""
        mine = set(before or ())
        settings = self._settings
        first = settings.kafka_port if name == "kafka" else settings.elasticsearch_port
        ports: list[int] = []
        for wanted in before or (first, first + 1 if name == "kafka" else first + 100):
            ports.append(process.free_port(wanted, (taken - mine) | set(ports)))
        return ports

    def _wait(self, state: dict[str, Any], endpoints: Endpoints, progress: Progress) -> None:
        started = time.monotonic()
        waiting = dict(zip(SERVERS, (_kafka_answers, _elasticsearch_answers), strict=True))
        while waiting:
            for name, answers in list(waiting.items()):
                if answers(endpoints):
                    del waiting[name]
                elif not self._alive(state, name) or time.monotonic() - started > START_SECONDS:
                    self._failed(state, name)
            progress("启动 Kafka 与 Elasticsearch", len(SERVERS) - len(waiting), len(SERVERS))
            if waiting:
                time.sleep(0.25)

    def _failed(self, state: dict[str, Any], name: str) -> None:
        log = self.logs()[name]
        self._process(state, name).stop()
        raise UserError(
            f"{name} did not start. The end of {log}:\n{process.tail(log)}\n"
            f"tingchao: {name} did not start",
            "mend what its log says (memory, disk, ports) and run `tingchao stack up` again",
        )

    def down(self) -> list[str]:
        """Stop the servers that this stack started; their names."""
        state = self._state()
        running = [name for name in SERVERS if self._alive(state, name)]
        for name in running:
            self._process(state, name).stop()
        return running

    def status(self) -> dict[str, dict[str, Any]]:
        state = self._state()
        return {
            name: {
                "running": self._alive(state, name),
                "pid": state.get(name, {}).get("process", {}).get("pid"),
                "ports": state.get(name, {}).get("ports", []),
                "data": str(self.folder / name),
                "log": str(self.logs()[name]),
            }
            for name in SERVERS
        }

    def endpoints(self) -> Endpoints:
        state = self._state()
        dead = [name for name in SERVERS if not self._alive(state, name)]
        if dead:
            raise UserError(f"{' and '.join(dead)} of this machine: not running",
                            "start with: tingchao stack up")  # fmt: skip
        return self._endpoints(state)

    def logs(self) -> dict[str, Path]:
        """The log that tells most of each server."""
        files = {"kafka": "server.log", "elasticsearch": "logs/tingchao.log"}
        found = {name: self.folder / name / file for name, file in files.items()}
        return {n: p if p.exists() else self.folder / n / "console.log" for n, p in found.items()}

    def reset(self) -> None:
        """Stop the servers and remove all their data."""
        self.down()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _state(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._state_file.read_text())
            return found
        except (OSError, ValueError):
            return {}

    def _process(self, state: dict[str, Any], name: str) -> Process:
        return Process(**state[name]["process"])

    def _alive(self, state: dict[str, Any], name: str) -> bool:
        return name in state and self._process(state, name).alive()

    def _endpoints(self, state: dict[str, Any]) -> Endpoints:
        return Endpoints(
            kafka=f"127.0.0.1:{state['kafka']['ports'][0]}",
            elasticsearch=f"http://127.0.0.1:{state['elasticsearch']['ports'][0]}",
        )


def _elasticsearch_answers(endpoints: Endpoints) -> bool:
    try:
        url = f"{endpoints.elasticsearch}/_cluster/health"
        answer = requests.get(url, timeout=2)
        return answer.ok and answer.json()["status"] != "red"
    except (requests.RequestException, ValueError, KeyError):
        return False


def _kafka_answers(endpoints: Endpoints) -> bool:
    import asyncio
    import logging

    async def ask() -> bool:
        client = AIOKafkaAdminClient(bootstrap_servers=endpoints.kafka, request_timeout_ms=2_000)
        try:
            await client.start()
            return bool((await client.describe_cluster())["brokers"])
        except (KafkaError, OSError):
            return False
        finally:
            await client.close()

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        return asyncio.run(ask())
    finally:
        logging.getLogger("aiokafka").setLevel(logging.NOTSET)
