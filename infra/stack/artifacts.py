"""The servers' artifacts: coordinates and SHA-512, pinned in artifacts.lock.

jgo downloads them from the Maven repositories of its own settings (a mirror is
set there, as docs/operations.md tells); nothing is used whose SHA-512 differs.
They are cached per user and shared by checkouts.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from filelock import FileLock

from schemas.errors import UserError

LOCK = Path(__file__).with_name("artifacts.lock")
KAFKA = "kafka"
ELASTICSEARCH = "elasticsearch"
PARALLEL = 8

Progress = Callable[[str, int, int], None]  # (what, done, of)


@dataclass(frozen=True)
class Artifact:
    server: str  # which server it belongs to
    coordinate: str  # group:artifact:version[:packaging]
    sha512: str

    @property
    def packaging(self) -> str:
        return [*self.coordinate.split(":"), "jar"][3]

    @property
    def filename(self) -> str:
        _, artifact, version = self.coordinate.split(":")[:3]
        return f"{artifact}-{version}.{self.packaging}"


def pinned() -> list[Artifact]:
    lines = LOCK.read_text("utf-8").splitlines()
    return [Artifact(*line.split()) for line in lines if line and not line.startswith("#")]


def fetch(cache: Path, progress: Progress) -> tuple[Path, Path]:
    """(folder of Kafka's jars, home of Elasticsearch), downloaded and checked once."""
    cache.mkdir(parents=True, exist_ok=True)
    jars, home = cache / "kafka-jars", cache / "elasticsearch-home"
    artifacts = pinned()
    stamp = cache / "stack.sha512"
    wanted = hashlib.sha512(LOCK.read_bytes()).hexdigest()
    with FileLock(cache / "stack.lock"):
        if stamp.exists() and stamp.read_text() == wanted and jars.is_dir() and home.is_dir():
            return jars, home
        missing = [a for a in artifacts if not _is_there(cache / a.filename, a)]
        progress("下载 Kafka 与 Elasticsearch", 0, len(artifacts))
        with ThreadPoolExecutor(PARALLEL) as pool:
            done = len(artifacts) - len(missing)
            for future in as_completed([pool.submit(download, a, cache) for a in missing]):
                future.result()
                done += 1
                progress("下载 Kafka 与 Elasticsearch", done, len(artifacts))
        _lay_out(artifacts, cache, jars, home)
        stamp.write_text(wanted)
    return jars, home


def download(artifact: Artifact, cache: Path) -> None:
    """Bring one artifact into `cache`; UserError when it cannot be had or is not the pinned one."""
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        found = _download(artifact.coordinate, Path(folder))
        actual = sha512_of(found)
        if actual != artifact.sha512:
            raise UserError(
                f"{artifact.filename} has SHA-512 {actual[:16]}…, not the pinned "
                f"{artifact.sha512[:16]}…; it was not used",
                "check the repository in jgo's settings, or pin it again with `make pin`",
            )
        found.replace(cache / artifact.filename)


def _download(coordinate: str, folder: Path) -> Path:
    group, name, version, *packaging = coordinate.split(":")
    kind = packaging[0] if packaging else "jar"
    try:
        artifact = maven(folder).project(group, name).at_version(version).artifact(packaging=kind)
        return Path(str(artifact.resolve()))
    except (requests.RequestException, RuntimeError) as error:
        raise UserError(
            f"cannot download {coordinate}: {_short(error)}",
            "check the network, or name a Maven mirror in ~/.config/jgo.conf "
            "([repositories] name = URL), then run the same command again",
        ) from None


def maven(repo_cache: Path) -> Any:
    """jgo's Maven context with the repositories of jgo's own settings."""
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext, PythonResolver

    repositories = GlobalSettings.load().repositories or None
    return MavenContext(repo_cache=repo_cache, remote_repos=repositories, resolver=PythonResolver())


def sha512_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


def _is_there(path: Path, artifact: Artifact) -> bool:
    return path.exists() and sha512_of(path) == artifact.sha512


def _lay_out(artifacts: list[Artifact], cache: Path, jars: Path, home: Path) -> None:
    """Kafka's jars in one folder, Elasticsearch unpacked; the old ones go."""
    for folder in (jars, home):
        shutil.rmtree(folder, ignore_errors=True)
    jars.mkdir()
    for artifact in artifacts:
        if artifact.server == KAFKA:
            (cache / artifact.filename).replace(jars / artifact.filename)
        else:
            with zipfile.ZipFile(cache / artifact.filename) as archive:
                archive.extractall(cache / "unpacked")
            (folder,) = (cache / "unpacked").iterdir()
            folder.replace(home)
            (cache / "unpacked").rmdir()
            (cache / artifact.filename).unlink()


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
