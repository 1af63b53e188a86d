"""`make pin`: resolve the servers' artifacts again and write artifacts.lock."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from infra.stack.artifacts import ELASTICSEARCH, KAFKA, LOCK, maven, sha512_of

KAFKA_ROOTS = (
    "org.apache.kafka:kafka_2.13:4.1.0",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",  # Kafka logs through slf4j
)
ELASTICSEARCH_ZIP = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:9.2.0:zip"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = maven(Path(folder))
        coordinates: dict[str, str] = {}
        for root in KAFKA_ROOTS:
            for coordinate in _closure(context, root):
                coordinates.setdefault(coordinate, KAFKA)
        coordinates[ELASTICSEARCH_ZIP] = ELASTICSEARCH
        lines = ["# server coordinate sha512; written by `make pin`"]
        for coordinate, server in sorted(coordinates.items(), key=lambda kv: (kv[1], kv[0])):
            group, name, version, *packaging = coordinate.split(":")
            component = context.project(group, name).at_version(version)
            path = component.artifact(packaging=packaging[0] if packaging else "jar").resolve()
            lines.append(f"{server} {coordinate} {sha512_of(Path(str(path)))}")
            print(coordinate, file=sys.stderr)
    LOCK.write_text("\n".join(lines) + "\n", "utf-8")


def _closure(context: object, root: str) -> list[str]:
    from jgo.maven import Dependency

    group, name, version = root.split(":")
    component = context.project(group, name).at_version(version)  # type: ignore[attr-defined]
    _, found = context.resolver.get_dependency_list(  # type: ignore[attr-defined]
        [Dependency(component.artifact())], transitive=True
    )
    nodes = [root]
    for node in found:
        dep = node.dep
        if dep.scope in (None, "compile", "runtime"):
            nodes.append(f"{dep.groupId}:{dep.artifactId}:{dep.version}")
    return list(dict.fromkeys(nodes))


if __name__ == "__main__":
    main()
