"""`tingchao source …`: list, try, add and check the sources."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crawlers.guess import Found

commands = typer.Typer(no_args_is_help=True, help="The sources: list, try, add, check.")
Folder = Annotated[Path | None, typer.Option("--sources-dir", help="folder of sources")]
Json = Annotated[bool, typer.Option("--json", help="JSON lines")]
Loopback = Annotated[bool, typer.Option(help="the address may be on this machine")]


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="source")


def _folder(folder: Path | None) -> Path:
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

    found, wrong = load_folder(_folder(sources_dir))
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

    paths = files or sorted(_folder(sources_dir).glob("*.yaml"))
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


@commands.command("try")
def try_(
    url: str,
    write: Annotated[bool, typer.Option("--write", help="write a draft entry")] = False,
    name: Annotated[str, typer.Option(help="of the draft; else the host's")] = "",
    sources_dir: Folder = None,
    samples: Annotated[int, typer.Option(help="pages behind a list to read", min=0, max=20)] = 3,
    allow_loopback: Loopback = False,
    as_json: Json = False,
) -> None:
    """Fetch a page as a crawl would, and say what it is and what would be read."""
    import orjson

    from crawlers.guess import draft, kind_of
    from crawlers.sources import load_folder
    from crawlers.trial import attempt
    from schemas.errors import UserError

    found, why = attempt(url, allow_loopback, samples)
    if as_json:
        print(orjson.dumps({"found": found, "why": why}).decode())
        raise typer.Exit(0 if found else 3)
    if found is None:
        raise UserError(f"{url}: {why}", "give another address")
    _show(found)
    kind = kind_of(found)
    folder = _folder(sources_dir)
    if kind is None:
        if write:
            raise UserError(
                f"{url} is no list and no feed", "give the page that lists the articles"
            )
        return
    names = sorted(load_folder(folder)[0]) if folder.is_dir() else []
    called, text = draft(found, kind, name, names, allow_loopback)
    print(f"\n# {folder / f'{called}.yaml'}\n{text}", end="")
    if write:
        path = folder / f"{called}.yaml"
        if path.exists():
            raise UserError(f"{path} exists already", "give another --name")
        path.write_text(text, "utf-8")
        print(f"已写入 {path}；试采：tingchao crawl {called} --out -", file=sys.stderr)


@commands.command()
def add(url: str, name: str = "", sources_dir: Folder = None, allow_loopback: Loopback = False
        ) -> None:  # fmt: skip
    """Like try, and write the draft entry."""
    try_(url, True, name, sources_dir, 3, allow_loopback, False)


def _show(found: Found) -> None:
    words = {"feed": "RSS/Atom", "list": "列表页", "article": "文章页", "thread": "主题帖",
             "nothing": "看不出是什么"}  # fmt: skip
    print(f"{found.url}：{words[found.guess]}")
    for feed in found.feeds:
        print(f"  订阅 {feed}")
    if found.guess in ("list", "feed"):
        print(f"  链接 {len(found.links)} 条" + (f"，下一页 {found.next}" if found.next else ""))
        for link in found.links[:10]:
            print(f"    {link}")
    for sample in found.samples:
        when = f"{sample.published_at:%Y-%m-%d %H:%M}" if sample.published_at else "没有时间"
        print(f"  {sample.url}\n    标题 {sample.title}\n    时间 {when}"
              f"  来源 {sample.publisher or '—'}  作者 {sample.author or '—'}"
              + (f"  回帖 {sample.posts}" if sample.posts > 1 else ""))  # fmt: skip
        print(f"    正文 {len(sample.text)} 字：{sample.text[:80]!r}")
