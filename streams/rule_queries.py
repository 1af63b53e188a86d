"""From a rule's `where` to filters of Elasticsearch. Pure."""

from __future__ import annotations

from typing import Any

from models.rule_file import Where
from models.watch_query import And, Near, Node, Not, Or, Word, parse

_FIELDS = {
    "topics": "topics.label", "departments": "departments.id", "channels": "channel",
    "sources": "source", "tiers": "tier", "attitudes": "attitude.label", "acts": "act",
    "watch": "watch",
}  # fmt: skip


def filters(where: Where) -> list[dict[str, Any]]:
    """All of which an opinion has to meet."""
    found: list[dict[str, Any]] = [
        {"terms": {field: list(values)}}
        for name, field in _FIELDS.items()
        if (values := getattr(where, name))
    ]
    if where.places:
        prefixes = [{"prefix": {"places.code": code}} for code in where.places]
        found.append({"bool": {"should": prefixes, "minimum_should_match": 1}})
    if where.query:
        found.append(query(parse(where.query)))
    return found


def query(node: Node) -> dict[str, Any]:
    """A watch query as Elasticsearch asks it: each word as a phrase of title or text."""
    match node:
        case Word():
            return _phrase(node.text)
        case And():
            return {"bool": {"filter": [query(part) for part in node.parts]}}
        case Or():
            parts = [query(part) for part in node.parts]
            return {"bool": {"should": parts, "minimum_should_match": 1}}
        case Not():
            return {"bool": {"must_not": [query(node.part)]}}
        case Near():
            words = [{"match": {"query": word, "ordered": True, "max_gaps": 0}}
                     for word in (node.one, node.other)]  # fmt: skip
            near = {"all_of": {"intervals": words, "max_gaps": node.within}}
            parts = [{"intervals": {field: near}} for field in ("title", "text")]
            return {"bool": {"should": parts, "minimum_should_match": 1}}


def _phrase(text: str) -> dict[str, Any]:
    return {"multi_match": {"query": text, "type": "phrase", "fields": ["title", "text"]}}
