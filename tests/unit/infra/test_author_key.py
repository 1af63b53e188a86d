from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.author_key import author_key
from infra.settings import settings
from schemas.errors import UserError


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TINGCHAO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("TINGCHAO_AUTHOR_KEY", raising=False)
    for cached in (settings, author_key):
        cached.cache_clear()
    yield tmp_path / "data"
    for cached in (settings, author_key):
        cached.cache_clear()


def test_made_once_and_kept_for_its_owner_alone(fresh: Path) -> None:
    first = author_key()
    author_key.cache_clear()
    assert author_key() == first and len(first) == 64
    assert (fresh / "author.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in fresh.iterdir()] == ["author.key"]


def test_the_setting_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINGCHAO_AUTHOR_KEY", "given")
    assert author_key() == b"given"


def test_a_folder_that_cannot_be_made_is_a_clear_error(fresh: Path) -> None:
    fresh.write_text("a file where the folder should be")
    with pytest.raises(UserError, match="TINGCHAO_AUTHOR_KEY"):
        author_key()
