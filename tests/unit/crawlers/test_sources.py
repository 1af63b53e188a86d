from pathlib import Path

import pytest

from crawlers.sources import load_source, load_sources
from infra.settings import PROJECT
from schemas.errors import UserError

GOOD = "name: one\nkind: article\nstart: [http://example.org/]\n"


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_shipped_sources_load() -> None:
    sources = load_sources(PROJECT / "config" / "sources")
    assert {"article", "feed", "thread"} == {source.kind for source in sources.values()}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (GOOD.replace("name: one", "name: try"), 1, "taken"),
        (GOOD + "color: red\n", 4, "color"),
        (GOOD.replace("article", "video"), 2, "kind"),
        (GOOD + "selectors:\n  body: .x\n  bdy: .y\n", 6, "bdy"),
        (GOOD.replace("http:", "file:"), 3, "http"),
        (GOOD.replace("http://example.org/", '"{nowhere}/"'), 3, "placeholder"),
        (GOOD + "region: Hebei\n", 4, "region"),
        (GOOD + "start: [", 4, ""),
    ],
)
def test_errors_name_file_line_and_field(tmp_path: Path, text: str, line: int, word: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UserError) as error:
        load_source(path)
    assert f"{path}, line {line}" in str(error.value)
    assert word in str(error.value)


def test_a_name_twice_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "b.yaml")
    with pytest.raises(UserError, match="one exists already"):
        load_sources(tmp_path)


def test_placeholders_are_filled_or_asked_for(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, GOOD.replace("http://example.org/", '"{demo}/x/"')))
    assert source.filled({"demo": "http://127.0.0.1:9/"}).start == ["http://127.0.0.1:9/x/"]
    with pytest.raises(UserError, match="--demo-url"):
        source.filled({})
