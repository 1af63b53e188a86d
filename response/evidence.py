"""The evidence of a reason as people read it: names instead of ids. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from response.labels import ATTITUDES, TIERS

NUMBERS = {
    "deaths": "死亡", "injuries": "受伤", "missing": "失联", "ill": "患病",
    "loss_yuan": "损失（元）", "comments": "评论", "likes": "点赞", "reposts": "转发",
    "views": "阅读", "followers": "粉丝", "copies": "转载", "per_hour": "每小时",
    "rumour": "谣言迹象",
}  # fmt: skip
ACTS = {
    "complaint": "投诉", "question": "询问", "suggestion": "建议", "praise": "表扬",
    "report": "陈述",
}  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_-]*")


def evidence(names: Mapping[str, str]) -> Callable[[str], str]:
    """`names`: of topics and departments. `missing 2 ≥ 1` → `失联 2 ≥ 1`; other words stay."""
    known = {**NUMBERS, **ACTS, **TIERS, **ATTITUDES, **names}

    def said(text: str) -> str:
        return "、".join(_named(part, known) for part in text.split("、"))

    return said


def _named(part: str, known: Mapping[str, str]) -> str:
    head, space, rest = part.partition(" ")
    return known[head] + space + rest if _ID.fullmatch(head) and head in known else part
