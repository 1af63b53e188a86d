"""Configuration read again when it changes; a broken change keeps what was in force."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import structlog

from infra import metrics
from models.reloading import Reloading
from models.rule_file import RuleFile
from models.severity_rules import Rules
from models.severity_rules import load as load_rules
from models.taxonomy import load_taxonomy
from models.watch import Watches, load_file, load_stored
from response.plan import FILES, Plan, load_plan
from schemas.errors import UserError
from schemas.yaml_file import load_yaml

log = structlog.get_logger("tingchao.config")


def severity_rules(config: Path) -> Reloading[Rules]:
    """UserError when the first reading fails: a start stops on a broken file."""
    path = config / "severity.yaml"

    return Reloading(path, load_rules, _told(path))


def alert_plan(config: Path) -> Reloading[Plan]:
    """Routing, contacts and rosters, checked against each other and the departments."""

    def load(folder: Path) -> Plan:
        departments = {each.id for each in load_taxonomy(folder)[1].departments}
        return load_plan(folder, departments)

    watched = [config / name for name in FILES]
    return Reloading(config, load, _told(config / FILES[0]), watched)


def rule_file(config: Path) -> Reloading[RuleFile]:
    """config/rules.yaml."""
    path = config / "rules.yaml"
    return Reloading(path, lambda path: load_yaml(path, RuleFile), _told(path))


class ReloadingWatches:
    """Those of config/watch.yaml, then those stored in Elasticsearch (a file of `data`)."""

    def __init__(self, config: Path, stored: Path) -> None:
        path = config / "watch.yaml"
        self._file = Reloading(path, load_file, _told(path))
        self._stored = Reloading(stored, load_stored, _told(stored))
        self._seen: tuple[object, object] = (None, None)
        self._value = Watches()

    def current(self) -> Watches:
        now = (self._file.current(), self._stored.current())
        if self._seen[0] is not now[0] or self._seen[1] is not now[1]:
            ids = {watch.id for watch in now[0]}
            self._value = Watches([*now[0], *(w for w in now[1] if w.id not in ids)])
            self._seen = now
        return self._value


def _told(path: Path) -> Callable[[UserError | None], None]:
    def told(error: UserError | None) -> None:
        metrics.CONFIG_RELOADS.labels(path.name, "failed" if error else "loaded").inc()
        if error:
            log.error("kept what was in force: the new file is broken", error=str(error))
        else:
            log.info("read again", file=str(path))

    return told
