"""From the tree of a search to Elasticsearch's clauses. Pure.

`words` holds folded text (simplified, lower case), so a word finds both scripts. `title` and
`text` stand as they were written: a phrase is asked there as typed and in both scripts.
"""

from __future__ import annotations

from console.search_fields import FIELDS, Names
from console.search_fields import clause as field_clause
from console.search_language import And, Field, Node, Not, Or, QueryError, Word
from console.search_phrases import Clause, either, phrase, scripts, titles
from console.search_questions import QUESTION_WORDS
from models.words import Cutter

TITLE = 1.5  # what a word in the title counts beside one in the text
PAIRS = 5  # of characters: a longer word is a number or an address
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
                return either([self.of(part) for part in node.parts])
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
            return either(titles(node.value, 3))
        try:
            return field_clause(name, node.value, self._names)
        except ValueError as error:
            raise QueryError(f"{node.name}：{error}", node.at) from None

    def _word(self, text: str, exact: bool) -> Clause:
        should = [
            phrase(name, each, boost)
            for each in scripts(text) for name, boost in (("title", 3), ("text", 2))
        ]  # fmt: skip
        words = [] if exact else self.words(text)
        if words:
            should.append({"bool": {"must": [self.like(word) for word in words]}})
            whole = "".join(words)
            if len(words) > 1:
                should += [self._all(other) for other in self._names.synonyms.get(whole, ())]
        return either(should)

    def words(self, text: str) -> list[str]:
        """As the cutter cuts, without the words of a question, if others are left."""
        found = self._cut(text)
        return [word for word in found if word not in QUESTION_WORDS] or found

    def like(self, word: str) -> Clause:
        """A word as it is cut, or one of its synonyms; in the title it says more."""
        others = [self._all(other) for other in self._names.synonyms.get(word, ())]
        return either([{"term": {"words": word}}, *titles(word, TITLE), *others])

    def piecewise(self, word: str) -> Clause:
        """As `like`; of a long word also its pairs of characters, for people cut words elsewhere
        than the text does: 化工厂 and 化工园区."""
        pairs = [word[at : at + 2] for at in range(len(word) - 1)] if len(word) > 2 else []
        if word.isascii() or len(pairs) > PAIRS:
            pairs = []
        parts = [
            phrase(name, each, boost / len(pairs))
            for pair in pairs for each in scripts(pair)
            for name, boost in (("title", TITLE), ("text", 1))
        ]  # fmt: skip
        return either([self.like(word), *parts])

    def _all(self, text: str) -> Clause:
        """A synonym: cut, for it may be several words to the cutter."""
        must: list[Clause] = [{"term": {"words": word}} for word in self._cut(text)]
        must = must if len(must) < 2 else [phrase("text", text, 1)]
        return {"bool": {"must": must, "should": titles(text, TITLE), "boost": OTHER}}

    def _cut(self, text: str) -> list[str]:
        return self._cutter.cut_batch([text])[0].split()
