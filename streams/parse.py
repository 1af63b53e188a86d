"""Raw bytes to RawItem, or the reason why not. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from schemas.raw_item import RawItem
from streams.batch import Message

MAX_BYTES = 2_000_000  # of one item; text is held to raw_item.MAX_TEXT characters
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)  # how far a publisher's clock may run ahead

_decode = msgspec.json.Decoder(RawItem).decode
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a message cannot go on: `reason` is the short name kept everywhere."""

    reason: str
    stage: str
    exception: str
    message: str
    item_id: str | None = None


def parse(message: Message) -> RawItem | Bad:
    value = message.value
    if not value:
        return _bad("empty_message", "ValueError", "the message has no value")
    if len(value) > MAX_BYTES:
        return _bad("too_large", "ValueError", f"{len(value)} bytes, more than {MAX_BYTES}")
    try:
        item = _decode(value)
    except msgspec.ValidationError as error:
        text = str(error)
        reason = "missing_field" if "missing required field" in text else "invalid_field"
        return _bad(reason, "ValidationError", text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _bad("malformed_json", type(error).__name__, str(error))
    except RecursionError:
        return _bad("malformed_json", "RecursionError", "nested too deep")
    return _check(item, b"\\u" in value, datetime.fromtimestamp(message.timestamp, UTC))


def _check(item: RawItem, has_escapes: bool, received_at: datetime) -> RawItem | Bad:
    if has_escapes:  # only an escape can bring these into decoded JSON
        text = item.title + item.text
        if "\0" in text:
            return _bad("nul_character", "ValueError", "NUL in title or text", item.id)
        if _SURROGATE.search(text):
            return _bad("lone_surrogate", "ValueError", "half a surrogate pair", item.id)
    for name in ("published_at", "fetched_at"):
        when = getattr(item, name)
        if when is not None and not EARLIEST <= when <= received_at + CLOCK_SKEW:
            return _bad("absurd_date", "ValueError", f"{name} is {when.isoformat()}", item.id)
    if not item.text.strip() and not item.title.strip() and item.parent_id is None:
        return _bad("empty_text", "ValueError", "neither title nor text, and no parent", item.id)
    return item


def _bad(reason: str, exception: str, message: str, item_id: str | None = None) -> Bad:
    return Bad(reason, "parse", exception, message[:500], item_id)
