"""Views (观点): what people say about one matter, in groups with a quote and a share each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST = 6  # views told
FEWEST = 2  # statements that make a view: one voice is no view
APART = 0.86  # cosine distance between groups, on average, from which they stay two
COMMON = 0.4  # of the statements: a word of more of them is the matter, not a view of it
MANY = 20  # statements from which a word's frequency says something
SHOWN = 4  # words of a view


@dataclass(frozen=True, slots=True)
class Statement:
    id: str
    text: str
    words: str  # cut, with blanks between
    attitude: str
    weight: int = 1  # it and its copies


@dataclass(frozen=True, slots=True)
class Quote:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    quote: Quote  # of the statement in the middle of its group
    share: float  # of all statements, copies counted
    statements: int  # distinct ones
    words: list[str]  # what sets it apart, the strongest first
    attitude: str  # of most of it


def views(statements: Sequence[Statement], most: int = MOST) -> list[View]:
    """The largest groups first. What is not in one is what single voices say."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(statements) < FEWEST:
        return []
    vectorizer = TfidfVectorizer(
        analyzer=_words, sublinear_tf=True,
        max_df=COMMON if len(statements) >= MANY else 1.0,
        min_df=2 if len(statements) >= MANY else 1,
    )  # fmt: skip
    try:
        vectors = vectorizer.fit_transform(each.words for each in statements)
    except ValueError:  # no word is left
        return []
    alike = np.asarray((vectors @ vectors.T).todense())
    grouped = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=APART
    ).fit_predict(np.clip(1 - alike, 0, 1))
    weights = np.array([each.weight for each in statements], float)
    names = vectorizer.get_feature_names_out()
    found = []
    for group in range(grouped.max() + 1):
        members = np.flatnonzero(grouped == group)
        if len(members) < FEWEST or not alike[members].any():
            continue
        sums = np.asarray(vectors[members].sum(axis=0)).ravel()
        middle = members[int(np.argmax(alike[np.ix_(members, members)].sum(axis=1)))]
        attitudes = Counter[str]()
        for at in map(int, members):
            attitudes[statements[at].attitude] += statements[at].weight
        found.append(
            View(
                Quote(statements[middle].id, statements[middle].text),
                float(weights[members].sum() / weights.sum()), len(members),
                [str(names[at]) for at in np.argsort(-sums, kind="stable")[:SHOWN] if sums[at]],
                attitudes.most_common(1)[0][0],
            )
        )  # fmt: skip
    return sorted(found, key=lambda view: (-view.share, view.quote.id))[:most]


def _words(cut: str) -> list[str]:
    """A single character says little."""
    return [word for word in cut.split() if len(word) > 1]
