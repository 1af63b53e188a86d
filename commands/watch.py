"""`tingchao watch list|add|try|remove`: boolean queries asked of every item (D5)."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from models.watch import Watch

Level = Annotated[str, typer.Option(help="I, II, III, IV: what matches has at least that level")]


def register(app: typer.Typer) -> None:
    watch = typer.Typer(help="Watch topics: saved boolean queries.", no_args_is_help=True)
    app.add_typer(watch, name="watch")
    watch.command("list")(_list)
    watch.command("add")(_add)
    watch.command("remove")(_remove)
    watch.command("try")(_try)


def _list() -> None:
    """One JSON line each: those of config/watch.yaml, then those stored."""
    import orjson

    from infra.settings import settings
    from models.watch import load_file
    from schemas.base import encode

    for each in load_file(settings().config / "watch.yaml"):
        print(orjson.dumps(each.model_dump() | {"of": "config/watch.yaml"}).decode())
    for topic in _stored(lambda store: store.all()):
        print(encode(topic).decode())


def _add(
    key: Annotated[str, typer.Argument(metavar="ID")],
    query: Annotated[str, typer.Argument(help="(停电 OR 限电) -演练")],
    name: Annotated[str, typer.Option(help="as people read it")] = "",
    level: Level = "",
) -> None:
    """Keep a query in Elasticsearch; every worker asks it within seconds."""
    from schemas.watch import WatchTopic

    found = _sound(key, name or key, query, level)
    topic = WatchTopic(
        id=found.id, name=found.name, query=found.query, level=found.level,
        added_by=getpass.getuser(), added_at=datetime.now(UTC),
    )  # fmt: skip
    _stored(lambda store: store.add(topic))
    print(f"已添加 {key}")


def _remove(key: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Remove a stored one; what it marked stays marked."""
    _stored(lambda store: store.remove(key))
    print(f"已删除 {key}")


def _try(
    query: Annotated[str, typer.Argument(help="a query, or the id of a watch topic")],
    since: Annotated[str, typer.Option(help="7d, 24h or a date: of publication")] = "30d",
    shown: Annotated[int, typer.Option(min=0, help="examples")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="each match as a line")] = False,
) -> None:
    """What a query finds in the stored history, by the same matcher."""
    import orjson

    from commands.elastic import with_elasticsearch
    from commands.progress import progress
    from console.watch_try import try_watch
    from infra.settings import settings
    from models.watch import load_file
    from schemas.when import since as when

    known = {each.id: each.query for each in load_file(settings().config / "watch.yaml")}
    if query not in known:
        known |= {topic.id: topic.query for topic in _stored(lambda store: store.all())}
    asked = _sound("try", "try", known.get(query, query), "")
    start = when(since, datetime.now(UTC))
    with progress() as report:
        found = with_elasticsearch(lambda c, _, es: try_watch(c, es, asked, start, report))
    for hit in found.hits[: None if as_json else shown]:
        line = f"{hit['published_at'][:16]}  {hit['title']}"
        print(orjson.dumps(hit).decode() if as_json else line)
    if not as_json:
        print(f"{found.items} 条中命中 {len(found.hits)} 条")


def _sound(key: str, name: str, query: str, level: str) -> Watch:
    from pydantic import ValidationError

    from models.watch import Watch
    from schemas.errors import UserError

    try:
        return Watch.model_validate(
            {"id": key, "name": name, "query": query, "level": level or None}
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(
            f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}",
            "see config/watch.yaml",
        ) from None


def _stored(ask: Any) -> Any:
    from commands.elastic import with_elasticsearch
    from infra.watch_store import WatchStore

    return with_elasticsearch(lambda config, _, client: ask(WatchStore(config, client)))
