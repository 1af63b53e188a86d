"""Weibo-like services: posts over pages, what they repost, their comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from crawlers.extract.charset import decode
from crawlers.items import author_hash, make_item
from crawlers.posts import Post, read_posts
from crawlers.spiders.answers import content_type
from crawlers.spiders.base import SourceSpider
from infra.author_key import author_key
from schemas.raw_item import Author, RawItem, origin_id

_PAGE = re.compile(r"([?&]page=)(\d+)")


class PostsSpider(SourceSpider):
    name = "posts"
    kind = "posts"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        posts = self._read(response)
        if posts is None:
            return
        news = self.keys_read(response, [f"post:{post.id}" for post in posts])
        for post in posts:
            yield from self._items(response, post)
            if self.source.comments and post.counts.comments:
                url = self.source.comments.format(id=post.id, bid=post.bid)
                yield self.request(url, self.parse_comments, cb_kwargs={"root": post.id})
        page = _PAGE.search(response.url)
        if page and posts and news:
            after = f"{page[1]}{int(page[2]) + 1}"
            yield self.listing(_PAGE.sub(lambda _: after, response.url, count=1))

    def parse_comments(self, response: Response, root: str) -> Iterator[Any]:
        for post in self._read(response) or []:
            if post.id != root:
                parent = post.answers if post.answers not in (None, "0") else root
                yield self._item(response, post, parent, root)

    def _read(self, response: Response) -> list[Post] | None:
        text, _ = decode(response.body, content_type(response))
        posts = read_posts(response.body, text, self.now())
        if posts is None:
            self.count("errors/layout")
            self.logger.warning("%s: %s holds no posts", self.name, response.url)
        return posts

    def _items(self, response: Response, post: Post) -> Iterator[RawItem]:
        """The post, and before it what it reposts: the parent is known before the child."""
        if post.reposted:
            yield from self._items(response, post.reposted)
        first = post.reposted
        while first and first.reposted:
            first = first.reposted
        parent = post.reposted.id if post.reposted else None
        yield self._item(response, post, parent, first.id if first else None)

    def _item(
        self, response: Response, post: Post, parent: str | None, root: str | None
    ) -> RawItem:
        item = make_item(
            self.source,
            self._address(response, post),
            key=f"post:{post.id}",
            title="",
            text=post.text,
            fetched_at=self.now(),
            published_at=post.published_at,
            author=_author(post),
            counts=post.counts,
            parent_id=self._origin(parent),
            root_id=self._origin(root),
            provenance=self.provenance(response, ""),
        )
        return self.found(response, item, f"post:{post.id}")

    def _address(self, response: Response, post: Post) -> str:
        form = self.source.post_url
        return form.format(id=post.id, bid=post.bid, user=post.user) if form else response.url

    def _origin(self, post: str | None) -> str | None:
        return origin_id(self.source.name, f"post:{post}") if post else None


def _author(post: Post) -> Author | None:
    """Verified accounts and institutions by name, anybody else only as a keyed hash."""
    if post.institution or post.verified:
        kind = "institution" if post.institution else "verified"
        return Author(name=post.name or None, kind=kind, followers=post.followers)  # type: ignore[arg-type]
    if not post.user:
        return None
    return Author(hash=author_hash(post.user, author_key()), followers=post.followers)
