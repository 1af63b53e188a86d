"""`tingchao facts train|evaluate|show`: the tagger of times, places and subjects."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from models.facts import facts
from models.tagger import Weights
from schemas.base import encode
from schemas.errors import UserError
from schemas.jsonl import read_rows

_FIELDS = ("text", "times", "places", "subjects")
Data = Annotated[Path, typer.Option(help='JSON lines {"text", "times", "places", "subjects"}.')]
Ordinary = Annotated[
    list[Path] | None,
    typer.Option(
        help="JSON lines {text}: posts, headlines, reviews; may be repeated, in this order"
    ),
]


def register(root: typer.Typer) -> None:
    app = typer.Typer(help="Times, places and subjects: train, evaluate, show.")
    root.add_typer(app, name="facts")

    @app.command()
    def train(data: Data, out: Annotated[Path, typer.Option()], ordinary: Ordinary = None) -> None:
        """Train the tagger and write OUT/facts.npz (half a minute for 200 reports)."""
        from models.training.facts import save
        from models.training.facts import train as train_tagger

        rows = _rows(data)
        weights = train_tagger([*rows, *_silver(ordinary)], f"{datetime.now(UTC):%Y%m%d%H%M}")
        out.mkdir(parents=True, exist_ok=True)
        save(weights, out / "facts.npz")
        _print({"model": str(out / "facts.npz"), "rows": len(rows), "version": weights.version})

    @app.command()
    def evaluate(data: Data, ordinary: Ordinary = None) -> None:
        """Overlap precision, recall and F1 by five-fold cross-validation (some minutes)."""
        from models.training.overlap import cross_validate

        found, _ = cross_validate(_rows(data), _answers, _silver(ordinary))
        names = ("precision", "recall", "f1")
        _print({kind: dict(zip(names, found[kind], strict=True)) for kind in found})

    @app.command()
    def show(text: str) -> None:
        """Print what is named in TEXT, as JSON; times are seen from now."""
        found = facts([text], [datetime.now(UTC)])
        parts: dict[str, list[Any]] = {
            "times": found.times,
            "places": found.places,
            "subjects": found.subjects,
        }
        _print({name: orjson.Fragment(encode(part[0])) for name, part in parts.items()})


def _rows(data: Path) -> list[dict[str, Any]]:
    rows = list(read_rows(data, _FIELDS))
    if not rows:
        raise UserError(f"{data} holds no row", "give labelled reports")
    return rows


def _silver(files: list[Path] | None) -> list[dict[str, Any]]:
    from models.training.silver import DRAWN, silver_rows

    texts = [[row["text"] for row in read_rows(path)] for path in files or ()]
    return silver_rows(dict(zip(DRAWN, texts, strict=False)))


def _answers(rows: Any, weights: Weights) -> list[dict[str, list[str]]]:
    found = facts([row["text"] for row in rows], [None] * len(rows), weights=weights)
    columns: tuple[list[Any], ...] = (found.times, found.places, found.subjects)
    return [
        {name: [span.text for span in part] for name, part in zip(_FIELDS[1:], parts, strict=True)}
        for parts in zip(*columns, strict=True)
    ]


def _print(value: Any) -> None:
    print(orjson.dumps(value).decode())
