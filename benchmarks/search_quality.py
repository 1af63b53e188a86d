"""How good the search is: nDCG@10 of judged queries, beside Elasticsearch's own ways.

`python -m benchmarks.search_quality` on a store with the demo corpus (`tingchao run`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from benchmarks.ndcg import DEPTH, ndcg
from benchmarks.search_judgements import Judged, clusters, judged, name_of
from benchmarks.search_ways import Way, corpus, ours, pairs, plain
from infra.settings import Settings
from schemas.errors import UserError
from schemas.registry import OPINIONS

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

WORST = 10
OURS = "听潮"


@dataclass(frozen=True)
class Score:
    judged: Judged
    value: float
    missed: tuple[str, ...] = ()  # wanted, and not among the first ten
    needless: tuple[str, ...] = ()  # among the first ten, and not asked for


def mean_of(scores: Sequence[Score], which: Callable[[Judged], bool] = lambda _: True) -> float:
    return mean(score.value for score in scores if which(score.judged))


async def measure(way: Way, documents: list[dict[str, str]]) -> list[Score]:
    """Every judged query asked; UserError when the corpus is not the one that was judged."""
    places = clusters(documents)
    shown = {document["cluster_id"]: name_of(document) for document in reversed(documents)}
    scores = []
    for each in judged():
        if absent := [name for name in each.grades if name not in places]:
            raise UserError(
                f"{each.query}: the store does not hold {absent[0]}",
                "crawl the demo corpus with `tingchao run --once`",
            )
        grades = each.by_cluster(places)
        found = await way(each.query)
        best = [key for key, grade in grades.items() if grade == 2]
        missed = [shown[key] for key in best if key not in found][
            : DEPTH - len(set(best) & {*found})
        ]
        needless = [shown[key] for key in found if key not in grades]
        scores.append(Score(each, ndcg(found, grades), tuple(missed), tuple(needless)))
    return scores


async def run(config: Settings, client: AsyncElasticsearch) -> dict[str, list[Score]]:
    documents = await corpus(config, client)
    found = {OURS: await measure(ours(config, client), documents)}
    index = config.prefix + OPINIONS.alias
    found["simple_query_string"] = await measure(plain(client, index), documents)
    async with pairs(config, client, documents) as way:
        found["…, cjk pairs"] = await measure(way, documents)
    return found


def _print(found: dict[str, list[Score]]) -> None:
    out = Console(width=110)
    each = Table("检索式", *found, title=f"nDCG@{DEPTH}")
    for row in zip(*found.values(), strict=True):
        mark = "（留出）" if row[0].judged.held else ""
        each.add_row(row[0].judged.query + mark, *(f"{score.value:.3f}" for score in row))
    out.print(each)
    # What a held query missed is not told: it would be tuned to.
    told = sorted((s for s in found[OURS] if not s.judged.held), key=lambda score: score.value)
    for score in told[:WORST]:
        out.print(f"{score.value:.3f} {score.judged.query}", markup=False)
        out.print(f"      缺：{'；'.join(score.missed) or '—'}", markup=False)
        out.print(f"      多：{'；'.join(score.needless) or '—'}", markup=False)
    means = Table("平均", *found)
    for name, which in (
        ("全部", lambda _: True), ("调整用", lambda j: not j.held), ("留出", lambda j: j.held),
        ("不含字段的", lambda j: ":" not in j.query),
    ):  # fmt: skip
        values = [mean_of(scores, which) for scores in found.values()]
        means.add_row(name, *(f"{v:.3f} ({values[0] / v:.2f}×)" for v in values))
    out.print(means)


if __name__ == "__main__":
    from commands.elastic import with_elasticsearch

    try:
        _print(with_elasticsearch(lambda config, _, client: run(config, client)))
    except UserError as error:
        raise SystemExit(str(error)) from None
