"""A statutory deadline that is met: it warns and lapses no more, and stays on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.settings import PROJECT
from response.alert import advance, on_signal
from response.life import met, move
from response.merge import into
from response.routing import Contacts, Routing
from schemas.alert import Alert
from schemas.yaml_file import load_yaml
from tests.builders import NOW, signal

ROUTING = load_yaml(PROJECT / "config" / "routing.yaml", Routing)
CONTACTS = load_yaml(PROJECT / "config" / "contacts.yaml", Contacts)
HOUR = timedelta(hours=1)


def raised(level: str = "II", matter: str = "m1") -> Alert:
    alert, _, _ = on_signal(None, signal(level, matter=matter), ROUTING, CONTACTS, NOW)  # type: ignore[arg-type]
    assert alert
    return alert


def kinds(alert: Alert, what: str) -> list[str]:
    return [clock.kind for clock in alert.clocks if getattr(clock, what)]


def test_a_met_clock_warns_and_lapses_no_more() -> None:
    done = met(raised(), "information", "王", "已发通报", NOW + HOUR)
    assert kinds(done, "met_at") == ["information"]
    last = done.history[-1]
    assert (last.actor, last.action, last.note) == ("王", "met", "发布权威信息 已发通报")
    assert done.progress_at == NOW + HOUR
    later, told = advance(done, NOW + 6 * HOUR)
    assert not [n for n in told if n.kind == "clock_lapsed"]
    assert kinds(later, "lapsed_at") == []
    _, told = advance(raised(), NOW + 6 * HOUR)  # beside it: nobody said so
    assert [n for n in told if n.kind == "clock_lapsed"]


def test_the_next_time_that_is_due_is_computed_anew() -> None:
    over = move(raised(), "handling", "王", "", NOW)
    alone = [c for c in over.clocks if c.kind == "information"]
    done = met(over, "information", "王", "", NOW)
    assert done.next_due_at is not None
    assert done.next_due_at != alone[0].warn_at


def test_late_is_on_record_as_late() -> None:
    lapsed, _ = advance(raised(), NOW + 6 * HOUR)
    done = met(lapsed, "information", "王", "", NOW + 7 * HOUR)
    assert kinds(done, "met_at") == kinds(done, "lapsed_at") == ["information"]


@pytest.mark.parametrize("kind", ["information", "response"])
def test_twice_or_a_clock_it_does_not_have_changes_nothing(kind: str) -> None:
    done = met(raised(), "information", "王", "", NOW)
    assert met(done, kind, "李", "", NOW + HOUR) is done  # type: ignore[arg-type]


def test_a_merge_does_not_start_a_met_clock_again() -> None:
    earlier = raised(matter="m2")
    done = met(raised(), "information", "王", "", NOW)
    later = [c for c in earlier.clocks if c.kind == "information"]
    assert later[0].met_at is None
    assert kinds(into(done, earlier, "王", "", NOW + HOUR), "met_at") == ["information"]


def test_a_higher_level_gives_no_more_time_and_asks_again_for_what_was_met() -> None:
    before = met(raised("II"), "information", "王", "", NOW)
    after, _, kind = on_signal(before, signal("I"), ROUTING, CONTACTS, NOW + 2 * HOUR)
    assert after
    assert kind == "level_up"
    due = {clock.kind: clock.due_at for clock in after.clocks}
    was = {clock.kind: clock.due_at for clock in before.clocks}
    assert due["press_conference"] == was["press_conference"]  # running: as it was
    assert due["information"] == was["information"] + 2 * HOUR
    assert kinds(after, "met_at") == []


def test_what_was_left_to_be_told_survives_a_raise() -> None:
    from response.life import assign

    before = assign(raised("II"), "office", "王", "", NOW)
    assert before.tells
    _, told, _ = on_signal(before, signal("I"), ROUTING, CONTACTS, NOW + HOUR)
    assert [n.recipient for n in told if n.kind == "assigned"] == ["office"]
