"""`tingchao crawl NAME|FILE|--all`: collect from sources, into Kafka or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable
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
        memory: Annotated[
            Path | None,
            typer.Option(
                help="file of what was fetched before; with Kafka the one in the data folder"
            ),
        ] = None,
        again: Annotated[bool, typer.Option(help="fetch and publish what is known, too")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="summary as JSON lines")] = False,
    ) -> None:
        """Collect from sources once."""
        from crawlers.run import collect
        from crawlers.summary import ALL_SEEN
        from infra.settings import settings

        places = {k: v for k, v in (("demo", demo_url), ("pages", pages_url)) if v}
        chosen = _chosen(
            names or [], everything, sources_dir or settings().config / "sources", places
        )
        if out and out != "-" and not Path(out).resolve().parent.is_dir():
            from schemas.errors import UserError

            raise UserError(f"no folder for {out}", "make it first")
        if not memory and not out:
            memory = settings().data / "crawl.sqlite"
        summaries = _with_progress(lambda shown: collect(chosen, out, shown, memory, again))
        _print(summaries, as_json, sys.stderr if out == "-" else sys.stdout)
        if any(summary.failed for summary in summaries):
            raise typer.Exit(1)
        if not any(summary.items or summary.why == ALL_SEEN for summary in summaries):
            raise typer.Exit(3)


def _chosen(
    names: list[str], everything: bool, folder: Path, places: dict[str, str]
) -> list[Source]:
    from crawlers.sources import load_source, load_sources
    from schemas.errors import UserError

    if everything == bool(names):
        raise UserError("which sources?", "give names or YAML files, or --all")
    if everything:
        known = load_sources(folder).values()
        # A given address means: that site. Without one, what needs an address is left out.
        ready = [
            s for s in known if s.placeholders <= places.keys() and (s.placeholders or not places)
        ]
        if not ready:
            raise UserError(f"no source in {folder} can start", "give --demo-url or --pages-url")
        return [source.filled(places) for source in ready]
    files = [Path(name) for name in names if name.endswith((".yaml", ".yml"))]
    plain = [name for name in names if not name.endswith((".yaml", ".yml"))]
    chosen = [load_source(path) for path in files]
    if plain:
        known_names = load_sources(folder)
        if missing := [name for name in plain if name not in known_names]:
            raise UserError(
                f"no source {missing[0]} in {folder}", f"one of {', '.join(known_names)}"
            )
        chosen += [known_names[name] for name in plain]
    return [source.filled(places) for source in chosen]


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
