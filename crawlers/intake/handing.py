"""What a person filled into a form becomes an item: one way for the intake and the console."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from pydantic import ValidationError

from crawlers.extract.times import BEIJING
from crawlers.intake.fetching import fetch
from crawlers.intake.partners import Partner
from crawlers.intake.submission import Report, Submission, report_item, submission_item
from crawlers.intake.urgent import urgent_signal
from infra.author_key import author_key
from schemas.event import Signal
from schemas.raw_item import RawItem

NAMES = {
    "reporter": "报送人", "department": "部门", "time": "时间", "place": "地点", "title": "标题",
    "content": "主要内容", "subjects": "涉及主体", "scope": "传播范围", "urgency": "紧急程度",
    "url": "链接", "words": "说明", "matter": "续报编号",
}  # fmt: skip


class Filled(msgspec.Struct):
    """The item of a form, or all that is `wrong` with what was filled in."""

    wrong: list[str] = []
    item: RawItem | None = None
    signal: Signal | None = None  # a major matter, told to the Office at once
    matter: str = ""  # the number that updates name
    why: str = ""  # the link could not be read
    urgent: str = ""


async def quick(
    given: Mapping[str, str], partner: Partner, allow_loopback: bool, now: datetime
) -> Filled:
    """A link, which is fetched and read, or a text, and the reporter's own words."""
    url, words = given.get("url", "").strip(), given.get("words", "").strip()
    reporter = given.get("reporter", "").strip()
    if not reporter or (not url and not words):
        return Filled(["请填写报送人，以及链接或说明"])
    if url and not url.startswith(("http://", "https://")):
        return Filled(["链接要以 http 开头"])
    page, why = await fetch(url, allow_loopback) if url else (None, "")
    text = [page["text"]] if page else []
    if words:
        text.append(f"上报说明：{words}")
    title = page["title"] if page else words.split("\n")[0][:60] or url
    try:
        submission = Submission(
            title=title, text="\n".join(text), url=url, channel="staff", author=reporter,
            published_at=page["published_at"] if page else None,
            publisher=(page["publisher"] or "")[:200] if page else "",
        )  # fmt: skip
    except ValidationError as error:
        return Filled(_told(error))
    item = submission_item(submission, partner, author_key(), now)
    return Filled(item=item, matter=item.origin_id, why=why)


def report(given: Mapping[str, str], partner: Partner, now: datetime) -> Filled:
    """A department's report; its time is Beijing's, as <input type=datetime-local> gives it."""
    try:
        found = Report.model_validate({**given, "time": _local(given.get("time", ""))})
    except ValidationError as error:
        return Filled(_told(error))
    item = report_item(found, partner, now)
    signal = urgent_signal(found, item, now)
    return Filled(
        item=item, signal=signal, matter=found.matter or item.origin_id,
        urgent=found.urgency if signal else "",
    )  # fmt: skip


def _told(error: ValidationError) -> list[str]:
    names = [NAMES.get(str(e["loc"][0]) if e["loc"] else "", "内容") for e in error.errors()]
    return [f"请检查：{name}" for name in dict.fromkeys(names)]


def _local(text: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (when if when.tzinfo else when.replace(tzinfo=BEIJING)).isoformat()
