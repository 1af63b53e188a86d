"""Boolean queries over words: parsed once, then asked of each text (D5). Pure.

电价 上涨              both
电价 OR 水价           either; also |
停电 -演练             not; also NOT
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
        raise ValueError(f"the query has over {MOST} characters")
    found = _Parser(list(_tokens(text))).parse()
    if found.true({}):
        raise ValueError("the query would match every text; name a word that must be there")
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
            raise ValueError(f"a quote is not closed: {text[at:]}")
        plain, curly, mark, near, word = found.groups()
        at = found.end()
        if plain is not None or curly is not None:
            yield "word", (plain if plain is not None else curly).strip()
        elif mark:
            yield {"（": "(", "）": ")", "|": "OR"}.get(mark, mark), ""
        elif near:
            yield "NEAR", near
        elif word in ("AND", "OR", "NOT"):
            yield word, ""
        elif word.startswith("-") and len(word) > 1:
            yield "NOT", ""
            yield "word", word[1:]
        elif word == "-":
            yield "NOT", ""
        else:
            yield "word", word


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = self._deep = 0

    def parse(self) -> Node:
        found = self._any()
        if self._at < len(self._tokens):
            raise ValueError("a parenthesis closes that none opened")
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
                    raise ValueError("NEAR stands between two words")
                parts[-1] = Near(last.text, other.text, within)
                continue
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Node:
        match self._peek():
            case "word":
                text = self._take()[1]
                if len(text) < 2:
                    raise ValueError(f"the word {text!r} is shorter than two characters")
                return Word(text)
            case "NOT":
                self._take()
                return Not(self._one())
            case "(":
                self._take()
                self._deep += 1
                if self._deep > DEEP:
                    raise ValueError(f"over {DEEP} parentheses within one another")
                found = self._any()
                if self._peek() != ")":
                    raise ValueError("a parenthesis is not closed")
                self._take()
                self._deep -= 1
                return found
            case _:
                raise ValueError("a word is missing" if self._tokens else "the query is empty")
