"""Forms for staff: a link or a text with their own words; the department's report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crawlers.extract.times import BEIJING
from crawlers.intake.access import admitted, body_of, spend
from crawlers.intake.desk import Desk
from crawlers.intake.fetching import fetch
from crawlers.intake.limits import Limits
from crawlers.intake.partners import Partners
from crawlers.intake.problems import Problem
from crawlers.intake.submission import Report, Submission, report_item, submission_item
from crawlers.intake.urgent import urgent_signal
from infra.author_key import author_key
from schemas.errors import UserError

HERE = Path(__file__).parent
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
NAMES = {
    "reporter": "报送人", "department": "部门", "time": "时间", "place": "地点", "title": "标题",
    "content": "主要内容", "subjects": "涉及主体", "scope": "传播范围", "urgency": "紧急程度",
    "url": "链接", "words": "说明", "matter": "续报编号",
}  # fmt: skip


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
        url, words = given.get("url", "").strip(), given.get("words", "").strip()
        reporter = given.get("reporter", "").strip()
        spend(self._limits, partner, 1)
        page, why = await fetch(url, self._allow_loopback) if url else (None, "")
        text = [page["text"]] if page else []
        if words:
            text.append(f"上报说明：{words}")
        title = page["title"] if page else words.split("\n")[0][:60] or url
        try:
            if not reporter or (not url and not words):
                raise Problem(422, "请填写报送人，以及链接或说明")
            submission = Submission(
                title=title, text="\n".join(text), url=url, channel="staff", author=reporter,
                published_at=page["published_at"] if page else None,
                publisher=(page["publisher"] or "")[:200] if page else "",
            )  # fmt: skip
        except (Problem, ValidationError) as error:
            wrong = [error.detail] if isinstance(error, Problem) else ["链接要以 http 开头"]
            return self._page("quick.html", 422, given=given | {"url": url}, wrong=wrong, site="")
        item = submission_item(submission, partner, author_key(), datetime.now(UTC))
        await self._take([item])
        return self._page("taken.html", title=item.title, matter=item.origin_id, why=why, urgent="")

    async def report(self, request: Request) -> Response:
        partner = admitted(request, self._partners, forms=True)
        if request.method == "GET":
            matter = request.query_params.get("matter", "")[:32]
            return self._page("report.html", given={"matter": matter}, wrong=[], names=NAMES)
        given = await _fields(request)
        try:
            report = Report.model_validate(given | {"time": _local(given.get("time", ""))})
        except ValidationError as error:
            wrong = [
                NAMES.get(str(e["loc"][0]) if e["loc"] else "", "内容") for e in error.errors()
            ]
            told = [f"请检查：{name}" for name in dict.fromkeys(wrong)]
            return self._page("report.html", 422, given=given, wrong=told, names=NAMES)
        spend(self._limits, partner, 1)
        now = datetime.now(UTC)
        item = report_item(report, partner, now)
        signal = urgent_signal(report, item, now)
        await self._take([item], signal)
        matter = report.matter or item.origin_id
        urgent = report.urgency if signal else ""
        return self._page("taken.html", title=item.title, matter=matter, why="", urgent=urgent)

    async def _take(self, items: list[Any], signal: Any = None) -> None:
        try:
            await self._desk.take(items, signal)
        except UserError as error:
            raise Problem(503, str(error), retry_after=10) from None


async def _fields(request: Request) -> dict[str, str]:
    body = (await body_of(request)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise Problem(400, "至多 50 个字段") from None


def _local(text: str) -> str:
    """What <input type=datetime-local> gives is Beijing's time."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (when if when.tzinfo else when.replace(tzinfo=BEIJING)).isoformat()
