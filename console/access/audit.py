"""The record of who did what: each line written once, in an index a month."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Literal

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch
from starlette.requests import Request

from console.actor import actor_of
from infra.indices import write_name
from infra.settings import Settings
from schemas.base import encode
from schemas.registry import AUDIT_LOG
from schemas.user import AuditEntry

log = structlog.get_logger("tingchao.audit-log")
NOTE = 1_000  # characters
Outcome = Literal["done", "refused", "failed"]


class AuditLog:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._settings, self._client = settings, client

    async def told(
        self, request: Request | None, action: str, object: str = "", note: str = "",
        outcome: Outcome = "done", actor: str = "",
    ) -> None:  # fmt: skip
        """`actor`: where nobody is logged in yet. A line that cannot be written goes to the log."""
        now = datetime.now(UTC)
        entry = AuditEntry(
            id=f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}", at=now,
            actor=actor or (actor_of(request).id if request else "system"), action=action,
            object=object[:500], outcome=outcome, note=note[:NOTE],
            address=address_of(request) if request else "",
        )  # fmt: skip
        try:
            await self._client.create(
                index=write_name(self._settings, AUDIT_LOG, now), id=entry.id,
                document=encode(entry),  # type: ignore[arg-type]  # encoded
            )  # fmt: skip
        except (ApiError, TransportError) as error:
            log.error("an audit line is only here", entry=encode(entry).decode(), error=str(error))


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""
