"""HTTP for Scrapy that looks at every address after DNS and before it connects.

A check of the URL is not enough: a name may resolve to 10.0.0.1, a redirect may
lead to 169.254.169.254, a name may change between check and connection. The
endpoint asks `reactor.nameResolver` and connects to what that returns, so the
reactor that the agent sees carries a resolver that passes only allowed addresses.
"""

from __future__ import annotations

import logging
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _BindAddressAgent,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.interfaces import (
    IHostnameResolver,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
)
from twisted.web.client import Agent
from zope.interface import implementer

from crawlers.guard import refusal

log = logging.getLogger(__name__)


class AddressRefused(IgnoreRequest):
    """The host has an address that this source may not fetch; never retried."""


@implementer(IResolutionReceiver)
class _Filter:
    """Passes a host's addresses on only when all of them are allowed."""

    def __init__(self, receiver: Any, allow_loopback: bool, refused: list[str]) -> None:
        self.receiver = receiver
        self.allow_loopback = allow_loopback
        self.refused = refused
        self.addresses: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        reason = refusal(address.host, self.allow_loopback)
        if reason:
            self.refused.append(f"{address.host}: {reason}")
        self.addresses.append(address)

    def resolutionComplete(self) -> None:
        if not self.refused:
            for address in self.addresses:
                self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class _Resolver:
    def __init__(self, inner: Any, allow_loopback: bool, refused: list[str]) -> None:
        self.inner = inner
        self.allow_loopback = allow_loopback
        self.refused = refused

    def resolveHostName(self, resolutionReceiver: Any, *args: Any, **kwargs: Any) -> Any:
        guarded = _Filter(resolutionReceiver, self.allow_loopback, self.refused)
        return self.inner.resolveHostName(guarded, *args, **kwargs)


@implementer(IReactorPluggableNameResolver)
class _Reactor:
    """The reactor, but with the guarding resolver."""

    def __init__(self, reactor: Any, allow_loopback: bool, refused: list[str]) -> None:
        self._reactor = reactor
        self.nameResolver = _Resolver(reactor.nameResolver, allow_loopback, refused)

    def installNameResolver(self, resolver: Any) -> Any:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


class _GuardedAgent(_ScrapyAgent):
    allow_loopback = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.refused: list[str] = []

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor

        # Proxies are never used: the guard would see only the proxy's address.
        return _BindAddressAgent(
            reactor=_Reactor(reactor, self.allow_loopback, self.refused),  # type: ignore[arg-type]
            contextFactory=self._contextFactory,
            connectTimeout=timeout,
            pool=self._pool,
        )


class GuardedHttp(HTTP11DownloadHandler):
    """Scrapy's HTTP handler with the guard of the crawler's source."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        source = getattr(crawler.spider, "source", None)
        self._allow_loopback = bool(source and source.allow_loopback)

    async def download_request(self, request: Request) -> Response:
        agent = _GuardedAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        agent.allow_loopback = self._allow_loopback
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:
            if agent.refused:
                raise AddressRefused(f"{request.url}: {'; '.join(agent.refused)}") from error
            raise
