"""`tingchao intake`: REST for partners and hotlines, forms for staff and departments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(help="Where partners, hotlines, staff and departments hand things in.")
PartnersFile = Annotated[Path | None, typer.Option(help="else config/partners.yaml")]


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="intake")


def _file(partners: Path | None) -> Path:
    from infra.settings import settings

    return partners or settings().config / "partners.yaml"


@commands.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    port: Annotated[int | None, typer.Option(help="0: a free one; else intake_port")] = None,
    partners: PartnersFile = None,
    out: Annotated[str | None, typer.Option(help="JSON lines to FILE, no Kafka")] = None,
    allow_loopback: Annotated[bool, typer.Option(help="links may be on this machine")] = False,
) -> None:
    """Serve the intake until Ctrl-C, on loopback unless the setting `host` says else."""
    if context.invoked_subcommand:
        return
    from crawlers.intake.app import create_app
    from crawlers.intake.desk import FileDesk, KafkaDesk
    from crawlers.intake.partners import load_partners
    from crawlers.loopback import run
    from infra.settings import settings

    config, path = settings(), _file(partners)
    known = load_partners(path)
    for partner in known.partners:
        if not partner.hash:
            print(
                f"{partner.name}：环境变量 {partner.key_env} 里没有密钥，暂不接收", file=sys.stderr
            )
    if not any(partner.hash for partner in known.partners):
        print(f"{path} 里还没有能用的密钥：tingchao intake key 名字", file=sys.stderr)
    desk = FileDesk(out) if out else KafkaDesk(config)
    state = Path(f"{out}.sqlite") if out else config.data / "intake.sqlite"
    app = create_app(known, desk, state, allow_loopback)
    run(app, config.host, config.intake_port if port is None else port, anywhere=True)


@commands.command()
def key(
    name: Annotated[str, typer.Argument(help="of the partner: 12345, 某报, 办公室")],
    partners: PartnersFile = None,
    forms: Annotated[bool, typer.Option(help="may use the forms of staff and departments")] = False,
    channel: Annotated[str, typer.Option(help="where an item says none: call, partner …")] = "",
    write: Annotated[bool, typer.Option(help="add the entry to the file")] = True,
) -> None:
    """Make a key: it is shown once, the file keeps its hash only."""
    from crawlers.intake.partners import add_partner, entry, key_hash, new_key

    made, path = new_key(), _file(partners)
    fields = {"name": name, "key_sha256": key_hash(made)}
    if channel:
        fields["channel"] = channel
    if forms:
        fields["forms"] = "true"
    if write:
        add_partner(path, fields)
        print(f"已写入 {path}；运行中的报送服务重启后生效", file=sys.stderr)
    else:
        print(f"# 写进 {path} 的 partners:\n{entry(fields)}")
    print(f"密钥（只显示这一次）：{made}", file=sys.stderr)


@commands.command("hand-in")
def hand_in(
    kind: Annotated[str, typer.Argument(help="quick or report")],
    partner: Annotated[str, typer.Option(help="the name the items go by")] = "console",
    allow_loopback: Annotated[bool, typer.Option(help="links may be on this machine")] = False,
) -> None:
    """A form's fields as JSON on standard input, sent; what became of it as JSON."""
    import asyncio
    from datetime import UTC, datetime

    import orjson

    from crawlers.intake.desk import KafkaDesk
    from crawlers.intake.handing import Filled, quick, report
    from crawlers.intake.partners import Partner
    from infra.settings import settings
    from schemas.errors import UserError

    given = orjson.loads(sys.stdin.buffer.read())
    by = Partner(name=partner, key_sha256="0" * 64)  # nobody's key: only its name is used
    now = datetime.now(UTC)

    async def work() -> Filled:
        if kind == "quick":
            filled = await quick(given, by, allow_loopback, now)
        elif kind == "report":
            filled = report(given, by, now)
        else:
            raise UserError(f"no form {kind!r}", "quick or report")
        if filled.item:
            desk = KafkaDesk(settings())
            try:
                await desk.take([filled.item], filled.signal)
            finally:
                await desk.close()
        return filled

    filled = asyncio.run(work())
    told = {name: getattr(filled, name) for name in ("wrong", "matter", "why", "urgent")}
    print(orjson.dumps(told | {"title": filled.item.title if filled.item else ""}).decode())
