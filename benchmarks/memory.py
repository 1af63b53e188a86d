"""The seen-memory over many addresses: its pace, its file, and that the process stays small.

python -m benchmarks.memory [--pages 100000]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawlers.memory import Memory
from tests.builders import raw_item

TEXT = "记者在现场看到，供电抢修人员正在更换变压器，居民家中陆续来电。" * 20


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory.sqlite"
        memory, now = Memory(path, "source"), datetime.now(UTC)
        before, started = peak_mb(), time.perf_counter()
        for number in range(pages):
            item, url = raw_item(str(number), f"{TEXT}{number}"), f"http://a.example/{number}"
            memory.item(item.origin_id)
            memory.keep(item, url)
            memory.read(url, '"tag"', None, now)
        took = time.perf_counter() - started
        print(f"{pages} pages kept, {pages / took:.0f}/s")
        print(f"the process grew by {peak_mb() - before:.0f} MB")
        print(f"the file has {path.stat().st_size >> 20} MB")
        started = time.perf_counter()
        memory.prune(now + timedelta(days=8))
        print(f"pruning after a crawl: {time.perf_counter() - started:.2f} s")
        started = time.perf_counter()
        for number in range(1_000):
            memory.page(f"http://a.example/{number}")
        print(f"a look-up: {(time.perf_counter() - started) * 1_000:.1f} µs")
        memory.close()


if __name__ == "__main__":
    main()
