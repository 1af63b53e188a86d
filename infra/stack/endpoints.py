"""Where Kafka and Elasticsearch are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoints:
    kafka: str  # bootstrap servers
    elasticsearch: str  # URL
