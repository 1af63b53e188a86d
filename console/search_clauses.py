"""From the tree of a search to Elasticsearch's clauses. Pure.

`words` holds folded text (simplified, lower case), so a word finds both scripts. `title` and
`text` stand as they were written: a phrase is asked there as typed and in both scripts.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from opencc import OpenCC

from console.search_fields import FIELDS, Names
from console.search_fields import clause as field_clause
from console.search_language import And, Field, Node, Not, Or, QueryError, Word
from models.words import Cutter

Clause = dict[str, Any]
OTHER = 0.6  # what a synonym counts beside the word itself


class Clauses:
    def __init__(self, cutter: Cutter, names: Names) -> None:
        self._cutter, self._names = cutter, names

    def of(self, node: Node) -> Clause:
        """QueryError for a field or a value that does not exist."""
        match node:
            case Word():
                return self._word(node.text, node.exact)
            case Field():
                return self._field(node)
            case Not():
                return {"bool": {"must_not": [self.of(node.part)]}}
            case Or():
                return _either([self.of(part) for part in node.parts])
            case And():
                return {"bool": self.both(node)}

    def both(self, node: Node) -> Clause:
        """The parts of a bool query: what must be there counts, fields only filter."""
        found: dict[str, list[Clause]] = {"must": [], "must_not": [], "filter": []}
        for part in node.parts if isinstance(node, And) else (node,):
            if isinstance(part, Not):
                found["must_not"].append(self.of(part.part))
            elif isinstance(part, Field) and FIELDS.get(part.name.lower()) != "title":
                found["filter"].append(self.of(part))
            else:
                found["must"].append(self.of(part))
        return found

    def _field(self, node: Field) -> Clause:
        name = FIELDS.get(node.name.lower())
        if name is None:
            known = "、".join(key for key in FIELDS if not key.isascii())
            raise QueryError(f"没有字段“{node.name}”；可用：{known}", node.at)
        if name == "title":
            return _either([_phrase("title", each, 3) for each in _scripts(node.value)])
        try:
            return field_clause(name, node.value, self._names)
        except ValueError as error:
            raise QueryError(f"{node.name}：{error}", node.at) from None

    def _word(self, text: str, exact: bool) -> Clause:
        should = [
            _phrase(name, each, boost)
            for each in _scripts(text) for name, boost in (("title", 3), ("text", 2))
        ]  # fmt: skip
        words = [] if exact else self._cut(text)
        if words:
            should.append({"bool": {"must": [self._like(word) for word in words]}})
            whole = "".join(words)
            if len(words) > 1:
                should += [self._all(other) for other in self._names.synonyms.get(whole, ())]
        return _either(should)

    def _like(self, word: str) -> Clause:
        """A word as it is cut, or one of its synonyms."""
        itself = {"term": {"words": word}}
        others = [self._all(other) for other in self._names.synonyms.get(word, ())]
        return _either([itself, *others]) if others else itself

    def _all(self, text: str) -> Clause:
        """A synonym: cut, for it may be several words to the cutter."""
        must: list[Clause] = [{"term": {"words": word}} for word in self._cut(text)]
        must = must if len(must) < 2 else [_phrase("text", text, 1)]
        return {"bool": {"must": must, "boost": OTHER}}

    def _cut(self, text: str) -> list[str]:
        return self._cutter.cut_batch([text])[0].split()


def _phrase(name: str, text: str, boost: float) -> Clause:
    return {"match_phrase": {name: {"query": text, "boost": boost}}}


def _either(clauses: list[Clause]) -> Clause:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def _scripts(text: str) -> list[str]:
    """As typed, simplified, traditional; each once."""
    return list(dict.fromkeys((text, _script("t2s").convert(text), _script("s2t").convert(text))))


@cache
def _script(name: str) -> OpenCC:
    return OpenCC(name)
