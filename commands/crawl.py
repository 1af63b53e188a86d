"""`tingchao crawl NAME|FILE|--all|--forever`: collect from sources, into Kafka or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

if TYPE_CHECKING:
    from crawlers.run import Progress
    from crawlers.sources import Source
    from crawlers.summary import Summary


def register(app: typer.Typer) -> None:
    @app.command()
    def crawl(
        names: Annotated[list[str] | None, typer.Argument(help="names or YAML files")] = None,
        everything: Annotated[bool, typer.Option("--all", help="all that can start")] = False,
        sources_dir: Annotated[Path | None, typer.Option(help="folder of sources")] = None,
        demo_url: Annotated[str | None, typer.Option(help="where demo-site listens")] = None,
        pages_url: Annotated[str | None, typer.Option(help="where serve-pages listens")] = None,
        out: Annotated[str | None, typer.Option(help="JSON lines to FILE or -, no Kafka")] = None,
        forever: Annotated[bool, typer.Option(help="each at its interval, until SIGTERM")] = False,
        jobs: Annotated[int, typer.Option(help="crawls at a time, with --forever", min=1)] = 4,
        append: Annotated[bool, typer.Option(help="let FILE of --out grow")] = False,
        memory: Annotated[
            Path | None,
            typer.Option(
                help="file of what was fetched before; with Kafka the one in the data folder"
            ),
        ] = None,
        again: Annotated[bool, typer.Option(help="fetch and publish what is known, too")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="summary as JSON lines")] = False,
    ) -> None:
        """Collect from sources: once, or each at its interval (--forever)."""
        from crawlers.choose import chosen_sources
        from crawlers.run import collect
        from crawlers.run_log import RunLog
        from crawlers.summary import ALL_SEEN
        from infra.settings import settings
        from schemas.errors import UserError

        folder = sources_dir or settings().config / "sources"
        places = {k: v for k, v in (("demo", demo_url), ("pages", pages_url)) if v}
        if out and out != "-" and not Path(out).resolve().parent.is_dir():
            raise UserError(f"no folder for {out}", "make it first")
        if not memory and not out:
            memory = settings().data / "crawl.sqlite"
        if forever:
            if names or everything or again or out == "-":
                raise UserError(
                    "--forever takes all sources of a folder", "use --sources-dir and --out FILE"
                )
            _forever(folder, places, out, memory, jobs)
            return
        chosen = chosen_sources(names or [], everything, folder, places)
        started = datetime.now(UTC)
        summaries = _with_progress(lambda shown: collect(chosen, out, shown, memory, again, append))
        if memory:
            runs = RunLog(memory)
            for summary in summaries:
                runs.add(summary, started)
            runs.close()
        _print(summaries, as_json, sys.stderr if out == "-" else sys.stdout)
        if any(summary.failed for summary in summaries):
            raise typer.Exit(1)
        if not any(summary.items or summary.why == ALL_SEEN for summary in summaries):
            raise typer.Exit(3)


def _forever(
    folder: Path, places: dict[str, str], out: str | None, memory: Path | None, jobs: int
) -> None:
    from prometheus_client import start_http_server

    from crawlers import report
    from crawlers.forever import Forever
    from crawlers.kafka import endpoints
    from infra import logs
    from infra.settings import settings
    from infra.stack.process import free_port

    logs.configure()
    config = settings()
    memory = memory or Path(f"{out}.sqlite")
    options = ["--memory", str(memory)]
    for name, value in places.items():
        options += [f"--{name}-url", value]
    if out:
        options += ["--out", out, "--append"]

    def told(found: Summary, source: Source) -> None:
        _print([found], False, sys.stdout)
        sys.stdout.flush()
        report.count(found, source)
        reporter.wake.set()

    scheduler = Forever(folder, places, memory, options, jobs, told)
    where = None if out else endpoints(config)
    reporter = report.Reporter(
        memory, lambda: [source for source, _ in scheduler.sources.values()], config,
        where if where and where.elasticsearch else None,
    )  # fmt: skip
    port = free_port(config.metrics_port, set())
    start_http_server(port, config.host)
    print(f"metrics http://{config.host}:{port}/metrics", flush=True)
    reporter.start()
    scheduler.run()


def _with_progress(work: Callable[[Progress | None], list[Summary]]) -> list[Summary]:
    """A line with pages and items on stderr while it runs, when that is a terminal."""
    if not sys.stderr.isatty():
        return work(None)
    from rich.console import Console

    with Console(stderr=True).status("crawling …") as status:
        return work(lambda pages, items: status.update(f"crawling … {pages} pages, {items} items"))


def _print(summaries: list[Summary], as_json: bool, to: TextIO) -> None:
    import orjson

    for found in summaries:
        if as_json:
            print(orjson.dumps(found.as_dict()).decode(), file=to)
            continue
        line = f"{found.source}: {found.pages} pages, {found.items} items in {found.seconds:.1f} s"
        if found.failed:
            line += f"; FAILED: {found.failed}"
        elif found.why == "all seen":
            line += "; nothing new: all seen before"
        elif found.why:
            line += f"; nothing because: {found.why}"
        if found.changes:
            line += "; " + ", ".join(f"{name} {count}" for name, count in found.changes.items())
        if found.errors:
            line += "; " + ", ".join(f"{name} ×{count}" for name, count in found.errors.items())
        print(line, file=to)
