"""Who is spoken of: organisations, roles and groups of people (C4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np

from models.lexicon import read
from models.tagger import Spans, spans
from schemas.analysis import Subject

SUBJECT = 2  # its index in models.tagger.KINDS
_HARDLY_ANY = 2  # subjects of a text
_ROLES = read("roles")
# A surname and one or two characters that are no end of a role (司机, 学生, 警方).
_NAME = re.compile(
    f"(?:{'|'.join(sorted(read('surnames'), key=len, reverse=True))})"
    "(?:某某?|[\\u4e00-\\u9fff]?[^员者民师生人客长警方社局院部队团友妇男女子童家工司兵手官]|[\\u4e00-\\u9fff]子)"
)
_PRONOUNS = read("pronouns")  # named in reports, but no help to anybody
Kind = Literal["organisation", "role", "group"]
_GROUP = re.compile(
    "^(?:大?约|近|至少|超过|共有?|另有?|其中|有)?(?:[\\d０-９〇零一二两三四五六七八九十百千万几多数][\\d０-９一二三四五六七八九十百千万多余几]*)"
    "(?:[名位个户家口具]|人|余|死|伤)|们$|^(?:多|众|数|所有|全体|部分|大批|很多|许多|一些|不少|其他|其余|广大|各)"
    "|(?:群众|民众|市民|村民|居民|乘客|游客|旅客|伤员|伤者|死者|学生|师生|职工|工人|矿工|业主|家属|人员|官兵|人群|灾民|患者|人质|遇难者|幸存者|网友|百姓|员工|灾民|人)$"
)
_ORGANISATION = re.compile(
    "(?:[局院委部厅署处科所站社网报队会庭店厂矿台]|政府|公司|集团|中心|学校|大学|中学|小学|幼儿园|医院|银行|机关|部门|单位|机构|组织|警方|校方|院方|厂方|店方|当局|官方|方面|媒体|法院|检察院|派出所|指挥部|消防|公安|交警|城管|企业|工厂|电视台|日报|晚报|协会|办公室|党委|支队|大队|中队|总队|军区|部队|军方)$"
)
_ONE = re.compile("(?:负责|发言|主持|证|嫌疑|当事|责任|知情|本|老|主|领导|代理|法定代表|报案)人$")
_STAFF = re.compile("(?:人员|官兵|负责人|工作人员|队员|代表|领导|干部|民警|警察|专家)$")


@lru_cache(maxsize=8192)
def is_bare_name(text: str) -> bool:
    """Whether this is a person's name and nothing else (张某, 宋雅君), without a title."""
    return (
        _NAME.fullmatch(text) is not None
        and text not in _ROLES
        and not _ORGANISATION.search(text)
        and not _GROUP.search(text)
    )


@lru_cache(maxsize=8192)
def kind_of(text: str) -> Kind:
    """A group has a number or a plural, an organisation the name of a body; else a role."""
    if _ONE.search(text):
        return "role"
    if _GROUP.search(text) and not _ORGANISATION.search(text):
        return "group"
    if _ORGANISATION.search(text) and not _STAFF.search(text):
        return "organisation"
    return "role"


def subjects(texts: Sequence[str], tagged: Spans | None = None) -> list[list[Subject]]:
    """The subjects of each text, in order, each wording once.

    People who are only named (张某, 宋雅君) are left out, as are pronouns: no facet may become a
    list of what private persons did. Where the tagger found hardly any (a complaint is no
    report), words for people and bodies (物业, 供电所, 业主) are taken from the dictionary.
    """
    tagged = tagged or spans(texts)
    batch = tagged.batch
    kept = tagged.kind == SUBJECT
    start, end = tagged.start[kept], tagged.end[kept]
    owners = batch.owner(start)
    few = np.bincount(owners, minlength=len(texts)) < _HARDLY_ANY
    found = list(zip(owners.tolist(), start.tolist(), end.tolist(), strict=True))
    roles = tagged.known.roles
    if roles and few.any():
        begins = np.array([begin for begin, _ in roles])
        role_owners = batch.owner(begins)
        before = np.searchsorted(tagged.start, begins, side="right") - 1
        ends = np.append(tagged.end, 0)  # the last is for what has no span before it
        free = few[role_owners] & (ends[before] <= begins)
        found += [(int(role_owners[i]), *roles[i]) for i in np.flatnonzero(free).tolist()]
        found.sort()
    out: list[list[Subject]] = [[] for _ in texts]
    seen: set[tuple[int, str]] = set()
    for owner, first, last in found:
        text = batch.text[first:last]
        if (owner, text) not in seen and text not in _PRONOUNS and not is_bare_name(text):
            seen.add((owner, text))
            out[owner].append(Subject(text=text, kind=kind_of(text)))
    return out
