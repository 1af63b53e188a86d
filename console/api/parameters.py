"""What a reading asks for in its address: parameters that are known, with values that can be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from starlette.requests import Request

from schemas.errors import UserError
from schemas.when import since

Takes = Mapping[str, Sequence[str]]  # parameter -> what it may be; (): any text
PAGED: Takes = {"limit": (), "cursor": ()}
PAGE, MOST = 50, 200
_LONGEST = 2_000  # characters


class Given(dict[str, list[str]]):
    """By parameter, as often as it was given; what is empty is not."""

    def one(self, name: str) -> str:
        return self[name][-1] if name in self else ""

    @property
    def limit(self) -> int:
        wanted = self.one("limit") or str(PAGE)
        known = wanted.isascii() and wanted.isdecimal() and len(wanted) <= len(str(MOST))
        if not known or not 1 <= int(wanted) <= MOST:
            raise ValueError(f"limit 是 1 至 {MOST} 的整数")
        return int(wanted)

    def time(self, name: str) -> datetime | None:
        text = self.one(name)
        try:
            return since(text, datetime.now(UTC)) if text else None
        except UserError:
            raise ValueError(f"{name} 写作 7d、24h 或 2026-01-31") from None


def given(request: Request, takes: Takes, many: Collection[str] = ()) -> Given:
    """ValueError for a parameter that the address does not know, or that is given twice and is
    none of `many`: left out in silence, it would look as if all there is had been found by it."""
    found = Given()
    for name, value in request.query_params.multi_items():
        if name not in takes:
            raise ValueError(f"没有参数 {name[:50]}；可用：{'、'.join(takes) or '无'}")
        if value and takes[name] and value not in takes[name]:
            raise ValueError(f"{name} 可以是：{'、'.join(takes[name])}")
        if len(value) > _LONGEST:
            raise ValueError(f"{name} 至多 {_LONGEST} 个字符")
        if value and name in found and name not in many:
            raise ValueError(f"{name} 只能给一次")
        if value:
            found.setdefault(name, []).append(value)
    return found


def choices(record: type, path: str) -> tuple[str, ...]:
    """What the field of `record`, as `severity.level`, can be; () where it is any text."""
    kind = msgspec.inspect.type_info(record)
    for name in path.split("."):
        while isinstance(kind, msgspec.inspect.ListType | msgspec.inspect.Metadata):
            kind = kind.item_type if isinstance(kind, msgspec.inspect.ListType) else kind.type
        assert isinstance(kind, msgspec.inspect.StructType), (record, path)
        kind = next(each.type for each in kind.fields if each.name == name)
    return tuple(map(str, kind.values)) if isinstance(kind, msgspec.inspect.LiteralType) else ()
