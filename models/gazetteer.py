"""What a division name means where several share it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Phrases that begin with the name of a place and are none.
NOT_PLACES = frozenset(
    ["北京时间", "海南鸡饭", "西藏红花", "上海大众", "广东话", "北京现代", "河南话"]
)


class Named(NamedTuple):
    """A division name at `start:end` of the batch; `plain` when it needs no other evidence."""

    start: int
    end: int
    codes: tuple[str, ...]
    plain: bool


def resolve(found: Sequence[Named], region: str | None) -> Iterator[str | None]:
    """The code of each name of one text: by the name before it, what else the text names, or
    the region of the source; None where it stays ambiguous."""
    certain = {n.codes[0] for n in found if n.plain and len(n.codes) == 1}
    before: Named | None = None
    parent: str | None = None
    for name in found:
        code = name.codes[0] if len(name.codes) == 1 else None
        if before is not None and parent is not None and name.start - before.end <= 1:
            # 云南昭通巧家: a name that directly follows lies within the one before it.
            within = [c for c in name.codes if _within(c, parent) and c != parent]
            code = within[0] if within else code
        if code is None:
            code = _fit(name.codes, certain, region)
        before, parent = name, code or parent
        yield code


def _fit(codes: tuple[str, ...], certain: set[str], region: str | None) -> str | None:
    if codes[0].endswith("00") and not codes[1].endswith("0000"):
        # 吉林, 楚雄: a province or city that shares its short name with a smaller place.
        higher = [c for c in codes if c.endswith("00")]
        if len(higher) == 1 or codes[0].endswith("0000"):
            return codes[0]
    for width in (4, 2):
        for known in (certain, {region} if region else set()):
            heads = {k[:width] for k in known if width == 2 or not k.endswith("0000")}
            fitting = [c for c in codes if c[:width] in heads]
            if len(fitting) == 1:
                return fitting[0]
    return None


def _within(code: str, parent: str) -> bool:
    head = parent.rstrip("0") if parent.endswith("00") else parent
    return code.startswith(head[:2] if parent.endswith("0000") else head[:4].ljust(4, "0"))
