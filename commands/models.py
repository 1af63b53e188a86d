"""`tingchao models …`: train, evaluate, promote, list, roll back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import orjson
import typer

from infra.settings import settings
from models.features import Features
from models.linear import LinearModel, load, save, softmax
from models.store import Store
from models.textpass import text_pass
from models.training.measure import measure
from models.training.tasks import corrected_rows, labelled, said_of, train_task
from models.words import Cutter, cutter
from schemas.errors import UserError
from schemas.jsonl import read_rows

app = typer.Typer(help="Train, evaluate, promote, list and roll back models.")
Data = Annotated[Path, typer.Option(help='JSON lines {"text", "label"}, .gz too.')]
Json = Annotated[bool, typer.Option("--json", help="Print everything as JSON.")]
_FILE = "model.npz"
_BATCH = 2000


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="models")


@app.command()
def train(
    task: str,
    data: Data,
    out: Annotated[Path, typer.Option()],
    corrections: Annotated[
        Path | None, typer.Option(help="As `tingchao corrections` prints them; they win.")
    ] = None,
) -> None:
    """Train TASK (topic, attitude, rumour, or a name of your own) and write OUT/model.npz.

    Prints the figures on texts held out, one fifth at a time.
    """
    rows = list(read_rows(data))
    if corrections:
        rows = corrected_rows(rows, read_rows(corrections), task)
    texts, labels = labelled(rows)
    model, held = train_task(task, texts, labels, _cutter())
    save(model, out / _FILE)
    chances = softmax(held * model.sharpness).max(axis=1)
    figures = measure(labels, said_of(model, held), chances.tolist())
    print(
        orjson.dumps(
            {
                "task": task,
                "version": model.version,
                "model": str(out / _FILE),
                "rows": len(texts),
                "held_out_accuracy": figures["accuracy"],
                "held_out_macro_f1": figures["macro_f1"],
                "held_out_calibration_error": figures["calibration_error"],
            }
        ).decode()
    )


@app.command()
def evaluate(
    task: str,
    data: Data,
    model: Annotated[Path | None, typer.Option(help="Folder or file; else the one in use.")] = None,
    as_json: Json = False,
) -> None:
    """Measure a model of TASK on labelled rows it has not been trained on."""
    texts, labels = labelled(read_rows(data))
    if not texts:
        raise UserError(f"{data} has no rows", "give labelled rows")
    chosen = load(_file(model)) if model else _store().active(task)
    said, sure = _say(chosen, texts, set(labels))
    figures = {"task": task, "version": chosen.version, **measure(labels, said, sure)}
    if as_json:
        print(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())
        return
    for name in ("rows", "accuracy", "macro_f1", "calibration_error"):
        print(f"{name}: {figures[name]}")


@app.command()
def promote(model: Path) -> None:
    """Put the model in folder (or file) MODEL into use."""
    chosen = _store().promote(_file(model))
    print(f"{chosen.task}: {chosen.version} is in use")


@app.command()
def rollback(task: str) -> None:
    """Put the model of TASK that was in use before into use again."""
    print(f"{task}: {_store().rollback(task)} is in use")


@app.command("list")
def list_models() -> None:
    """Print a JSON line per task: the version in use, and those before it."""
    store = _store()
    for task in store.tasks():
        history = store.history(task)
        line: dict[str, Any] = {
            "task": task,
            "version": store.active(task).version,
            "from": "promoted" if history else "shipped",
            "before": history[:-1],
        }
        print(orjson.dumps(line).decode())


def _say(model: LinearModel, texts: list[str], labels: set[str]) -> tuple[list[str], list[float]]:
    """What the model says, and how surely. Reviews are positive or negative: where rows know
    only some of the model's labels, the largest of those counts."""
    allowed = np.array([len(labels) < 2 or label in labels for label in model.labels])
    if not allowed.any():
        raise UserError(
            f"the model knows {', '.join(model.labels)}, the rows {', '.join(sorted(labels)[:9])}",
            "give rows with the model's labels, or another --model",
        )
    cut = _cutter()
    said, sure = [], []
    for start in range(0, len(texts), _BATCH):
        batch = text_pass(texts[start : start + _BATCH])
        chances = model.probabilities(Features(batch, cut.cut_pass(batch)))
        chances = np.where(allowed, chances, 0)
        chances /= np.maximum(chances.sum(axis=1, keepdims=True), 1e-12)
        said += [model.labels[at] for at in chances.argmax(axis=1)]
        sure += chances.max(axis=1).tolist()
    return said, sure


def _file(path: Path) -> Path:
    return path / _FILE if path.is_dir() else path


def _store() -> Store:
    return Store(settings().data / "models")


def _cutter() -> Cutter:
    return cutter(settings().config / "userdict.txt")
