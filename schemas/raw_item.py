"""RawItem: what a spider, a person or a partner brings in (topic `items.raw`)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from schemas.base import Count, Record, Stored, Text, Time, content_id

Channel = Literal[
    "news", "forum", "blog", "weibo", "wechat", "hot", "letter", "call", "visit",
    "staff", "partner", "other",
]  # fmt: skip
# Carrier tier: how high the place stands where a thing was said (rule 4, impact).
Tier = Literal["central", "provincial", "city", "county", "institution", "public"]
# What a later look at the same page found.
Change = Literal["edited", "deleted", "returned"]

MAX_TITLE = 1_000
MAX_TEXT = 200_000

# 128 bits in hex, from content_id(); kept as 16 bytes where millions are held in memory.
Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Author(Record, kw_only=True):
    """Who said it. A private person is only a keyed hash: never a name."""

    hash: Annotated[str, Meta(max_length=64)] | None = None
    name: Annotated[str, Meta(max_length=200)] | None = None  # verified or institutional only
    kind: Literal["person", "verified", "institution"] = "person"
    followers: Count | None = None


class Rank(Record, kw_only=True):
    """A place on a hot-search list, from then on."""

    at: Time
    rank: Count | None  # None: it left the list
    heat: Count | None = None


class Counts(Record, kw_only=True):
    """Spread counts as the page showed them; None where it showed none."""

    views: Count | None = None
    likes: Count | None = None
    comments: Count | None = None
    reposts: Count | None = None
    rank: Count | None = None  # on a hot-search list, as last seen
    ranks: list[Rank] = field(default_factory=list)  # its way up and down, the last 200


class Provenance(Record, kw_only=True):
    """How the item came to us."""

    collector: Annotated[str, Meta(max_length=100)] = ""  # spider or intake
    run: Annotated[str, Meta(max_length=100)] = ""
    status: int | None = None  # HTTP status
    charset: Annotated[str, Meta(max_length=40)] = ""
    change: Change | None = None
    replaces: Id | None = None  # the version before, which stays
    diff: Annotated[Stored, Meta(max_length=20_000)] = ""  # against it
    revision: Count = 0  # grows when the thing is sent again with something new about it


class Report(Record, kw_only=True):
    """What a department's report says beside its text and time (rule 3)."""

    urgency: Literal["I", "II", "III", "IV"]  # as the department judges the matter
    place: Annotated[str, Meta(max_length=200)]
    subjects: Annotated[str, Meta(max_length=500)]
    scope: Annotated[str, Meta(max_length=500)]  # how far it has spread
    update_of: Id | None = None  # the matter of which this is an update


class RawItem(Record, kw_only=True):
    """One page, post, letter or call, as it was found.

    `origin_id` names the thing (page, post) across its versions; `id` names
    this version of it. `parent_id` and `root_id` are origin ids: the post that
    this one answers or reposts, and the first post of the thread. A repost may
    have no text of its own.
    """

    schema: Literal[1] = 1
    id: Id
    origin_id: Id
    source: Name
    channel: Channel
    fetched_at: Time
    published_at: Time | None = None
    url: Annotated[str, Meta(max_length=2_048)] | None = None
    title: Annotated[Text, Meta(max_length=MAX_TITLE)] = ""
    text: Annotated[Text, Meta(max_length=MAX_TEXT)] = ""
    publisher: Annotated[str, Meta(max_length=200)] | None = None
    author: Author | None = None
    tier: Tier = "public"
    region: Annotated[str, Meta(max_length=12)] | None = None  # division code of the source
    department: Annotated[str, Meta(max_length=100)] | None = None  # owner of the source
    counts: Counts | None = None
    parent_id: Id | None = None
    root_id: Id | None = None
    report: Report | None = None
    provenance: Provenance | None = None


def origin_id(source: str, key: str) -> str:
    """The id of a thing: `key` is its canonical URL or the platform's own id."""
    return content_id(source, key)


def item_id(origin: str, title: str, text: str) -> str:
    """The id of one version of a thing; an unchanged page gives the same id again."""
    return content_id(origin, title, text)
