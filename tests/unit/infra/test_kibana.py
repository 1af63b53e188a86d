"""What Kibana is to import: whole, of the shape of its release, about fields that are there."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra.kibana.charts import CHARTS, DASHBOARDS, SEARCHES
from infra.kibana.contract import contract
from infra.kibana.fields import PUBLIC, fields
from infra.kibana.objects import saved_objects
from infra.settings import PROJECT, Settings
from schemas.registry import Index

# Attributes of each type that Kibana 8.8 to 9.2 know: needed, and beside those allowed.
SHAPES: dict[str, tuple[set[str], set[str]]] = {
    "index-pattern": ({"title"}, {
        "name", "timeFieldName", "fieldAttrs", "fields", "fieldFormatMap", "runtimeFieldMap",
        "sourceFilters", "typeMeta", "type", "allowNoIndex", "allowHidden",
    }),
    "search": ({"title", "kibanaSavedObjectMeta"}, {
        "description", "columns", "sort", "grid", "hideChart", "isTextBasedQuery", "timeRestore",
        "timeRange", "refreshInterval", "viewMode", "rowHeight", "rowsPerPage", "breakdownField",
    }),
    "visualization": ({"title", "visState", "kibanaSavedObjectMeta"}, {
        "description", "uiStateJSON", "version", "savedSearchRefName",
    }),
    "dashboard": ({"title", "panelsJSON", "optionsJSON", "kibanaSavedObjectMeta"}, {
        "description", "timeRestore", "timeFrom", "timeTo", "refreshInterval", "version", "hits",
        "controlGroupInput",
    }),
}  # fmt: skip
NESTED = ("visState", "panelsJSON", "optionsJSON", "uiStateJSON", "fieldAttrs", "fieldFormatMap",
          "runtimeFieldMap", "sourceFilters", "typeMeta", "fields")  # fmt: skip
OBJECTS = list(saved_objects(Settings()))


@pytest.mark.parametrize("found", OBJECTS, ids=lambda each: f"{each['type']} {each['id'][:6]}")
def test_an_object_has_the_shape_of_its_type(found: dict[str, Any]) -> None:
    assert set(found) == {"id", "type", "attributes", "references", "managed",
                          "coreMigrationVersion", "typeMigrationVersion"}  # fmt: skip
    needed, allowed = SHAPES[found["type"]]
    names = set(found["attributes"])
    assert needed <= names <= needed | allowed
    for name in names.intersection(NESTED):
        json.loads(found["attributes"][name])
    meta = found["attributes"].get("kibanaSavedObjectMeta")
    if meta:
        source = json.loads(meta["searchSourceJSON"])
        assert source["query"]["language"] == "kuery"
        named = {each["name"] for each in found["references"]}
        assert source.get("indexRefName", "none") in named | {"none"}


def test_references_lead_to_objects_that_stand_before() -> None:
    seen: set[tuple[str, str]] = set()
    for each in OBJECTS:
        for to in each["references"]:
            assert (to["type"], to["id"]) in seen, each["attributes"]["title"]
        assert (each["type"], each["id"]) not in seen
        seen.add((each["type"], each["id"]))


def test_panels_are_the_references_and_do_not_overlap() -> None:
    for board in (each for each in OBJECTS if each["type"] == "dashboard"):
        named = {each["name"]: each["type"] for each in board["references"]}
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(board["attributes"]["panelsJSON"]):
            place = panel["gridData"]
            assert named[f"{place['i']}:{panel['panelRefName']}"] == panel["type"]
            assert place["x"] + place["w"] <= 48
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
            assert not cells & taken
            taken |= cells


def test_charts_and_searches_use_fields_that_the_mapping_has() -> None:
    for chart in CHARTS:
        known = {each.path: each for each in fields(chart.index)}
        for name in filter(None, (chart.by, chart.top)):
            assert known[name].counted, (chart.key, name)
        _asked(chart.query, chart.index)
    for search in SEARCHES:
        known = {each.path: each for each in fields(search.index)}
        assert set(search.columns) <= set(known)
        assert known[search.sort or PUBLIC[search.index]].counted
        _asked(search.query, search.index)
    shown = {name for board in DASHBOARDS for row in board.rows for name, _, _ in row}
    assert shown <= {chart.key for chart in CHARTS} | {search.key for search in SEARCHES}


def _asked(query: str, index: Index) -> None:
    known = {each.path for each in fields(index) if each.searched}
    assert set(re.findall(r"([\w.]+) *(?::|>=|<)", query)) <= known, query


def test_every_field_has_a_meaning_and_time_fields_are_dates() -> None:
    for index, time in PUBLIC.items():
        found = {each.path: each for each in fields(index)}
        assert found[time].type == "date"
        assert all(each.meaning for each in found.values())


def test_the_contract_is_what_the_mappings_say() -> None:
    told = (PROJECT / "docs" / "index-contract.md").read_text("utf-8")
    assert told == contract(), "tingchao kibana contract > docs/index-contract.md"
