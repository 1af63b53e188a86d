"""Rules about many items: counts, words, carriers; and what is no rules file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from infra.settings import PROJECT
from models.event_state import LiveEvent
from models.rule_file import Flatline, NewTerm, RuleFile, Spike, Threshold, TierChange, Where
from models.rules import Counts, Fired, Term, judge, new_terms, speaks
from models.tier_rules import risen, tier_signal
from schemas.errors import UserError
from schemas.rule_state import RuleState
from schemas.yaml_file import load_yaml
from tests.builders import NOW, brief

HOUR = timedelta(hours=1)
THRESHOLD = Threshold(id="many", name="多", kind="threshold", at={"IV": 10, "II": 100})
SPIKE = Spike(id="spike", name="突增", kind="spike", at={"IV": 3, "III": 6}, at_least=10)
FLAT = Flatline(id="flat", name="断流", kind="flatline", usual=10, below=0.2)


def _counts(*counts: int) -> Counts:
    return Counts(NOW, HOUR, counts)


def _days(usual: int, quiet: int, now: int) -> Counts:
    """Fourteen days with `usual` items at this hour and `quiet` at the others, then now."""
    return _counts(*([usual] + [quiet] * 23) * 14, now)


def _level(fired: Fired | None) -> str:
    return fired.level if fired else ""


@pytest.mark.parametrize(("now", "level"), [(9, ""), (10, "IV"), (99, "IV"), (100, "II")])
def test_a_threshold(now: int, level: str) -> None:
    assert _level(judge(THRESHOLD, _counts(0, now))) == level


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        (_days(5, 5, 16), "IV"),
        (_days(5, 5, 30), "III"),
        (_days(20, 5, 30), ""),  # every day is busy at this hour
        (_days(1, 20, 30), ""),  # the whole day is busy, only this hour was calm
        (_days(1, 1, 9), ""),  # nine items are too few
        (_counts(*[0] * 300, 2, 2, 2, 12), "III"),  # three hours of history
        (_counts(*[0] * 300, 2, 12), ""),  # too little history to compare with
        (_counts(50), ""),
    ],
)
def test_a_spike_surpasses_both_baselines(counts: Counts, level: str) -> None:
    assert _level(judge(SPIKE, counts)) == level


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        (_days(20, 20, 3), "IV"),
        (_days(20, 20, 4), ""),
        (_days(5, 50, 0), ""),
        (_counts(0, 0, 0), ""),
    ],
)
def test_a_flatline_knows_what_is_usual_now(counts: Counts, level: str) -> None:
    assert _level(judge(FLAT, counts)) == level


def test_why_is_said_with_its_numbers() -> None:
    fired = judge(SPIKE, _days(5, 5, 30))
    assert fired and fired.evidence == (
        "1 小时内 30 条，为基线的 6.0 倍（近 12 小时 5.0，同一时段 5.0）"
    )


def test_new_words_are_matters_of_their_own() -> None:
    rule = NewTerm(id="new", name="新词", kind="new_term", at={"IV": 5, "III": 20}, most=2)
    terms = [Term("旧词", 50, 3), Term("甲烷", 6, 0), Term("泄漏点", 30, 0), Term("少", 90, 0),
             Term("2026", 9, 0), Term("偶尔", 4, 0), Term("丙酮", 5, 0)]  # fmt: skip
    found = new_terms(rule, terms, NOW)
    assert [(each.matter, each.level) for each in found] == [("泄漏点", "III"), ("甲烷", "IV")]
    assert found[0].matter_id != found[1].matter_id


def test_the_same_is_said_again_only_after_a_while_or_when_graver() -> None:
    fired = Fired("many", "IV", "多", "", 12, NOW)
    said = RuleState(rule="many", matter_id=fired.matter_id, level="IV", fired_at=NOW - HOUR)
    assert speaks(fired, None, 6 * HOUR) and not speaks(fired, said, 6 * HOUR)
    assert speaks(fired, said, HOUR)
    graver = Fired("many", "II", "多", "", 120, NOW)
    assert speaks(graver, said, 6 * HOUR) and graver.matter_id == fired.matter_id


def _event(*tiers: str) -> LiveEvent:
    event = LiveEvent("e", "test", NOW)
    for number, tier in enumerate(tiers):
        event.join(brief(str(number), tier=tier, topics=["energy"]), NOW, again=False)
        risen(event)
    return event


def test_a_matter_that_higher_media_take_up() -> None:
    rule = TierChange(id="up", name="升", kind="tier", at={"IV": "provincial", "III": "central"})
    event = _event("public", "county")
    event.join(brief("9", tier="central"), NOW, again=False)
    rise = risen(event)
    assert rise == ("county", "central") and risen(event) is None
    signal = tier_signal(event, rise, [rule], NOW)
    assert signal and (signal.kind, signal.event.level) == ("tier", "III")
    assert signal.event.reasons[-1].evidence == "县级 → 中央媒体"
    elsewhere = TierChange.model_validate(
        {"id": "up", "name": "升", "kind": "tier", "at": {"III": "central"},
         "where": {"topics": ["housing"]}}
    )  # fmt: skip
    assert tier_signal(event, rise, [elsewhere], NOW) is None
    calm = elsewhere.model_copy(update={"where": Where(attitudes=["negative"])})
    assert tier_signal(event, rise, [calm], NOW) is None
    assert tier_signal(event, ("provincial", "central"), [rule], NOW)
    assert tier_signal(event, ("public", "city"), [rule], NOW) is None
    began_high = _event("central", "public")
    assert risen(began_high) is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("- {id: one, name: 甲, kind: threshold, at: {IV: 10, III: 5}}", "graver level"),
        ("- {id: one, name: 甲, kind: threshold, window: 7h, at: {IV: 10}}", "3.*part of a day"),
        ("- {id: one, name: 甲, kind: loud, at: {IV: 10}}", "line 3"),
        ("- {id: one, name: 甲, kind: spike, at: {IV: 1}}", "line 3.*greater than 1"),
        ("- {id: one, name: 甲, kind: threshold, at: {IV: 9}, where: {query: (电}}", "3.*两个字"),
        ("- &r {id: one, name: 甲, kind: threshold, at: {IV: 9}}\n- *r", "used twice"),
    ],
)  # fmt: skip
def test_the_file_is_checked_to_the_line(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(f"version: 1\nrules:\n{lines}\n", "utf-8")
    with pytest.raises(UserError, match=said):
        load_yaml(file, RuleFile)


def test_the_shipped_rules_are_sound_and_of_every_kind() -> None:
    rules = load_yaml(PROJECT / "config" / "rules.yaml", RuleFile).rules
    assert {rule.kind for rule in rules} == {"threshold", "spike", "flatline", "new_term", "tier"}
    assert TypeAdapter(RuleFile).validate_python(RuleFile(version=1).model_dump()).rules == []
