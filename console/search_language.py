"""The language of a search, read into a tree; what is wrong is said with its place. Pure.

电价 上涨              both; also AND, 且
电价 OR 水价           either; also |, 或
停电 -演练             not; also NOT, 非
"拉闸 限电"            a phrase, as it stands
(电价 OR 电费) 投诉    parentheses
级别:重大 渠道:论坛    fields, see `console.search_fields`; a value in quotes may hold blanks
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST = 500  # characters of a query
WORDS = 64  # words, phrases and fields of a query: each is several clauses to Elasticsearch
DEEP = 20  # parentheses within parentheses

_TOKEN = re.compile(
    r"""(?P<field>[A-Za-z_]+|[\u4e00-\u9fff]{2,6}):(?P<value>"[^"]*"|“[^”]*”|[^\s()（）|"“”]+)?"""
    r"""|"(?P<plain>[^"]*)"|“(?P<curly>[^”]*)”|(?P<mark>[()（）|]|-(?=[^\s-]))|(?P<word>[^\s()（）|"“”]+)"""
    r"""|(?P<open>["“])"""
)
_AND, _OR, _NOT = {"AND", "且"}, {"OR", "或", "|"}, {"NOT", "非", "-"}


class QueryError(ValueError):
    """What is wrong, in Chinese, and `at`: the place in the query, from 0."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(f"第 {at + 1} 个字处：{problem}")
        self.problem, self.at = problem, at


@dataclass(frozen=True)
class Word:
    text: str
    exact: bool = False  # stood in quotes


@dataclass(frozen=True)
class Field:
    name: str
    value: str
    at: int


@dataclass(frozen=True)
class And:
    parts: tuple[Node, ...]
    said: bool = field(default=False, compare=False)  # with AND, not only by standing together


@dataclass(frozen=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    part: Node


Node = Word | Field | And | Or | Not


@dataclass(frozen=True)
class _Token:
    kind: str  # the mark or operator itself, or: word, phrase, field
    text: str
    at: int
    value: str = ""


def parse(text: str) -> Node | None:
    """None: nothing was asked. QueryError for what cannot be read."""
    if len(text) > MOST:
        raise QueryError(f"检索式至多 {MOST} 个字，这里有 {len(text)} 个", MOST)
    tokens = list(_tokens(text))
    if sum(token.kind in ("word", "phrase", "field") for token in tokens) > WORDS:
        raise QueryError(f"至多 {WORDS} 个词语和条件", 0)
    return _Parser(tokens, len(text)).parse() if tokens else None


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        at, whole = found.start(), found[0]
        if found["open"]:
            raise QueryError("引号没有成对", at)
        if found["field"] and (found["value"] or "").startswith("//"):
            yield _Token("word", whole, at)  # an address
        elif found["field"]:
            value = (found["value"] or "").strip('"“”').strip()
            if not value:
                raise QueryError(f"“{found['field']}:”后面没有内容", at)
            yield _Token("field", found["field"], at, value)
        elif found["plain"] is not None or found["curly"] is not None:
            phrase = (found["plain"] or found["curly"] or "").strip()
            if phrase:
                yield _Token("phrase", phrase, at)
        elif whole in _AND | _OR | _NOT:
            kind = "and" if whole in _AND else "or" if whole in _OR else "not"
            yield _Token(kind, whole, at)
        elif found["mark"]:
            yield _Token("(" if whole in "(（" else ")", whole, at)
        else:
            yield _Token("word", whole, at)


class _Parser:
    def __init__(self, tokens: list[_Token], end: int) -> None:
        self._tokens, self._next, self._end = tokens, 0, end

    def parse(self) -> Node:
        found = self._either(0)
        if token := self._peek():
            raise QueryError("多了一个右括号", token.at)
        return found

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _is(self, kind: str) -> bool:
        token = self._peek()
        return token is not None and token.kind == kind

    def _either(self, depth: int) -> Node:
        parts = [self._both(depth)]
        while self._is("or"):
            self._next += 1
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self, depth: int) -> Node:
        parts, said = [self._one(depth)], False
        while (token := self._peek()) and token.kind not in ("or", ")"):
            if token.kind == "and":
                said, self._next = True, self._next + 1
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts), said)

    def _one(self, depth: int) -> Node:
        token = self._peek()
        if token is None:
            raise QueryError("检索式没有写完，这里还缺一个词语", self._end)
        if depth > DEEP:
            raise QueryError(f"括号至多 {DEEP} 层", token.at)
        self._next += 1
        match token.kind:
            case "not":
                return Not(self._one(depth + 1))
            case "(":
                inner = self._either(depth + 1)
                if not self._is(")"):
                    raise QueryError("这个左括号没有对应的右括号", token.at)
                self._next += 1
                return inner
            case "field":
                return Field(token.text, token.value, token.at)
            case "word" | "phrase":
                return Word(token.text, token.kind == "phrase")
        raise QueryError(f"“{token.text}”前面缺一个词语", token.at)
