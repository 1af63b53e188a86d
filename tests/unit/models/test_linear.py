from pathlib import Path

import numpy as np
import pytest

from models.features import Features
from models.linear import LinearModel, load, save
from models.stack import Stack
from models.store import SHIPPED, Store, shipped
from models.textpass import text_pass
from models.training.measure import measure
from models.training.tasks import labelled, train_task
from models.words import cutter
from schemas.errors import UserError

TEXTS = ["今天电价上涨很多", "昨天电价上涨不少", "医院看病真难", "医院挂号真难"] * 5
LABELS = ["prices", "prices", "health", "health"] * 5


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return train_task("own", TEXTS, LABELS, cutter())[0]


def features(texts: list[str]) -> Features:
    batch = text_pass(texts)
    return Features(batch, cutter().cut_pass(batch))


def test_what_was_learned_is_said_of_new_texts(model: LinearModel) -> None:
    chances = model.probabilities(features(["电价又上涨", "看病难", ""]))
    assert [model.labels[at] for at in chances.argmax(axis=1)[:2]] == ["prices", "health"]
    assert np.allclose(chances.sum(axis=1), 1)


def test_training_twice_gives_the_same_model(model: LinearModel) -> None:
    assert train_task("own", TEXTS, LABELS, cutter())[0].version == model.version


def test_a_file_gives_the_model_back(model: LinearModel, tmp_path: Path) -> None:
    save(model, tmp_path / "m.npz")
    again = load(tmp_path / "m.npz")
    assert (again.labels, again.kinds, again.version) == (model.labels, model.kinds, model.version)
    asked = features([*TEXTS, "别的"])
    assert np.abs(again.probabilities(asked) - model.probabilities(asked)).max() < 0.05


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\x80\x04K\x01."])
def test_a_broken_file_is_one_clear_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        load(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_pickle_inside_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", meta=np.array({"format": 1}, dtype=object))
    with pytest.raises(UserError):
        load(tmp_path / "m.npz")


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(UserError, match="rarest"):
        train_task("own", TEXTS[:4], LABELS[:4], cutter())
    with pytest.raises(UserError, match="no label"):
        labelled([{"text": "x"}])


def test_promote_and_rollback(model: LinearModel, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    save(model, tmp_path / "m.npz")
    with pytest.raises(UserError):
        store.rollback("own")
    store.promote(tmp_path / "m.npz")
    assert store.active("own").version == model.version
    assert "own" in store.tasks()
    assert store.rollback("own") == "shipped"
    with pytest.raises(UserError, match="shipped"):
        store.active("own")


def test_the_shipped_models_load_and_are_small() -> None:
    paths = sorted(SHIPPED.glob("*.npz"))
    assert {"topic", "attitude", "opinion", "rumour"} <= {path.stem for path in paths}
    assert sum(path.stat().st_size for path in paths) < 30_000_000
    assert shipped("attitude").labels == ("negative", "positive")


def test_models_side_by_side_say_what_each_says_alone(model: LinearModel, tmp_path: Path) -> None:
    asked = features(["电价上涨", "", "房间很脏，服务态度差"])
    save(model, tmp_path / "m.npz")
    pair = [shipped("opinion"), load(tmp_path / "m.npz")]
    for together, one in zip(Stack(pair).probabilities(asked), pair, strict=True):
        assert np.allclose(together, one.probabilities(asked), atol=1e-5)


def test_training_and_reading_see_the_same_features(model: LinearModel) -> None:
    asked = features([*TEXTS, "", "别的文字 abc"])
    counts = asked.matrix(model.kinds)
    assert np.allclose(counts @ model.table, asked.sums(model.table, model.kinds), atol=1e-4)


def test_words_hash_alike_wherever_they_stand() -> None:
    words = cutter().cut_pass(text_pass(["电价 上涨", "", "上涨 了 电价"]))
    hashes = words.hashes
    assert words.starts.tolist() == [0, 2, 2, 5]
    assert hashes[0] == hashes[4] and hashes[1] == hashes[2]
    assert len(set(hashes.tolist())) == 3


def test_a_text_gives_the_same_alone_or_in_a_batch(model: LinearModel) -> None:
    texts = ["电价上涨", "", "医院", "😀" * 9]
    alone = np.concatenate([model.scores(features([text])) for text in texts])
    assert np.allclose(model.scores(features(texts)), alone, atol=1e-6)


def test_measure() -> None:
    found = measure(["a", "a", "b", "b"], ["a", "b", "b", "b"], [0.9, 0.6, 0.9, 0.6])
    assert found["accuracy"] == 0.75
    assert found["per_class"]["a"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "rows": 2}
    assert found["macro_f1"] == round((2 / 3 + 0.8) / 2, 4)
    assert found["confusions"] == [{"truth": "a", "said": "b", "times": 1}]
    assert found["calibration_error"] == pytest.approx(0.1)
