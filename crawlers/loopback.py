"""Run a small site, on loopback as a rule: prints the address once it listens."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_address

import uvicorn
from starlette.applications import Starlette

from schemas.errors import UserError


def run(app: Starlette, host: str, port: int, anywhere: bool = False) -> None:
    """Serve until interrupted. Port 0 takes a free one; the line printed says which."""
    listener = listen(host, port, anywhere)
    address = listener.getsockname()
    shown = f"[{address[0]}]" if ":" in address[0] else address[0]
    print(f"http://{shown}:{address[1]}", flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int, anywhere: bool = False) -> socket.socket:
    """A listening socket; loopback only unless `anywhere`: most sites are for this machine."""
    try:
        if not anywhere and not ip_address(host).is_loopback:
            raise UserError(f"{host} is no loopback address", "use 127.0.0.1 or ::1")
    except ValueError:
        raise UserError(f"{host} is no address", "use 127.0.0.1 or ::1") from None
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        why = "in use" if error.errno == errno.EADDRINUSE else error.strerror
        raise UserError(f"port {port} on {host}: {why}", "give another --port (0: any)") from None
    listener.listen(1_024)
    return listener
