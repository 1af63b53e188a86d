"""Documents leave the reader whole but for the link, which is put in afterwards."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from models.duplicates import Link
from schemas.opinion import Duplicate, Opinion, OpinionBrief, decode_batch
from streams.reading import Reader, joined, linked
from tests.builders import message, raw_item

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader.open(CONFIG, tmp_path_factory.mktemp("models"))


def test_good_and_bad_keep_their_places(reader: Reader) -> None:
    batch = reader.read([
        message(b"{broken", 0), message(raw_item("1"), 1), message(b"", 2),
        message(raw_item("2", "呵呵"), 3), message(raw_item("3", "", parent_id="a" * 32), 4),
    ])  # fmt: skip
    assert [(place, bad.reason) for place, bad in batch.bad] == [
        (0, "malformed_json"), (2, "empty_message")
    ]  # fmt: skip
    assert [ready.place for ready in batch.ready] == [1, 3, 4]
    assert [ready.copy for ready in batch.ready] == [False, False, True]
    assert batch.printed == [0]  # the others are too short to be a copy of anything
    assert batch.ready[0].month == "2026.03"


def test_a_link_is_put_into_document_and_brief_and_nowhere_else(reader: Reader) -> None:
    own = raw_item("1").origin_id
    tricky = f'他写道："duplicate":null,"cluster_id":"{own}"，就是这样。电价又上涨了。'
    (ready,) = reader.read([message(raw_item("1", tricky))]).ready
    before = msgspec.json.decode(ready.document, type=Opinion)
    link = Link("b" * 32, 0.9, "near")
    document, brief = linked(ready, link)
    after = msgspec.json.decode(document, type=Opinion)
    assert after.duplicate == Duplicate(of="b" * 32, similarity=0.9, reason="near")
    assert after.cluster_id == "b" * 32 and before.cluster_id == own
    assert after.text == before.text == tricky
    assert msgspec.json.decode(brief, type=OpinionBrief).cluster_id == "b" * 32


def test_briefs_are_joined_into_a_batch(reader: Reader) -> None:
    batch = reader.read([message(raw_item(str(n), f"电价上涨{n}"), n) for n in range(3)])
    found = decode_batch(joined([ready.brief for ready in batch.ready])).briefs
    assert [each.id for each in found] == [ready.id for ready in batch.ready]


def test_an_empty_batch_is_a_batch(reader: Reader) -> None:
    assert reader.read([]).ready == []


def test_an_item_that_the_models_fail_on_dies_alone(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reader._analyser.read

    def failing(items):  # type: ignore[no-untyped-def]
        if any("毒" in item.text for item in items):
            raise IndexError("index -1 is out of bounds")
        return whole(items)

    monkeypatch.setattr(reader._analyser, "read", failing)
    texts = [f"第{n}条：电价又上涨了，居民反映强烈。" for n in range(9)]
    texts[4] = "毒"
    batch = reader.read([message(raw_item(str(n), text), n) for n, text in enumerate(texts)])
    assert [ready.place for ready in batch.ready] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert batch.printed == list(range(8))
    ((place, bad),) = batch.bad
    assert (place, bad.reason, bad.stage, bad.exception) == (
        4, "model_error", "analyse", "IndexError"
    )  # fmt: skip


@pytest.mark.parametrize("url", ["javascript:alert(1)", " data:text/html,x", "https://a.cn/1"])
def test_only_web_addresses_are_kept_to_be_linked(reader: Reader, url: str) -> None:
    (ready,) = reader.read([message(raw_item("1", url=url))]).ready
    kept = msgspec.json.decode(ready.document, type=Opinion).url
    assert kept == (url if url.startswith("https") else None)
