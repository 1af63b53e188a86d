"""Speed of the text models on 500-character items, part by part, beside the ordinary way.

usage: python -m benchmarks.models [--items 1000] [--rounds 5]

The ordinary way: scikit-learn pipelines (character 1–2-grams, TF-IDF, a linear classifier
per task), jieba, datasketch. Processor time of one core, rounds interleaved.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.analyser import KEYWORDS, Analyser
from models.casualties import harms
from models.facts import facts
from models.fingerprints import fingerprint
from models.judge import Judge
from models.keywords import Keywords
from models.masking import mask
from models.textpass import text_pass
from models.words import cutter
from schemas.base import content_id
from schemas.raw_item import RawItem

CONFIG = Path("config")
BATCH = 500
LENGTH = 500
_SENTENCES = (
    "昨日上午，我市召开经济运行分析会，通报一季度投资项目进展情况。",
    "小区已经连续三天停电，打电话投诉没有人管，希望有关部门尽快处理！",
    "请问今年居民阶梯电价什么时候调整，标准是多少？",
    "网传自来水有异味，环保部门回应称正在检测，结果将及时公布。",
    "感谢工作人员耐心解答，服务态度很好，为你们点赞。",
    "受持续暴雨影响，多地发生内涝，部分公交线路临时停运。",
    "菜价比上个月涨了不少，猪肉每斤贵了三块钱，工资却没有变化。",
    "据介绍，该项目总投资2.5亿元，预计明年年底建成投产。",
    "建议在人民路增设充电桩和停车位，方便周边居民出行。",
)


def texts_of(count: int) -> list[str]:
    """Texts of LENGTH characters from a few sentences and random words between them."""
    rnd = random.Random(3)
    made = []
    for _ in range(count):
        text = ""
        while len(text) < LENGTH:
            noise = "".join(chr(0x4E00 + int(rnd.expovariate(0.002)) % 8000) for _ in range(12))
            text += rnd.choice(_SENTENCES) + noise
        made.append(text[:LENGTH])
    return made


def parts(texts: list[str]) -> dict[str, Callable[[], Any]]:
    """What is timed of ours, each over one batch; "all" is what the stream runs per item."""
    analyser, judge = Analyser(CONFIG), Judge(CONFIG)
    cut, keywords = cutter(CONFIG / "userdict.txt"), Keywords(KEYWORDS)
    now = datetime(2026, 3, 5, tzinfo=UTC)
    items = [
        RawItem(
            id=content_id("item", str(at)), origin_id=content_id("thing", str(at)), source="bench",
            channel="weibo", fetched_at=now, published_at=now, title="", text=text,
        )
        for at, text in enumerate(texts)
    ]  # fmt: skip
    batch = text_pass(texts)
    words = cut.cut_pass(batch)
    return {
        "normalise": lambda: text_pass(texts),
        "fingerprints": lambda: fingerprint(batch),
        "cut words": lambda: cut.cut_pass(batch).texts,
        "keywords": lambda: keywords.of(words, [0] * len(texts)),
        "topics, attitude, act, rumour": lambda: judge.read(batch, words),
        "times, places, subjects": lambda: facts(texts, [now] * len(texts)),
        "deaths, injuries, losses": lambda: harms(texts),
        "personal data": lambda: mask(texts),
        "all": lambda: analyser.read(items),
    }


def ordinary(texts: list[str]) -> dict[str, Callable[[], Any]]:
    import jieba
    from datasketch import MinHash
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    jieba.setLogLevel(60)
    pipelines = [
        make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 2)), LinearSVC()).fit(
            texts, [at % classes for at in range(len(texts))]
        )
        for classes in (10, 3, 2)
    ]

    def sketches() -> None:
        for text in texts:
            sketch = MinHash(num_perm=64)
            sketch.update_batch({text[at : at + 3].encode() for at in range(len(text) - 2)})

    def classify() -> None:
        for pipeline in pipelines:
            pipeline.predict(texts)

    def cut() -> None:
        for text in texts:
            jieba.lcut(text)

    def everything() -> None:
        sketches()
        classify()
        cut()

    return {
        "fingerprints": sketches,
        "cut words": cut,
        "topics, attitude, act, rumour": classify,
        "all": everything,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    batches = [texts_of(BATCH) for _ in range(max(1, options.items // BATCH))]
    sides = {"ours": [parts(b) for b in batches], "theirs": [ordinary(b) for b in batches]}
    spent: dict[tuple[str, str], list[float]] = {}
    for _ in range(options.rounds):
        for side, runs in sides.items():
            for name in runs[0]:
                began = time.process_time()
                for run in runs:
                    run[name]()
                micros = (time.process_time() - began) / (len(batches) * BATCH) * 1e6
                spent.setdefault((side, name), []).append(micros)
    print(f"{'µs an item of 500 characters':<34}{'ours':>8}{'ordinary':>10}{'ratio':>8}")
    for name in sides["ours"][0]:
        mine = spent["ours", name]
        line = f"{name:<34}{statistics.median(mine):>8.1f}"
        if ("theirs", name) in spent:
            other = spent["theirs", name]
            ratio = statistics.median(b / a for a, b in zip(mine, other, strict=True))
            line += f"{statistics.median(other):>10.1f}{ratio:>8.1f}"
        print(line)
    print(f"all: {1e6 / statistics.median(spent['ours', 'all']):,.0f} items/s of one core")


if __name__ == "__main__":
    main()
