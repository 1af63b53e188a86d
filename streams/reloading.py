"""config/severity.yaml, read again when it changes; a broken change keeps the old rules."""

from __future__ import annotations

from pathlib import Path

import structlog

from infra import metrics
from models.reloading import Reloading
from models.severity_rules import Rules
from models.severity_rules import load as load_rules
from schemas.errors import UserError

log = structlog.get_logger("tingchao.config")


def severity_rules(config: Path) -> Reloading[Rules]:
    """UserError when the first reading fails: a start stops on a broken file."""
    path = config / "severity.yaml"

    def told(error: UserError | None) -> None:
        metrics.CONFIG_RELOADS.labels(path.name, "failed" if error else "loaded").inc()
        if error:
            log.error("kept the old rules: the new file is broken", error=str(error))
        else:
            log.info("read again", file=str(path))

    return Reloading(path, load_rules, told)
