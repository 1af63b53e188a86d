"""Column mappings that a person gave, remembered by the header they were given for."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from schemas.base import content_id


def recall(file: Path, header: Sequence[str]) -> dict[str, str]:
    """What was said for this header; nothing when the file is not there or broken."""
    found = _load(file).get(_name(header), {})
    return {str(field): str(column) for field, column in found.items()}


def remember(file: Path, header: Sequence[str], mapping: Mapping[str, str]) -> None:
    known = _load(file) | {_name(header): dict(mapping)}
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    temporary.replace(file)


def _name(header: Sequence[str]) -> str:
    return content_id(*sorted(header))


def _load(file: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
