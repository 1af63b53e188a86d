from pathlib import Path

import numpy as np
import pytest

from models.rumour_spread import MetRumourModel
from models.spread import FirstHour, Reply, load_spread, save_spread
from models.store import CURVES, shipped
from models.training.spread import first_hour
from models.words import Cutter
from schemas.errors import UserError

MODEL = MetRumourModel(
    shipped("rumour"), shipped("replies"), load_spread(CURVES / "spread.npz"), Cutter()
)
POST = "网传自来水厂被投毒，请大家速转，不要喝自来水！"


def reply(seconds: float, text: str) -> Reply:
    return Reply(seconds, text, f"author {seconds}", False)


def test_replies_that_doubt_make_a_rumour_more_likely() -> None:
    doubted = [reply(60 * at, "这是谣言，已经辟谣了，假的") for at in range(20)]
    mourned = [reply(60 * at, "[蜡烛]愿逝者安息") for at in range(20)]
    chances = MODEL.predict([FirstHour(POST, doubted), FirstHour(POST, mourned)])
    assert chances[0] > chances[1]


def test_what_came_after_the_hour_changes_nothing() -> None:
    early = [reply(30, "真的吗")]
    late = [*early, reply(3601, "官方辟谣：谣言")]
    chances = MODEL.predict([FirstHour(POST, early), FirstHour(POST, late)])
    assert chances[0] == chances[1]


def test_a_post_that_nobody_answered_and_no_post_at_all() -> None:
    assert 0 <= MODEL.predict([FirstHour("", [])])[0] <= 1
    assert len(MODEL.predict([])) == 0


def test_rows_of_the_collection_are_read_with_their_clock() -> None:
    row = {
        "text": POST,
        "time": 1347334462,  # 2012-09-11 11:34:22 Beijing time
        "spread": [
            {"time": "2012-09-11 11:35:22", "text": "天哪", "author": "a", "parent": "x"},
            {"time": "2012-09-11 12:34:23", "text": "晚了", "author": "b", "parent": ""},
            {"time": "09月11日 21:30", "text": "无年份", "author": "c", "parent": ""},
        ],
        "author_followers": None,
        "author_verified": True,
    }
    hour = first_hour(row)
    assert hour.heard() == [Reply(60.0, "天哪", "a", True)]
    assert hour.said() == "天哪"
    assert len(hour.counts()) == 14


def test_a_curve_file_comes_back_and_a_broken_one_is_one_line(tmp_path: Path) -> None:
    curve = load_spread(CURVES / "spread.npz")
    save_spread(curve, tmp_path / "spread.npz")
    assert np.array_equal(load_spread(tmp_path / "spread.npz").weights, curve.weights)
    (tmp_path / "bad.npz").write_bytes(b"no")
    with pytest.raises(UserError) as caught:
        load_spread(tmp_path / "bad.npz")
    assert "\n" not in str(caught.value)
