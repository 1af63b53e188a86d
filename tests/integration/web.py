"""A person before the console: logged in, the token of each form sent along."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from infra.settings import PROJECT
from tests.integration.crawling import command, environment, until

NAME, PASSWORD = "tester", "a password for tests"


class Web(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self.token = ""

    def login(self, address: str, name: str = NAME, password: str = PASSWORD) -> Web:
        answer = requests.Session.post(
            self, f"{address}/login", {"name": name, "password": password}, timeout=30
        )
        assert answer.status_code == 200 and "登录名、密码" not in answer.text, answer.text
        found = re.search(
            r'name="csrf" value="([\w-]+)"', self.get(f"{address}/me", timeout=30).text
        )
        assert found
        self.token = found[1]
        return self

    def post(self, url: Any, data: Any = None, json: Any = None, **more: Any) -> requests.Response:
        """Fields get the token; bytes are sent as they are, after it."""
        if isinstance(data, bytes):
            data = f"csrf={self.token}&".encode() + data
        elif data is not None:
            data = {"csrf": self.token, **data}
        return super().post(url, data, json, **more)


@contextmanager
def served(*options: str, env: dict[str, str] | None = None) -> Iterator[str]:
    """A console in a process of its own; its address, once it answers."""
    if "--port" not in options:  # the usual one may be taken by then, by another run's console
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            options = (*options, "--port", str(free.getsockname()[1]))
    process = subprocess.Popen(
        command("console", *options), cwd=PROJECT, env=environment() | (env or {}),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]

        def answers() -> bool:
            assert process.poll() is None, "the console ended"
            try:
                return requests.get(f"{address}/ready", timeout=2).ok
            except requests.ConnectionError:
                return False

        until(answers)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def add_user(name: str, password: str, *options: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command("user", "add", name, "--password-stdin", *options), cwd=PROJECT,
        env=environment() | {"TINGCHAO_STACK": "external"} | (env or {}), input=password + "\n",
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


web = Web()  # who is logged in by the fixture `console`
