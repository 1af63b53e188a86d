"""Tables of letters, calls and visits by the API: the file is gone when it was read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from console.actor import require
from console.api.body import wrong
from console.api.problem import Endpoint, Told, answer
from console.api.table_records import Imported, Table
from console.api.trials import free
from console.pages import Pages
from console.table_import import (
    COLUMNS,
    NO_TABLE,
    SLOW,
    TRIALS,
    UNNAMED,
    UNREADABLE,
    UNSENT,
    import_table,
    kind_of,
)
from console.uploads import read_file

AWAY = "没有写进消息队列（Kafka），请稍后再导入；已经写进的不会重复。"
WHY = {COLUMNS: (422, UNNAMED), UNSENT: (503, AWAY), None: (422, SLOW)}


class ApiTable(Pages):
    def handlers(self) -> dict[str, Endpoint]:
        return {"import-table": self.take}

    async def take(self, request: Request) -> Response:
        """Rows that were imported before are not stored twice: no If-Match."""
        require(request, "report")
        brought = await read_file(request)
        suffix = kind_of(brought.name)
        if not brought.content or not suffix:
            raise Told(422, NO_TABLE, place="$.file")
        given = {name: text for name, text in brought.fields.items() if name != "csrf"}
        try:
            said = msgspec.convert({**given, "file": ""}, Table)
        except msgspec.ValidationError as error:
            raise wrong(str(error)) from None
        found = await self._read(suffix, brought.name, brought.content, said)
        if not said.preview:
            note = f"导入 {found.rows} 行，{found.faulty} 行有误"
            await self._audit.told(request, "report", note=note)
        return answer(found)

    async def _read(self, suffix: str, name: str, content: bytes, said: Table) -> Imported:
        maps = [line.strip() for line in said.maps.splitlines() if line.strip()]
        more = ["--json", *(["--preview"] if said.preview else [])]
        with TemporaryDirectory(prefix="tingchao-") as folder:
            path = Path(folder) / f"table{suffix}"
            await asyncio.to_thread(path.write_bytes, content)
            free(TRIALS)
            code, out, told = await import_table(path, name, said.channel, maps, *more)
        if code != 0:
            status, detail = WHY.get(code, (422, UNREADABLE))
            raise Told(status, detail, said=told.strip()[-1_000:])
        return msgspec.json.decode(out, type=Imported)
