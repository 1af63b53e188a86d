"""A portable backup: each index as gzip JSON lines with checksums, and the files beside.

Every document keeps its id and version, so a restore may run twice, beside live traffic,
or into a newer release: the higher version stays.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import orjson
from elasticsearch import AsyncElasticsearch

from infra import bulk
from infra.bulk import Document, Refused
from infra.pages import PAGE, pages
from infra.settings import Settings
from schemas.errors import UserError
from schemas.registry import INDICES, LEASES

FORMAT = 1
KEPT = [index for index in INDICES if index is not LEASES]  # a lease is nobody's by then
STATE = ("author.key", "crawl.sqlite", "intake.sqlite", "models", "demo-anchor")
Report = Callable[[str, int, int], None]


class Part(msgspec.Struct):
    file: str  # within the backup
    sha256: str
    index: str = ""  # without the prefix; empty for a file of configuration or state
    documents: int = 0


class Manifest(msgspec.Struct):
    format: int
    made_at: datetime
    parts: list[Part]


async def save(
    settings: Settings, client: AsyncElasticsearch, folder: Path, report: Report
) -> Manifest:
    """All indices, the configuration and the state into an empty folder."""
    _begin(folder)
    parts = []
    for alias in KEPT:
        for name in sorted(await _names(client, settings.prefix + alias.alias)):
            parts.append(await _save_index(settings, client, folder, name, report))
    parts += _save_files(settings, folder)
    manifest = Manifest(FORMAT, datetime.now(UTC), parts)
    # Written last: a folder without it is no backup.
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    return manifest


def _begin(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder} is not empty", "give a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # the author key is in it


async def _names(client: AsyncElasticsearch, alias: str) -> list[str]:
    return list(await client.indices.get_alias(name=alias))


async def _save_index(
    settings: Settings, client: AsyncElasticsearch, folder: Path, name: str, report: Report
) -> Part:
    short = name.removeprefix(settings.prefix)
    path = folder / "indices" / f"{short}.jsonl.gz"
    path.parent.mkdir(exist_ok=True)
    of = (await client.count(index=name))["count"]
    count = 0
    with gzip.open(path, "wb", compresslevel=3) as out:
        async for page in pages(client, name, version=True):
            for hit in page:
                line = {"id": hit["_id"], "version": hit["_version"], "source": hit["_source"]}
                out.write(orjson.dumps(line) + b"\n")
            count += len(page)
            report(short, min(count, of - 1), of)
    report(short, of, of)
    return Part(str(path.relative_to(folder)), _digest(path), short, count)


def _save_files(settings: Settings, folder: Path) -> Iterator[Part]:
    """config/ and the state of the data folder; SQLite by its own backup."""
    for path in _files(settings.config):
        yield _copied(path, folder, Path("config") / path.relative_to(settings.config))
    for name in STATE:
        for path in _files(settings.data / name):
            yield _copied(path, folder, Path("state") / path.relative_to(settings.data))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _copied(path: Path, folder: Path, place: Path) -> Part:
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".sqlite":
        import sqlite3

        with sqlite3.connect(path) as live, sqlite3.connect(target) as copy:
            live.backup(copy)
    else:
        shutil.copy2(path, target)
    return Part(str(place), _digest(target))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(folder: Path) -> Manifest:
    """The manifest of a whole and unharmed backup; UserError for another."""
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(f"{folder} is no backup: {error}", "give the folder of one") from None
    if manifest.format != FORMAT:
        raise UserError(f"{folder} has format {manifest.format}", "use the release that made it")
    for part in manifest.parts:
        path = (folder / part.file).resolve()
        inside = path.is_relative_to(folder.resolve()) and _plain(part)
        if not inside or not path.is_file() or _digest(path) != part.sha256:
            raise UserError(f"{part.file} is missing or damaged", "take another backup")
    return manifest


def _plain(part: Part) -> bool:
    """Whether its name leads to its own place and nowhere else when it is written back."""
    names = part.file.split("/")
    top = ("indices",) if part.index else ("config", "state")
    return len(names) > 1 and names[0] in top and not {"", ".", ".."} & set(names)


async def restore(
    settings: Settings, client: AsyncElasticsearch, folder: Path, manifest: Manifest,
    report: Report,
) -> list[Refused]:  # fmt: skip
    """Write every document that is not there in a higher version; those refused for good."""
    refused: list[Refused] = []
    for part in manifest.parts:
        if not part.index:
            continue
        name = await _target(settings, client, part.index)
        count, waiting = 0, list[Document]()
        with gzip.open(folder / part.file, "rb") as lines:
            for line in lines:
                found = orjson.loads(line)
                source = orjson.dumps(found["source"])
                waiting.append(Document(name, found["id"], source, found["version"]))
                if len(waiting) == PAGE:
                    refused += await bulk.write(client, waiting)
                    count, waiting = count + len(waiting), []
                    report(part.index, min(count, part.documents - 1), part.documents)
        if waiting:
            refused += await bulk.write(client, waiting)
        report(part.index, part.documents, part.documents)
    return refused


async def _target(settings: Settings, client: AsyncElasticsearch, short: str) -> str:
    """Where an index of the backup is written today: the alias, or the month's own index."""
    for index in KEPT:
        if short == index.alias or short.startswith((f"{index.alias}-", f"{index.alias}_")):
            month = short[len(index.alias) + 1 :][:7]
            return settings.prefix + (f"{index.alias}-{month}" if index.monthly else index.alias)
    raise UserError(f"the backup has an unknown index {short}", "use the release that made it")


def restore_files(settings: Settings, folder: Path, manifest: Manifest) -> list[str]:
    """Configuration and state to their places; a file that differs is kept as NAME.before."""
    moved = []
    for part in manifest.parts:
        if part.index:
            continue
        top, rest = part.file.split(os.sep, 1)
        target = (settings.config if top == "config" else settings.data) / rest
        if target.exists() and _digest(target) == part.sha256:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target.replace(target.with_name(f"{target.name}.before"))
        shutil.copy2(folder / part.file, target)
        moved.append(str(target))
    return moved
