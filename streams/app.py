"""Faust apps: one per agent, so that each has its own consumer group, offsets and lag."""

from __future__ import annotations

from typing import Any

import faust
from faust.types import StreamT

from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.topics import Topic
from streams.batch import Handler, run
from streams.eager import EagerTransport


class App(faust.App):
    """A Faust app on the eager transport; topics are made by `infra.topics`, never by Faust."""

    def _new_transport(self) -> Any:
        return EagerTransport(self.conf.broker, app=self, loop=self.loop)


def create_app(
    settings: Settings,
    endpoints: Endpoints,
    handler: Handler,
    topic: Topic,
    batch_size: int,
    transport: type[faust.App] = App,
) -> faust.App:
    """The app of one agent: `topic` fed to `handler`, batch by batch."""
    app = transport(
        f"{settings.prefix}tingchao-{handler.name}",
        broker=[f"aiokafka://{server}" for server in endpoints.kafka.split(",")],
        broker_credentials=_credentials(settings),
        broker_max_poll_records=500,
        broker_commit_interval=0.5,
        broker_session_timeout=settings.kafka_session_seconds,  # heartbeats have their own thread
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=topic.max_message,
        stream_buffer_maxsize=settings.stream_buffer,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        store="memory://",
        datadir=str(settings.data / "faust"),
    )
    channel = app.topic(
        settings.prefix + topic.name, key_serializer="raw", value_serializer="raw", internal=False
    )

    async def agent(stream: StreamT[bytes]) -> None:
        await run(stream, handler, batch_size, settings.batch_wait)

    app.agent(channel, name=handler.name)(agent)
    return app


def _credentials(settings: Settings) -> Any:
    protocol = settings.kafka_security_protocol
    context = clients.ssl_context(settings) if protocol.endswith("SSL") else None
    if protocol.startswith("SASL"):
        password = settings.kafka_password
        return faust.SASLCredentials(
            username=settings.kafka_username,
            password=password.get_secret_value() if password else None,
            mechanism=settings.kafka_sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context=context) if context else None
