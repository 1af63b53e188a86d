"""What every request passes: who it is, how much, how often, how large."""

from __future__ import annotations

import base64
import binascii
import time
from math import ceil
from urllib.parse import urlsplit

from starlette.requests import Request

from crawlers.intake.limits import Limits
from crawlers.intake.partners import Partner, Partners
from crawlers.intake.problems import Problem

MAX_BODY = 4 * 1024 * 1024


def key_of(request: Request) -> str:
    """`Authorization: Bearer KEY`, `X-API-Key: KEY`, or a browser's Basic with KEY as password."""
    if key := request.headers.get("x-api-key"):
        return key
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            pass
    return ""


def admitted(request: Request, partners: Partners, forms: bool = False) -> Partner:
    partner = partners.of(key_of(request))
    if partner is None:
        raise Problem(401)
    if forms and not partner.forms:
        raise Problem(403, "这个密钥不能用表单")
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise Problem(403, "请从本站的页面提交")
    return partner


async def body_of(request: Request) -> bytes:
    """The body, of which never more than the limit is read."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit():
        raise Problem(400, "Content-Length")
    if int(declared) > MAX_BODY:
        raise Problem(413, f"至多 {MAX_BODY} 字节")
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > MAX_BODY:
            raise Problem(413, f"至多 {MAX_BODY} 字节")
    return bytes(found)


def spend(limits: Limits, partner: Partner, cost: int) -> None:
    wait = limits.wait(partner.name, partner.per_minute, cost, time.monotonic())
    if wait:
        raise Problem(429, f"每分钟至多 {partner.per_minute} 条", retry_after=ceil(wait))
