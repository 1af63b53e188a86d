"""What a form of a page holds: bounded, and UTF-8 also where a script did not encode it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.control import typed
from console.crossing import crossed, token_fits

MOST = 64 * 1024  # bytes
FIELDS = 20


async def fields(request: Request, most: int = MOST) -> dict[str, str]:
    """HTTPException: more than `most` bytes, or not what a form sends."""
    return dict(await pairs(request, most))


async def pairs(request: Request, most: int = MOST, fields: int = FIELDS) -> list[tuple[str, str]]:
    """The same, a name as often as the form has it."""
    if crossed(request):
        raise HTTPException(403, "请从控制台页面提交。")
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise HTTPException(413, f"至多 {most // 1024} KB。")
    request.state.form_body = bytes(found)  # what a page gives back when it cannot be used now
    try:
        form = parse_qsl(found.decode(), keep_blank_values=True, max_num_fields=fields)
    except ValueError:
        raise HTTPException(400, "读不懂提交的内容，请从控制台页面提交。") from None
    form = [(typed(name), typed(value)) for name, value in form]
    if not token_fits(request, dict(form).get("csrf", "")):
        raise StaleForm()
    return [(name, value) for name, value in form if name != "csrf"]


def page_of(text: str, most: int) -> int:
    """The page that an address asks for: the first one for what is no number."""
    return max(1, min(int(text) if text.isdecimal() and len(text) < 8 else 1, most))


class StaleForm(HTTPException):
    """From a page of another login: the same person may send it again, seeing what it says."""

    def __init__(self) -> None:
        super().__init__(
            403, "这个页面是上一次登录时打开的。您填写的内容还在，请核对后再提交一次。"
        )
