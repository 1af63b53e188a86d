"""Who is told: routes by level, department, region and time; rosters, holidays, stand-ins."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from response.calendar import Calendar
from response.durations import CHINA
from response.plan import load_plan
from response.roster import Duty
from response.routing import Contacts, Routing, chain
from schemas.errors import UserError

CONFIG = Path(__file__).parents[3] / "config"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("when", "period"),
    [
        ("2026-11-25T09:00", "working"),  # a Wednesday
        ("2026-11-25T08:29", "night"),
        ("2026-11-25T17:30", "night"),
        ("2026-11-28T10:00", "holiday"),  # a Saturday
        ("2026-10-01T10:00", "holiday"),  # National Day, a Thursday
        ("2026-10-10T10:00", "working"),  # a Saturday worked for it (调休)
        ("2026-02-17T10:00", "holiday"),  # Spring Festival
    ],
)
def test_working_hours_know_public_holidays_and_days_worked_instead(when: str, period: str) -> None:
    assert Calendar().period(_at(when))[0] == period


def test_own_days_win_over_the_public_ones() -> None:
    own = Calendar.model_validate(
        {"closed": [{"date": date(2026, 11, 25), "name": "盘点"}], "open": [date(2026, 10, 1)]}
    )
    assert own.period(_at("2026-11-25T09:00")) == ("holiday", "节假日（盘点）")
    assert own.period(_at("2026-10-01T09:00"))[0] == "working"


def _duty(**more: Any) -> Duty:
    shifts = [
        {"name": "白班", "from": "08:30", "to": "17:30", "people": ["a"], "since": "2026-01-05",
         "during": ["working"]},
        {"name": "夜班", "from": "17:30", "to": "08:30", "people": ["b", "c"], "days": 7,
         "since": "2026-01-05"},
        {"name": "假日班", "from": "08:30", "to": "17:30", "people": ["d"], "since": "2026-01-05"},
    ]  # fmt: skip
    rosters = [{"id": "main", "name": "总值班", "shifts": shifts}]
    return Duty.model_validate({"rosters": rosters, **more})


@pytest.mark.parametrize(
    ("when", "person"),
    [
        ("2026-01-05T08:30", "a"),  # Monday, hand-over
        ("2026-01-05T08:29", "c"),  # still the night of Sunday, of the week before
        ("2026-01-05T17:30", "b"),
        ("2026-01-12T08:29", "b"),  # the last hours of b's week
        ("2026-01-12T17:30", "c"),
        ("2026-01-10T09:00", "d"),  # Saturday
    ],
)
def test_shifts_change_at_hand_over_and_people_take_turns(when: str, person: str) -> None:
    assert _duty().on_duty("main", _at(when))[0] == person


def test_the_zone_is_the_rosters_own_whatever_the_time_is_given_in() -> None:
    assert _duty().on_duty("main", datetime(2026, 1, 5, 0, 30, tzinfo=UTC))[0] == "a"


def test_a_stand_in_takes_over_for_its_time_and_the_reason_says_so() -> None:
    holiday = {"person": "a", "stand_in": "z", "from": "2026-01-05", "to": "2026-01-06",
               "reason": "休假"}  # fmt: skip
    duty = _duty(stand_ins=[holiday])
    people, why = duty.people(["roster:main", "x"], _at("2026-01-05T09:00"))
    assert people == ["z", "x"] and "白班" in why and "休假" in why and "代班" in why
    assert duty.people(["a"], _at("2026-01-06T00:00"))[0] == ["a"]  # until is not included


def test_stand_ins_for_each_other_end() -> None:
    both = [
        {"person": p, "stand_in": q, "from": "2026-01-05", "to": "2026-01-06"}
        for p, q in (("a", "b"), ("b", "a"))
    ]
    assert _duty(stand_ins=both).people(["a"], _at("2026-01-05T09:00"))[0] == ["b"]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_a_roster_without_gaps_always_has_somebody(when: datetime) -> None:
    person, why = _duty().on_duty("main", when.replace(tzinfo=CHINA))
    assert person in {"a", "b", "c", "d"} and why


PEOPLE = [{"id": p, "name": p, "channels": [{"kind": "inbox"}]} for p in "abcdxz"]
CONTACTS = Contacts.model_validate({
    "people": PEOPLE,
    "roles": {
        "duty": {"default": ["roster:main"]},
        "head": {"default": ["x"], "departments": {"prices": ["a"]}, "regions": {"3301": ["b"]}},
        "nobody": {"default": ["roster:gone"]},
    },
})  # fmt: skip
ROUTING = Routing.model_validate({
    "timing": {"repeat_interval": "4h"},
    "routes": [
        {"name": "price-night", "levels": ["III"], "topics": ["prices"], "times": ["night"],
         "group_wait": "1m", "repeat_interval": "10m",
         "steps": [{"role": "duty", "after": "0m"}, {"role": "head", "after": "13h"}]},
        {"name": "hangzhou", "regions": ["3301"], "steps": [{"role": "head", "after": "0m"}]},
        {"name": "all", "steps": [{"role": "nobody", "after": "0m"}]},
    ],
    "clocks": [],
})  # fmt: skip


def test_a_route_is_taken_by_topic_and_time_and_a_step_by_who_is_there_then() -> None:
    when = _at("2026-01-05T20:00")
    why, steps, timing = chain(
        ROUTING, CONTACTS, "III", ["prices"], ["prices"], when, ["330102"], _duty()
    )
    assert why.startswith("price-night") and "非工作时间" in why
    assert [(s.recipients, s.due_at - when) for s in steps] == [
        (["b"], timedelta(minutes=1)), (["a", "b"], timedelta(hours=13, minutes=1)),
    ]  # fmt: skip
    assert "夜班" in steps[0].reason and timing.repeat_interval == 600


def test_by_day_it_goes_by_region_and_else_to_all_rather_than_to_nobody() -> None:
    day = _at("2026-01-05T10:00")
    why, steps, timing = chain(ROUTING, CONTACTS, "III", [], ["prices"], day, ["330102"], _duty())
    assert why.startswith("hangzhou") and steps[0].recipients == ["b"]
    assert timing.repeat_interval == 4 * 3600
    why, steps, _ = chain(ROUTING, CONTACTS, "III", [], [], day, ["110101"], _duty())
    assert why.startswith("all") and steps[0].recipients == list("abcdxz")
    assert "gone" in steps[0].reason


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("duty.yaml", "duty-c]", "duty-x]", "duty-x"),
        ("duty.yaml", '"08:30", to: "17:30", people', '"8.30", to: "17:30", people', "HH:MM"),
        ("duty.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Peking", "time zone"),
        ("contacts.yaml", "roster:duty", "roster:dudy", "dudy"),
        (
            "contacts.yaml",
            "总值班室, channels: [{kind: inbox}]",
            "总值班室, channels: [{kind: apprise, url: 'x://y'}]",
            "secret",
        ),
        ("routing.yaml", "role: leading_group", "role: leaders", "leaders"),
        ("routing.yaml", "levels: [I, II]", "levels: [I, II]\n    departments: [prise]", "prise"),
        ("routing.yaml", "times: [night, holiday]", "times: [weekend]", "working"),
    ],
)
def test_what_one_file_names_and_another_lacks_is_said_with_its_line(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    for name in ("routing.yaml", "contacts.yaml", "duty.yaml"):
        shutil.copy(CONFIG / name, tmp_path)
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    broken = text.replace(old, new, 1)
    (tmp_path / file).write_text(broken, "utf-8")
    with pytest.raises(UserError) as error:
        load_plan(tmp_path, {"prices"})
    said = str(error.value)
    assert file in said and says in said
    line = int(said.split("line ")[1].split(":")[0])
    changed = next(
        n for n, (a, b) in enumerate(zip(text.splitlines(), broken.splitlines(), strict=False), 1)
        if a != b
    )  # fmt: skip
    assert abs(line - changed) <= 1
