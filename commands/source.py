"""`tingchao source …`: the sources, listed and checked; drafts stand in source_drafts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(no_args_is_help=True, help="The sources: list, try, add, check.")
Folder = Annotated[Path | None, typer.Option("--sources-dir", help="folder of sources")]
Json = Annotated[bool, typer.Option("--json", help="JSON lines")]


def register(app: typer.Typer) -> None:
    from commands import source_drafts

    source_drafts.add_to(commands)
    app.add_typer(commands, name="source")


def folder_of(folder: Path | None) -> Path:
    from infra.settings import settings

    return folder or settings().config / "sources"


@commands.command("list")
def list_(
    sources_dir: Folder = None,
    as_json: Json = False,
    memory: Annotated[Path | None, typer.Option(help="the crawls' file")] = None,
) -> None:
    """Each source with its state: fine, silent, broken, layout, new."""
    from crawlers.report import states
    from crawlers.run_log import RunLog
    from crawlers.sources import load_folder
    from infra.settings import settings
    from schemas.base import encode

    found, wrong = load_folder(folder_of(sources_dir))
    runs = RunLog(memory or settings().data / "crawl.sqlite")
    health = states(runs, [source for source, _ in found.values()], datetime.now(UTC), {})
    for name, state in health.items():
        if as_json:
            print(encode(state).decode())
            continue
        source = found[name][0]
        success = f"{state.last_success.astimezone():%m-%d %H:%M}" if state.last_success else "—"
        told = f"  {state.cause}: {state.detail}" if state.cause else ""
        print(f"{state.status:7} {name:24} {source.kind:8} 每 {source.every / 60:g} 分  "
              f"上次成功 {success}  每小时 {state.items_per_hour:g}／{state.usual_per_hour:g}{told}"
              )  # fmt: skip
    for error in wrong:
        print(f"tingchao: {error}", file=sys.stderr)
    if wrong:
        raise typer.Exit(1)


@commands.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="YAML files; else the folder")] = None,
    sources_dir: Folder = None,
) -> None:
    """Validate source files; every fault with its line."""
    from crawlers.sources import Source
    from schemas.yaml_file import read_yaml

    paths = files or sorted(folder_of(sources_dir).glob("*.yaml"))
    names: dict[str, Path] = {}
    count = 0
    for path in paths:
        source, faults = read_yaml(path, Source)
        if source and source.name in names:
            faults = [(f"{path}: source {source.name} exists already in {names[source.name]}", "")]
        elif source:
            names[source.name] = path
        for fault, _ in faults:
            print(fault)
        count += len(faults)
    print(f"{len(paths)} 个文件，{count} 处错误", file=sys.stderr)
    if count or not paths:
        raise typer.Exit(1)
