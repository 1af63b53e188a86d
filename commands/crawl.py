"""`tingchao crawl NAME|FILE|--all|--forever`: collect from sources, into Kafka or a file."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer


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
        from commands.crawl_told import tell, with_progress
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
            from commands.crawl_forever import run_forever

            run_forever(folder, places, out, memory, jobs)
            return
        chosen = chosen_sources(names or [], everything, folder, places)
        started = datetime.now(UTC)
        summaries = with_progress(lambda shown: collect(chosen, out, shown, memory, again, append))
        if memory:
            runs = RunLog(memory)
            for summary in summaries:
                runs.add(summary, started)
            runs.close()
        tell(summaries, as_json, sys.stderr if out == "-" else sys.stdout)
        if any(summary.failed for summary in summaries):
            raise typer.Exit(1)
        if not any(summary.items or summary.why == ALL_SEEN for summary in summaries):
            raise typer.Exit(3)
