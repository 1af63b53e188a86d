"""Duplicates: quality on edited copies, memory per million, items a second beside datasketch.

usage: python -m benchmarks.duplicates [DATA] [--millions 5]
DATA: folder of corpora, for the edited copies; without it only speed and memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from pathlib import Path

import numpy as np

from benchmarks.copies import edits, posts
from models.duplicates import DuplicateIndex
from models.fingerprints import ANCHORS, Fingerprints, fingerprint
from models.sketch import BINS
from models.textpass import text_pass

BATCH = 500
ROUNDS = 3
WEEK = 7 * 86_400


def random_prints(count: int, rng: np.random.Generator) -> Fingerprints:
    """Fingerprints of texts that have nothing in common."""
    return Fingerprints(
        rng.integers(1, 2**63, count, dtype=np.uint64),
        rng.integers(16, 500, count).astype(np.uint32),
        rng.integers(0, 256, (count, BINS), dtype=np.uint8),
        rng.integers(0, 2**32, (count, ANCHORS), dtype=np.uint32),
    )


def fill(millions: int) -> None:
    """Fill a window of so many rows, and go on for a tenth: memory and speed when full."""
    capacity = millions * 1_000_000
    rng = np.random.default_rng(0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    index = DuplicateIndex(WEEK, capacity)
    links = 0
    spent, late = 0.0, 0.0
    for start in range(0, capacity + capacity // 10, BATCH):
        prints = random_prints(BATCH, rng)
        ids = [f"{start + at:032x}" for at in range(BATCH)]
        began = time.process_time()
        found = index.add(ids, np.full(BATCH, start // 10_000), prints)
        took = time.process_time() - began
        spent += took
        late += took if start >= capacity else 0
        links += sum(link is not None for link in found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"rows in the window          {len(index):,} (links among random rows: {links})")
    print(f"arrays                      {index.nbytes / 1e6:,.0f} MB")
    print(f"process grew by             {(peak - before) / 1e3:,.0f} MB")
    print(f"bytes a row                 {index.nbytes / capacity:.0f}")
    print(f"adding, filling             {capacity * 1.1 / spent:,.0f} items/s of processor time")
    print(f"adding, full window         {capacity * 0.1 / late:,.0f} items/s of processor time")


def texts_of(count: int, length: int = 500) -> list[str]:
    """Random texts, every fifth a light edit of an earlier one."""
    rnd = random.Random(1)
    made: list[str] = []
    for at in range(count):
        if at % 5 == 4:
            old = made[rnd.randrange(at)]
            cut = rnd.randrange(len(old) - 20)
            made.append(old[:cut] + "（编辑）" + old[cut + 5 :])
        else:
            made.append("".join(chr(0x4E00 + int(rnd.expovariate(0.004))) for _ in range(length)))
    return made


def ours(texts: list[str]) -> int:
    index = DuplicateIndex(WEEK, len(texts))
    links = 0
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        ids = [f"{start + at:032x}" for at in range(len(part))]
        found = index.add(ids, np.zeros(len(part), np.int64), fingerprint(text_pass(part)))
        links += sum(link is not None for link in found)
    return links


def theirs(texts: list[str]) -> int:
    """datasketch as its manual shows it: MinHash of character 3-grams, MinHashLSH."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=0.7, num_perm=BINS)
    links = 0
    for at, text in enumerate(texts):
        sketch = MinHash(num_perm=BINS)
        sketch.update_batch({text[k : k + 3].encode() for k in range(len(text) - 2)})
        links += bool(lsh.query(sketch))
        lsh.insert(str(at), sketch)
    return links


def compare(count: int = 2000) -> None:
    texts = texts_of(count)
    sides = {"tingchao": ours, "datasketch": theirs}
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            began = time.process_time()
            links = side(texts)
            rates[name].append(count / (time.process_time() - began))
            print(f"{name:<12} {rates[name][-1]:>10,.0f} items/s, {links} links of {count // 5}")
    ratios = [a / b for a, b in zip(*rates.values(), strict=True)]
    print(f"ratio, median of {ROUNDS} interleaved rounds: {statistics.median(ratios):.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--millions", type=int, default=1)
    options = parser.parse_args()
    if options.data:
        for name, precision, recall, pairs in (*posts(options.data), *edits(options.data)):
            print(f"{name:<28} precision {precision:.3f} recall {recall:.3f} of {pairs}")
    compare()
    fill(options.millions)


if __name__ == "__main__":
    main()
