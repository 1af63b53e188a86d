"""The local stack's commands, and its errors: one clear line, a code that is not 0."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from infra.settings import PROJECT, settings
from infra.stack import Endpoints
from infra.stack.artifacts import pinned
from infra.stack.process import Process, free_port, started_at


def _tingchao(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tingchao", *arguments], cwd=PROJECT, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **env}, capture_output=True,
    )  # fmt: skip


local_only = pytest.mark.skipif(
    settings().stack != "local", reason="the stack of this run is not the local one"
)


@local_only
def test_a_second_up_finds_it_running(endpoints: Endpoints) -> None:
    done = _tingchao("stack", "up")
    assert done.returncode == 0
    assert endpoints.kafka in done.stdout and endpoints.elasticsearch in done.stdout
    status = [json.loads(line) for line in _tingchao("stack", "status").stdout.splitlines()]
    assert [line["server"] for line in status] == ["kafka", "elasticsearch"]
    assert all(line["running"] for line in status)
    assert "kafka.server" in _tingchao("stack", "logs", "kafka", "--lines", "400").stdout


@local_only
def test_it_listens_on_loopback_only(endpoints: Endpoints) -> None:
    status = [json.loads(line) for line in _tingchao("stack", "status").stdout.splitlines()]
    for line in status:
        process = psutil.Process(line["pid"])
        for member in (process, *process.children(recursive=True)):
            for connection in member.net_connections(kind="tcp"):
                if connection.status == psutil.CONN_LISTEN:
                    assert connection.laddr.ip in ("127.0.0.1", "::1", "::ffff:127.0.0.1")


@local_only
def test_reset_asks_first_and_unknown_servers_are_named(endpoints: Endpoints) -> None:
    assert _tingchao("stack", "reset").returncode == 1  # nobody answered
    assert _tingchao("stack", "status").returncode == 0
    done = _tingchao("stack", "logs", "zookeeper")
    assert done.returncode == 1 and "choose of kafka, elasticsearch" in done.stderr


def test_a_taken_port_is_left_alone() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert free_port(taken, set()) != taken
    assert free_port(taken, {taken}) != taken


def test_only_the_process_that_was_started_is_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = started_at(child.pid)
    stranger = Process(child.pid, started - 100)  # the pid was given to another process
    stranger.stop()
    assert child.poll() is None
    Process(child.pid, started).stop()
    assert child.wait(5) is not None


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[str]:
    """A Maven repository on loopback whose every artifact is the same wrong bytes."""
    for artifact in pinned():
        group, name, version = artifact.coordinate.split(":")[:3]
        folder = tmp_path / "maven" / group.replace(".", "/") / name / version
        folder.mkdir(parents=True)
        (folder / artifact.filename).write_bytes(b"not what was pinned")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "maven"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _up_from(repository: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """`stack up` with an empty cache and only this repository."""
    config = tmp_path / "jgo.conf"
    config.write_text(f"[repositories]\nonly = {repository}\n")
    return _tingchao(
        "stack", "up", JGO_CONFIG_FILE=str(config), TINGCHAO_STACK="local",
        TINGCHAO_CACHE=str(tmp_path / "cache"), TINGCHAO_DATA=str(tmp_path / "data"),
    )  # fmt: skip


def test_a_wrong_checksum_is_refused(repository: str, tmp_path: Path) -> None:
    done = _up_from(repository, tmp_path)
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("tingchao:")]
    assert "SHA-512" in line and "not used" in line
    assert not list((tmp_path / "cache").glob("*.jar"))


def test_without_a_network_it_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = _up_from(f"http://127.0.0.1:{closed.getsockname()[1]}", tmp_path)
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("tingchao:")]
    assert "cannot download" in line and "network" in line


def test_external_without_addresses_names_the_settings() -> None:
    done = _tingchao("lag", TINGCHAO_STACK="external", TINGCHAO_KAFKA_BOOTSTRAP="")
    assert done.returncode == 1 and "TINGCHAO_ELASTICSEARCH_URL" in done.stderr


def test_a_wrong_setting_is_named() -> None:
    done = _tingchao("lag", TINGCHAO_STACK="cloud")
    assert done.returncode == 1 and "TINGCHAO_STACK" in done.stderr
    assert "Traceback" not in done.stderr
