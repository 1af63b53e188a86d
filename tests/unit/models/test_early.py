"""The first hour of a post: what is heard of it, when it is over, and what is made of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from models.early import EarlyModel, forecast, load_early, save_early
from models.early_signs import load_judge
from models.event_groups import EventGroups
from models.event_record import record
from models.first_hour import NAMES, Heard, Root, numbers
from models.first_hour_watch import FirstHours
from models.severity_rules import load
from models.signals import EventScorer, signals_of
from models.store import CURVES
from models.words import cutter
from schemas.base import content_id
from schemas.errors import UserError
from schemas.opinion import OpinionBatch, OpinionBrief
from tests.builders import NOW, brief

ROOT = Root("化工厂爆炸了", NOW, 1000, False)
POST = brief("post", "化工厂 爆炸", channel="weibo")


def _reply(n: int, seconds: float, text: str = "") -> OpinionBrief:
    root = POST.origin_id
    return brief(
        f"r{n}", "", title="", content=text, channel="weibo", root_id=root, parent_id=root,
        published_at=NOW + timedelta(seconds=seconds), author=f"a{n}",
    )  # fmt: skip


def _heard(many: int, within: float) -> list[Heard]:
    return [Heard(within * n / many, str(n), "", f"a{n}", "") for n in range(many)]


def test_numbers_do_not_depend_on_the_order_and_stop_at_the_hour() -> None:
    heard = _heard(50, 3500)
    late = [Heard(4000, "late", "", "z", "谣言")]
    assert np.array_equal(numbers(ROOT, heard), numbers(ROOT, [*late, *heard[::-1]]))
    assert len(numbers(ROOT, [])) == len(NAMES) and np.isfinite(numbers(ROOT, [])).all()


def test_more_and_lasting_replies_forecast_more() -> None:
    model = load_early(CURVES / "early.npz")
    few, many = (forecast(model, ROOT, _heard(n, 3500)) for n in (5, 700))
    assert many.replies > few.replies and many.chance > few.chance
    assert many.early and not few.early
    assert "首小时 700 条" in many.reasons[0]


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    model = load_early(CURVES / "early.npz")
    save_early(model, tmp_path / "good.npz")
    assert load_early(tmp_path / "good.npz").flagged == model.flagged
    wrong = EarlyModel(**{**model.__dict__, "left": model.left + 1_000_000})
    save_early(wrong, tmp_path / "wrong.npz")
    (tmp_path / "bad.npz").write_bytes(b"no model")
    for name in ("wrong", "bad", "missing"):
        with pytest.raises(UserError, match=f"{name}.npz is no model file"):
            load_early(tmp_path / f"{name}.npz")


def test_the_hour_is_over_by_a_later_reply_or_by_the_clock() -> None:
    hours = FirstHours()
    hours.add(POST, "e", NOW)
    hours.add(_reply(1, 60), "e", NOW)
    assert hours.due(NOW + timedelta(minutes=59)) == []
    hours.add(_reply(2, 3700), "e", NOW)
    (post,) = hours.due(NOW)
    assert len(post.heard) == 1 and hours.due(NOW + timedelta(days=1)) == []
    hours.add(brief("post2", channel="weibo"), "e2", NOW)
    other = content_id("thing", "post2")
    hours.add(brief("q", root_id=other, parent_id=other), "e2", NOW)
    assert len(hours.due(NOW + timedelta(minutes=61))) == 1


def test_the_agents_part_raises_early_and_credibility_once() -> None:
    config = Path("config")
    judge = load_judge(Path("/nonexistent"), cutter(config / "userdict.txt"))
    groups = EventGroups(EventScorer(load(config / "severity.yaml")), judge)
    idle = timedelta(days=7)
    replies = [_reply(n, n * 5, "谣言吧，求证" if n % 2 else "") for n in range(700)]
    groups.apply(OpinionBatch(briefs=[POST, *replies]), NOW, idle)
    (event,) = groups.apply(OpinionBatch(briefs=[]), NOW + timedelta(hours=1), idle)
    signs = record(event, NOW).signs
    assert [sign.kind for sign in signs] == ["early", "rumour"]
    assert all(sign.reasons for sign in signs)
    raised = signals_of(event, NOW)
    assert any(signal.kind == "early" and signal.reasons for signal in raised)
    assert signals_of(event, NOW) == []


def test_forum_then_central_media_and_provinces_are_told_with_reasons() -> None:
    groups = EventGroups(EventScorer(load(Path("config/severity.yaml"))), None)
    words = "化工厂 爆炸 救援"
    told = [
        brief("1", words, channel="forum"),
        brief("2", words, tier="central", published_at=NOW + timedelta(hours=2), places=["130000"]),
        brief("3", words, places=["110000", "410000"]),
    ]
    changed = groups.apply(OpinionBatch(briefs=told), NOW, timedelta(days=7))
    signals = [s for event in changed for s in signals_of(event, NOW)]
    assert {reason for s in signals for reason in s.reasons} >= {
        "公众首发，中央媒体已刊发 1 条", "已涉及 3 个省份"
    }  # fmt: skip
