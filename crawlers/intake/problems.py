"""Errors as application/problem+json (RFC 9457), by field where a field is to blame."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.responses import JSONResponse

TITLES = {
    400: "请求读不懂", 401: "没有密钥或密钥不对", 403: "不允许",
    404: "没有这个地址", 405: "方法不对", 409: "同一请求正在处理", 413: "请求太大",
    415: "要 application/json", 422: "内容不合格式", 429: "太频繁", 503: "暂时写不进去",
}  # fmt: skip


class Problem(Exception):
    def __init__(self, status: int, detail: str = "", retry_after: int = 0, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more
        self.headers = {"Retry-After": str(retry_after)} if retry_after else {}
        if status == 401:
            self.headers["WWW-Authenticate"] = 'Basic realm="intake", charset="UTF-8"'

    def response(self) -> JSONResponse:
        body = {"type": "about:blank", "title": TITLES.get(self.status, ""), "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        return JSONResponse(body | self.more, self.status, self.headers, "application/problem+json")


def by_field(error: ValidationError, index: int | None = None) -> list[dict[str, str]]:
    """One entry for each fault: a JSON pointer to the field, and what is wrong with it."""
    start = "" if index is None else f"/{index}"
    return [
        {
            "pointer": start + "".join(f"/{part}" for part in each["loc"]),
            "message": each["msg"].removeprefix("Value error, "),
        }
        for each in error.errors(include_url=False, include_input=False)
    ]
