"""Forms for staff: a link or a text with their own words; the department's report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crawlers.intake.access import admitted, body_of, spend
from crawlers.intake.desk import Desk
from crawlers.intake.handing import NAMES, Filled, quick, report
from crawlers.intake.limits import Limits
from crawlers.intake.partners import Partners
from crawlers.intake.problems import Problem
from schemas.errors import UserError

HERE = Path(__file__).parent
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class Forms:
    def __init__(
        self, partners: Partners, desk: Desk, limits: Limits, allow_loopback: bool = False
    ) -> None:
        self._partners = partners
        self._desk = desk
        self._limits = limits
        self._allow_loopback = allow_loopback
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def _page(self, template: str, status: int = 200, **values: Any) -> Response:
        html = self._templates.get_template(template).render(**values)
        return HTMLResponse(html, status, HEADERS)

    async def quick(self, request: Request) -> Response:
        """GET shows the form, filled by the bookmarklet; POST takes a link or a text."""
        partner = admitted(request, self._partners, forms=True)
        if request.method == "GET":
            asked = request.query_params
            given = {name: asked.get(name, "")[:2048] for name in ("url", "words", "reporter")}
            site = f"{request.url.scheme}://{request.url.netloc}"
            return self._page("quick.html", given=given, wrong=[], site=site)
        given = await _fields(request)
        spend(self._limits, partner, 1)
        filled = await quick(given, partner, self._allow_loopback, datetime.now(UTC))
        if filled.wrong:
            return self._page("quick.html", 422, given=given, wrong=filled.wrong, site="")
        return await self._taken(filled)

    async def report(self, request: Request) -> Response:
        partner = admitted(request, self._partners, forms=True)
        if request.method == "GET":
            matter = request.query_params.get("matter", "")[:32]
            return self._page("report.html", given={"matter": matter}, wrong=[], names=NAMES)
        given = await _fields(request)
        spend(self._limits, partner, 1)
        filled = report(given, partner, datetime.now(UTC))
        if filled.wrong:
            return self._page("report.html", 422, given=given, wrong=filled.wrong, names=NAMES)
        return await self._taken(filled)

    async def _taken(self, filled: Filled) -> Response:
        assert filled.item is not None
        try:
            await self._desk.take([filled.item], filled.signal)
        except UserError as error:
            raise Problem(503, str(error), retry_after=10) from None
        return self._page(
            "taken.html", title=filled.item.title, matter=filled.matter, why=filled.why,
            urgent=filled.urgent,
        )  # fmt: skip


async def _fields(request: Request) -> dict[str, str]:
    body = (await body_of(request)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise Problem(400, "至多 50 个字段") from None
