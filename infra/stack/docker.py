"""The stack in containers: the official images by Compose (infra/compose.yaml)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from infra.settings import Settings
from infra.stack.artifacts import Progress
from infra.stack.endpoints import Endpoints
from schemas.errors import UserError

COMPOSE = Path(__file__).resolve().parent.parent / "compose.yaml"


class DockerStack:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def up(self, progress: Progress) -> Endpoints:
        progress("启动容器", 0, 1)
        self._compose("up", "--detach", "--wait")
        progress("启动容器", 1, 1)
        return self.endpoints()

    def endpoints(self) -> Endpoints:
        settings = self._settings
        return Endpoints(
            kafka=f"127.0.0.1:{settings.kafka_port}",
            elasticsearch=f"http://127.0.0.1:{settings.elasticsearch_port}",
        )

    def down(self) -> list[str]:
        self._compose("stop")
        return ["kafka", "elasticsearch"]

    def reset(self) -> None:
        self._compose("down", "--volumes")

    def environment(self) -> dict[str, str]:
        """What infra/compose.yaml reads."""
        settings = self._settings
        return {
            "KAFKA_PORT": str(settings.kafka_port),
            "KAFKA_HEAP": settings.kafka_heap,
            "ELASTICSEARCH_PORT": str(settings.elasticsearch_port),
            "ELASTICSEARCH_HEAP": settings.elasticsearch_heap,
        }

    def _compose(self, *arguments: str) -> None:
        command = ["docker", "compose", "--file", str(COMPOSE), *arguments]
        try:
            done = subprocess.run(
                command, env={**os.environ, **self.environment()}, capture_output=True, text=True
            )
        except FileNotFoundError:
            raise UserError("there is no `docker` command", _INSTEAD) from None
        if done.returncode:
            last = " ".join(done.stderr.strip().splitlines()[-1:])
            raise UserError(f"docker compose {arguments[0]} failed: {last}", _INSTEAD)


_INSTEAD = "start the Docker engine, or set TINGCHAO_STACK=local"
