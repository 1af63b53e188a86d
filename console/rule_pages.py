"""The rules for people: read, changed, checked, tried on the stored history, saved."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import flash, rule_files
from console.actor import require
from console.forms import fields
from console.pages import Pages
from console.rule_files import KINDS, Kind
from infra.subcommand import run

SECONDS = 120.0
MOST = 2 * 1024 * 1024  # bytes of a form
SLOW = "超过两分钟，请缩短时间范围"
TRIALS = asyncio.Semaphore(1)  # of pages and of the API: a dry run reads all of the history


class RulePages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/rules", self.list),
            Route("/rules/{name}", self.edit),
            Route("/rules/{name}/{action}", self.act, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        require(request, "rules")
        return self._page(request, "rules.html", kinds=KINDS)

    async def edit(self, request: Request) -> Response:
        require(request, "rules")
        kind = kind_of(request)
        text, seen = rule_files.read(self._settings.config, kind)
        return self._show(request, text=text, seen=seen)

    async def act(self, request: Request) -> Response:
        """check, try or save; whatever goes wrong, the text stays in the form."""
        require(request, "rules")
        kind, folder = kind_of(request), self._settings.config
        form = await fields(request, MOST)
        text = form.get("text", "").replace("\r\n", "\n")[: rule_files.MOST]
        seen = form.get("seen", "")
        if told := await asyncio.to_thread(rule_files.wrong, folder, kind, text):
            return self._show(request, 422, text=text, seen=seen, wrong=told)
        match request.path_params["action"]:
            case "check":
                return self._show(request, text=text, seen=seen, said="格式正确，还没有保存。")
            case "try" if kind.dry_run:
                since = form.get("since", "30d")[:20]
                return await self._try(request, kind, text, seen, since)
            case "save":
                return await self._save(request, kind, text, seen)
        raise HTTPException(404, "没有这个操作。")

    async def _save(self, request: Request, kind: Kind, text: str, seen: str) -> Response:
        if await self.save(request, kind, text, seen):
            return flash.go(f"/rules/{request.path_params['name']}", "已保存，半分钟内生效。")
        now, at = rule_files.read(self._settings.config, kind)
        changed = rule_files.difference(text, now)
        return self._show(request, 409, text=text, seen=at, changed=changed)

    async def save(self, request: Request, kind: Kind, text: str, seen: str) -> bool:
        """In place of the text whose version is `seen`; False: somebody else changed it."""
        require(request, "rules")
        before = rule_files.swap(self._settings.config, kind, text, seen)
        if before is None:
            return False
        note = "\n".join(rule_files.difference(before, text))
        await self._audit.told(request, "rules", kind.file, note)
        return True

    async def _try(
        self, request: Request, kind: Kind, text: str, seen: str, since: str
    ) -> Response:
        code, said = await self.trial(kind, text, since)
        if code != 0:
            return self._show(request, 422, text=text, seen=seen, wrong=said, since=since)
        return self._show(request, text=text, seen=seen, tried=said, since=since)

    async def trial(self, kind: Kind, text: str, since: str) -> tuple[int | None, str]:
        """(the command's exit code, None when time was up; what the rules would have said of the
        stored history, or what is wrong). Changes nothing."""
        with tempfile.TemporaryDirectory(prefix="tingchao-rules-") as name:
            path = Path(name) / kind.file
            path.write_text(text, "utf-8")
            async with TRIALS:
                code, out, told = await run(
                    *kind.dry_run, "--since", since, "--rules", str(path), seconds=SECONDS
                )
        if code != 0:
            return code, (told.strip().splitlines()[-1:] or [SLOW])[0]
        return code, out.decode("utf-8", "replace")[:50_000]

    def _show(self, request: Request, status: int = 200, **values: object) -> Response:
        shown = {"wrong": "", "said": "", "changed": [], "tried": "", "since": "30d"} | values
        name = request.path_params["name"]
        return self._page(request, "rule.html", status, name=name, kind=kind_of(request), **shown)


def kind_of(request: Request) -> Kind:
    kind = KINDS.get(request.path_params["name"])
    if kind is None:
        raise HTTPException(404, f"没有“{quote(request.path_params['name'][:50])}”这份规则。")
    return kind
