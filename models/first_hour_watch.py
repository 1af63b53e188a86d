"""Posts whose first hour is running: their replies, until the hour is over. Bounded."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.event_state import FUTURE
from models.first_hour import HOUR, MOST, Heard, Root
from schemas.opinion import OpinionBrief

POSTS = 20_000  # watched at once
REPLIES = 200_000  # kept of all together; the oldest post goes first
TEXT = 80  # characters kept of a reply
_POSTED = frozenset(("weibo", "forum", "blog", "wechat", "other"))


@dataclass
class Watched:
    """A post whose first hour began to be heard at `since` (arrival)."""

    event_id: str
    root: Root
    chance: float | None  # of a rumour, by the text
    since: datetime
    heard: list[Heard] = field(default_factory=list)
    over: bool = False  # something later than the hour has come


class FirstHours:
    def __init__(self, posts: int = POSTS, replies: int = REPLIES) -> None:
        self._posts: OrderedDict[str, Watched] = OrderedDict()
        self._most_posts, self._most_replies, self._replies = posts, replies, 0
        self._over: list[str] = []

    def __len__(self) -> int:
        return len(self._posts)

    def add(self, brief: OpinionBrief, event_id: str, now: datetime) -> None:
        """Watch a post of its own, or hear a reply to one that is watched."""
        if brief.root_id is None:
            if brief.channel in _POSTED and brief.origin_id not in self._posts:
                self._posts[brief.origin_id] = Watched(event_id, _root(brief), brief.chance, now)
                if len(self._posts) > self._most_posts:
                    self._drop(next(iter(self._posts)))
            return
        post = self._posts.get(brief.root_id)
        if post is None or post.over:
            return
        seconds = (brief.published_at - post.root.at).total_seconds()
        if seconds > HOUR:
            post.over = True
            self._over.append(brief.root_id)
        elif len(post.heard) < MOST:
            post.heard.append(
                Heard(
                    max(seconds, 0.0), brief.origin_id,
                    brief.parent_id if brief.parent_id and brief.parent_id != brief.root_id else "",
                    brief.author or brief.origin_id, brief.content[:TEXT],
                )
            )  # fmt: skip
            self._replies += 1
            while self._replies > self._most_replies:
                self._drop(next(iter(self._posts)))

    def due(self, now: datetime) -> list[Watched]:
        """Those whose hour is over, by what has come or by the clock of arrival; each once."""
        found = [self._drop(key) for key in self._over if key in self._posts]
        self._over = []
        while self._posts:
            key, post = next(iter(self._posts.items()))
            ahead = post.root.at - post.since
            began = post.root.at if timedelta() < ahead < FUTURE else post.since
            if now - began < timedelta(seconds=HOUR):
                break
            found.append(self._drop(key))
        return [post for post in found if post.heard]

    def _drop(self, key: str) -> Watched:
        post = self._posts.pop(key)
        self._replies -= len(post.heard)
        return post


def _root(brief: OpinionBrief) -> Root:
    text = brief.content if brief.content.startswith(brief.title) else brief.title + brief.content
    return Root(text, brief.published_at, brief.followers or 0, brief.verified)
