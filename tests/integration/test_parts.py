"""Articles over several pages: joined in order, bounded where pages are missing or go round."""

from __future__ import annotations

import pytest

from crawlers.parts import MAX_PARTS
from tests.integration.changing import BODY, LongRead, an_hour_later, serve, write_source
from tests.integration.crawling import Crawl, crawl


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawl, list[str], Crawl]:
    folder, site = tmp_path_factory.mktemp("parts"), LongRead()
    with serve(site) as url:
        source = str(write_source(folder, "long", url))
        options = (source, "--memory", str(folder / "m.sqlite"))
        first = crawl(folder / "o.jsonl", *options)
        asked = [path for path, _, _ in site.asked]
        site.parts["/2026/1124/8001"] = ["_2", "_3", "_4"]
        an_hour_later(folder / "m.sqlite")
        second = crawl(folder / "o2.jsonl", *options)
    return first, asked, second


def text(crawled: Crawl, name: str) -> str:
    return str(next(i["text"] for i in crawled.items if i["url"].endswith(f"{name}.html")))


def parts(*numbers: int) -> str:
    return "\n".join(f"第{n}部分。{BODY}" for n in numbers)


def test_three_pages_are_one_article_in_their_order(
    crawled: tuple[Crawl, list[str], Crawl],
) -> None:
    assert len(crawled[0].items) == 4
    assert text(crawled[0], "8001") == parts(1, 2, 3)


def test_what_there_is_of_a_broken_one_is_kept(crawled: tuple[Crawl, list[str], Crawl]) -> None:
    assert text(crawled[0], "8002") == parts(1, 2)
    assert crawled[0].summaries["long"]["errors"] == {"HTTP 404": 1}
    assert "8002_3.html" in crawled[0].log and crawled[0].log.startswith("20")


def test_circles_and_endless_ones_end(crawled: tuple[Crawl, list[str], Crawl]) -> None:
    first, asked, _ = crawled
    assert text(first, "8003") == parts(1, 2)
    assert text(first, "8004") == parts(*range(1, MAX_PARTS + 1))
    assert len(asked) == len(set(asked)) and "/2026/1124/8009.html" not in asked


def test_a_part_more_is_an_edit_though_the_first_page_is_the_same(
    crawled: tuple[Crawl, list[str], Crawl],
) -> None:
    (edited,) = crawled[2].items
    assert edited["text"] == parts(1, 2, 3, 4)
    assert edited["provenance"]["change"] == "edited"
