"""A table read by `tingchao import`, in a process of its own: it may be broken or a bomb."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Literal, get_args

from infra.subcommand import run

KINDS = (".xlsx", ".xlsm", ".csv", ".tsv", ".jsonl", ".json")
Channel = Literal[
    "letter", "call", "visit", "staff", "partner", "forum", "weibo", "wechat", "news"
]  # fmt: skip
CHANNELS: tuple[str, ...] = get_args(Channel)
SECONDS = 180.0
MAPS = 20  # lines that name columns
# Exit codes of the command: it does not know which column is what; Kafka did not take the rows.
COLUMNS, UNSENT = 3, 75
TRIALS = asyncio.Semaphore(2)  # a large table takes a processor
NO_TABLE = f"请选择一个文件：{'、'.join(KINDS)}。"
UNNAMED = "看不出各列是什么，请看说明，并指出各列的对应。"
UNREADABLE = "这个文件读不出来，请看说明，另存后重新选择。"
SLOW = "三分钟没有读完，请分成几个文件，或用命令 tingchao import。"


def kind_of(name: str) -> str:
    """Its suffix; "" where it is no table by its name."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in KINDS else ""


async def import_table(
    path: Path, name: str, channel: str, maps: Sequence[str], *more: str
) -> tuple[int | None, bytes, str]:
    """The command's exit code (None: time was up), its output and what it says, in which the file
    goes by the name that its owner gave it and not by the one it has here. `maps`: column=field."""
    named = [f"--map={line}" for line in maps[:MAPS]]
    async with TRIALS:
        code, out, told = await run(
            "import", *named, f"--channel={channel}", "--source=import.console", *more,
            "--", str(path), seconds=SECONDS,
        )  # fmt: skip
    for own in (str(path), path.name):
        told = told.replace(own, name or "文件")
    return code, out, told
