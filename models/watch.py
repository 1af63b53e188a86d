"""Watch topics (D5): saved boolean queries, asked of every text of a batch. Pure.

All words of all queries are looked for in one pass; only queries one of whose words
stands in a text are asked about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from models.matcher import Matcher
from models.textpass import TextPass, text_pass
from models.watch_query import And, Near, Node, Not, Or, Word, parse, words
from schemas.errors import UserError
from schemas.yaml_file import load_yaml


class Watch(BaseModel):
    """`level`: what an item that matches has at least; None: it is only marked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    query: str
    level: Literal["I", "II", "III", "IV"] | None = None

    @field_validator("query")
    @classmethod
    def _parses(cls, query: str) -> str:
        normal(parse(query))
        return query


class WatchFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    watches: list[Watch] = []

    @model_validator(mode="after")
    def _ids_differ(self) -> WatchFile:
        ids = [watch.id for watch in self.watches]
        twice = next((each for each in ids if ids.count(each) > 1), None)
        if twice:
            raise ValueError(f"the id {twice!r} is used twice")
        return self


def normal(node: Node) -> Node:
    """The query in normalised words (half width, lower case, simplified), as texts are."""
    match node:
        case Word():
            return Word(_normal(node.text))
        case Near():
            return Near(_normal(node.one), _normal(node.other), node.within)
        case Not():
            return Not(normal(node.part))
        case And():
            return And(tuple(map(normal, node.parts)))
        case Or():
            return Or(tuple(map(normal, node.parts)))


def _normal(word: str) -> str:
    found: str = text_pass([word]).texts[0]
    if len(found) < 2:
        raise ValueError(f"“{word}”不到两个字")
    return found


class Watches:
    """Compiled; cheap to ask when there are none."""

    def __init__(self, watches: Sequence[Watch] = ()) -> None:
        self.all = tuple(watches)
        self._nodes = [normal(parse(watch.query)) for watch in watches]
        self._words = sorted(set().union(*map(words, self._nodes)))
        self._matcher = Matcher(self._words) if self._words else None
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, node in enumerate(self._nodes):
            for word in words(node):
                self._by_word[word].append(number)

    def match(self, batch: TextPass) -> list[list[Watch]]:
        """For each text the watches that match, in the order of the file."""
        found: list[list[Watch]] = [[] for _ in range(len(batch))]
        if self._matcher is None:
            return found
        matches = self._matcher.find(batch)
        places: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        rows = (matches.text.tolist(), matches.word.tolist(), matches.at.tolist())
        for text, word, at in zip(*rows, strict=True):
            places[text][self._words[word]].append(at)
        for text, there in places.items():
            asked = sorted({number for word in there for number in self._by_word[word]})
            known = dict(there)
            found[text] = [self.all[n] for n in asked if self._nodes[n].true(known)]
        return found


def load_file(path: Path) -> tuple[Watch, ...]:
    """config/watch.yaml; none when there is no such file. UserError names the line."""
    return tuple(load_yaml(path, WatchFile).watches) if path.exists() else ()


def load_stored(path: Path) -> tuple[Watch, ...]:
    """The watches kept in Elasticsearch, as the worker last saw them (streams/watches.py)."""
    try:
        found = msgspec.json.decode(path.read_bytes())
        return tuple(Watch.model_validate(each) for each in found)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f"cannot read {path}: {error}", "delete it; it is written again") from None
