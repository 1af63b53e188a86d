"""`tingchao rules check|dry-run`: the rules about many items (D4)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from infra.settings import Settings
    from models.rule_file import RuleFile
    from models.rules import Fired

File = Annotated[Path | None, typer.Option("--rules", help="another rules file")]


def register(app: typer.Typer) -> None:
    rules = typer.Typer(help="Rules about many items: check, dry run.", no_args_is_help=True)
    app.add_typer(rules, name="rules")

    @rules.command()
    def check(file: File = None) -> None:
        """Validate the file; an error names the file and the line."""
        path, found = _load(file)
        print(f"{path}：{len(found.rules)} 条规则，格式正确")

    @rules.command("dry-run")
    def dry_run(
        since: Annotated[str, typer.Option(help="30d, 24h or a date: of publication")] = "30d",
        file: File = None,
        only: Annotated[str, typer.Option(help="the id of one rule")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="one line each")] = False,
    ) -> None:
        """What the rules would have told since then, from the stored history; changes nothing."""
        import orjson

        from schemas.when import since as when

        now = datetime.now(UTC)
        told = _told(_load(file)[1], only, when(since, now), now)
        for fired in told:
            if as_json:
                line = {
                    "at": fired.at.isoformat(), "rule": fired.rule, "level": fired.level,
                    "title": fired.title, "evidence": fired.evidence, "items": fired.items,
                }  # fmt: skip
                print(orjson.dumps(line).decode())
            else:
                when_ = f"{fired.at:%Y-%m-%d %H:%M} UTC"
                print(f"{when_}  {fired.level} 级  {fired.title}  {fired.evidence}")
        if not as_json:
            print(f"共 {len(told)} 次")


def _load(file: Path | None) -> tuple[Path, RuleFile]:
    from infra.settings import settings
    from models.rule_file import RuleFile
    from schemas.yaml_file import load_yaml

    path = file or settings().config / "rules.yaml"
    return path, load_yaml(path, RuleFile)


def _told(found: RuleFile, only: str, since: datetime, now: datetime) -> list[Fired]:
    from commands.elastic import with_elasticsearch
    from commands.progress import progress
    from infra.history import History
    from models.rule_file import TierChange
    from schemas.errors import UserError
    from streams import tier_history
    from streams.rules import dry_run

    rules = [rule for rule in found.rules if only in ("", rule.id)]
    if not rules:
        raise UserError(f"no rule {only!r}", f"one of {', '.join(r.id for r in found.rules)}")

    async def ask(config: Settings, _: object, client: AsyncElasticsearch) -> list[Fired]:
        told: list[Fired] = []
        with progress() as report:
            for rule in rules:
                if isinstance(rule, TierChange):
                    told += await tier_history.dry_run(config, client, rule, since)
                    continue
                told += [
                    fired
                    async for fired in dry_run(
                        History(config, client), rule, since, now,
                        lambda done, of, name=rule.name: report(name, done, of),  # type: ignore[misc]
                    )
                ]  # fmt: skip
        return sorted(told, key=lambda fired: fired.at)

    return with_elasticsearch(ask)
