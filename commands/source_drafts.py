"""`tingchao source try|add|write`: from an address to an entry."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from commands.source import Folder, Json, folder_of

if TYPE_CHECKING:
    from crawlers.guess import Found

Loopback = Annotated[bool, typer.Option(help="the address may be on this machine")]


def add_to(commands: typer.Typer) -> None:
    commands.command("try")(try_)
    commands.command()(add)
    commands.command()(write)


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
    folder = folder_of(sources_dir)
    kind = kind_of(found) if found else None
    called = text = ""
    if found and kind:
        names = sorted(load_folder(folder)[0]) if folder.is_dir() else []
        called, text = draft(found, kind, name, names, allow_loopback)
    if as_json:
        told = {"found": found, "why": why, "name": called, "draft": text}
        print(orjson.dumps(told).decode())
        raise typer.Exit(0 if found else 3)
    if found is None:
        raise UserError(f"{url}: {why}", "give another address")
    _show(found)
    if not text:
        if write:
            raise UserError(
                f"{url} is no list and no feed", "give the page that lists the articles"
            )
        return
    print(f"\n# {folder / f'{called}.yaml'}\n{text}", end="")
    if write:
        from crawlers.drafts import save

        path = save(text, folder, loopback=allow_loopback)
        print(f"已写入 {path}；试采：tingchao crawl {called} --out -", file=sys.stderr)


def add(url: str, name: str = "", sources_dir: Folder = None, allow_loopback: Loopback = False
        ) -> None:  # fmt: skip
    """Like try, and write the draft entry."""
    try_(url, True, name, sources_dir, 3, allow_loopback, False)


def write(sources_dir: Folder = None, allow_loopback: Loopback = False) -> None:
    """Check an entry on standard input and put it into the folder; for the console and scripts.

    Only what is fetched from public addresses: no folder of this machine, no mailbox.
    """
    from crawlers.drafts import MAX_DRAFT, save
    from schemas.errors import UserError

    try:
        text = sys.stdin.buffer.read(MAX_DRAFT + 1).decode()
    except UnicodeDecodeError:
        raise UserError("the entry is no UTF-8", "write it in UTF-8") from None
    print(save(text, folder_of(sources_dir), loopback=allow_loopback).stem)


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
