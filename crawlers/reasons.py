"""Why a request failed, in a word or two: what summaries, health and metrics count by."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from crawlers.guarded_http import AddressRefused

_WORDS = {
    "DownloadConnectionRefused": "connection refused",
    "DownloadTimeout": "timeout",
    "DownloadCancelled": "too large",
    "CannotResolveHost": "no such host",
    "ResponseDataLoss": "broken off",
    "DownloadFailed": "connection failed",
}


# What Scrapy's middlewares say when they drop a request.
_IGNORED = {
    "robots": "robots",
    "max redirections": "redirects",
    "exceeds": "too large",
    "exceeded": "too large",
    "larger than": "too large",
}


def reason_of(error: BaseException | None) -> str:
    """One word or two for a failed request; summaries and metrics count by it."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, AddressRefused):
        return "address refused"
    if isinstance(error, IgnoreRequest):
        text = str(error)
        return next((word for mark, word in _IGNORED.items() if mark in text), "ignored")
    name = type(error).__name__.removesuffix("Error")
    return _WORDS.get(name, name)
