import random

import numpy as np
import pytest

from models.duplicates import DuplicateIndex, Link
from models.fingerprints import Fingerprints, fingerprint
from models.textpass import text_pass
from schemas.base import content_id

DAY = 86_400
rnd = random.Random(1)


def words(letters: int) -> str:
    return "".join(chr(rnd.randrange(0x4E00, 0x9FA0)) for _ in range(letters))


def index(capacity: int = 10_000) -> DuplicateIndex:
    return DuplicateIndex(window_seconds=7 * DAY, capacity=capacity)


def add(
    into: DuplicateIndex, texts: list[str], names: list[str] | None = None, time: int = 0
) -> list[Link | None]:
    ids = [content_id(name) for name in names or texts]
    times = np.full(len(texts), time, dtype=np.int64)
    return into.add(ids, times, fingerprint(text_pass(texts)))


def test_a_copy_names_the_first_seen_even_in_the_same_batch() -> None:
    text = words(200)
    links = add(index(), [text, words(200), text + "转"], ["a", "b", "c"])
    assert links[:2] == [None, None]
    assert links[2] is not None and links[2].of == content_id("a")
    assert links[2].reason == "near" and links[2].similarity > 0.9


def test_the_copy_of_a_copy_names_the_first() -> None:
    into, text = index(), words(200)
    add(into, [text], ["a"])
    add(into, [text + words(10)], ["b"])
    assert add(into, [text + words(10)], ["c"])[0].of == content_id("a")  # type: ignore[union-attr]


def test_other_marks_blanks_and_widths_are_the_same_text() -> None:
    first = "１月电价上涨，居民反映强烈。请发改委答复！"
    links = add(index(), [first, "1月电价上涨 居民反映强烈 请发改委答复"], ["a", "b"])
    assert links[1] == Link(content_id("a"), 1.0, "exact")


def test_a_changed_number_is_another_text() -> None:
    assert add(index(), ["油价每升上调2.5元钱了", "油价每升上调25元钱了"]) == [None, None]


def test_very_short_texts_are_never_linked_and_short_ones_only_when_equal() -> None:
    links = add(
        index(),
        ["转发微博", "转发微博", "小区又停电两小时", "小区又停电两小时", "小区又停水两小时"],
        ["a", "b", "c", "d", "e"],
    )
    assert [link and link.reason for link in links] == [None, None, None, "exact", None]


def test_a_replayed_id_gets_the_answer_it_got_and_is_not_its_own_copy() -> None:
    into, text = index(), words(100)
    names = ["a", "b"]
    first = add(into, [text, text], names)
    assert add(into, [text, text], names) == first
    assert first[0] is None
    assert len(into) == 2


def test_an_id_twice_in_a_batch_gets_one_answer() -> None:
    text = words(100)
    assert add(index(), [text, text], ["a", "a"]) == [None, None]


def test_what_left_the_window_is_forgotten_and_the_first_is_named_as_long_as_copies_stay() -> None:
    into, text = index(), words(100)
    add(into, [text], ["a"], time=0)
    add(into, [text], ["b"], time=6 * DAY)
    assert add(into, [text], ["c"], time=8 * DAY)[0].of == content_id("a")  # type: ignore[union-attr]
    assert add(into, [text], ["d"], time=30 * DAY) == [None]
    assert len(into) == 1


def test_capacity_is_a_bound() -> None:
    into = index(capacity=50)
    texts = [words(60) for _ in range(120)]
    assert add(into, texts) == [None] * 120
    assert len(into) == 50
    assert add(into, texts[-1:], ["again"])[0].of == content_id(texts[-1])  # type: ignore[union-attr]
    assert add(into, texts[:1], ["again too"]) == [None]


def test_a_quotation_in_a_longer_text_is_found() -> None:
    text = words(150)
    links = add(index(), [text, words(120) + text + words(60)], ["a", "b"])
    assert links[1] is not None and links[1].of == content_id("a")


def test_texts_that_share_little_are_not_linked() -> None:
    shared = words(40)
    assert add(index(), [shared + words(100), shared + words(100)]) == [None, None]


def test_batches_or_not_the_same_clusters() -> None:
    base = [words(120) for _ in range(20)]
    texts = [text + words(rnd.randrange(9)) for text in base for _ in range(5)]
    rnd.shuffle(texts)
    names = [str(at) for at in range(len(texts))]
    whole = add(index(), texts, names)
    into = index()
    single = [add(into, [text], [name])[0] for text, name in zip(texts, names, strict=True)]
    assert whole == single


def test_fingerprints_survive_the_wire() -> None:
    prints = fingerprint(text_pass([words(50), "", "短"]))
    again = Fingerprints.from_bytes(prints.to_bytes())
    assert len(again) == 3
    for name in ("exact", "size", "signature", "anchors"):
        assert np.array_equal(getattr(again, name), getattr(prints, name))


def test_broken_bytes_are_refused() -> None:
    with pytest.raises(ValueError):
        Fingerprints.from_bytes(b"123")
    with pytest.raises(ValueError):
        index().add(["0" * 32], np.zeros(2, np.int64), fingerprint(text_pass(["a"])))


@pytest.mark.parametrize(
    "text", ["", "x", "\ud800", "😀" * 30, "哈" * 10_000, "ab " * 5_000, "&nbsp;"]
)
def test_odd_texts_have_fingerprints(text: str) -> None:
    assert len(add(index(), [text, text], ["a", "b"])) == 2


def test_similarity_estimates_the_jaccard_index() -> None:
    errors = []
    for share in (0.3, 0.5, 0.7, 0.9):
        common, length = words(600), int(600 / share)
        pair = [common, common + words(length - 600)]
        signature = fingerprint(text_pass(pair)).signature
        errors.append(abs((signature[0] == signature[1]).mean() - share))
    assert max(errors) < 0.15 and np.mean(errors) < 0.08
