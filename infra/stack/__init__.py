"""The stack that a setting chooses: `local`, `docker` or `external`."""

from __future__ import annotations

from typing import Protocol

from infra.settings import Settings
from infra.stack.artifacts import Progress
from infra.stack.docker import DockerStack
from infra.stack.endpoints import Endpoints
from infra.stack.local import LocalStack
from schemas.errors import UserError


class Stack(Protocol):
    def up(self, progress: Progress) -> Endpoints: ...

    def endpoints(self) -> Endpoints: ...

    def down(self) -> list[str]: ...

    def reset(self) -> None: ...


class ExternalStack:
    """Servers that somebody else runs: their addresses come from the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def up(self, progress: Progress) -> Endpoints:
        return self.endpoints()

    def endpoints(self) -> Endpoints:
        settings = self._settings
        if not settings.kafka_bootstrap or not settings.elasticsearch_url:
            raise UserError(
                "the stack is external, but its addresses are not set",
                "set TINGCHAO_KAFKA_BOOTSTRAP and TINGCHAO_ELASTICSEARCH_URL",
            )
        return Endpoints(settings.kafka_bootstrap, settings.elasticsearch_url)

    def down(self) -> list[str]:
        return []

    def reset(self) -> None:
        raise UserError("an external stack is not ours to reset", "ask whoever runs it")


def stack(settings: Settings) -> Stack:
    match settings.stack:
        case "local":
            return LocalStack(settings)
        case "docker":
            return DockerStack(settings)
        case _:
            return ExternalStack(settings)


def is_up(servers: Stack) -> bool:
    try:
        servers.endpoints()
    except UserError:
        return False
    return True


__all__ = ["Endpoints", "ExternalStack", "LocalStack", "Stack", "is_up", "stack"]
