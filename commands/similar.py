"""`tingchao similar EVENT_ID`: the most similar past events, and how they went."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from commands.alert_access import Access, run


def register(app: typer.Typer) -> None:
    app.command("similar")(_similar)


def _similar(
    key: Annotated[str, typer.Argument(help="the event's id")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines")] = False,
) -> None:
    """以往相似事件: by words and make-up, with items, peak, days, level, alert and answer times."""
    from console.event_pages import shown
    from console.similar import find_event, similar
    from response.labels import STATUSES
    from schemas.base import encode
    from schemas.errors import UserError

    async def work(access: Access) -> Any:
        event = await find_event(access.client, access.settings, key)
        if event is None:
            raise UserError(
                f"没有这个事件 (no event {key!r})", "tingchao hotspots 列出热点事件的编号"
            )
        return await similar(access.client, access.settings, event, limit)

    found = run(work)
    for each in found:
        if as_json:
            print(encode(each).decode())
            continue
        went = each.course
        print(f"{each.similarity:.0%} {each.event.title}（{each.event.id}）")
        print(
            f"    {went.items} 条，{went.days} 天，到峰 {shown(went.peak_after)}，"
            f"级别 {went.level}，"
            f"预警 {STATUSES.get(went.outcome, '无')}，确认用时 {shown(went.acknowledged_after)}，"
            f"办结用时 {shown(went.closed_after)}"
        )
    if not found and not as_json:
        print("档案里没有相似的事件。")
