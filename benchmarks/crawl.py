"""Articles per second from a local site, beside plain Scrapy that only downloads.

    python -m benchmarks.crawl [--pages 1500] [--rounds 3]

Both fetch the same pages of `tingchao serve-pages` with the same concurrency; ours also
obeys robots.txt, checks every address, extracts and writes the items. The time is
Scrapy's own, from the opening of the spider to its close.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from crawlers.extract.times import BEIJING
from infra.settings import PROJECT

PLAIN = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Plain(scrapy.Spider):
    name = "plain"
    start_urls = [sys.argv[1] + "/"]

    def parse(self, response):
        for href in response.css("a.saved::attr(href)").getall():
            yield response.follow(href, self.done)
        for href in response.xpath("//a[text()='下一页']/@href").getall():
            yield response.follow(href, self.parse)

    def done(self, response):
        self.crawler.stats.inc_value("pages")

process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
                               "CONCURRENT_REQUESTS": 16, "TELNETCONSOLE_ENABLED": False,
                               "COOKIES_ENABLED": False})
crawler = process.create_crawler(Plain)
process.crawl(crawler)
process.start()
stats = crawler.stats.get_stats()
print(stats["pages"], stats["elapsed_time_seconds"])
"""


def write_pages(folder: Path, count: int) -> int:
    """Article pages of the demo site, each with a portal's usual hundred of links around it."""
    from crawlers.demo.pages import Site

    site = Site(datetime(2026, 11, 24, 20, tzinfo=BEIJING))
    marks = ("c1001", "content_", "/article/")
    pages = [page for url, page in site.pages.items() if any(mark in url for mark in marks)]
    menu = "".join(
        f'<li class="menu-item level-{n % 3}"><a href="/channel/{n}/">频道{n}与专题导航</a></li>'
        for n in range(120)
    )
    size = 0
    for number in range(count):
        text = pages[number % len(pages)].render("http://127.0.0.1")
        text = text.replace("<body>", f"<body><ul class='menu'>{menu}</ul><!-- {number} -->", 1)
        size += len(text.encode())
        (folder / f"{number:05}.html").write_text(text, "utf-8")
    return size // count


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tingchao", "serve-pages", str(folder), "--port", "0"]
    server = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(10)


def plain(url: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, url], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    pages, seconds = done.stdout.split()
    return int(pages) / float(seconds)


def ours(url: str, folder: Path) -> float:
    command = [sys.executable, "-m", "tingchao", "crawl", "pages", "--pages-url", url]
    done = subprocess.run(
        [*command, "--out", str(folder / "items.jsonl"), "--json"],
        cwd=PROJECT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    summary = json.loads(done.stdout)
    return float(summary["items"] / summary["seconds"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pages"
        folder.mkdir()
        size = write_pages(folder, options.pages)
        ratios = []
        with serving(folder) as url:
            for number in range(options.rounds):
                bare, full = plain(url), ours(url, Path(name))
                ratios.append(full / bare)
                print(
                    f"round {number + 1}: plain Scrapy {bare:.0f}/s, tingchao {full:.0f}/s, "
                    f"ratio {full / bare:.2f}",
                    flush=True,
                )
    median = statistics.median(ratios)
    print(f"{options.pages} pages of {size / 1024:.0f} KB; median ratio {median:.2f}")


if __name__ == "__main__":
    main()
