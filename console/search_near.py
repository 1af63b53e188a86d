"""What comes close to a search: most of its words, where not all of them are there. Pure.

People type whole questions, and words that nobody wrote together. Such documents are shown after
those that have everything, and are not counted with them. Marks, fields, phrases and parentheses
stay as they were asked; who types AND means it.
"""

from __future__ import annotations

from collections.abc import Iterator

from console.search_clauses import Clauses
from console.search_language import And, Node, Word
from console.search_phrases import Clause, either

FIRST = 1_000.0  # far above any score: what has everything stands before what comes close


def near(node: Node, clauses: Clauses) -> Clause | None:
    """None: every word has to be there, or there is but one."""
    parts = list(_parts(node))
    if any(isinstance(part, And) for part in parts):
        return None
    loose = [part for part in parts if isinstance(part, Word) and not part.exact]
    words = list(dict.fromkeys(word for part in loose for word in clauses.words(part.text)))
    if len("".join(words)) < 3:  # nothing to take apart
        return None
    rest = clauses.both(And(tuple(part for part in parts if part not in loose)))
    some = {
        "bool": {
            "should": [clauses.piecewise(word) for word in words],
            "minimum_should_match": least(len(words)),
        }
    }
    return {"bool": rest | {"must": [*rest["must"], some]}}


def least(words: int) -> int:
    """One of up to four, two of five, four of ten."""
    return max(1, words * 4 // 10)


def with_near(whole: Clause, close: Clause) -> Clause:
    """What has everything stands in the order that it has alone, so that pages fit together."""
    first = {"bool": {"must": [whole], "should": [
        {"constant_score": {"filter": {"match_all": {}}, "boost": FIRST}},
    ]}}  # fmt: skip
    return either([first, {"bool": {"must": [close], "must_not": [whole]}}])


def _parts(node: Node) -> Iterator[Node]:
    """What stands together, also in parentheses of its own (a facet puts the search into them).
    A joint that was said, with AND, stays whole."""
    if isinstance(node, And) and not node.said:
        for part in node.parts:
            yield from _parts(part)
    else:
        yield node
