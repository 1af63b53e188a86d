"""`tingchao doctor`: is everything as it should be, and what to do where it is not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infra.doctor import Check
    from infra.settings import Settings
    from infra.stack import Endpoints

_MARKS = {"ok": "[green]正常[/]", "warn": "[yellow]注意[/]", "fail": "[red]故障[/]"}


def register(app: typer.Typer) -> None:
    @app.command()
    def doctor(
        as_json: Annotated[bool, typer.Option("--json", help="one line per check")] = False,
    ) -> None:
        """Check machine, configuration, models, Kafka and Elasticsearch; code 1 on a failure."""
        import orjson
        from rich.console import Console

        from infra.settings import settings

        logging.disable(logging.CRITICAL)  # what fails is in the answer
        console = Console()
        failed = False
        for check in _checks(settings()):
            failed |= check.state == "fail"
            if as_json:
                print(orjson.dumps(asdict(check)).decode(), flush=True)
                continue
            console.print(f"{_MARKS[check.state]} {check.name}  {check.found}", highlight=False)
            if check.remedy:
                console.print(f"     → {check.remedy}", highlight=False)
        if failed:
            raise typer.Exit(1)


def _checks(config: Settings) -> Iterator[Check]:
    from infra import clients, doctor
    from infra.stack import is_up, stack

    servers = stack(config)
    running = is_up(servers)
    yield from doctor.machine(config, running)
    yield from _configuration(config)
    yield _models(config)
    if not running:
        yield doctor.Check("Kafka 与 Elasticsearch", "fail", "没有运行", "tingchao stack up")
        return
    endpoints = servers.endpoints()

    async def indexed(config: Settings, endpoints: Endpoints) -> list[Check]:
        client = clients.elasticsearch(config, endpoints)
        try:
            return await doctor.elasticsearch(config, client)
        finally:
            await client.close()

    yield from _server("Kafka", doctor.kafka, config, endpoints)
    yield from _server("Elasticsearch", indexed, config, endpoints)


def _server(
    name: str,
    ask: Callable[[Settings, Endpoints], Awaitable[list[Check]]],
    config: Settings,
    endpoints: Endpoints,
) -> list[Check]:
    from infra.doctor import Check
    from infra.explain import explain

    async def asked() -> list[Check]:
        return await asyncio.wait_for(ask(config, endpoints), 20)

    try:
        return asyncio.run(asked())
    except Exception as error:
        known = explain(error)
        if known is None and not isinstance(error, TimeoutError):
            raise
        found = known.problem if known else "20 秒内没有回答"
        return [Check(name, "fail", found, known.remedy if known else "tingchao stack status")]


def _configuration(config: Settings) -> Iterator[Check]:
    from crawlers.intake.partners import load_partners
    from crawlers.sources import load_sources
    from infra.doctor import Check
    from models.names import department_names
    from models.rule_file import RuleFile
    from models.severity_rules import load
    from models.synonyms import load_synonyms
    from models.watch import WatchFile
    from response.plan import load_plan
    from schemas.errors import UserError
    from schemas.yaml_file import load_yaml

    folder = config.config
    for name, read in {
        "severity.yaml": load,
        "routing.yaml": lambda path: load_plan(path.parent, set(department_names(path.parent))),
        "partners.yaml": load_partners,
        "rules.yaml": lambda path: load_yaml(path, RuleFile),
        "watch.yaml": lambda path: load_yaml(path, WatchFile),
        "synonyms.yaml": load_synonyms,
        "sources": load_sources,
    }.items():
        try:
            read(folder / name)
        except UserError as error:
            yield Check(name, "fail", error.problem, error.remedy)
        else:
            yield Check(name, "ok", str(folder / name))


def _models(config: Settings) -> Check:
    from infra.doctor import Check
    from models.analyser import Analyser
    from models.store import Store
    from schemas.errors import UserError

    store = Store(config.data / "models")
    try:
        Analyser(config.config, store)
        versions = ", ".join(f"{task} {store.active(task).version}" for task in store.tasks())
    except (UserError, OSError, ValueError) as error:
        remedy = error.remedy if isinstance(error, UserError) else "重新安装，或回退提升过的模型"
        found = error.problem if isinstance(error, UserError) else str(error)
        return Check("模型", "fail", found, remedy)
    return Check("模型", "ok", versions)
