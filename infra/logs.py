"""Logs on stderr: JSON lines, or readable on a terminal (setting log_format)."""

from __future__ import annotations

import logging
import sys

import structlog

from infra.settings import settings


def configure(level: str | None = None) -> None:
    """`level` instead of the setting log_level."""
    config = settings()
    level = level or config.log_level
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("elastic_transport", "aiokafka", "faust", "mode", "jieba", "streams"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structured(level)


def structured(level: str | None = None) -> None:
    """Our own lines alone: a program with other logging (Scrapy) keeps that as it is."""
    config = settings()
    level = level or config.log_level
    text = sys.stderr.isatty() if config.log_format == "auto" else config.log_format == "text"
    renderer = (
        structlog.dev.ConsoleRenderer()
        if text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )
