"""Child processes of `tingchao run`: started again when they die, ended with us.

A worker ends itself rather than skip a message; something outside has to start
it again, and this is it (on servers: systemd or the container's restart policy).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from infra.settings import PROJECT
from schemas.errors import UserError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a restart
EXIT_STOPPED = 79  # as streams.batch says it
STEADY = 60.0  # seconds of life after which the pause is short again


class Child:
    """One `tingchao …` process, its output in a log file."""

    def __init__(self, name: str, arguments: Sequence[str], logs: Path) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._command = [sys.executable, "-m", "tingchao", *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._restart_at = 0.0
        self._pause = FIRST_PAUSE
        self.restarts = 0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            # A group of its own: Ctrl-C reaches us alone, and we end it in order.
            self._process = subprocess.Popen(
                self._command,
                cwd=PROJECT,
                env={**os.environ, "PYTHONPATH": str(PROJECT)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._started = time.monotonic()

    @property
    def code(self) -> int | None:
        """Exit code; None while it runs (or waits to be started again)."""
        return self._process.poll() if self._process else None

    @property
    def stopped(self) -> bool:
        """Whether it ended on purpose, for somebody to look: another start would not help."""
        return self.code == EXIT_STOPPED

    def watch(self) -> str | None:
        """Start it again when it has died; a line that says so."""
        if self.code is None or self.stopped:
            return None
        now = time.monotonic()
        if not self._restart_at:
            if now - self._started > STEADY:
                self._pause, self.restarts = FIRST_PAUSE, 0
            self._restart_at = now + self._pause
            return f"{self.name} 退出（{self.code}），{self._pause:.0f} 秒后重启；日志 {self.log}"
        if now >= self._restart_at:
            self._restart_at = 0.0
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self.restarts += 1
            self.start()
        return None

    def stop(self, patience: float = 35) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def end_of_log(self, lines: int = 8) -> str:
        try:
            return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])
        except OSError:
            return ""


def wait_for(child: Child, seconds: float) -> None:
    """Until a child that has an end reaches it; UserError when it fails or takes too long."""
    deadline = time.monotonic() + seconds
    while child.code is None:
        if time.monotonic() > deadline:
            child.stop()
            raise UserError(f"{child.name} took over {seconds:.0f} s", f"see {child.log}")
        time.sleep(0.1)
    if child.code:
        raise UserError(
            f"{child.name} failed ({child.code}). The end of {child.log}:\n{child.end_of_log()}\n"
            f"tingchao: {child.name} failed",
            "mend what its log says",
        )
