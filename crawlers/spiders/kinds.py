"""The spider of each kind of source."""

from __future__ import annotations

from crawlers.spiders.article import ArticleSpider
from crawlers.spiders.base import SourceSpider
from crawlers.spiders.drop import DropSpider
from crawlers.spiders.feed import FeedSpider
from crawlers.spiders.hot import HotSpider
from crawlers.spiders.mail import MailSpider
from crawlers.spiders.page import PageSpider
from crawlers.spiders.posts import PostsSpider
from crawlers.spiders.sitemap import SitemapSpider
from crawlers.spiders.thread import ThreadSpider

SPIDERS: dict[str, type[SourceSpider]] = {
    spider.kind: spider
    for spider in (
        ArticleSpider, PageSpider, FeedSpider, SitemapSpider, ThreadSpider, PostsSpider, HotSpider,
        DropSpider, MailSpider,
    )
}  # fmt: skip
