"""`tingchao intake`: REST for partners and hotlines, forms for staff and departments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def intake(
        port: Annotated[int, typer.Option(help="0: a free one")] = 8020,
        new_key: Annotated[str, typer.Option(help="make a key for this partner, and end")] = "",
        partners: Annotated[Path | None, typer.Option(help="else config/partners.yaml")] = None,
        out: Annotated[str | None, typer.Option(help="JSON lines to FILE, no Kafka")] = None,
        allow_loopback: Annotated[bool, typer.Option(help="links may be on this machine")] = False,
    ) -> None:
        """Serve the intake until Ctrl-C, on loopback unless the setting `host` says else."""
        from crawlers.intake.partners import key_hash, load_partners
        from crawlers.intake.partners import new_key as make_key
        from infra.settings import settings

        config = settings()
        path = partners or config.config / "partners.yaml"
        if new_key:
            key = make_key()
            typer.echo(f"密钥（只显示这一次）：{key}", err=True)
            typer.echo(f"# 写进 {path}\n  - {{name: {new_key}, key_sha256: {key_hash(key)}}}")
            return
        known = load_partners(path)
        if not known.partners:
            typer.echo(f"{path} 里还没有单位：tingchao intake --new-key 名字", err=True)
        from crawlers.intake.app import create_app
        from crawlers.intake.desk import FileDesk, KafkaDesk
        from crawlers.loopback import run

        desk = FileDesk(out) if out else KafkaDesk(config)
        state = Path(f"{out}.sqlite") if out else config.data / "intake.sqlite"
        run(create_app(known, desk, state, allow_loopback), config.host, port, anywhere=True)
