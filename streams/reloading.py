"""Configuration read again when it changes; a broken change keeps what was in force."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import structlog

from infra import metrics
from models.reloading import Reloading
from models.severity_rules import Rules
from models.severity_rules import load as load_rules
from models.taxonomy import load_taxonomy
from response.plan import FILES, Plan, load_plan
from schemas.errors import UserError

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


def _told(path: Path) -> Callable[[UserError | None], None]:
    def told(error: UserError | None) -> None:
        metrics.CONFIG_RELOADS.labels(path.name, "failed" if error else "loaded").inc()
        if error:
            log.error("kept what was in force: the new file is broken", error=str(error))
        else:
            log.info("read again", file=str(path))

    return told
