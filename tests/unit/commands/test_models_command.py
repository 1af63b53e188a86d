import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from commands import dedup, models
from infra.settings import settings
from schemas.errors import UserError

ROWS = [("今天电价上涨很多", "prices"), ("医院看病真难", "health")] * 6


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TINGCHAO_DATA", str(tmp_path / "data"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def run(*arguments: str) -> list[str]:
    app = typer.Typer()
    models.register(app)
    dedup.register(app)
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def write(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return str(path)


def test_train_evaluate_promote_list_and_roll_back(tmp_path: Path) -> None:
    data = write(tmp_path / "rows.jsonl", [{"text": t, "label": label} for t, label in ROWS])
    out = str(tmp_path / "out")
    trained = json.loads(run("models", "train", "topic", "--data", data, "--out", out)[0])
    assert trained["rows"] == 12 and trained["held_out_accuracy"] == 1.0
    lines = run("models", "evaluate", "topic", "--data", data, "--model", out)
    assert "accuracy: 1.0" in lines and "macro_f1: 1.0" in lines
    found = json.loads(
        "\n".join(run("models", "evaluate", "topic", "--data", data, "--model", out, "--json"))
    )
    assert found["per_class"]["prices"]["recall"] == 1.0
    run("models", "promote", out)
    in_use = {line["task"]: line for line in map(json.loads, run("models", "list"))}
    assert in_use["topic"]["version"] == trained["version"]
    assert in_use["topic"]["from"] == "promoted" and in_use["attitude"]["from"] == "shipped"
    assert run("models", "rollback", "topic") == ["topic: shipped is in use"]


def test_rows_of_other_labels_are_refused(tmp_path: Path) -> None:
    data = write(
        tmp_path / "rows.jsonl",
        [{"text": "x", "label": "no such"}] * 2 + [{"text": "y", "label": "z"}],
    )
    with pytest.raises(UserError, match="the model knows"):
        run("models", "evaluate", "attitude", "--data", data)


def test_dedup_answers_line_for_line(tmp_path: Path) -> None:
    text = "昨日我市召开会议，研究部署迎峰度夏电力保供工作，要求确保居民用电。"
    data = write(
        tmp_path / "items.jsonl",
        [{"id": "a", "text": text}, {"text": "别的事情"}, {"id": "b", "text": text + "（转）"}],
    )
    first, other, copy = map(json.loads, run("dedup", data))
    assert first == {"id": "a", "duplicate_of": None, "similarity": None}
    assert other["duplicate_of"] is None and len(other["id"]) == 32
    assert copy["duplicate_of"] == "a" and copy["reason"] == "near" and copy["similarity"] > 0.8


@pytest.mark.parametrize("line", ['{"id": "x"}', '{"text": 5}', "[]", "{"])
def test_a_broken_item_names_its_line(line: str, tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text('{"text": "好"}\n' + line + "\n", "utf-8")
    with pytest.raises(UserError, match="line 2"):
        run("dedup", str(tmp_path / "items.jsonl"))


def test_corrections_are_trained_on_and_win(tmp_path: Path) -> None:
    data = write(tmp_path / "rows.jsonl", [{"text": t, "label": label} for t, label in ROWS])
    said = [
        {"text": ROWS[0][0], "label": "power", "field": "topic"},
        {"text": "停电三天没有人管", "label": "power", "field": "topic"},
        {"text": "停电三天没有人管", "label": "negative", "field": "attitude"},
    ] * 3
    more = write(tmp_path / "corrections.jsonl", said)
    arguments = ("models", "train", "topic", "--data", data, "--out", str(tmp_path / "out"))
    trained = json.loads(run(*arguments, "--corrections", more)[0])
    assert trained["rows"] == 6 + 6, "the six rows of a text that was corrected went"
    assert trained["version"] != json.loads(run(*arguments)[0])["version"]
