"""What the timer tells besides the chain: waits, repeats, updates, forgotten matters, merges."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from response.alert import acknowledge, advance, next_due, on_signal
from response.life import assign, comment, move, mute
from response.merge import away, back, into, refusal
from response.routing import Contacts, Routing
from response.step_audit import sent, unfired, unproven
from schemas.alert import Alert, Notification
from tests.builders import NOW, signal

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CONTACTS = Contacts.model_validate({
    "people": [{"id": p, "name": p, "channels": [{"kind": "inbox"}]} for p in "abc"],
    "roles": {
        "department_head": {"default": ["a"]}, "office": {"default": ["b"]},
        "leading_group": {"default": ["c"]},
    },
})  # fmt: skip
ROUTING = Routing.model_validate({
    "timing": {
        "group_wait": "1m", "group_interval": "5m", "repeat_interval": "1h",
        "forgotten_after": "3h", "report_interval": "12h", "ask_interval": "2h",
    },
    "routes": [{"name": "all", "steps": [
        {"role": "department_head", "after": "0m"},
        {"role": "office", "after": "30m"},
        {"role": "leading_group", "after": "2h"},
    ]}],
    "clocks": [{"kind": "response", "levels": ["II", "III"], "within": "48h", "warn": "8h"}],
})  # fmt: skip


def _on(alert: Alert | None, **fields: object) -> tuple[Alert, list[Notification]]:
    found = signal(**fields)  # type: ignore[arg-type]
    after, told, _ = on_signal(alert, found, ROUTING, CONTACTS, found.at)
    assert after
    return after, told


def _raised(matter: str = "m1", level: str = "III") -> Alert:
    alert, told = _on(None, level=level, matter=matter)
    assert told == [] and alert.next_due_at == NOW + MINUTE  # group_wait
    alert, told = advance(alert, NOW + MINUTE)
    assert [(n.kind, n.recipient) for n in told] == [("raised", "a")]
    return alert


def _kinds(told: list[Notification]) -> list[tuple[str, str]]:
    return [(n.kind, n.recipient) for n in told]


def test_a_late_timer_tells_a_raise_as_a_raise_and_what_is_above_as_escalated() -> None:
    alert, _ = _on(None, level="III")
    _, told = advance(alert, NOW + HOUR)
    assert _kinds(told)[:2] == [("raised", "a"), ("escalated", "b")]


def test_unanswered_at_the_end_of_the_chain_it_repeats_to_all() -> None:
    alert, _ = advance(_raised(), NOW + 3 * HOUR)
    assert alert.next_due_at == NOW + 4 * HOUR
    alert, told = advance(alert, NOW + 4 * HOUR)
    assert _kinds(told) == [("repeated", "a"), ("repeated", "b"), ("repeated", "c")]
    _, again = advance(alert, NOW + 5 * HOUR)
    assert {n.id for n in told}.isdisjoint(n.id for n in again) and len(again) == 3


def test_a_real_change_is_told_once_after_the_interval_to_the_same_people() -> None:
    alert = _raised()
    assert alert.report and alert.report.kind == "first" and alert.report.number == 1
    alert, told = _on(alert, level="III", items=40, minutes=2)
    assert told == [] and alert.next_due_at == NOW + 5 * MINUTE
    alert, told = advance(alert, NOW + 5 * MINUTE)
    assert _kinds(told) == [("update", "a")]
    assert alert.report and alert.report.number == 2
    assert [(n.what, n.was, n.now) for n in alert.report.news] == [("items", "3", "40")]
    assert advance(alert, NOW + 20 * MINUTE)[1] == []  # nothing new


def test_a_small_change_waits_for_the_interval_of_reports() -> None:
    alert, _ = _on(_raised(), level="III", items=4, minutes=2)
    alert = acknowledge(alert, "张三", "", NOW + 2 * MINUTE)
    assert ("update", "a") not in _kinds(advance(alert, NOW + 11 * HOUR)[1])
    assert ("update", "a") in _kinds(advance(alert, NOW + 12 * HOUR)[1])


def test_answered_and_forgotten_the_step_above_is_told_and_the_chain_goes_on() -> None:
    alert = acknowledge(_raised(), "张三", "我来", NOW + 2 * MINUTE)
    alert, _ = advance(alert, NOW + 2 * HOUR)
    assert alert.status == "acknowledged"
    alert = comment(alert, "张三", "已到现场", NOW + 2 * HOUR)  # progress
    assert advance(alert, NOW + 4 * HOUR)[0].status == "acknowledged"
    alert, told = advance(alert, NOW + 5 * HOUR)
    assert alert.status == "open" and ("forgotten", "b") in _kinds(told)
    assert alert.history[-2].action == "forgotten" or "forgotten" in {
        c.action for c in alert.history
    }
    _, told = advance(alert, NOW + 5 * HOUR + 90 * MINUTE)  # as far above it as before
    assert _kinds(told) == [("escalated", "c")]


def test_forgotten_at_the_top_the_top_is_told_again_each_time_anew() -> None:
    alert, _ = advance(_raised(), NOW + 3 * HOUR)
    ids = set()
    for round_ in range(1, 4):
        at = NOW + round_ * 10 * HOUR
        alert = acknowledge(alert, "张三", "", at)
        alert, told = advance(alert, at + 3 * HOUR)
        forgotten = [n for n in told if n.kind == "forgotten"]
        assert [n.recipient for n in forgotten] == ["c"]
        ids.add(forgotten[0].id)
    assert len(ids) == 3


def test_the_department_is_asked_for_news() -> None:
    alert = acknowledge(_raised(), "张三", "", NOW + 2 * MINUTE)
    alert, told = advance(alert, NOW + 2 * HOUR + 2 * MINUTE)
    assert _kinds(told) == [("ask_update", "a")]
    assert advance(alert, NOW + 2 * HOUR + 3 * MINUTE)[1] == []


def test_the_end_is_told_once_with_the_final_report() -> None:
    alert = move(_raised(), "resolved", "张三", "已澄清", NOW + HOUR)
    assert alert.next_due_at == NOW + HOUR
    alert, told = advance(alert, NOW + HOUR)
    assert _kinds(told) == [("final", "a")] and alert.next_due_at is None
    assert alert.report and alert.report.kind == "final"
    assert any("已澄清" in line for line in alert.report.handling)
    closed = move(alert, "closed", "张三", "", NOW + 2 * HOUR)
    assert advance(closed, NOW + 2 * HOUR)[1] == []


def test_assigned_it_is_told_to_whom_and_they_hear_of_the_rest() -> None:
    alert = assign(_raised(), "c", "张三", "请办", NOW + 2 * MINUTE)
    alert, told = advance(alert, NOW + 2 * MINUTE)
    assert _kinds(told) == [("assigned", "c")] and alert.assignee == "c"
    _, told = advance(move(alert, "resolved", "c", "", NOW + HOUR), NOW + HOUR)
    assert {n.recipient for n in told} == {"a", "c"}


def test_merged_the_second_stops_points_and_both_sides_are_told() -> None:
    first, second = _raised(level="II"), _raised("m2")
    second, _ = advance(second, NOW + HOUR)  # told to a and b
    assert refusal(second, first) and not refusal(first, second)
    kept = into(first, second, "张三", "同一件事", NOW + 2 * HOUR)
    gone = away(second, kept, "张三", "", NOW + 2 * HOUR)
    assert gone.status == "merged" and gone.merged_into == first.id and gone.next_due_at is None
    assert advance(gone, NOW + 90 * HOUR)[1] == []
    assert kept.items == 6 and into(kept, second, "张三", "", NOW + 3 * HOUR) is kept
    kept, told = advance(kept, NOW + 2 * HOUR)
    assert {n.recipient for n in told if n.kind == "merged"} >= {"a", "b"}
    # What happens in the second matter from now on counts for the first.
    kept, _ = _on(kept, level="III", matter="m2", items=50, minutes=200)
    assert kept.items == 53 and kept.matter_id == "m1" and kept.title == first.title
    raised, told = _on(kept, level="I", matter="m2", items=60, minutes=210)
    assert raised.id == first.id and raised.level == "I" and raised.items == 63


def test_a_merged_alert_that_lost_its_target_speaks_for_itself_rather_than_not_at_all() -> None:
    lost = away(_raised("m2"), _raised(), "张三", "", NOW)
    again, _ = _on(lost, level="III", matter="m2", items=9, minutes=60)
    assert again.id == lost.id and again.status == "open" and again.items == 9
    assert again.merged_into is None and again.next_due_at == NOW + 61 * MINUTE


def test_a_merge_that_came_to_nothing_leaves_no_trace_but_what_was_said_meanwhile() -> None:
    first, second = _raised(), assign(_raised("m2"), "c", "张三", "", NOW)
    gone = away(second, first, "张三", "", NOW + HOUR)
    assert refusal(first, gone) == "" and refusal(_raised("m3"), gone)
    assert back(gone, second) == second
    again = back(comment(gone, "李四", "看过", NOW + 2 * HOUR), second)
    assert again.tells == second.tells and again.next_due_at == second.next_due_at
    assert again.status == "open" and again.merged_into is None and again.closed_at is None
    assert [c.action for c in again.history] == [*(c.action for c in second.history), "commented"]


def test_a_merge_wins_nobody_time() -> None:
    first, _ = _on(None, level="III", minutes=600)
    second = _raised("m2")
    kept = into(first, second, "张三", "", NOW + 11 * HOUR)
    assert [c.due_at for c in kept.clocks] == [NOW + 48 * HOUR]


def test_the_auditor_finds_what_did_not_run_and_what_has_no_receipt() -> None:
    alert = _raised()
    grace = 5 * MINUTE
    assert unfired(alert, NOW + 34 * MINUTE, grace) == []
    late = unfired(alert, NOW + 37 * MINUTE, grace)
    assert [f.what for f in late] == ["step 2"]
    muted = mute(alert, NOW + 10 * HOUR, "x", "已知", NOW + 2 * MINUTE)
    assert unfired(muted, NOW + 37 * MINUTE, grace) == []
    assert [f.what for f in unfired(alert, NOW + 50 * HOUR, grace)][-1] == "clock response"
    expected = sent(alert, NOW + 10 * MINUTE, grace)
    assert len(expected) == 1 and not sent(alert, NOW + 2 * MINUTE, grace)
    assert unproven(alert, expected, expected) == []
    assert [f.what for f in unproven(alert, expected, [])] == ["step 1"]


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ack", "handle", "resolve", "close", "reopen", "comment", "grow", "time"]),
        st.integers(-3_600, 40_000),
    ),
    max_size=25,
)


@settings(max_examples=150)
@given(_STEPS)
def test_whatever_people_and_clocks_do_nothing_is_told_twice_and_the_timer_comes_to_rest(
    steps: list[tuple[str, int]],
) -> None:
    alert, now, told, items = _raised(), NOW + MINUTE, [], 3
    for what, seconds in steps:
        now += timedelta(seconds=seconds)
        alert, items = _done(alert, what, now, items)
        once = advance(alert, now)
        again = advance(alert, now + 5 * MINUTE)  # a second timer, a little later
        first = {n.id for n in once[1] if n.kind in ("escalated", "raised", "forgotten")}
        assert first <= {n.id for n in again[1]}
        alert = once[0]
        told += once[1]
        rest, nothing = advance(alert, now)
        assert nothing == [] and rest == alert
        assert alert.next_due_at is None or alert.next_due_at > now
        assert alert.next_due_at == next_due(alert)
    ids = [n.id for n in told]
    assert len(ids) == len(set(ids))


def _done(alert: Alert, what: str, now: datetime, items: int) -> tuple[Alert, int]:
    match what:
        case "ack":
            return acknowledge(alert, "张三", "", now), items
        case "comment":
            return comment(alert, "张三", "有进展", now), items
        case "grow" if alert.status in ("open", "acknowledged", "handling"):
            found = replace(signal("III", items=items * 2), at=now)
            after, _, _ = on_signal(alert, found, ROUTING, CONTACTS, now)
            assert after
            return after, items * 2
        case "handle" | "resolve" | "close" | "reopen":
            to = {"handle": "handling", "resolve": "resolved", "close": "closed", "reopen": "open"}
            return move(alert, to[what], "张三", "", now), items  # type: ignore[arg-type]
    return alert, items
