"""Kibana's saved objects: data views, searches, visualisations, dashboards, as importable lines.

The form is that of Kibana 8.8 (`coreMigrationVersion`), which every later release, the one of
`VERSION` too, reads and brings up to its own: Kibana migrates what is older than itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from infra.kibana.charts import CHARTS, DASHBOARDS, SEARCHES, Chart, Dashboard, Search
from infra.kibana.fields import PUBLIC, fields
from infra.settings import Settings
from schemas.base import content_id
from schemas.registry import Index

VERSION = "9.2.0"  # of Kibana: that of Elasticsearch
FORM = "8.8.0"
TYPES = {"index-pattern": "8.0.0", "search": "8.0.0", "visualization": "8.5.0",
         "dashboard": "8.7.0"}  # fmt: skip
_META = "kibanaSavedObjectMeta.searchSourceJSON.index"
Reference = dict[str, str]


def saved_objects(settings: Settings) -> Iterator[dict[str, Any]]:
    """What refers to another stands after it."""
    for index, time in PUBLIC.items():
        yield _object("index-pattern", settings, index.alias, _view(settings, index, time), [])
    for search in SEARCHES:
        references = [_to_view(settings, search.index, _META)]
        yield _object("search", settings, search.key, _search(search), references)
    for chart in CHARTS:
        references = [_to_view(settings, chart.index, _META)]
        yield _object("visualization", settings, chart.key, _chart(chart), references)
    for board in DASHBOARDS:
        attributes, references = _dashboard(settings, board)
        yield _object("dashboard", settings, board.key, attributes, references)


def key(settings: Settings, kind: str, name: str) -> str:
    """The same for the same installation, so that an import replaces and does not double."""
    return content_id("kibana", settings.prefix, kind, name)


def _object(
    kind: str, settings: Settings, name: str, attributes: dict[str, Any],
    references: list[Reference],
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": key(settings, kind, name), "type": kind, "attributes": attributes,
        "references": references, "managed": False, "coreMigrationVersion": FORM,
        "typeMigrationVersion": TYPES[kind],
    }  # fmt: skip


def _to_view(settings: Settings, index: Index, name: str) -> Reference:
    return {"id": key(settings, "index-pattern", index.alias), "name": name,
            "type": "index-pattern"}  # fmt: skip


def _view(settings: Settings, index: Index, time: str) -> dict[str, Any]:
    labels = {each.path: {"customLabel": each.meaning} for each in fields(index)}
    return {
        "title": settings.prefix + index.alias, "name": f"听潮 {index.alias}",
        "timeFieldName": time, "fieldAttrs": _json(labels), "fields": "[]",
        "fieldFormatMap": "{}", "runtimeFieldMap": "{}", "sourceFilters": "[]", "typeMeta": "{}",
    }  # fmt: skip


def _source(query: str, more: dict[str, Any] | None = None) -> dict[str, str]:
    asked = {"query": {"query": query, "language": "kuery"}, "filter": []}
    return {"searchSourceJSON": _json(asked | (more or {}))}


def _search(search: Search) -> dict[str, Any]:
    return {
        "title": f"听潮·{search.title}", "description": "", "columns": list(search.columns),
        "sort": [[search.sort or PUBLIC[search.index], "desc"]], "grid": {}, "hideChart": False,
        "kibanaSavedObjectMeta": _source(search.query, {"indexRefName": _META}),
    }  # fmt: skip


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "title": f"听潮·{chart.title}", "description": "", "uiStateJSON": "{}", "version": 1,
        "visState": _json({"title": chart.title, "type": _TYPES[chart.shape],
                           "params": _params(chart), "aggs": _aggregations(chart)}),
        "kibanaSavedObjectMeta": _source(chart.query, {"indexRefName": _META}),
    }  # fmt: skip


_TYPES = {"metric": "metric", "pie": "pie", "bars": "horizontal_bar", "time": "histogram",
          "table": "table"}  # fmt: skip


def _params(chart: Chart) -> dict[str, Any]:
    legend = {"addTooltip": True, "addLegend": True, "legendPosition": "right"}
    match chart.shape:
        case "metric":
            return {"addTooltip": True, "addLegend": False, "type": "metric"}
        case "pie":
            return legend | {"type": "pie", "isDonut": True}
        case "table":
            return {"perPage": chart.size, "showPartialRows": False, "showTotal": False}
    return legend | {
        "type": _TYPES[chart.shape], "grid": {"categoryLines": False}, "times": [],
        "categoryAxes": [{"id": "CategoryAxis-1", "type": "category", "show": True, "labels": {}}],
        "valueAxes": [{"id": "ValueAxis-1", "type": "value", "show": True, "labels": {},
                       "scale": {"type": "linear", "mode": "normal"}, "name": "LeftAxis-1"}],
        "seriesParams": [{"show": True, "type": "histogram", "mode": "stacked",
                          "data": {"id": "1", "label": "条数"}, "valueAxis": "ValueAxis-1"}],
    }  # fmt: skip


def _aggregations(chart: Chart) -> list[dict[str, Any]]:
    measure = {"type": "max", "params": {"field": chart.top}} if chart.top else {
        "type": "count", "params": {}
    }  # fmt: skip
    found = [{"id": "1", "enabled": True, "schema": "metric", **measure}]
    terms = {"enabled": True, "type": "terms", "params": {
        "field": chart.by, "size": chart.size, "order": "desc", "orderBy": "1",
        "otherBucket": False, "missingBucket": False,
    }}  # fmt: skip
    match chart.shape:
        case "pie" | "bars" | "table":
            place = "bucket" if chart.shape == "table" else "segment"
            found.append({"id": "2", "schema": place, **terms})
        case "time":
            when = {"field": PUBLIC[chart.index], "interval": "auto", "min_doc_count": 1}
            found.append({"id": "2", "enabled": True, "schema": "segment",
                          "type": "date_histogram", "params": when})  # fmt: skip
            found.append({"id": "3", "schema": "group", **terms})
    return found


def _dashboard(settings: Settings, board: Dashboard) -> tuple[dict[str, Any], list[Reference]]:
    searches = {search.key for search in SEARCHES}
    panels: list[dict[str, Any]] = []
    references: list[Reference] = []
    y = 0
    for row in board.rows:
        x = 0
        for name, width, height in row:
            kind, place = ("search" if name in searches else "visualization"), str(len(panels) + 1)
            panels.append({
                "type": kind, "panelIndex": place, "panelRefName": f"panel_{place}",
                "gridData": {"x": x, "y": y, "w": width, "h": height, "i": place},
                "embeddableConfig": {"enhancements": {}},
            })  # fmt: skip
            references.append({"id": key(settings, kind, name), "type": kind,
                               "name": f"{place}:panel_{place}"})  # fmt: skip
            x += width
        y += max(height for _, _, height in row)
    return {
        "title": board.title, "description": board.description, "panelsJSON": _json(panels),
        "optionsJSON": _json({"useMargins": True, "hidePanelTitles": False}), "version": 1,
        "timeRestore": True, "timeFrom": board.since, "timeTo": "now",
        "refreshInterval": {"pause": False, "value": 60_000},
        "kibanaSavedObjectMeta": _source(""),
    }, references  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
