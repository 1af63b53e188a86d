"""What may be handed in, and how it becomes a RawItem: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from crawlers.intake.partners import Partner
from crawlers.items import author_hash, make_item
from schemas.base import content_id
from schemas.raw_item import (
    MAX_TEXT,
    MAX_TITLE,
    Author,
    Channel,
    Counts,
    Provenance,
    RawItem,
    origin_id,
)
from schemas.raw_item import Report as KeptReport

MAX_ITEMS = 200  # of one request
Short = Annotated[str, Field(max_length=200)]
Number = Annotated[int, Field(ge=0, le=2**53)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _no_nul(cls, value: Any) -> Any:
        # The analysis refuses it; better told here than a dead letter after a 202.
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and "\0" in text for text in texts):
            raise ValueError("a NUL character is not allowed")
        return value


class CountsIn(Strict):
    views: Number | None = None
    likes: Number | None = None
    comments: Number | None = None
    reposts: Number | None = None


class Submission(Strict):
    """One letter, call, visit, article or post."""

    id: Annotated[
        str, Field(max_length=500, description="本系统内的编号；同一编号再交是新版本")
    ] = ""
    title: Annotated[str, Field(max_length=MAX_TITLE)] = ""
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    url: Annotated[str, Field(max_length=2048, pattern=r"^(https?://\S+)?$")] = ""
    published_at: Annotated[AwareDatetime | None, Field(description="发生时间，要带时区")] = None
    channel: Channel | None = None
    author: Annotated[Short, Field(description="只存密钥散列")] = ""
    publisher: Short = ""
    place: Short = ""
    subjects: Annotated[list[Short], Field(max_length=50)] = []
    department: Annotated[str, Field(max_length=100)] = ""
    parent: Annotated[str, Field(max_length=500)] = ""
    counts: CountsIn | None = None

    @field_validator("published_at")
    @classmethod
    def _past(cls, when: datetime | None) -> datetime | None:
        if when and not datetime(1990, 1, 1, tzinfo=UTC) < when < _tomorrow():
            raise ValueError("the time is before 1990 or in the future")
        return when

    @model_validator(mode="after")
    def _says_something(self) -> Submission:
        if not self.title and not self.text:
            raise ValueError("title or text is needed")
        return self


URGENCY: dict[str, Literal["I", "II", "III", "IV"]] = {
    "特别重大": "I", "重大": "II", "较大": "III", "一般": "IV",
}  # fmt: skip
Urgency = Literal["一般", "较大", "重大", "特别重大"]


class Report(Strict):
    """A department's report (rule 3): timely, accurate, complete."""

    reporter: Annotated[str, Field(min_length=1, max_length=50)]
    department: Annotated[str, Field(min_length=1, max_length=100)]
    time: AwareDatetime
    place: Annotated[str, Field(min_length=1, max_length=200)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    content: Annotated[str, Field(min_length=1, max_length=20_000)]
    subjects: Annotated[str, Field(min_length=1, max_length=500)]
    scope: Annotated[str, Field(min_length=1, max_length=500)]
    urgency: Urgency
    url: Annotated[str, Field(max_length=2048, pattern=r"^(https?://\S+)?$")] = ""
    matter: Annotated[str, Field(pattern=r"^([0-9a-f]{32})?$")] = ""  # this is an update of it

    @field_validator("time")
    @classmethod
    def _past(cls, when: datetime) -> datetime:
        if not datetime(1990, 1, 1, tzinfo=UTC) < when < _tomorrow():
            raise ValueError("the time is before 1990 or in the future")
        return when


def _tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


def submission_item(given: Submission, partner: Partner, key: bytes, now: datetime) -> RawItem:
    source = partner.source()
    text = given.text
    for name, value in (("地点", given.place), ("涉及", "、".join(given.subjects))):
        if value and value not in text:
            text = f"{text}\n{name}：{value}".strip()
    when = given.published_at.isoformat() if given.published_at else ""
    thing = given.id or given.url or content_id(given.title, given.text, when)
    changed = {
        "channel": given.channel or source.channel,
        "department": given.department or source.department,
    }
    return make_item(
        source.model_copy(update=changed), given.url, key=f"item:{thing}", title=given.title,
        text=text[:MAX_TEXT], fetched_at=now, published_at=given.published_at,
        publisher=given.publisher or None,
        author=Author(hash=author_hash(given.author, key)) if given.author else None,
        counts=Counts(**given.counts.model_dump()) if given.counts else None,
        parent_id=origin_id(source.name, f"item:{given.parent}") if given.parent else None,
        root_id=origin_id(source.name, f"item:{given.parent}") if given.parent else None,
        provenance=Provenance(collector="intake"),
    )  # fmt: skip


def report_item(given: Report, partner: Partner, now: datetime) -> RawItem:
    """The report as one text: the reader finds all five points of the rule in it."""
    text = "\n".join((
        given.content, f"地点：{given.place}", f"涉及：{given.subjects}",
        f"传播范围：{given.scope}",
        f"紧急程度：{given.urgency}", f"报送：{given.department} {given.reporter}",
    ))  # fmt: skip
    source = partner.source().model_copy(
        update={"channel": "staff", "tier": "institution", "department": given.department}
    )
    key = content_id(given.title, given.content, given.time.isoformat(), given.matter)
    return make_item(
        source, given.url, key=f"report:{key}", title=given.title, text=text, fetched_at=now,
        published_at=given.time, parent_id=given.matter or None, root_id=given.matter or None,
        author=Author(name=f"{given.department} {given.reporter}", kind="institution"),
        report=KeptReport(
            urgency=URGENCY[given.urgency], place=given.place, subjects=given.subjects,
            scope=given.scope, update_of=given.matter or None,
        ),
        provenance=Provenance(collector="intake:report"),
    )  # fmt: skip
