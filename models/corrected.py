"""A document with people's corrections laid over what the models said. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.names import place_name
from schemas.correction import Correction

ATTITUDES = ("positive", "neutral", "negative")
NONE = "none"  # as a place or department: there is none; as a level it is one


def said(source: dict[str, Any], field: str) -> list[str]:
    """What the document says of `field`, in a correction's terms; `event` is in no document."""
    match field:
        case "topic":
            return [each["label"] for each in source.get("topics", ())]
        case "department":
            return [each["id"] for each in source.get("departments", ())]
        case "attitude":
            return [source.get("attitude", {}).get("label", "neutral")]
        case "place":
            codes = [each["code"] for each in source.get("places", ()) if each.get("code")]
            return list(dict.fromkeys(codes))
        case "level":
            return [source.get("severity", {}).get("level", "none")]
        case _:
            return []


def changes(source: dict[str, Any], corrections: Iterable[Correction]) -> dict[str, Any]:
    """The parts of the document `source` that are otherwise by these corrections."""
    found: dict[str, Any] = {}
    for each in corrections:
        values = each.values or each.old
        match each.field:
            case "topic":
                known = {topic["label"]: topic for topic in source.get("topics", ())}
                found["topics"] = [
                    known.get(v, {"label": v, "confidence": 1.0, "evidence": []}) for v in values
                ]
            case "department":
                held = {dep["id"]: dep for dep in source.get("departments", ())}
                found["departments"] = [
                    held.get(v, {"id": v, "evidence": []}) for v in values if v != NONE
                ]
            case "attitude" if values and values[0] != said(source, "attitude")[0]:
                shares = {label: float(label == values[0]) for label in ATTITUDES}
                found["attitude"] = {"label": values[0], **shares}
            case "place":
                places = {place["code"]: place for place in source.get("places", ())}
                found["places"] = [
                    places.get(v, {"text": place_name(v), "code": v, "candidates": []})
                    for v in values
                    if v != NONE
                ]
            case "level" if values:
                found["severity"] = source.get("severity", {}) | {"level": values[0]}
    return found


def laid_over(source: dict[str, Any], corrections: Iterable[Correction]) -> dict[str, Any]:
    return source | changes(source, corrections)
