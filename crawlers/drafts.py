"""An entry that somebody wrote becomes a file of the sources, when it is right."""

from __future__ import annotations

import tempfile
from pathlib import Path

from crawlers.sources import LOCAL, Source, load_folder, load_source
from schemas.errors import UserError

MAX_DRAFT = 20_000  # bytes


def save(text: str, folder: Path, loopback: bool) -> Path:
    """The file, named as the source; UserError, and nothing written, when the entry is wrong.

    Whoever writes it need not be trusted with this machine: no folder, no mailbox of it, and
    no address on it unless `loopback`.
    """
    if len(text.encode()) > MAX_DRAFT:
        raise UserError("条目太长", f"至多 {MAX_DRAFT} 字节")
    with tempfile.TemporaryDirectory() as apart:
        trial = Path(apart) / "来源"
        trial.write_text(text, "utf-8")
        source = load_source(trial)
    _check_public(source, loopback)
    folder.mkdir(parents=True, exist_ok=True)
    known = load_folder(folder)[0]
    path = folder / f"{source.name}.yaml"
    if source.name in known or path.exists():
        raise UserError(f"来源 {source.name} 已经有了", "换一个 name")
    fresh = folder / f".{source.name}.new"
    fresh.write_text(text, "utf-8")
    fresh.replace(path)  # the scheduler reads the folder at any moment
    return path


def _check_public(source: Source, loopback: bool) -> None:
    if source.kind in LOCAL or source.folder or source.imap:
        raise UserError(f"kind: {source.kind} 读本机的文件夹或邮箱", "请在服务器上写这个文件")
    if not loopback and (source.allow_loopback or source.placeholders):
        raise UserError("allow_loopback 只能在服务器上写", "去掉这一行")
