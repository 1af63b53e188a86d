"""Letters by e-mail: a folder of .eml files, or a mailbox by IMAP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from crawlers.imap import unread
from crawlers.mail import MAX_MAIL, mail_item
from crawlers.spiders.local import LocalSpider
from infra.author_key import author_key
from schemas.errors import UserError
from schemas.raw_item import RawItem


class MailSpider(LocalSpider):
    name = "mail"
    kind = "mail"
    suffixes = (".eml",)

    async def start(self) -> AsyncIterator[Any]:
        if self.source.folder:
            async for item in super().start():
                yield item
        if self.source.imap:
            async for item in self._mailbox():
                yield item

    def items(self, path: Path) -> Iterator[RawItem]:
        with path.open("rb") as file:
            raw = file.read(MAX_MAIL)
        if item := self._letter(raw, path.name):
            yield item

    def _letter(self, raw: bytes, name: str) -> RawItem | None:
        """The item of one letter; what cannot be read is counted, and the next one read."""
        try:
            item = mail_item(raw, self.source, author_key(), self.now())
        except Exception as error:  # Python's parser raises whatever a broken letter makes it
            self.fault(name, "mail", f"{type(error).__name__}: {error}")
            return None
        if item is None:
            self.fault(name, "mail", "no subject and no text")
        return item

    async def _mailbox(self) -> AsyncIterator[Any]:
        """Each message that is not known yet; the mailbox itself is not changed."""
        assert self.source.imap

        def known(key: str) -> bool:
            return self.recall is not None and self.recall.conditions(key) is None

        self.count("lists")
        try:
            async for key, raw in unread(self.source.imap, known, self.source.max_pages):
                self.count("links")
                item = self._letter(raw, key)
                if item is None:
                    if self.recall:
                        self.recall.nothing_on(key)
                    continue
                yield await self._ready(item, key, last=True)
            if not self.crawler.stats.get_value("tingchao/links"):
                self.count("unchanged_lists")  # the mailbox was read, there was no new letter
        except UserError as error:
            self.count(f"errors/{error.remedy}")
            self.logger.warning("%s: %s", self.name, error)
