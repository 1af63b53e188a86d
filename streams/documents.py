"""From an item and its analysis to the document and the brief. Pure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from msgspec.structs import replace

from models.casualties import Harm
from models.duplicates import Link
from models.masking import mask
from schemas.analysis import Analysis
from schemas.opinion import Duplicate, Opinion, OpinionBrief
from schemas.raw_item import RawItem, Report

CONTENT = 200  # characters of the main content


def opinion(
    item: RawItem, analysis: Analysis, link: Link | None, trace: str, now: datetime
) -> Opinion:
    duplicate = _duplicate(item, link)
    return Opinion(
        id=item.id,
        origin_id=item.origin_id,
        source=item.source,
        channel=item.channel,
        fetched_at=item.fetched_at,
        published_at=item.published_at or item.fetched_at,
        indexed_at=now,
        url=item.url if item.url and item.url.startswith(("http://", "https://")) else None,
        title=analysis.masked_title,
        text=analysis.masked,
        words=analysis.words,
        content=analysis.masked[:CONTENT],
        publisher=item.publisher,
        author=item.author,
        tier=item.tier,
        region=item.region,
        counts=item.counts,
        parent_id=item.parent_id,
        root_id=item.root_id,
        report=_report(item),
        provenance=item.provenance,
        topics=analysis.topics,
        departments=analysis.departments,
        attitude=analysis.attitude,
        act=analysis.act,
        times=analysis.times,
        places=analysis.places,
        subjects=analysis.subjects,
        casualties=analysis.casualties,
        rumour=analysis.rumour,
        severity=analysis.severity,
        watch=analysis.watch,
        duplicate=duplicate,
        cluster_id=duplicate.of if duplicate else item.origin_id,
        models=analysis.models,
        trace=trace,
    )


def _report(item: RawItem) -> Report | None:
    if item.report is None:
        return None
    place, subjects, scope = mask([item.report.place, item.report.subjects, item.report.scope])
    return replace(item.report, place=place, subjects=subjects, scope=scope)


def _duplicate(item: RawItem, link: Link | None) -> Duplicate | None:
    if link is not None:
        return Duplicate(of=link.of, similarity=link.similarity, reason=link.reason)
    if item.parent_id and not item.text.strip() and not item.title.strip():
        # A repost that adds nothing is a copy of what it passes on.
        return Duplicate(of=item.root_id or item.parent_id, similarity=1.0, reason="repost")
    return None


def brief(document: Opinion, keywords: list[tuple[str, float]], harm: Harm) -> OpinionBrief:
    return OpinionBrief(
        id=document.id,
        origin_id=document.origin_id,
        cluster_id=document.cluster_id,
        parent_id=document.parent_id,
        root_id=document.root_id,
        source=document.source,
        channel=document.channel,
        tier=document.tier,
        region=document.region,
        published_at=document.published_at,
        title=document.title,
        content=document.content,
        topics=[topic.label for topic in document.topics],
        departments=[department.id for department in document.departments],
        attitude=document.attitude.label,
        act=document.act,
        signs=document.rumour.signs,
        harm=_stated(document, harm),
        places=[place.code for place in document.places if place.code],
        subjects=[subject.text for subject in document.subjects if subject.kind != "group"],
        keywords=[word for word, _ in keywords],
        weights=[weight for _, weight in keywords],
        score=document.severity.score,
        level=document.severity.level,
        reasons=document.severity.reasons,
        followers=document.author.followers if document.author else None,
        author=document.author.hash or document.author.name if document.author else None,
        verified=document.author is not None and document.author.kind != "person",
        chance=document.rumour.score,
    )


def _stated(document: Opinion, harm: Harm) -> dict[str, int]:
    """The figures, where they graded the item: those of a drill or of history do not."""
    if not any(reason.rule.startswith("grade-") for reason in document.severity.reasons):
        return {}
    return {name: value for name, value in asdict(harm).items() if value}
