"""Extraction on real pages beside trafilatura alone and readability.

    python -m benchmarks.extraction --data ../shared/data

Labels (tests/data/pages_labels.json) hold title, time and only the first and last
characters of each body; the gold body is cut from the page's own text by them.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawlers.extract import extract
from crawlers.extract.charset import decode
from crawlers.extract.dom import lines_of
from crawlers.extract.page import parse
from crawlers.extract.times import BEIJING
from crawlers.links import article_links

LABELS = Path(__file__).parent.parent / "tests" / "data" / "pages_labels.json"
Result = tuple[str, datetime | None, str]  # title, time, body


def ours(html: bytes) -> Result:
    page = extract(html)
    if page.published_at is None:
        page = extract(html, now=datetime.now(UTC))
    return page.title, page.published_at, page.body


def trafilatura_alone(html: bytes) -> Result:
    import trafilatura

    found = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    if found is None:
        return "", None, ""
    try:
        at = datetime.fromisoformat(found.date).replace(tzinfo=BEIJING) if found.date else None
    except ValueError:
        at = None
    return found.title or "", at, found.text or ""


def readability(html: bytes) -> Result:
    from readability import Document  # readability-lxml, of the bench group

    document = Document(decode(html)[0])
    tree = parse(document.summary())
    return document.short_title(), None, "" if tree is None else "\n".join(lines_of(tree))


def bare(text: str) -> str:
    return "".join(text.split())


def gold_body(html: bytes, label: dict[str, Any]) -> str | None:
    """The page's text between the label's start and end; of several, the one of its length."""
    if "start" not in label:
        return None
    tree = parse(decode(html)[0])
    assert tree is not None
    page = bare("".join(lines_of(tree.find("body"))))
    starts = [m.start() for m in re.finditer(re.escape(label["start"]), page)]
    ends = [m.end() for m in re.finditer(re.escape(label["end"]), page)]
    pairs = [(abs(e - s - label["length"]), s, e) for s in starts for e in ends if e > s]
    _, start, end = min(pairs)
    return page[start:end]


def f1(found: str, gold: str) -> float:
    """Overlap of characters as bags: order is the page's in all cases."""
    left, right = Counter(bare(found)), Counter(gold)
    common = sum((left & right).values())
    return 2 * common / (left.total() + right.total()) if common else 0.0


def right_time(found: datetime | None, label: str) -> bool:
    """The same minute, or day where the page shows no more; the year too where it shows one."""
    if found is None:
        return False
    shown = found.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return label[:16] in shown if len(label) > 11 or label[4] == "-" else label in shown


def right_day(found: datetime | None, label: str) -> bool:
    """The day alone: trafilatura gives no more, and is judged by what it says, too."""
    day = found.astimezone(BEIJING).strftime("%Y-%m-%d") if found else ""
    return day.endswith(label[:5]) if label[2] == "-" else day == label[:10]


def measure(
    name: str, read: Callable[[bytes], Result], pages: dict[str, bytes], labels: Any
) -> None:
    titles = times = days = 0
    scores: dict[str, float] = {}
    spent = 0.0
    wrong: list[str] = []
    for file, html in pages.items():
        started = time.perf_counter()
        title, at, body = read(html)
        spent += time.perf_counter() - started
        label = labels[file]
        if bare(title) == bare(label["title"]):
            titles += 1
        else:
            wrong.append(f"{file} title {title[:40]!r}")
        days += right_day(at, label["published_at"])
        if right_time(at, label["published_at"]):
            times += 1
        else:
            wrong.append(f"{file} time {at} not {label['published_at']}")
        gold = gold_body(html, label)
        if gold is not None:
            scores[file] = f1(body, gold)
    count = len(pages)
    mean = sum(scores.values()) / len(scores)
    shares = "".join(
        f"{share:8.3f}" for share in (titles / count, times / count, days / count, mean)
    )
    print(f"{name:24}{shares}{count / spent:10.1f}")
    if name == "tingchao":
        low = sorted((score, file) for file, score in scores.items() if score < 0.95)
        for line in [*wrong, *(f"{file} body F1 {score:.3f}" for score, file in low)]:
            print(f"    {line}")


_NEWS = re.compile(
    r"^https?://(\w+\.)*163\.com/(\d\d/\d{4}/\d\d/[0-9A-Z]+\.html"
    r"|((v2|dy)/)?article/(detail/)?[0-9A-Z]+\.html)$"
)
_TID = re.compile(r"(?:/thread-|[?&]tid=)(\d+)")


def links(folder: Path) -> None:
    """Article links of list pages: told by each site's own scheme of addresses."""
    print(f"\n{'list page':24}{'P':>8}{'R':>8}{'links':>8}")
    for path in sorted(folder.rglob("*.html")):
        tree = parse(decode(path.read_bytes())[0])
        assert tree is not None
        forum = "forum" in path.parent.name
        base = "https://n.netease.com/forum-46-1.html" if forum else "https://news.163.com/"
        found = {_name(link.url, forum) for link in article_links(tree, base)}
        gold = set()
        for anchor in tree.iter("a"):
            url = urljoin(base, anchor.get("href") or "").split("#")[0]
            named = len(bare("".join(anchor.itertext()))) >= 6
            if (not forum and _NEWS.match(url.split("?")[0]) and named) or (
                forum and _TID.search(url) and named and "goto=" not in url
            ):
                gold.add(_name(url, forum))
        hits = len(found & gold)
        page = f"{path.parent.name}/{path.name}"
        print(f"{page:24}{hits / max(1, len(found)):8.3f}{hits / len(gold):8.3f}{len(gold):8}")


def _name(url: str, forum: bool) -> str:
    match = _TID.search(url)
    return match[1] if forum and match else urlsplit(url)._replace(scheme="", query="").geturl()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "pages"
    labels = json.loads(LABELS.read_text("utf-8"))
    pages = {file: (folder / "article" / file).read_bytes() for file in labels}
    print(
        f"{len(pages)} pages{'':16}{'title':>8}{'minute':>8}{'day':>8}{'body F1':>8}{'pages/s':>10}"
    )
    readers: dict[str, Callable[[bytes], Result]] = {
        "tingchao": ours,
        "trafilatura alone": trafilatura_alone,
        "readability-lxml": readability,
    }
    for name, read in readers.items():
        try:
            measure(name, read, pages, labels)
        except ModuleNotFoundError as error:
            print(f"{name:24}not installed ({error.name}); it is in the bench group")
    links(folder / "list")


if __name__ == "__main__":
    main()
