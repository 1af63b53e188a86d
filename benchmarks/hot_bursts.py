"""Whether new matters are found on their first day, on a year of hot-search titles.

usage: python -m benchmarks.hot_bursts ../shared/data

A matter is what models/events.py groups of the titles (it knows nothing of rising words), with
BIG titles or more in all; its first day is that of its first title. It is found on its first day
when a title of it on that day holds a word that rises that day (models/rising.py, the day against
the 14 before), late when that is so on one of the next two days only. Matters of the first 14 days
have no past and are left out. Of the rising words it is counted how many stand in a matter with
SOME titles or more: the rest are chance. Titles of one day are one window; the hour is not known.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict, deque
from datetime import datetime
from pathlib import Path

from benchmarks.corpora import rows
from benchmarks.event_truth import BEIJING, Thing, grouped
from models.rising import Counted, rising
from models.words import cutter

BIG, SOME = (5, 10, 20), 3
PAST, LATE = 14, 2


def titles_by_day(data: Path) -> dict[str, list[str]]:
    found = rows(data, "hot/weibo_hot_2025", ("day", "titles"))
    return {row["day"]: list(dict.fromkeys(row["titles"])) for row in sorted(found, key=_day)}


def _day(row: dict[str, str]) -> str:
    return row["day"]


def risen(days: dict[str, list[str]]) -> tuple[dict[str, set[str]], dict[str, list[set[str]]]]:
    """(rising words of each day with a past, the words of each title by day)."""
    cut = cutter(Path("config/userdict.txt"))
    words = {day: [set(one.split()) for one in cut.cut_batch(titles)]
             for day, titles in days.items()}  # fmt: skip
    window: deque[tuple[int, Counter[str]]] = deque(maxlen=PAST)
    found = {}
    for day, of_titles in words.items():
        counts: Counter[str] = Counter()
        for each in of_titles:
            counts.update(each)
        if len(window) == PAST:
            past: Counter[str] = Counter()
            for _, each in window:
                past.update(each)
            counted = [Counted(word, n, past[word]) for word, n in counts.items()]
            told = rising(counted, len(of_titles), sum(n for n, _ in window), 100)
            found[day] = {each.word for each in told}
        window.append((len(of_titles), counts))
    return found, words


def main() -> None:
    days = titles_by_day(Path(sys.argv[1]))
    things: list[Thing] = [
        (f"{day}/{at}", title, datetime.fromisoformat(day).replace(tzinfo=BEIJING), None, None)
        for day, titles in days.items()
        for at, title in enumerate(titles)
    ]
    events, _, _ = grouped(things)
    matters: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for (key, *_), event in zip(things, events, strict=True):
        day, at = key.split("/")
        matters[event].append((day, int(at)))
    began = time.process_time()
    rise, words = risen(days)
    spent = time.process_time() - began
    order = list(days)
    print(f"{len(days)} days, {len(things)} titles, {len(matters)} matters; "
          f"{sum(map(len, rise.values())) / len(rise):.1f} rising words and "
          f"{1000 * spent / len(days):.0f} ms a day")  # fmt: skip

    def first_found(titles: list[tuple[str, int]]) -> int | None:
        """Days after its first on which a word of it rises; None: not in LATE days."""
        first = order.index(min(titles)[0])
        for after in range(LATE + 1):
            for day, at in titles:
                if order.index(day) - first == after and words[day][at] & rise[day]:
                    return after
        return None

    for big in BIG:
        some = [t for t in matters.values() if len(t) >= big and min(t)[0] in rise]
        found = [first_found(titles) for titles in some]
        alone = [sum(day == min(titles)[0] for day, _ in titles) for titles in some]
        clear = [f for f, n in zip(found, alone, strict=True) if n >= 5]
        late = len(some) - found.count(None) - found.count(0)
        shares = (
            f"{found.count(0) / len(some):.1%}, within {LATE} days more {late / len(some):.1%};"
        )
        print(f"matters of {big} titles and more: {len(some)}; found on the first day {shares}")
        print(f"  of those with 5 titles on their first day ({len(clear)}) "
              f"{clear.count(0) / len(clear):.1%} on it")  # fmt: skip
    standing: defaultdict[tuple[str, str], int] = defaultdict(int)
    for titles in matters.values():
        if len(titles) >= SOME:
            for day, at in titles:
                for word in words[day][at] & rise.get(day, set()):
                    standing[day, word] += 1
    said = sum(map(len, rise.values()))
    print(f"{said} rising words said, {len(standing) / said:.1%} of them stand in a matter of "
          f"{SOME} titles and more")  # fmt: skip


if __name__ == "__main__":
    main()
