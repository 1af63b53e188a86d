"""One crawl of very many addresses, end to end: pace, and that the process stays small.

    python -m benchmarks.crawl_memory [--urls 100000]

A real `tingchao crawl` in a process of its own: robots.txt, lists, articles, extraction,
the memory of what was seen, items written out, from a site on loopback that makes its pages.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import requests
import uvicorn

from crawlers.demo.pages import Site
from crawlers.extract.times import BEIJING
from crawlers.loopback import listen
from infra.settings import PROJECT

A_LIST = 1_000  # links


def serve(urls: int) -> None:
    """The site: prints its port; /served says how many articles were asked for."""
    site = Site(datetime(2026, 11, 24, 20, tzinfo=BEIJING))
    page = next(page for url, page in site.pages.items() if "c1001" in url)
    head, _, tail = page.render("http://127.0.0.1").partition("<p>")
    served = 0

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        nonlocal served
        path, status = scope["path"], 200
        if path.startswith("/2026/"):
            served += 1
            body = f"{head}<p>第{path[11:-5]}号记录。</p><p>{tail}"
        elif path.startswith("/list/"):
            first = int(path[6:] or 0)
            numbers = range(first, min(first + A_LIST, urls))
            links = (f'<li><a href="/2026/1124/{n:06}.html">老城区供电抢修进展通报第{n}号</a></li>'
                     for n in numbers)  # fmt: skip
            more = f'<a href="/list/{numbers.stop}">下一页</a>' if numbers.stop < urls else ""
            body = f"<html><body><ul>{''.join(links)}</ul>{more}</body></html>"
        else:
            body, status = (str(served), 200) if path == "/served" else ("", 404)
        kind = (b"content-type", b"text/html; charset=utf-8")
        await send({"type": "http.response.start", "status": status, "headers": [kind]})
        await send({"type": "http.response.body", "body": body.encode()})

    listener = listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


def source(folder: Path, port: int) -> Path:
    path = folder / "many.yaml"
    path.write_text(
        f'name: many\nkind: article\nstart: ["http://127.0.0.1:{port}/list/"]\n'
        "delay: 0\nallow_loopback: true\nmax_pages: 1000000\nlimit: 1d\n", "utf-8",
    )  # fmt: skip
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--urls", type=int, default=100_000)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.urls)
        return
    again = [sys.executable, "-m", "benchmarks.crawl_memory", "--urls", str(options.urls)]
    with tempfile.TemporaryDirectory() as name:
        site = subprocess.Popen([*again, "--serve"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert site.stdout
        port = int(site.stdout.readline())
        command = [sys.executable, "-m", "tingchao", "crawl", str(source(Path(name), port)),
                   "--out", "/dev/null", "--memory", f"{name}/m.sqlite", "--json"]  # fmt: skip
        crawl = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        try:
            watch(crawl, f"http://127.0.0.1:{port}/served", options.urls)
            assert crawl.stdout
            summary = json.loads(crawl.stdout.read())
            size = Path(f"{name}/m.sqlite").stat().st_size >> 20
        finally:
            crawl.kill()
            site.kill()
    pace = summary["items"] / summary["seconds"]
    print(f"{summary['items']} items in {summary['seconds']:.0f} s: {pace:.0f}/s; "
          f"errors {summary['errors']}; the memory file has {size} MB")  # fmt: skip


def watch(crawl: subprocess.Popen[str], served: str, urls: int) -> None:
    process = psutil.Process(crawl.pid)
    marks = [0.02, 0.1, 0.25, 0.5, 0.75, 0.98]
    peak = 0
    while crawl.poll() is None:
        try:
            peak = max(peak, rss := process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        share = int(requests.get(served, timeout=10).text) / urls
        if marks and share >= marks[0]:
            print(f"{share:4.0%}: {rss >> 20} MB", flush=True)
            marks = [mark for mark in marks if mark > share]
        time.sleep(0.25)
    print(f"peak {peak >> 20} MB")


if __name__ == "__main__":
    main()
