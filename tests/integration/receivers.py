"""Local servers that take messages: HTTP that fails, hangs or asks to wait, mail, and TLS behind
a proxy that leads every name to it (how WeCom, DingTalk and Feishu are stood in for)."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Web:
    """Answers by path: `answers[path]` is a list of (status, headers, body), the last one stays."""

    def __init__(self) -> None:
        self.got: dict[str, list[tuple[dict[str, str], Any]]] = defaultdict(list)
        self.answers: dict[str, list[tuple[int, dict[str, str], Any]]] = {}
        self.times: dict[str, list[float]] = defaultdict(list)
        self.hanging: set[str] = set()
        self.over = asyncio.Event()
        self.address = ""

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path
        body = await request.text()
        self.got[path].append((dict(request.headers) | dict(request.query), body))
        self.times[path].append(asyncio.get_running_loop().time())
        if path in self.hanging:
            await self.over.wait()
        answers = self.answers.get(path, [(200, {}, {"errcode": 0, "code": 0})])
        status, headers, answer = answers[min(len(self.got[path]), len(answers)) - 1]
        return web.json_response(answer, status=status, headers=headers)


@asynccontextmanager
async def http(tls: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    found = Web()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    found.address = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield found
    finally:
        found.over.set()
        await runner.cleanup()


@asynccontextmanager
async def proxy(target: str) -> AsyncIterator[tuple[str, list[str]]]:
    """A CONNECT proxy that leads every host to `target`; gives its URL and the hosts asked for."""
    host, port = target.split(":")
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode()
        while (await reader.readline()).strip():
            pass
        asked.append(line.split()[1])
        there, back = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody signed, for a TLS server on loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


class Mail:
    """A mail server that keeps what it gets; `refuse` answers before it takes anything."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[str], str]] = []  # subject, to, text
        self.refuse: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse.pop(0)
        message = message_from_bytes(envelope.content)
        subject = str(make_header(decode_header(message["subject"])))
        part = next(p for p in message.walk() if p.get_content_maintype() == "text")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        self.got.append((subject, envelope.rcpt_tos, payload.decode()))
        return "250 OK"


@asynccontextmanager
async def mail() -> AsyncIterator[tuple[Mail, str]]:
    found = Mail()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(found, loop=loop), "127.0.0.1", 0)
    try:
        yield found, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
