"""`tingchao search "电价 上涨" --since 7d`: hits with highlights, or JSON lines."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import orjson
import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def search(
        words: str = typer.Argument(help='words, "phrases", -without, OR, 级别:重大'),
        since: str = typer.Option("", help="7d, 24h, 30m or a date"),
        channel: str = typer.Option(""),
        topic: str = typer.Option(""),
        level: str = typer.Option("", help="I, II, III or IV"),
        copies: bool = typer.Option(False, help="show each copy"),
        limit: int = typer.Option(20, min=1, max=1000),
        json: bool = typer.Option(False, help="JSON lines"),
    ) -> None:
        """Search the opinions; the best hits first."""
        from commands.elastic import with_elasticsearch
        from console.search import MARK, Filters, search
        from console.search_language import QueryError
        from console.search_names import search_names
        from console.words import ATTITUDES, CHANNELS, local
        from infra.settings import settings
        from models.words import cutter
        from schemas.errors import UserError
        from schemas.registry import OPINIONS
        from schemas.when import since as since_when

        config = settings()
        index = config.prefix + OPINIONS.alias
        dictionary = cutter(config.config / "userdict.txt")
        after = since_when(since, datetime.now(UTC)) if since else None
        filters = Filters(after, channel, topic, level, copies)

        named = search_names(config.config, config.prefix)
        try:
            found = with_elasticsearch(
                lambda _, __, es: search(es, index, words, filters, dictionary, limit, names=named)
            )
        except QueryError as error:
            raise UserError(f"检索式有误，{error}", "see docs/search.md") from None
        bold = ("\033[1;33m", "\033[0m") if sys.stdout.isatty() else ("【", "】")

        def shown(text: str) -> str:
            return " ".join(text.replace(MARK[0], bold[0]).replace(MARK[1], bold[1]).split())

        for hit in found.hits:
            it = hit.source
            if json:
                line = {**it, "highlight": {"title": shown(hit.title), "text": shown(hit.snippet)}}
                print(orjson.dumps(line | {"copies": hit.copies}).decode())
                continue
            print(f"{shown(hit.title) or '(无标题)'}\n    {shown(hit.snippet)}")
            facts = [
                local(it["published_at"], "%Y-%m-%d %H:%M"), CHANNELS[it["channel"]],
                it.get("publisher") or it["source"], ATTITUDES[it["attitude"]["label"]],
            ]  # fmt: skip
            if it["severity"]["level"] != "none":
                facts.append(f"{it['severity']['level']} 级 {it['severity']['score']:g} 分")
            if hit.copies:
                facts.append(f"另有 {hit.copies} 条")
            print(f"    {' · '.join(facts)}\n")
        close = f"，其后 {found.close} 条只含部分词语" if found.close else ""
        print(f"{found.total} 条{close}", file=sys.stderr)
