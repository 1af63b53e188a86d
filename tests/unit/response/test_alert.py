"""The life of an alert: one per matter, told in order, never told twice for a repeat."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from response.alert import acknowledge, advance, on_signal
from response.plan import load_plan
from response.routing import Routing
from schemas.alert import Alert, Notification
from schemas.errors import UserError
from schemas.event import Signal
from schemas.yaml_file import load_yaml
from tests.builders import NOW, signal

CONFIG = Path(__file__).parents[3] / "config"
PLAN = load_plan(CONFIG)
ROUTING, CONTACTS, DUTY = PLAN.routing, PLAN.contacts, PLAN.duty
MINUTE = timedelta(minutes=1)


def _signal(before: Alert | None, found: Signal) -> tuple[Alert | None, list[Notification], str]:
    return on_signal(before, found, ROUTING, CONTACTS, found.at, DUTY)


def _raised(level: str = "II") -> Alert:
    alert, _, _ = _signal(None, signal(level))  # type: ignore[arg-type]
    assert alert
    return alert


def test_a_grave_matter_is_told_to_department_and_office_at_once() -> None:
    alert, told, reason = _signal(None, signal("II"))
    assert alert and reason == "raised" and alert.status == "open"
    assert [n.recipient for n in told] == ["office"]  # in two steps, and told once
    assert all(n.kind == "raised" for n in told)
    assert alert.next_due_at == NOW + 15 * MINUTE


def _clocks(told: list[Notification]) -> set[str]:
    return {n.kind for n in told if n.kind.startswith("clock_")}


def test_below_every_level_there_is_no_alert() -> None:
    assert _signal(None, signal("none")) == (None, [], "below_level")


def test_the_same_signal_again_tells_nobody() -> None:
    alert = _raised()
    again, told, reason = _signal(alert, signal("II"))
    assert (again, told, reason) == (alert, [], "unchanged")


def test_growth_updates_the_one_alert() -> None:
    alert = _raised()
    after, told, reason = _signal(alert, signal("II", items=40, minutes=5))
    assert after and reason == "updated" and told == []
    assert after.id == alert.id and after.items == 40
    assert after.steps == alert.steps  # the chain is frozen


def test_a_higher_level_raises_it_again() -> None:
    alert = _raised("III")
    answered = acknowledge(alert, "张三", "", NOW)
    after, told, reason = _signal(answered, signal("I", items=9, minutes=5))
    assert after and reason == "level_up" and after.status == "open"
    assert after.opened_at == alert.opened_at
    assert {n.kind for n in told} == {"level_up"}
    assert [c.action for c in after.history].count("acknowledged") == 1


def test_a_lower_level_changes_no_level() -> None:
    after, told, reason = _signal(_raised("II"), signal("IV", items=9, minutes=5, score=20))
    assert after and after.level == "II" and after.score == 70.0
    assert told == [] and reason == "updated"


def test_unanswered_it_escalates_step_by_step_each_once() -> None:
    alert = _raised("III")
    assert advance(alert, NOW + 29 * MINUTE) == (alert, [])
    later, told = advance(alert, NOW + 30 * MINUTE)
    assert [n.kind for n in told] == ["escalated"]
    assert advance(later, NOW + 31 * MINUTE)[1] == []
    _, told = advance(later, NOW + timedelta(hours=2))
    assert [n.step for n in told] == [3]


def test_a_late_timer_fires_all_that_is_due() -> None:
    _, told = advance(_raised("III"), NOW + timedelta(hours=3))
    assert [n.step for n in told] == [2, 3]


def test_acknowledged_it_stops_but_for_steps_that_fire_always() -> None:
    general = acknowledge(_raised("III"), "张三", "在处理", NOW + MINUTE)
    assert [n.kind for n in advance(general, NOW + timedelta(hours=3))[1]] == []
    grave = acknowledge(_raised("II"), "张三", "在处理", NOW + MINUTE)
    _, told = advance(grave, NOW + 15 * MINUTE)
    assert [(n.kind, n.recipient) for n in told] == [("escalated", "leaders")]


def test_statutory_clocks_warn_and_lapse_once_each() -> None:
    alert = acknowledge(_raised("II"), "张三", "", NOW)
    assert [c.kind for c in alert.clocks] == ["information", "press_conference"]
    alert, _ = advance(alert, NOW + 15 * MINUTE)
    alert, told = advance(alert, NOW + timedelta(hours=4))
    assert _clocks(told) == {"clock_warning"}
    alert, told = advance(alert, NOW + timedelta(hours=5))
    assert _clocks(told) == {"clock_lapsed"}
    assert _clocks(advance(alert, NOW + timedelta(hours=5, minutes=9))[1]) == set()
    assert [c.action for c in alert.history].count("lapsed") == 1


def test_a_step_done_twice_gives_the_same_ids() -> None:
    alert = _raised("III")
    one, two = (advance(alert, NOW + m * MINUTE)[1] for m in (30, 33))
    assert [n.id for n in one] == [n.id for n in two]


def test_a_closed_matter_opens_anew_and_tells_again() -> None:
    first, told, _ = _signal(None, signal("II"))
    assert first
    first.status = "closed"
    again, told_again, reason = _signal(first, signal("II", items=8, minutes=60))
    assert again and reason == "raised" and again.id == first.id and again.status == "open"
    assert {n.id for n in told}.isdisjoint(n.id for n in told_again)


def test_the_message_says_what_where_why_and_until_when() -> None:
    _, told, _ = _signal(None, signal("II"))
    assert "Ⅱ级 重大" in told[0].subject and "化工厂爆炸" in told[0].subject
    for part in ("12 人死亡", "传播：3 条", "发布权威信息", "依据"):
        assert part in told[0].body


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("after: 30m", "after: soon", 34),
        ("levels: [IV]", "levels: [V]", 37),
        ("routes:", "ruotes:", 7),
    ],
)
def test_a_broken_file_names_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    broken = tmp_path / "routing.yaml"
    text = (CONFIG / "routing.yaml").read_text("utf-8")
    broken.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(UserError) as error:
        load_yaml(broken, Routing)
    found = int(str(error.value).split("line ")[1].split(":")[0])
    assert abs(found - line) <= 3
