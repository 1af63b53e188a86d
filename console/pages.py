"""What the pages of the console have in common."""

from __future__ import annotations

from pathlib import Path

from elasticsearch import AsyncElasticsearch
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from console import flash, names, words
from console.access.audit import AuditLog
from console.actor import actor_of
from infra.settings import Settings
from schemas.registry import Index

HERE = Path(__file__).parent
CSRF_FIELD = Markup('<input type="hidden" name="csrf" value="{}">')  # in every form that posts


class Frame:
    """The templates, filled for the one who asks."""

    def __init__(self, settings: Settings) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._templates.globals["oidc"] = settings.oidc_name if settings.oidc_issuer else ""
        self._templates.filters |= words.FILTERS | names.filters(settings.config)

    def page(
        self, request: Request, template: str, status: int = 200, **values: object
    ) -> Response:
        token = getattr(request.state, "csrf", "")
        values |= {"actor": actor_of(request), "csrf_field": CSRF_FIELD.format(token)}
        # A page that renews itself in the background tells nobody.
        renewed = request.headers.get("sec-fetch-dest") == "empty"
        said = "" if renewed else flash.told(request)
        html = self._templates.get_template(template).render(flash=said, **values)
        answer = HTMLResponse(html, status)
        if said:
            flash.forget(answer)
        return answer


class Pages:
    """A group of pages: what they need, and the addresses they answer (`routes`)."""

    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        self._settings, self._client, self._page = settings, client, frame.page
        self._audit = AuditLog(settings, client)

    def routes(self) -> list[BaseRoute]:
        raise NotImplementedError

    def _index(self, index: Index) -> str:
        return self._settings.prefix + index.alias
