"""`tingchao alerts …`: see alerts, why they went to whom, their reports; what people do is in
alert_steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from commands.alert_access import Access, Key, run
from commands.alert_steps import add_steps

if TYPE_CHECKING:
    from schemas.alert import Alert

AsJson = Annotated[bool, typer.Option("--json", help="as JSON")]


def register(app: typer.Typer) -> None:
    alerts = typer.Typer(help="Alerts: see, answer, merge, assign, resolve.", no_args_is_help=True)
    app.add_typer(alerts, name="alerts")
    alerts.command("list")(_list)
    alerts.command("show")(_show)
    alerts.command("report")(_report)
    add_steps(alerts)


def _list(
    status: Annotated[str, typer.Option(help="open, acknowledged, …; all")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """One JSON line each, the gravest first; without --status those that are not over."""
    import orjson

    from console.alert_listing import GRAVEST, by_level
    from infra.indices import write_name
    from schemas.alert import OPEN_STATUSES, Status
    from schemas.errors import UserError
    from schemas.registry import ALERTS

    if status not in ("", "all", *get_args(Status)):
        known = ", ".join(("all", *get_args(Status)))
        raise UserError(f"no status {status!r}", f"choose of {known}")
    wanted = [status] if status else list(OPEN_STATUSES)
    query = {"match_all": {}} if status == "all" else {"terms": {"status": wanted}}
    names = ["id", "level", "status", "title", "score", "items", "opened_at", "next_due_at"]

    async def work(access: Access) -> list[dict[str, Any]]:
        index = write_name(access.settings, ALERTS)
        answer = await access.client.search(
            index=index, query=by_level(query), size=limit, sort=GRAVEST, source_includes=names
        )
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    for alert in run(work):
        print(orjson.dumps({name: alert.get(name) for name in names}).decode())


def _show(key: Key, as_json: AsJson = False) -> None:
    """All of it: evidence, and why it went to whom it went."""
    from schemas.base import encode

    alert = run(lambda access: access.alert(key))
    if as_json:
        print(encode(alert).decode())
    else:
        _print(alert)


def _print(alert: Alert) -> None:
    from console.words import ACTIONS
    from models.names import place_name
    from response.durations import CHINA
    from response.labels import ROLES, STATUSES
    from response.message import CLOCK_NAMES, LEVEL_NAMES

    def local(when: Any) -> str:
        return when.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") if when else "—"

    print(f"{LEVEL_NAMES[alert.level]}  {STATUSES[alert.status]}  {alert.title}")
    print(f"  编号 {alert.id}，{alert.score:g} 分，{alert.items} 条，发出 {local(alert.opened_at)}")
    print(f"  地点 {'、'.join(map(place_name, alert.places)) or '未识别'}")
    print(f"  负责 {alert.assignee or alert.acknowledged_by or '—'}")
    if alert.merged_into:
        print(f"  已并入 {alert.merged_into}")
    print("依据\n" + "\n".join(f"  {r.rule} {r.points:+g} {r.evidence}" for r in alert.reasons))
    print(f"路线 {alert.route}")
    for step in alert.steps:
        sent = f"已发 {local(step.fired_at)}" if step.fired_at else "未发"
        print(
            f"  {step.number} {ROLES.get(step.role, step.role)} → {'、'.join(step.recipients)}"
            f"，{local(step.due_at)}，{sent}{'，不等确认' if step.always else ''}"
            f"{'；' + step.reason if step.reason else ''}"
        )
    for clock in alert.clocks:
        state = "已办" if clock.met_at else "已过" if clock.lapsed_at else "进行中"
        print(f"  {CLOCK_NAMES[clock.kind]}：{local(clock.due_at)} 前，{state}")
    print("经过")
    for line in alert.history:
        action = ACTIONS.get(line.action, line.action)
        print(f"  {local(line.at)} {line.actor} {action} {line.note}")


def _report(key: Key, as_json: AsJson = False) -> None:
    """首报、续报、终报: the first report, the updates and the final one, as they were told."""
    from console.reports import find, text
    from models.source_names import source_names
    from schemas.base import encode

    async def work(access: Access) -> Any:
        alert = await access.alert(key)
        return await find(access.client, access.settings, alert.id), access.settings.config

    found, config = run(work)
    source = source_names(config)
    if not found:
        typer.echo("还没有报告。", err=True)
    for report in found:
        print(encode(report).decode() if as_json else text(report, source) + "\n")
