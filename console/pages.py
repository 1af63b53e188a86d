"""What the pages of the console have in common."""

from __future__ import annotations

from collections.abc import Callable

from elasticsearch import AsyncElasticsearch
from starlette.responses import Response

from infra.settings import Settings


class Pages:
    def __init__(
        self, settings: Settings, client: AsyncElasticsearch, page: Callable[..., Response]
    ) -> None:
        """`page`: a template filled, as Console.page does."""
        self._settings, self._client, self._page = settings, client, page
