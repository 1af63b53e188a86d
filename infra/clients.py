"""Kafka and Elasticsearch clients, made in one place from the settings."""

from __future__ import annotations

import ssl
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.helpers import create_ssl_context
from elasticsearch import AsyncElasticsearch

from infra.documents import Elasticsearch
from infra.settings import Settings
from infra.stack.endpoints import Endpoints
from schemas.topics import MAX_MESSAGE


def kafka_options(settings: Settings, endpoints: Endpoints) -> dict[str, Any]:
    """The options that every aiokafka client needs to reach the broker."""
    options: dict[str, Any] = {"bootstrap_servers": endpoints.kafka}
    if settings.kafka_security_protocol != "PLAINTEXT":
        options["security_protocol"] = settings.kafka_security_protocol
    if settings.kafka_security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        password = settings.kafka_password
        options |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_username,
            "sasl_plain_password": password.get_secret_value() if password else None,
        }
    return options


def ssl_context(settings: Settings) -> ssl.SSLContext:
    return create_ssl_context(
        cafile=str(settings.kafka_ca_file) if settings.kafka_ca_file else None
    )


def producer(settings: Settings, endpoints: Endpoints) -> AIOKafkaProducer:
    """Confirmed by all replicas, without duplicates from its own retries."""
    return AIOKafkaProducer(
        **kafka_options(settings, endpoints),
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=5,
        max_batch_size=256 * 1024,
        max_request_size=MAX_MESSAGE,
    )


def consumer(settings: Settings, endpoints: Endpoints, **options: Any) -> AIOKafkaConsumer:
    """A consumer outside any group unless `options` say so; partitions are assigned by hand."""
    return AIOKafkaConsumer(
        **kafka_options(settings, endpoints),
        enable_auto_commit=False,
        max_partition_fetch_bytes=MAX_MESSAGE,
        **options,
    )


def elasticsearch(settings: Settings, endpoints: Endpoints) -> AsyncElasticsearch:
    options: dict[str, Any] = {}
    if settings.elasticsearch_api_key:
        options["api_key"] = settings.elasticsearch_api_key.get_secret_value()
    elif settings.elasticsearch_username and settings.elasticsearch_password:
        password = settings.elasticsearch_password.get_secret_value()
        options["basic_auth"] = (settings.elasticsearch_username, password)
    if settings.elasticsearch_ca_file:
        options["ca_certs"] = str(settings.elasticsearch_ca_file)
    return Elasticsearch(endpoints.elasticsearch, request_timeout=60, max_retries=0, **options)
