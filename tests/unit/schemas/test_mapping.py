"""One definition gives validation, JSON Schema and mapping."""

from __future__ import annotations

import pytest

from schemas.errors import UserError
from schemas.mapping import mapping_of
from schemas.opinion import Opinion
from schemas.registry import INDICES, RECORDS, json_schema


def _leaves(mapping: dict, path: str = "") -> dict[str, str]:  # type: ignore[type-arg]
    found = {}
    for name, field in mapping["properties"].items():
        if "properties" in field:
            assert field["dynamic"] == "strict"
            found |= _leaves(field, f"{path}{name}.")
        else:
            found[path + name] = field["type"]
    return found


def test_every_index_has_a_strict_mapping() -> None:
    for index in INDICES:
        mapping = mapping_of(index.record)
        assert mapping["dynamic"] == "strict"
        assert _leaves(mapping)


def test_the_fields_an_analyst_needs_have_the_right_types() -> None:
    fields = _leaves(mapping_of(Opinion))
    expected = {
        "published_at": "date", "text": "text", "words": "text", "topics.label": "keyword",
        "severity.score": "float", "casualties.deaths": "long", "author.hash": "keyword",
        "duplicate.of": "keyword", "places.code": "keyword", "counts.reposts": "long",
    }  # fmt: skip
    assert {name: fields[name] for name in expected} == expected


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_has_a_json_schema(name: str) -> None:
    schema = json_schema(name)
    assert schema["title"] == name
    assert schema["$defs"]


def test_an_unknown_schema_names_the_known_ones() -> None:
    with pytest.raises(UserError, match="RawItem"):
        json_schema("Nope")
