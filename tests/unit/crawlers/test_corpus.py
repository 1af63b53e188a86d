import gzip
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import orjson
import pytest

from crawlers.corpus import messages
from crawlers.extract.times import BEIJING
from crawlers.replay import collection, lines
from schemas.base import encode
from schemas.errors import UserError
from schemas.raw_item import RawItem, item_id, origin_id

KEY = b"key"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
EVENT = {
    "id": "a1", "text": "停电了", "time": 1347334462, "comments": 2, "reposts": 1, "likes": 0,
    "author_followers": 99, "author_verified": True,
    "spread": [
        {"mid": "b2", "parent": "", "author": "h1", "time": "2012-09-16 15:05:11", "text": ""},
        {"mid": "c3", "parent": "b2", "author": "h1", "time": "never", "text": "真的吗"},
        {"parent": "b2"},
    ],
}  # fmt: skip


def decoded(value: bytes) -> RawItem:
    return msgspec.json.decode(value, type=RawItem)


def test_weibo_event_becomes_original_and_spread() -> None:
    *good, bad = messages(orjson.dumps(EVENT), KEY, NOW)
    original, repost, answer = (decoded(message.value) for message in good)
    root = origin_id("weibo", "a1")
    assert original.origin_id == root
    assert original.published_at == datetime.fromtimestamp(1347334462, UTC)
    assert original.counts is not None and original.counts.comments == 2
    assert original.author is not None and original.author.kind == "verified"
    assert (repost.parent_id, repost.root_id) == (root, root)
    assert repost.published_at == datetime(2012, 9, 16, 15, 5, 11, tzinfo=BEIJING)
    assert answer.parent_id == repost.origin_id
    assert answer.published_at is None
    assert bad.key is None and b"a1" in bad.value  # sent on, to become a dead letter
    assert all(message.key == decoded(message.value).origin_id.encode() for message in good)


def test_author_hashes_are_keyed_anew() -> None:
    def authors(key: bytes) -> list[str | None]:
        found = [decoded(m.value) for m in list(messages(orjson.dumps(EVENT), key, NOW))[1:3]]
        return [item.author.hash if item.author else None for item in found]

    mine, theirs = authors(b"one"), authors(b"two")
    assert mine[0] == mine[1] and mine[0] not in ("h1", theirs[0], None)


def test_raw_items_pass_unchanged() -> None:
    origin = origin_id("s", "u")
    item = RawItem(
        id=item_id(origin, "t", "x"), origin_id=origin, source="s", channel="news",
        fetched_at=NOW, published_at=NOW, title="t", text="x",
    )  # fmt: skip
    (message,) = messages(encode(item), KEY, NOW)
    assert (message.value, message.key, message.at) == (encode(item), origin.encode(), NOW)


def test_plain_text_lines() -> None:
    line = '{"text": "电价涨了", "id": 7, "published_at": "2026-01-02 03:04", "extra": 1}'
    (message,) = messages(line.encode(), KEY, NOW)
    item = decoded(message.value)
    assert (item.text, item.channel, item.source) == ("电价涨了", "other", "replay")
    assert item.published_at == datetime(2026, 1, 2, 3, 4, tzinfo=BEIJING)
    (again,) = messages(line.replace("电价", "水价").encode(), KEY, NOW)
    assert decoded(again.value).origin_id == item.origin_id and decoded(again.value).id != item.id


@pytest.mark.parametrize(
    "line",
    [
        b"{broken",
        b"[1]",
        b"{}",
        b'{"text": 5}',
        b'{"text": "x", "channel": "nowhere"}',
        b"\xff\xfe",
    ],
)
def test_what_cannot_be_read_is_sent_as_it_is(line: bytes) -> None:
    (message,) = messages(line, KEY, NOW)
    assert (message.key, message.value) == (None, line)


def test_limit_counts_messages_not_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join([orjson.dumps(EVENT)] * 3)))
    assert len(list(collection(path, KEY, NOW, limit=5))) == 5


def test_a_damaged_gzip_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "x"}\n' * 1_000)[:-30])
    with pytest.raises(UserError, match="damaged gzip"):
        list(lines(path))
