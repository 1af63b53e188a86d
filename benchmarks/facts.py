"""Speed of masking, facts, casualties and severity, in µs for an item of 500 characters.

    python -m benchmarks.facts [DATA]

One core, batches of 500. Without DATA on made-up news; with DATA (a folder as described in
docs/models.md) on emergency news and on Weibo posts, joined and cut to 500 characters.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from models import tagger
from models.casualties import harms
from models.masking import mask
from models.places import places
from models.severity import Facts, score
from models.severity_rules import load
from models.subjects import subjects
from models.times import times

SIZE, BATCH, ROUNDS = 500, 500, 7
_NEWS = (
    "昨日下午3时许，滨海市高新区一处在建工地发生塔吊侧翻，造成2人受伤。市应急管理局、消防部门接报后迅速赶赴现场，"
    "伤者已送往市人民医院救治，目前生命体征平稳。据目击者王先生介绍，事发时风力较大，工地上有二十多名工人正在施工。"
    "施工单位负责人表示，将配合有关部门开展调查。截至11月24日18时，现场清理工作基本完成，周边道路恢复通行。"
    "市民如有疑问可拨打热线咨询。近日，全市已开展安全生产大检查，对发现的隐患要求限期整改，确保群众生命财产安全。"
)


def main() -> None:
    rules = load(Path("config/severity.yaml"))
    for name, texts in _samples(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        published = [None] * len(texts)
        tagged = tagger.spans(texts)
        facts = [Facts(harm=harm) for harm in harms(texts)]
        parts: list[tuple[str, Callable[[], object]]] = [
            ("mask", lambda t=texts: mask(t)),
            ("tag", lambda t=texts: tagger.spans(t)),
            ("times", lambda t=texts, p=published, s=tagged: times(t, p, s)),
            ("places", lambda t=texts, s=tagged: places(t, None, s)),
            ("subjects", lambda t=texts, s=tagged: subjects(t, s)),
            ("casualties", lambda t=texts: harms(t)),
            ("severity", lambda t=texts, f=facts: score(f, t, rules)),
        ]
        best = {part: min(_clock(run) for _ in range(ROUNDS)) for part, run in parts}
        each = "  ".join(f"{part} {value:.1f}" for part, value in best.items())
        print(f"{name} ({len(texts)} items): {sum(best.values()):.1f} µs an item  [{each}]")


def _clock(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1e6 / BATCH


def _samples(data: Path | None) -> list[tuple[str, Sequence[str]]]:
    if data is None:
        return [("made-up news", _cut(_NEWS * 3_000))]
    return [
        (name, _cut("".join(row["text"] for row in rows(data / file))))
        for name, file in (
            ("emergency news", "events/cec.jsonl.gz"),
            ("Weibo posts", "weibo/events.jsonl.gz"),
            ("reviews", "sentiment/online_shopping.jsonl.gz"),
        )
    ]


def _cut(text: str) -> list[str]:
    pieces = [text[i : i + SIZE] for i in range(0, len(text) - SIZE, SIZE)]
    return (pieces * (BATCH // len(pieces) + 1))[:BATCH]


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
