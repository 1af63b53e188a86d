"""Each answer of a bulk write settles its document, or it is tried again."""

from __future__ import annotations

from typing import Any

import pytest
from elastic_transport import ConnectionError, ConnectionTimeout

from infra import bulk
from infra.bulk import Document, write


class Client:
    """Answers as scripted: a list of statuses per call, or an error to raise."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.sent: list[list[str]] = []

    async def bulk(self, operations: list[bytes], filter_path: str) -> dict[str, Any]:
        import orjson

        actions = [orjson.loads(line) for line in operations[::2]]
        self.sent.append([next(iter(action.values()))["_id"] for action in actions])
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        items = []
        for status in answer:
            result: dict[str, Any] = {"status": status}
            if status >= 300:
                kind = "cluster_block_exception" if status == 403 else "mapper_parsing_exception"
                result["error"] = {"type": kind, "reason": f"why {status}"}
            items.append({"index": result})
        return {"errors": any(s >= 300 for s in answer), "items": items}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(bulk, "LONGEST_PAUSE", 0.0)


def _documents(count: int) -> list[Document]:
    return [Document("opinions-2026.03", str(n), b"{}", 1) for n in range(count)]


async def test_a_mix_of_answers_settles_each() -> None:
    client = Client([200, 409, 400, 429, 503], [201, 200])
    refused = await write(client, _documents(5))  # type: ignore[arg-type]
    assert client.sent == [["0", "1", "2", "3", "4"], ["3", "4"]]
    assert [(r.document.id, r.reason) for r in refused] == [("2", "why 400")]


@pytest.mark.parametrize("error", [ConnectionError("gone"), ConnectionTimeout("lost")])
async def test_a_lost_answer_is_asked_for_again(error: Exception) -> None:
    client = Client(error, error, [409, 200])
    assert await write(client, _documents(2)) == []  # type: ignore[arg-type]
    assert len(client.sent) == 3


async def test_a_full_disk_waits_until_there_is_room() -> None:
    client = Client([403], [403], [200])
    assert await write(client, _documents(1)) == []  # type: ignore[arg-type]


async def test_nothing_to_write_asks_nothing() -> None:
    client = Client()
    assert await write(client, []) == []  # type: ignore[arg-type]
    assert client.sent == []
