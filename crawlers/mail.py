"""E-mails as letters: subject, text, time; the sender only as a keyed hash. Pure, bounded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr, parsedate_to_datetime

from crawlers.extract.charset import text_charset
from crawlers.items import author_hash, make_item
from crawlers.posts import plain
from crawlers.sources import Source
from schemas.raw_item import Author, Provenance, RawItem

# The text stands before the attachments; what follows is not even read.
MAX_MAIL = 2 * 1024 * 1024
_MAX_PARTS = 200
_MAX_HEADER = 4_000


class _Bounded(EmailPolicy):
    """Cuts each header: Python's parser takes very long for a very long one."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name[:_MAX_HEADER], value[:_MAX_HEADER]


def mail_item(raw: bytes, source: Source, key: bytes, now: datetime) -> RawItem | None:
    """The item of a message, or of the beginning of one; None when it says nothing."""
    message = message_from_bytes(raw[:MAX_MAIL], policy=_Bounded())
    assert isinstance(message, EmailMessage)
    title, text = _header(message, "Subject"), _text(message)
    if not title and not text:
        return None
    sender = parseaddr(_header(message, "From"))[1].lower()
    thing = _header(message, "Message-ID") or f"{sender} {_header(message, 'Date')} {title}"
    return make_item(
        source,
        "",
        key=f"mail:{thing}",
        title=title,
        text=text,
        fetched_at=now,
        published_at=_date(message, now),
        author=Author(hash=author_hash(sender, key)) if sender else None,
        provenance=Provenance(collector=f"spider:{source.kind}"),
    )


def _asked(question: Callable[[], str | None]) -> str:
    """The answer of Python's parser, which stumbles over headers made to break parsers."""
    try:
        return question() or ""
    except (ValueError, LookupError, AttributeError):
        return ""


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(_asked(lambda: str(message.get(name, ""))).split())


def _date(message: EmailMessage, now: datetime) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    # A sender's clock may be anything; a letter from the future was sent now.
    return min(found, now) if found.year >= 1990 else None


def _text(message: EmailMessage) -> str:
    """The first plain text, else the first HTML."""
    html = ""
    for count, part in enumerate(message.walk()):
        if count > _MAX_PARTS:
            break
        if part.is_multipart() or _asked(part.get_content_disposition) == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and (text := _decoded(part).strip()):
            return text
        if kind == "text/html" and not html:
            html = plain(_decoded(part))
    return html


def _decoded(part: object) -> str:
    """By the charset it names; where that is a lie, by what fits."""
    payload = part.get_payload(decode=True) or b""  # type: ignore[attr-defined]
    named = text_charset(_asked(part.get_content_charset)) or "utf-8"  # type: ignore[attr-defined]
    for charset in (named, "utf-8", "gb18030"):
        try:
            return payload.decode(charset).replace("\0", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return payload.decode("utf-8", "replace").replace("\0", "")
