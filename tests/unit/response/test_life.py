"""What people do with an alert, and what still fires then."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from response.alert import acknowledge, advance, on_signal
from response.life import move, mute
from response.plan import load_plan
from schemas.alert import Alert
from tests.builders import NOW, signal

CONFIG = Path(__file__).parents[3] / "config"
PLAN = load_plan(CONFIG)
ROUTING, CONTACTS, DUTY = PLAN.routing, PLAN.contacts, PLAN.duty
HOUR = timedelta(hours=1)


def _raised(level: str = "III") -> Alert:
    alert, _, _ = on_signal(None, signal(level), ROUTING, CONTACTS, NOW, DUTY)  # type: ignore[arg-type]
    assert alert
    return alert


def test_it_goes_from_open_to_closed_and_every_step_stands_in_the_history() -> None:
    alert = acknowledge(_raised(), "张三", "", NOW)
    for status in ("handling", "resolved", "closed"):
        alert = move(alert, status, "张三", "好", NOW)  # type: ignore[arg-type]
        assert alert.status == status
    assert [c.action for c in alert.history][-4:] == [
        "acknowledged", "handling", "resolved", "closed",
    ]  # fmt: skip
    over, told = advance(alert, NOW)
    assert [(n.kind, n.recipient) for n in told] == [("final", alert.steps[0].recipients[0])]
    assert over.next_due_at is None and advance(over, NOW + 100 * HOUR)[1] == []


@pytest.mark.parametrize(
    ("start", "to"), [p for p in product(("open", "closed"), repeat=2) if p[0] == p[1]]
)
def test_a_step_that_makes_no_sense_changes_nothing(start: str, to: str) -> None:
    alert = _raised() if start == "open" else move(_raised(), "closed", "x", "", NOW)
    assert move(alert, to, "x", "", NOW) is alert  # type: ignore[arg-type]


def test_opened_again_it_escalates_where_it_stopped() -> None:
    resolved = move(_raised(), "resolved", "张三", "", NOW)
    again = move(resolved, "open", "李四", "又有投诉", NOW + HOUR)
    assert again.status == "open" and again.next_due_at == NOW + HOUR / 2
    _, told = advance(again, NOW + HOUR)
    assert [n.step for n in told] == [2]


def test_muted_no_step_fires_until_the_end_but_clocks_go_on() -> None:
    muted = mute(_raised(), NOW + 47 * HOUR, "张三", "已知，在处理", NOW)
    assert advance(muted, NOW + 39 * HOUR)[1] == []
    later, told = advance(muted, NOW + 40 * HOUR)
    assert {n.kind for n in told} == {"clock_warning"}
    assert later.next_due_at == NOW + 47 * HOUR
    _, told = advance(later, NOW + 47 * HOUR)
    assert [n.step for n in told if n.kind == "escalated"] == [2, 3]


def test_a_higher_level_wakes_a_muted_matter() -> None:
    muted = mute(_raised(), NOW + 47 * HOUR, "张三", "已知", NOW)
    woken, told, reason = on_signal(
        muted, signal("I", items=9, minutes=5), ROUTING, CONTACTS, NOW + HOUR, DUTY
    )
    assert woken and reason == "level_up" and woken.muted_until is None
    assert {n.kind for n in told} == {"level_up"}


def test_growth_does_not_wake_it() -> None:
    muted = mute(_raised(), NOW + 47 * HOUR, "张三", "已知", NOW)
    after, told, _ = on_signal(muted, signal("III", items=99), ROUTING, CONTACTS, NOW + HOUR, DUTY)
    assert after and after.muted_until == muted.muted_until and told == []


def test_a_mute_needs_a_reason_and_an_end_ahead() -> None:
    alert = _raised()
    assert mute(alert, NOW + HOUR, "x", " ", NOW) is alert
    assert mute(alert, NOW, "x", "ja", NOW) is alert
