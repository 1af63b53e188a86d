"""Elasticsearch mappings, made from the message definitions."""

from __future__ import annotations

import types
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from schemas.base import KEYWORD_LIMIT

_SCALARS: dict[type, dict[str, Any]] = {
    str: {"type": "keyword", "ignore_above": KEYWORD_LIMIT},
    bool: {"type": "boolean"},
    int: {"type": "long"},
    float: {"type": "float"},
    datetime: {"type": "date"},
}


def mapping_of(record: type[msgspec.Struct]) -> dict[str, Any]:
    """The strict mapping of a record: `{"dynamic": "strict", "properties": …}`."""
    hints = get_type_hints(record, include_extras=True)
    properties = {name: _field(hint, f"{record.__name__}.{name}") for name, hint in hints.items()
                  if not name.startswith("_")}  # fmt: skip
    return {"dynamic": "strict", "properties": properties}


def _field(hint: Any, where: str) -> dict[str, Any]:
    origin = get_origin(hint)
    if origin is Annotated:
        for meta in hint.__metadata__:
            if isinstance(meta, msgspec.Meta) and meta.extra and "es" in meta.extra:
                return dict(meta.extra["es"])
        return _field(get_args(hint)[0], where)
    if origin in (Union, types.UnionType):
        (inner,) = (arg for arg in get_args(hint) if arg is not type(None))
        return _field(inner, where)
    if origin is Literal:
        return _field(type(get_args(hint)[0]), where)
    if origin in (list, tuple):
        return _field(get_args(hint)[0], where)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return {"type": "object", **mapping_of(hint)}
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    raise TypeError(f"{where}: no Elasticsearch type for {hint!r}; name one with Meta(extra=…)")
