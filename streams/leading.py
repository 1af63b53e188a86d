"""A lease, taken by compare-and-set, that lets one worker at a time run a timer."""

from __future__ import annotations

import os
import socket
import time
from datetime import datetime, timedelta

from elasticsearch import ConflictError, NotFoundError

from infra.indices import write_name
from schemas.alert import Lease
from schemas.base import encode
from schemas.registry import LEASES
from streams.context import Context

LEASE = timedelta(seconds=15)


class Leading:
    def __init__(self, context: Context, name: str) -> None:
        self._context = context
        self._name = name
        self.owner = f"{socket.gethostname()}/{os.getpid()}"
        self._seen = (-1, 0.0)  # version of another's lease, and since when (monotonic)

    async def leads(self, now: datetime) -> bool:
        """Whether this worker holds the lease; takes or prolongs it when it may."""
        client, index = self._context.elasticsearch, write_name(self._context.settings, LEASES)
        lease = encode(Lease(owner=self.owner, until=now + LEASE))
        try:
            found = await client.get(index=index, id=self._name)
        except NotFoundError:
            options: dict[str, object] = {"op_type": "create"}
        else:
            held = found["_source"]
            if held["owner"] != self.owner and not self._over(held, found["_seq_no"], now):
                return False
            options = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        try:
            await client.index(index=index, id=self._name, document=lease, **options)  # type: ignore[arg-type]
        except ConflictError:
            return False
        return True

    def _over(self, held: dict[str, str], version: int, now: datetime) -> bool:
        """Whether another's lease is over: by its own time, or because nobody prolonged it
        for as long as it lasts (its time may have come from a clock that was set back)."""
        seen, since = self._seen
        if seen != version:
            self._seen = (version, time.monotonic())
        elif time.monotonic() - since > LEASE.total_seconds():
            return True
        return datetime.fromisoformat(held["until"]) <= now
