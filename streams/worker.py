"""A worker: any set of agents in one process, with its /metrics, /healthz and /readyz."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence

import structlog

from infra import health, heap
from infra.lag import READS
from infra.settings import Settings
from infra.stack import Endpoints
from infra.stack.process import free_port
from models.early_signs import load_judge
from models.signals import EventScorer
from models.words import cutter
from schemas.errors import UserError
from streams.alerts import Alerts
from streams.analyse import Analyse
from streams.app import create_app
from streams.batch import Handler, Message
from streams.context import Context
from streams.deadlines import Deadlines
from streams.events import Events
from streams.notify import Notify
from streams.pool import ReaderPool
from streams.reading import check_files
from streams.reloading import alert_plan, rule_file, severity_rules
from streams.trends import Trends
from streams.watchdog import Watchdog

log = structlog.get_logger("tingchao.worker")

TIMERS: dict[str, type[Deadlines] | type[Trends]] = {"deadlines": Deadlines, "trends": Trends}
AGENTS = ("analyse", "events", "alerts", "notify", *TIMERS)
STOP_SECONDS = 30  # a stop drains and ends within this


def check(names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in AGENTS]
    if unknown or not names:
        raise UserError(
            f"no agent named {', '.join(unknown) or '(none)'}", f"choose of {', '.join(AGENTS)}"
        )


async def work(
    settings: Settings,
    endpoints: Endpoints,
    names: Sequence[str],
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Run the agents until SIGTERM or SIGINT; `ready` is told the port of /metrics."""
    check(names)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    context = await Context.open(settings, endpoints)
    state = health.Health(names)
    apps = {
        name: create_app(
            settings,
            endpoints,
            Told(handler(name, context), state),
            READS[name],
            BATCHES[name] or settings.batch_size,
        )
        for name in names
        if name in READS
    }
    port = free_port(settings.metrics_port, set())
    server = health.serve(state, port, settings.host)
    beside = [asyncio.create_task(health.beat(state))]
    timers = {
        name: asyncio.create_task(TIMERS[name](context).run()) for name in names if name in TIMERS
    }
    try:
        await asyncio.gather(*(app.start() for app in apps.values()))
        beside.append(asyncio.create_task(Watchdog(settings, endpoints, apps).run()))
        for name in timers:
            state.ready(name)
        heap.settle()
        log.info("worker started", agents=list(names), metrics=f"http://{settings.host}:{port}")
        ready(port)
        waits = [asyncio.create_task(stopping.wait()), *timers.values()]
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()  # a timer that failed ends the worker; outside starts it again
    finally:
        log.info("worker stops; open batches settle first")
        state.stopping()
        await asyncio.wait_for(_stop(list(apps.values())), STOP_SECONDS)
        for each in (*beside, *timers.values()):
            each.cancel()
        await context.close()
        server.shutdown()


async def _stop(apps: Sequence[object]) -> None:
    await asyncio.gather(*(app.stop() for app in apps))  # type: ignore[attr-defined]


class Told:
    """A handler that tells when it has rebuilt its state and takes messages."""

    def __init__(self, inner: Handler, state: health.Health) -> None:
        self.name, self._inner, self._state = inner.name, inner, state

    async def start(self) -> None:
        await self._inner.start()
        self._state.ready(self.name)

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        return await self._inner.process(batch)

    async def stop(self) -> None:
        await self._inner.stop()


BATCHES = {"analyse": 0, "events": 20, "alerts": 100, "notify": 50}  # 0: the setting batch_size


def handler(name: str, context: Context) -> Handler:
    """The handler of an agent; UserError when its configuration is broken."""
    settings = context.settings
    match name:
        case "analyse":
            check_files(settings.config)
            models = settings.data / "models"
            readers = ReaderPool(settings.config, models, settings.model_processes)
            return Analyse(context, readers)
        case "events":
            rules = severity_rules(settings.config)
            tiers = rule_file(settings.config)
            judge = load_judge(settings.data / "models", cutter(settings.config / "userdict.txt"))
            return Events(context, EventScorer(rules.current()), rules, tiers, judge)
        case "alerts":
            return Alerts(context, alert_plan(settings.config))
        case _:
            return Notify(context, alert_plan(settings.config))
