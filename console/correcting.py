"""What a correction's form may say, and the record that it makes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from console.event_words import key_of
from models.corrected import ATTITUDES, NONE, said
from models.names import place_codes
from schemas.analysis import LEVELS
from schemas.correction import FIELDS, Correction, Field, Said, correction_id
from schemas.errors import UserError

KEPT = 20  # earlier answers
TEXT = 20_000  # characters kept of the text
MOST = 5  # values of one field


@dataclass(frozen=True)
class Allowed:
    topics: Collection[str]
    departments: Collection[str]


def field_named(name: str) -> Field:
    if name not in FIELDS:
        raise UserError(f"没有“{name}”这一项", "从条目页面提交")
    return cast(Field, name)


def values_of(name: Field, given: Sequence[str], allowed: Allowed) -> list[str]:
    """The values as they are stored; UserError says what is wrong with them. None given: the
    models' answer stands again."""
    found = list(dict.fromkeys(value.strip() for value in given if value.strip()))
    if len(found) > MOST:
        raise UserError(f"至多 {MOST} 个", "少选几个")
    if NONE in found and len(found) > 1:
        raise UserError("“没有”不能和别的一起选", "只选一种")
    match name:
        case "topic":
            return _among(found, allowed.topics, "主题")
        case "department":
            return _among(found, (*allowed.departments, NONE), "部门")
        case "attitude":
            return _among(found[:1], ATTITUDES, "态度")
        case "level":
            return _among(found[:1], LEVELS, "级别")
        case "place":
            return list(dict.fromkeys(_place(value) for value in found))
        case "event":
            if found and not key_of(found[0]):
                raise UserError("事件要写编号或事件页面的地址", "从事件页面复制")
            return [key_of(found[0])] if found else []


def _among(found: list[str], known: Collection[str], what: str) -> list[str]:
    for value in found:
        if value not in known:
            raise UserError(f"没有这个{what}：{value[:50]}", "从列表里选")
    return found


def _place(value: str) -> str:
    if value == NONE:
        return value
    codes = place_codes(value)
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise UserError(f"没有这个地区：{value[:50]}", "写六位区划代码，或如“杭州市”的全名")
    raise UserError(f"“{value[:50]}”不止一处：{'、'.join(codes[:6])}", "写上级地区或代码")


def correction(
    before: Correction | None, source: dict[str, Any], name: Field, values: list[str],
    actor: str, note: str, at: datetime,
) -> Correction:  # fmt: skip
    """`source`: the document as the models made it, or as the first correction found it."""
    history = list(before.history) if before else []
    if before:
        history.append(
            Said(values=before.values, actor=before.actor, at=before.at, note=before.note)
        )
    return Correction(
        id=correction_id(source["id"], name), item_id=source["id"], field=name,
        old=before.old if before else said(source, name), values=values, actor=actor, at=at,
        note=note, title=source.get("title", ""), text=source.get("text", "")[:TEXT],
        history=history[-KEPT:],
    )  # fmt: skip
