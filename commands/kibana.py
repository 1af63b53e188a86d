"""`tingchao kibana export|contract`: what analysts import into Kibana and may rely on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    kibana = typer.Typer(help="Data views, searches and dashboards for Kibana.",
                         no_args_is_help=True)  # fmt: skip
    app.add_typer(kibana, name="kibana")
    kibana.command("export")(_export)
    kibana.command("contract")(_contract)


def _export(
    out: Annotated[Path | None, typer.Option(help="FILE.ndjson; else standard output")] = None,
) -> None:
    """Saved objects as JSON lines: Kibana, Stack Management, Saved Objects, Import."""
    import sys

    import orjson

    from infra.kibana.objects import VERSION, saved_objects
    from infra.settings import settings

    lines = b"".join(orjson.dumps(each) + b"\n" for each in saved_objects(settings()))
    if out is None:
        sys.stdout.buffer.write(lines)
        return
    out.write_bytes(lines)
    print(f"已写入 {out}：{lines.count(10)} 个对象，供 Kibana {VERSION} 导入")


def _contract() -> None:
    """The fields of every index and worked queries, as docs/index-contract.md."""
    from infra.kibana.contract import contract

    print(contract(), end="")
