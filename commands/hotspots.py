"""`tingchao hotspots`: what stands out now, and the hottest events."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from commands.alert_access import Access, run


def register(app: typer.Typer) -> None:
    app.command("hotspots")(_hotspots)


def _hotspots(
    kind: Annotated[str, typer.Option(help="source, topic or word; default: all")] = "",
    limit: Annotated[int, typer.Option(min=1, max=300)] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines")] = False,
) -> None:
    """热点: sources and topics far above their own past, rising words, the hottest events."""
    from datetime import UTC, datetime
    from typing import get_args

    from console.hotspots import hot_events, hotspots
    from console.words import HOT_LABELS, local
    from response.labels import PHASES
    from schemas.base import encode
    from schemas.errors import UserError
    from schemas.trend import HotKind

    if kind and kind not in get_args(HotKind):
        raise UserError(f"no kind {kind!r}", f"choose of {', '.join(get_args(HotKind))}")

    async def work(access: Access) -> tuple[Any, Any]:
        client, settings = access.client, access.settings
        found = await hotspots(client, settings, datetime.now(UTC), limit, kind)
        return found, [] if kind or as_json else await hot_events(client, settings, 10)

    found, events = run(work)
    if as_json:
        for each in found:
            print(encode(each).decode())
        return
    names = {"source": "来源", "topic": "主题", "word": "上升词"}
    for each in found:
        labels = "".join(f"；{HOT_LABELS.get(label, label)}" for label in each.labels)
        driver = f"；主要来自 {each.driver}（{each.driver_share:.0%}）" if each.driver else ""
        began = local(each.began, "%m-%d %H 时")
        print(
            f"{names[each.kind]} {each.key}：{began}起 {each.observed} 条，"
            f"往常 {each.expected:g} 条，{each.score:g} 倍标准差{labels}{driver}"
        )
    if not found:
        print("没有明显多于往常的来源、主题或词。")
    for hot in events:
        heat = f"热度 {hot.trend.heat:.0f} {PHASES[hot.trend.phase]} " if hot.trend else ""
        print(f"事件 {hot.event.id} {heat}{hot.event.items} 条 {hot.event.title}")
