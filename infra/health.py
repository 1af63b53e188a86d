"""What a worker serves: /metrics, /healthz (it lives), /readyz (it takes items).

In a thread of its own: an event loop that hangs cannot say so itself.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

BEAT = 1.0  # seconds between two signs of life of the loop
SILENT = 30.0  # without one for so long, it hangs


class Health:
    """`agents` must be ready before the worker is; told from the event loop."""

    def __init__(self, agents: Iterable[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ready = dict.fromkeys(agents, False)
        self._beat_at = clock()
        self._stopping = False

    def ready(self, agent: str) -> None:
        self._ready[agent] = True

    def beat(self) -> None:
        self._beat_at = self._clock()

    def stopping(self) -> None:
        """No new work; whoever routes to this worker may turn away."""
        self._stopping = True

    def alive(self) -> tuple[bool, dict[str, object]]:
        silent = self._clock() - self._beat_at
        return silent < SILENT, {"silent_seconds": round(silent, 1)}

    def takes_items(self) -> tuple[bool, dict[str, object]]:
        well, facts = self.alive()
        ready = well and not self._stopping and all(self._ready.values())
        return ready, {"agents": self._ready, "stopping": self._stopping, **facts}


async def beat(health: Health) -> None:
    while True:
        health.beat()
        await asyncio.sleep(BEAT)


def serve(health: Health, port: int, host: str) -> ThreadingHTTPServer:
    """Answers until `shutdown()` is called."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match urlsplit(self.path).path:
                case "/metrics":
                    self._answer(200, CONTENT_TYPE_LATEST, generate_latest(REGISTRY))
                case "/healthz":
                    self._say(*health.alive())
                case "/readyz":
                    self._say(*health.takes_items())
                case _:
                    self._answer(404, "text/plain", b"/metrics, /healthz, /readyz\n")

        def _say(self, well: bool, facts: dict[str, object]) -> None:
            body = json.dumps({"status": "ok" if well else "unavailable", **facts}).encode()
            self._answer(200 if well else 503, "application/json", body)

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True, name="health").start()
    return server
