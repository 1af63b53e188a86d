from __future__ import annotations

import pytest
from elastic_transport import ApiResponseMeta, ConnectionError, HttpHeaders, NodeConfig
from elasticsearch import ApiError

from infra import patience
from infra.patience import patiently


def _api(status: int) -> ApiError:
    node = NodeConfig("http", "127.0.0.1", 9200)
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, node)
    return ApiError("no", meta, {})


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.0)


async def test_what_passes_is_waited_for() -> None:
    answers = [ConnectionError("gone"), _api(429), _api(503), "here"]

    async def call() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await patiently(call) == "here"


@pytest.mark.parametrize("error", [_api(400), _api(403), ValueError("ours")])
async def test_what_does_not_pass_is_raised_at_once(error: Exception) -> None:
    calls = []

    async def call() -> None:
        calls.append(1)
        raise error

    with pytest.raises(type(error)):
        await patiently(call)
    assert len(calls) == 1
