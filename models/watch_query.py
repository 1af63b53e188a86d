"""Boolean queries over words: parsed once, then asked of each text (D5). Pure.

电价 上涨              both; also AND, 且
电价 OR 水价           either; also |, 或
停电 -演练             not; also NOT, 非
"拉闸 限电"            a phrase, as it stands
(电价 OR 电费) 投诉    parentheses
化工厂 NEAR/20 爆炸    within so many characters
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST = 500  # characters of a query
DEEP = 20  # parentheses within parentheses
_TOKEN = re.compile(r'"([^"]*)"|“([^”]*)”|([()（）|])|NEAR/(\d{1,4})(?=\s)|([^\s()（）|"“”]+)')

_OPERATORS = {"AND": "AND", "且": "AND", "OR": "OR", "或": "OR", "NOT": "NOT", "非": "NOT"}
# As a search has them; taken for a word it would never be found.
_FIELD = re.compile(r"([A-Za-z_]+|[\u4e00-\u9fff]{2,6}):(?!//)")

Places = Mapping[str, Sequence[int]]  # word -> where it stands in a text


@dataclass(frozen=True)
class Word:
    text: str

    def true(self, places: Places) -> bool:
        return self.text in places


@dataclass(frozen=True)
class And:
    parts: tuple[Node, ...]

    def true(self, places: Places) -> bool:
        return all(part.true(places) for part in self.parts)


@dataclass(frozen=True)
class Or:
    parts: tuple[Node, ...]

    def true(self, places: Places) -> bool:
        return any(part.true(places) for part in self.parts)


@dataclass(frozen=True)
class Not:
    part: Node

    def true(self, places: Places) -> bool:
        return not self.part.true(places)


@dataclass(frozen=True)
class Near:
    """The two words begin at most `within` characters apart."""

    one: str
    other: str
    within: int

    def true(self, places: Places) -> bool:
        others = places.get(self.other, ())
        return any(abs(a - b) <= self.within for a in places.get(self.one, ()) for b in others)


Node = Word | And | Or | Not | Near


def parse(text: str) -> Node:
    """ValueError says what is wrong with the query."""
    if len(text) > MOST:
        raise ValueError(f"至多 {MOST} 个字")
    found = _Parser(list(_tokens(text))).parse()
    if found.true({}):
        raise ValueError("这样什么都会命中；请写出一个必须出现的词")
    return found


def words(node: Node) -> set[str]:
    match node:
        case Word():
            return {node.text}
        case Near():
            return {node.one, node.other}
        case Not():
            return words(node.part)
        case _:
            return set().union(*map(words, node.parts))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"引号没有成对：{text[at:]}")
        plain, curly, mark, near, word = found.groups()
        at = found.end()
        if plain is not None or curly is not None:
            yield "word", (plain if plain is not None else curly).strip()
        elif mark:
            yield {"（": "(", "）": ")", "|": "OR"}.get(mark, mark), ""
        elif near:
            yield "NEAR", near
        elif word in _OPERATORS:
            yield _OPERATORS[word], ""
        elif word.startswith("-") and len(word) > 1:
            yield "NOT", ""
            yield "word", word[1:]
        elif word == "-":
            yield "NOT", ""
        elif field := _FIELD.match(word):
            raise ValueError(f"关注主题只看正文里的词，不能用“{field[1]}:”；要找这几个字就加引号")
        else:
            yield "word", word


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = self._deep = 0

    def parse(self) -> Node:
        found = self._any()
        if self._at < len(self._tokens):
            raise ValueError("多了一个右括号")
        return found

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _take(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _any(self) -> Node:
        parts = [self._all()]
        while self._peek() == "OR":
            self._take()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while self._peek() in ("word", "(", "NOT", "AND", "NEAR"):
            if self._peek() == "AND":
                self._take()
            elif self._peek() == "NEAR":
                within = int(self._take()[1])
                last, other = parts[-1], self._one()
                if not isinstance(last, Word) or not isinstance(other, Word):
                    raise ValueError("NEAR 写在两个词中间")
                parts[-1] = Near(last.text, other.text, within)
                continue
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Node:
        match self._peek():
            case "word":
                text = self._take()[1]
                if len(text) < 2:
                    raise ValueError(f"“{text}”不到两个字")
                return Word(text)
            case "NOT":
                self._take()
                return Not(self._one())
            case "(":
                self._take()
                self._deep += 1
                if self._deep > DEEP:
                    raise ValueError(f"括号至多 {DEEP} 层")
                found = self._any()
                if self._peek() != ")":
                    raise ValueError("左括号没有对应的右括号")
                self._take()
                self._deep -= 1
                return found
            case _:
                raise ValueError("这里缺一个词" if self._tokens else "没有写查询")
