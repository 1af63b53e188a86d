"""The demo's texts: enough, varied, in time, and the same for the same anchor."""

from collections import Counter
from datetime import datetime, timedelta
from difflib import SequenceMatcher

import pytest

from crawlers.demo.content import Article, publishers
from crawlers.demo.news import articles
from crawlers.demo.pages import Site
from crawlers.demo.talk import threads
from crawlers.extract.times import BEIJING

ANCHOR = datetime(2026, 11, 24, 20, 0, tzinfo=BEIJING)


@pytest.fixture(scope="module")
def made() -> list[Article]:
    return articles(ANCHOR)


def test_the_same_anchor_makes_the_same_site(made: list[Article]) -> None:
    assert articles(ANCHOR) == made
    assert threads(ANCHOR) == threads(ANCHOR)


def test_about_two_hundred_articles_and_forty_threads_over_weeks(made: list[Article]) -> None:
    assert 180 <= len(made) <= 220
    assert len(threads(ANCHOR)) == 40
    assert made[-1].published_at <= ANCHOR
    assert made[0].published_at < ANCHOR - timedelta(weeks=3)
    news = {name for name, publisher in publishers().items() if publisher.kind != "thread"}
    assert {article.publisher for article in made} == news
    assert all(post.at <= ANCHOR for thread in threads(ANCHOR) for post in thread.posts)


def test_nothing_of_the_templates_shows(made: list[Article]) -> None:
    texts = ["\n".join([article.title, *article.paragraphs]) for article in made]
    texts += [post.text for thread in threads(ANCHOR) for post in thread.posts]
    assert not [text for text in texts if any(mark in text for mark in "{}|") or "[[" in text]


def test_copies_are_near_and_others_are_not(made: list[Article]) -> None:
    """A syndicated copy names its origin and is close to a text of that origin."""
    by_publisher: dict[str, list[str]] = {}
    for article in made:
        if article.source == article.publisher:
            by_publisher.setdefault(article.publisher, []).append("".join(article.paragraphs))
    copies = [article for article in made if article.source != article.publisher]
    assert len(copies) > 40
    for copy in copies:
        text = "".join(copy.paragraphs)
        near = max(SequenceMatcher(None, text, own).ratio() for own in by_publisher[copy.source])
        assert near > 0.7, copy.title


def test_the_accident_grows(made: list[Article]) -> None:
    official = [a for a in made if a.publisher == "zygov" and "情况通报" in a.title]
    assert "3人死亡、5人受伤" in official[0].paragraphs[1]
    assert "11人死亡、23人受伤" in official[1].paragraphs[0]
    tiers = [publishers()[a.publisher].tier for a in made if "漳源" in a.title + a.paragraphs[0]
             and a.published_at > ANCHOR - timedelta(hours=12)]  # fmt: skip
    first = [tiers.index(tier) for tier in ("county", "city", "provincial", "central")]
    assert first == sorted(first)


@pytest.mark.parametrize("hour", [0, 6, 12, 18])
def test_a_story_told_at_any_hour_stays_true(hour: int) -> None:
    anchor = ANCHOR.replace(hour=hour)
    first = next(a for a in articles(anchor) if a.title.startswith("突发！"))
    hour = first.published_at.hour
    part = "凌晨" if hour < 5 else "早晨" if hour < 8 else "上午" if hour < 11 else \
        "中午" if hour < 13 else "下午" if hour < 18 else "晚间"  # fmt: skip
    assert part in first.paragraphs[0]


def test_every_page_can_be_rendered_and_every_list_linked() -> None:
    site = Site(ANCHOR)
    for page in site.pages.values():
        page.render("http://127.0.0.1").encode(page.charset)
    titles = Counter(article.title for article in site.articles)
    listing = site.pages["/hczx/index.asp"].render("")
    assert "下一页" in listing and sum(title in listing for title in titles) >= 15
