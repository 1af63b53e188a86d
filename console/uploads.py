"""A file that a form brings: bounded while it comes in, kept for an hour under a random name."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from console.forms import StaleForm

MOST = 20 * 1024 * 1024  # bytes of a file
OVERHEAD = 64 * 1024  # the form around it
FILES = 20  # kept at once; nobody's disk is filled
KEPT = 3_600  # seconds
TOO_LARGE = f"文件至多 {MOST // 2**20} MB，请分开导入，或用命令 tingchao import。"


@dataclass(frozen=True)
class Upload:
    fields: dict[str, str]
    name: str  # as its owner calls it; never a path here
    content: bytes


async def upload(request: Request) -> Upload:
    """HTTPException for what is too large, no file, or not from a page of ours."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "请从控制台页面提交。")
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > MOST + OVERHEAD:
        raise HTTPException(413, TOO_LARGE)  # before a byte of it is read
    request.state.form_body = b""  # a file is not given back by a page
    parser = MultiPartParser(request.headers, _bounded(request), max_files=1, max_fields=10)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ClientDisconnect):
        raise HTTPException(400, "读不懂提交的内容，请从控制台页面提交。") from None
    try:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        wanted = request.state.csrf
        if wanted and not hmac.compare_digest(fields.get("csrf", "").encode(), wanted.encode()):
            raise StaleForm()
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return Upload(fields, "", b"")
        return Upload(fields, file.filename[-200:], await file.read())
    finally:
        await form.close()


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    """A stream without a length may be as long as it likes; it is read no further."""
    read = 0
    async for part in request.stream():
        read += len(part)
        if read > MOST + OVERHEAD:
            raise HTTPException(413, TOO_LARGE)
        yield part


class Kept:
    """Between looking at a file and importing it; by a name that only who brought it knows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, owner: str, suffix: str, content: bytes) -> str:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        if len(list(self._folder.iterdir())) >= FILES:
            raise HTTPException(503, "等待导入的文件太多，请过一会儿再试。")
        token = f"{secrets.token_hex(16)}{suffix}"
        path = self._path(owner, token)
        path.touch(mode=0o600)
        path.write_bytes(content)
        return token

    def find(self, owner: str, token: str) -> Path:
        stem, dot, suffix = token.partition(".")
        sound = stem.isalnum() and stem.isascii() and suffix.isalnum() and dot
        path = self._path(owner, token) if sound else None
        if path is None or not path.is_file():
            raise HTTPException(404, "这个文件不在了（只留一小时），请重新选择。")
        return path

    def _path(self, owner: str, token: str) -> Path:
        return self._folder / f"{owner.encode().hex()[:60]}-{token}"

    def _sweep(self) -> None:
        for path in self._folder.iterdir():
            if time.time() - path.stat().st_mtime > KEPT:
                path.unlink(missing_ok=True)
