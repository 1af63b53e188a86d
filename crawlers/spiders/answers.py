"""What every spider does with an answer: text or not, counted; a failure has one reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy import Spider
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.reasons import reason_of
from crawlers.recall import Recall
from schemas.raw_item import Provenance


def content_type(response: Response) -> str | None:
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


class Answers(Spider):
    kind: ClassVar[str] = ""
    recall: Recall | None = None

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"tingchao/{name}", by)

    def is_html(self, response: Response) -> bool:
        """Whether there is text to read; anything else is counted."""
        if isinstance(response, TextResponse) or response.body[:256].lstrip().startswith(b"<"):
            return True
        self.count("errors/not text")
        self.logger.warning("%s: %s is no text", self.name, response.url)
        return False

    def unreadable(self, response: Response, why: str = "no title and no body found") -> None:
        """A page where nothing was found that its kind of source has."""
        self.count("errors/layout")
        if self.recall and (key := response.meta.get("page")):
            self.recall.missed(key, None)
        self.logger.warning("%s: %s: %s", self.name, response.url, why)

    def provenance(self, response: Response, charset: str) -> Provenance:
        return Provenance(collector=f"spider:{self.kind}", status=response.status, charset=charset)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """Every failed request becomes one counted reason and one log line with the source."""
        error = failure.value
        request = getattr(failure, "request", None)
        meta = request.meta if request else {}
        status = error.response.status if isinstance(error, HttpError) else None
        if status == 304 and self.recall:
            if "page" in meta:
                self.recall.unchanged(meta["page"])
            self.count("skipped/unchanged" if "page" in meta else "unchanged_lists")
            return
        if self.recall and "page" in meta:
            known, gone = self.recall.missed(meta["page"], status)
            if known and status in (404, 410):
                self.count("skipped/gone")
                yield from gone
                return
        reason = reason_of(error)
        self.count(f"errors/{reason}")
        url = request.url if request else ""
        self.logger.warning("%s: %s: %s (%s)", self.name, url, reason, error)
