"""Pages kept in WARC files: what another crawler fetched, read as if we had. Bounded."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawlers.extract.times import parse_time

MAX_PAGE = 8 * 1024 * 1024  # bytes, as for a page that we fetch
log = logging.getLogger("warc")


@dataclass(frozen=True, slots=True)
class Kept:
    url: str
    body: bytes
    content_type: str | None
    status: int
    fetched_at: datetime | None


def read_warc(path: Path) -> Iterator[Kept]:
    """The answers with text; a damaged record ends the file, what was before it counts."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                headers = record.http_headers
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                if record.rec_type != "response" or headers is None:
                    continue
                kind = headers.get_header("Content-Type") or ""
                if not url.startswith("http") or ("html" not in kind and "xml" not in kind):
                    continue
                body = record.content_stream().read(MAX_PAGE + 1)
                if len(body) > MAX_PAGE:
                    log.warning("%s: %s is larger than a page may be", path.name, url)
                    continue
                when = parse_time(record.rec_headers.get_header("WARC-Date") or "")
                yield Kept(url, body, kind or None, int(headers.get_statuscode() or 0), when)
        except (ArchiveLoadFailed, ValueError, EOFError) as error:
            log.warning("%s: damaged after here: %s", path.name, error)
