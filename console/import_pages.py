"""Letters, calls and visits from a table (A3): looked at first, then brought in."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import require
from console.forms import fields
from console.kept_uploads import Kept, beside
from console.pages import Frame, Pages
from console.table_import import (
    CHANNELS,
    COLUMNS,
    KINDS,
    NO_TABLE,
    SLOW,
    UNNAMED,
    UNREADABLE,
    UNSENT,
    import_table,
    kind_of,
)
from console.uploads import upload
from infra.settings import Settings

FAULTS = 200  # shown
AWAY = "没有写进消息队列（Kafka），文件还在，请稍后再点“导入”。"


class ImportPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._kept = Kept(settings.data / "uploads")

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/intake/import", self.look, methods=["GET", "POST"]),
            Route("/intake/import/take", self.take, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        actor = require(request, "report")
        if request.method == "GET":
            return self._show(request)
        brought = await upload(request)
        given = {name: brought.fields.get(name, "") for name in ("channel", "maps")}
        suffix = kind_of(brought.name)
        if not brought.content or not suffix:
            return self._show(request, 422, given=given, wrong=NO_TABLE)
        _channel(given)
        token = await asyncio.to_thread(self._kept.add, actor.id, suffix, brought.content)
        given |= {"token": token, "name": brought.name}
        return await self._preview(request, self._kept.find(actor.id, token), given, new=True)

    async def take(self, request: Request) -> Response:
        actor = require(request, "report")
        given = await fields(request)
        path = self._kept.find(actor.id, given.get("token", ""))
        if "look" in given:
            return await self._preview(request, path, given)
        errors = beside(path)
        code, out = await self._run(path, given, "--errors", str(errors))
        faults = _faults(errors)
        errors.unlink(missing_ok=True)
        if code == COLUMNS:
            return self._show(request, 422, given=given, wrong=UNNAMED, told=out)
        if code not in (0, 1) or (code == 1 and not faults):
            wrong = {UNSENT: AWAY, None: SLOW}.get(code, UNREADABLE)
            return self._show(request, 503, given=given, wrong=wrong, told=out)
        path.unlink(missing_ok=True)
        await self._audit.told(request, "report", note=out.splitlines()[-1][:200] if out else "")
        return self._show(request, given={}, told=out, faults=faults, done=True)

    async def _preview(
        self, request: Request, path: Path, given: dict[str, str], new: bool = False
    ) -> Response:
        """A new file that cannot be read is not kept: nothing that is typed here would help."""
        code, out = await self._run(path, given, "--preview")
        wrong = {0: "", COLUMNS: UNNAMED, None: SLOW}.get(code, UNREADABLE)
        if wrong and wrong != UNNAMED and new:
            self._kept.drop(path)
            given = given | {"token": ""}
        return self._show(request, 422 if wrong else 200, given=given, told=out, wrong=wrong)

    async def _run(self, path: Path, given: dict[str, str], *more: str) -> tuple[int | None, str]:
        """What the command says, as the page shows it."""
        maps = [line.strip() for line in given.get("maps", "").splitlines() if line.strip()]
        code, out, told = await import_table(
            path, given.get("name", ""), _channel(given), maps, *more
        )  # fmt: skip
        said = f"{told}{out.decode('utf-8', 'replace')}"
        return code, "\n".join(line for line in said.splitlines() if "faults.csv" not in line)

    def _show(
        self, request: Request, status: int = 200, given: dict[str, str] | None = None,
        wrong: str = "", told: str = "", faults: list[list[str]] | None = None,
        done: bool = False,
    ) -> Response:  # fmt: skip
        empty = {"token": "", "name": "", "maps": "", "channel": "letter"}
        return self._page(
            request, "intake_import.html", status, given=empty | (given or {}), wrong=wrong,
            told=told, faults=faults or [], done=done, channels=CHANNELS, kinds=KINDS,
        )  # fmt: skip


def _channel(given: dict[str, str]) -> str:
    channel = given.get("channel", "")
    if channel not in CHANNELS:
        raise HTTPException(400, "请选择渠道。")
    return channel


def _faults(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row, _ in zip(csv.reader(file), range(FAULTS + 1), strict=False)]
