from datetime import UTC, datetime

from crawlers.extract import Page
from crawlers.items import article_item, author_hash
from crawlers.sources import Source
from schemas.raw_item import Provenance, RawItem

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KEY = b"key of the installation"


def item(url: str, page: Page, **fields: object) -> RawItem:
    data = {"name": "s", "kind": "article", "start": ["http://a.cn/"], **fields}
    source = Source.model_validate(data)
    return article_item(source, url, page, NOW, Provenance(), lambda: KEY)


def test_a_newspapers_byline_is_kept_and_anybody_elses_is_a_hash() -> None:
    page = Page(title="题", body="文", author="王小明")
    news, blog = item("http://a.cn/1", page), item("http://a.cn/1", page, channel="blog")
    assert news.author is not None and news.author.name == "王小明"
    assert blog.author is not None and blog.author.name is None
    assert blog.author.hash == author_hash("王小明", KEY) != author_hash("王小明", b"another")


def test_ids_follow_the_address_and_the_text() -> None:
    first = item("http://a.cn/1?utm_source=x#top", Page(title="题", body="文"))
    same = item("http://A.cn/1", Page(title="题", body="文"))
    edited = item("http://a.cn/1", Page(title="题", body="改过的文"))
    assert (first.id, first.origin_id) == (same.id, same.origin_id)
    assert edited.origin_id == first.origin_id and edited.id != first.id


def test_what_the_page_does_not_say_comes_from_the_source() -> None:
    fields = {"publisher": "某某报", "region": "130400", "tier": "city", "department": "价格处"}
    made = item("http://a.cn/1", Page(title="题"), **fields)
    assert (made.publisher, made.region, made.tier, made.department) == (
        "某某报", "130400", "city", "价格处",
    )  # fmt: skip
    assert item("http://a.cn/1", Page(publisher="转载自别处"), **fields).publisher == "转载自别处"


def test_absurd_lengths_are_cut() -> None:
    made = item("http://a.cn/" + "x" * 3_000, Page(title="题" * 5_000, body="文" * 300_000))
    assert (len(made.title), len(made.text), made.url) == (1_000, 200_000, None)
