"""`tingchao severity try|check`: what a text would score, and whether the rules are sound."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, get_args

import orjson
import typer
from rich.console import Console
from rich.table import Table

from infra.settings import settings
from models.casualties import harms, record
from models.severity import Facts, score
from models.severity_rules import Rules, load
from schemas.analysis import Act, AttitudeLabel, Severity
from schemas.base import encode
from schemas.errors import UserError
from schemas.raw_item import Tier

_COLOURS = {"I": "red", "II": "dark_orange", "III": "yellow", "IV": "blue", "none": "green"}


def register(app: typer.Typer) -> None:
    severity = typer.Typer(help="Severity rules: try them on a text, check the file.")
    app.add_typer(severity, name="severity")
    severity.command("try")(_try)
    severity.command("check")(_check)
    severity.command("dry-run")(_dry_run)


def _try(
    text: Annotated[str, typer.Argument(help="the text to score; - reads standard input")],
    tier: Annotated[str, typer.Option(help="central, provincial, city, county, …")] = "public",
    attitude: Annotated[str, typer.Option(help="positive, neutral or negative")] = "neutral",
    act: Annotated[str, typer.Option(help="complaint, question, praise, …")] = "report",
    department: Annotated[list[str] | None, typer.Option(help="may be repeated")] = None,
    copies: Annotated[int, typer.Option(min=0, help="copies in its cluster")] = 0,
    views: Annotated[int, typer.Option(min=0)] = 0,
    reposts: Annotated[int, typer.Option(min=0)] = 0,
    comments: Annotated[int, typer.Option(min=0)] = 0,
    per_hour: Annotated[float, typer.Option(min=0, help="items of the last hour")] = 0.0,
    followers: Annotated[int, typer.Option(min=0, help="of the author")] = 0,
    rumour: Annotated[float, typer.Option(min=0, max=1)] = 0.0,
    rules: Annotated[Path | None, typer.Option(help="another rules file")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print the score and level of TEXT, and every rule that gave points."""
    text = sys.stdin.read() if text == "-" else text
    facts = Facts(
        departments=tuple(department or ()),
        attitude=_one_of(attitude, AttitudeLabel, "--attitude"),
        act=_one_of(act, Act, "--act"),
        tier=_one_of(tier, Tier, "--tier"),
        harm=harms([text])[0],
        views=views,
        reposts=reposts,
        comments=comments,
        followers=followers,
        copies=copies,
        per_hour=per_hour,
        rumour=rumour,
    )
    (result,) = score([facts], [text], _rules(rules)[1])
    if as_json:
        casualties = orjson.Fragment(encode(record(facts.harm)))
        print(
            orjson.dumps(
                {"severity": orjson.Fragment(encode(result)), "casualties": casualties}
            ).decode()
        )
    else:
        _print(result)


def _check(
    rules: Annotated[Path | None, typer.Argument(help="the file; default: config")] = None,
) -> None:
    """Validate the rules file; an error names the file and the line."""
    path, loaded = _rules(rules)
    file = loaded.file
    print(
        f"{path}: {len(file.rules)} rules, {len(file.guards)} guards, "
        f"{len(loaded.owners)} words: sound"
    )


def _dry_run(
    since: Annotated[str, typer.Option(help="7d, 24h or a date: of publication")] = "30d",
    rules: Annotated[Path | None, typer.Option(help="another rules file")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="each change as a JSON line")] = False,
    shown: Annotated[int, typer.Option(min=0, help="examples in the table")] = 20,
) -> None:
    """What the rules would say of the stored history, beside what was said then."""
    from datetime import UTC, datetime

    from commands.elastic import with_elasticsearch
    from commands.progress import progress
    from console.dry_run import dry_run as work
    from schemas.when import since as since_when

    loaded = _rules(rules)[1]
    after = since_when(since, datetime.now(UTC))
    with progress() as report:
        found = with_elasticsearch(lambda c, _, client: work(c, client, after, loaded, report))
    if as_json:
        for change in found.changes:
            print(orjson.dumps(change).decode())
        summary = {"items": found.items, "changed": len(found.changes)}
        print(orjson.dumps(summary).decode())
    else:
        _print_changes(found.items, found.changes, shown)


def _rules(path: Path | None) -> tuple[Path, Rules]:
    path = path or settings().config / "severity.yaml"
    return path, load(path)


def _one_of(value: str, kind: Any, option: str) -> Any:
    choices = get_args(kind)
    if value not in choices:
        raise UserError(f"{option} {value!r} is not known", f"choose one of {', '.join(choices)}")
    return value


def _print(result: Severity) -> None:
    console = Console()
    colour = _COLOURS[result.level]
    console.print(f"[bold {colour}]{result.level}[/]  {result.score:g} / 100")
    if not result.reasons:
        console.print("no rule spoke")
        return
    table = Table("rule", "points", "evidence")
    for reason in result.reasons:
        table.add_row(reason.rule, f"{reason.points:+g}", reason.evidence)
    console.print(table)


def _print_changes(items: int, changes: list[dict[str, Any]], shown: int) -> None:
    console = Console()
    moves = Counter((change["before"], change["after"]) for change in changes)
    table = Table("before", "after", "items")
    for (before, after), count in moves.most_common():
        table.add_row(before, after, str(count))
    console.print(table)
    for change in changes[:shown]:
        console.print(
            f"{change['before']} → {change['after']} ({change['score']:g})  {change['title']}"
        )
    console.print(f"{len(changes)} of {items} items change their level")
