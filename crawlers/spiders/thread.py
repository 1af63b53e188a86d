"""Forums: board pages → threads → posts over pages; each reply is an item with its parent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from crawlers.anchors import canonical
from crawlers.extract.charset import decode
from crawlers.extract.page import parse
from crawlers.extract.thread import Post, read_thread
from crawlers.items import author_hash, make_item
from crawlers.spiders.answers import content_type
from crawlers.spiders.lists import ListSpider
from infra.author_key import author_key
from schemas.raw_item import Author, RawItem, origin_id

NAMELESS = ""  # stands among the ids of a thread whose posts are known by their place only


class ThreadSpider(ListSpider):
    name = "thread"
    kind = "thread"

    def entry(self, url: str, priority: int = 0) -> Request | None:
        root = canonical(url)
        return self.page(root, self.parse_thread, priority=priority, cb_kwargs={"root": root})

    def parse_thread(
        self, response: Response, root: str, floors: dict[int, str] | None = None,
        stood: frozenset[str] = frozenset(),
    ) -> Iterator[Any]:  # fmt: skip
        """One page of a thread. `floors` are the origin ids of the posts before, by floor, `stood`
        those of all posts before; a post without a name of its own makes it useless."""
        if not self.is_html(response):
            return
        text, charset = decode(response.body, content_type(response))
        tree = parse(text)
        if tree is None:
            self.unreadable(response, "no posts found")
            return
        page = read_thread(tree, response.url, self.source.selectors, self.now())
        if not page.posts:
            self.unreadable(response, "no posts found")
            return
        if page.next or floors:
            # Its first page does not tell whether the others changed: no 304 for it.
            for name in ("ETag", "Last-Modified"):
                response.headers.pop(name, None)
        known = dict(floors or {})
        for number, post in enumerate(page.posts, 1):
            is_root = not known
            key = root if is_root else f"{root}#{post.key or len(known) + 1}"
            origin = origin_id(self.source.name, self.source.key(key))
            parent = None if is_root else known.get(post.answers or 1) or known[1]
            known[post.floor or len(known) + 1] = origin
            stood |= {origin} if is_root or post.key else {origin, NAMELESS}
            known.setdefault(1, origin)
            item = self._item(response, charset, post, key, page.title, root, parent)
            ends = number == len(page.posts)
            yield self.found(response, item, self.source.key(root), last=ends)
        following = page.next and self.request(
            urljoin(response.url, page.next), self.parse_thread, priority=2,
            cb_kwargs={"root": root, "floors": known, "stood": stood},
        )  # fmt: skip
        if following:
            yield following
        elif self.recall:
            whole = not page.next and NAMELESS not in stood
            yield from self.recall.read_through(self.source.key(root), stood, whole)

    def _item(
        self, response: Response, charset: str, post: Post, key: str, title: str, root: str,
        parent: str | None,
    ) -> RawItem:  # fmt: skip
        author = Author(hash=author_hash(post.author, author_key())) if post.author else None
        return make_item(
            self.source,
            response.url,
            key=key,
            title="" if parent else title,
            text=post.text,
            fetched_at=self.now(),
            published_at=post.published_at,
            author=author,
            counts=post.counts,
            parent_id=parent,
            root_id=origin_id(self.source.name, self.source.key(root)) if parent else None,
            provenance=self.provenance(response, charset),
        )
