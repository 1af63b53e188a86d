"""What a list of the API asks Elasticsearch for: narrowed and ordered as its page can be."""

from __future__ import annotations

from typing import Any

from elasticsearch import AsyncElasticsearch

from console.actor import Actor
from console.alert_listing import mine, of_their_alerts
from console.api.parameters import Given
from console.api.resources import Resource
from console.event_listing import ordered, worded
from console.search import Filters, query
from console.search_names import search_names
from infra.dead_letters import Filters as Letters
from infra.settings import Settings
from models.words import cutter

Sort = list[dict[str, str]]
_MERGED = {"bool": {"must_not": [{"exists": {"field": "merged_into"}}]}}
_SEVERAL = {"range": {"items": {"gt": 1}}}


class Lists:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._settings, self._client = settings, client
        self._cutter = cutter(settings.config / "userdict.txt")
        self._names = search_names(settings.config, settings.prefix)

    async def asked(
        self, resource: Resource, given: Given, actor: Actor
    ) -> tuple[dict[str, Any], Sort]:
        """(query, sort); ValueError or QueryError says what is wrong."""
        found = [*await self._seen(resource, actor), *_narrowed(resource, given)]
        sort: Sort = [{resource.sort: "desc"}, {resource.key: "desc"}]
        text = given.one("q").strip()
        match resource.index.alias:
            case "opinions":
                return query(text, Filters(seen=tuple(found)), self._cutter, self._names), sort
            case "events":
                found += [_MERGED, *([_SEVERAL] if given.one("several") else [])]
                found += [worded(text, self._cutter)] if text else []
                wanted, order = {"bool": {"filter": found}}, given.one("sort") or "last"
                return await ordered(self._client, self._settings, wanted, order)
            case "alerts":
                found += [{"match_phrase": {"title": text}}] if text else []
                found += [mine(actor)] if given.one("mine") else []
            case "dead-letters" if given.one("waiting"):
                found.append(Letters().query())
        return {"bool": {"filter": found}}, sort

    async def _seen(self, resource: Resource, actor: Actor) -> list[dict[str, Any]]:
        if resource.index.alias == "deliveries":
            return await of_their_alerts(self._client, self._settings, actor)
        return actor.filters(resource.departments) if resource.departments else []


def _narrowed(resource: Resource, given: Given) -> list[dict[str, Any]]:
    """A parameter that is given several times is any of its values."""
    found: list[dict[str, Any]] = [
        {"terms": {path: given[name]}} for name, path in resource.terms.items() if name in given
    ]
    for name, bound in (("since", "gte"), ("until", "lt")):
        if at := given.time(name):
            found.append({"range": {resource.sort: {bound: at.isoformat()}}})
    return found
