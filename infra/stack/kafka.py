"""One Kafka node (KRaft, broker and controller in one), on loopback."""

from __future__ import annotations

import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from infra.stack import process
from infra.stack.process import Process
from schemas.errors import UserError
from schemas.topics import MAX_MESSAGE

_LOGGING = """\
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {log}
appender.file.filePattern = {log}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d] %p %m (%c)%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 20MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRefs = file
rootLogger.appenderRef.file.ref = file
"""


def start(java: Path, jars: Path, folder: Path, heap: str, port: int, controller: int) -> Process:
    """Format the storage once, then start; the caller waits until it answers."""
    folder.mkdir(parents=True, exist_ok=True)
    properties = _write_properties(folder, port, controller)
    (folder / "log4j2.properties").write_text(_LOGGING.format(log=folder / "server.log"), "utf-8")
    command = [
        str(java), f"-Xmx{heap}", f"-Xms{heap}", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20",
        "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true",
        "-Djava.net.preferIPv4Stack=true",
        f"-Dlog4j2.configurationFile={(folder / 'log4j2.properties').as_uri()}",
        "-cp", str(jars / "*"),
    ]  # fmt: skip
    if not (folder / "data" / "meta.properties").exists():
        _format(command, folder, properties)
    log = folder / "console.log"
    log.unlink(missing_ok=True)
    return process.start([*command, "kafka.Kafka", str(properties)], folder, log)


def _format(command: list[str], folder: Path, properties: Path) -> None:
    cluster = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode().replace("-", "A")
    done = subprocess.run(
        [*command, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)],
        capture_output=True, text=True, cwd=folder,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise UserError(
            f"cannot format Kafka's storage in {folder}: {' '.join(last)}",
            "check that the disk is not full; `tingchao stack reset` starts anew",
        )


def _write_properties(folder: Path, port: int, controller: int) -> Path:
    lines = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": folder / "data",
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "offsets.topic.num.partitions": 4,
        "auto.create.topics.enable": "false",
        "message.max.bytes": MAX_MESSAGE,
        "replica.fetch.max.bytes": MAX_MESSAGE,
        "group.initial.rebalance.delay.ms": 0,
        "log.segment.bytes": 128 * 1024 * 1024,
        "num.network.threads": 2,
        "num.io.threads": 4,
    }
    path = folder / "server.properties"
    path.write_text("".join(f"{key}={_escaped(value)}\n" for key, value in lines.items()), "utf-8")
    return path


def _escaped(value: object) -> str:
    """A value of a .properties file: a backslash there escapes."""
    return str(value).replace("\\", "\\\\")
