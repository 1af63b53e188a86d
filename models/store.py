"""Which model of a task is in use: the shipped one, or one that was promoted.

FOLDER/TASK/VERSION.npz are the promoted ones, FOLDER/TASK/history.json names them, the
one in use last. A rollback drops the last name; no file is ever changed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec

from models.linear import LinearModel, load
from schemas.errors import UserError

SHIPPED = Path(__file__).parent / "weights"
CURVES = SHIPPED / "curves"  # small models over the scores of others
_decode = msgspec.json.Decoder(list[str]).decode


def shipped(task: str) -> LinearModel:
    """The model that came with the software; UserError when there is none."""
    path = SHIPPED / f"{task}.npz"
    if not path.exists():
        names = ", ".join(sorted(each.stem for each in SHIPPED.glob("*.npz")))
        raise UserError(f"no model of {task!r} is shipped", f"choose one of {names}, or --model")
    return load(path)


class Store:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def active(self, task: str) -> LinearModel:
        """The promoted model, else the shipped one."""
        history = self.history(task)
        return load(self._path(task, history[-1])) if history else shipped(task)

    def history(self, task: str) -> list[str]:
        """Versions in the order they were promoted; the last is in use."""
        path = self._folder / task / "history.json"
        try:
            return _decode(path.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError) as error:
            raise UserError(f"{path}: {error}", "restore the file, or delete it") from None

    def tasks(self) -> list[str]:
        """Of all models, shipped and promoted."""
        names = {path.stem for path in SHIPPED.glob("*.npz")}
        names |= {path.parent.name for path in self._folder.glob("*/history.json")}
        return sorted(names)

    def promote(self, path: Path) -> LinearModel:
        """Put the model at `path` into use; it is read first, so a broken one never is."""
        model = load(path)
        target = self._path(model.task, model.version)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".part")
        shutil.copyfile(path, partial)
        partial.replace(target)
        self._remember(model.task, [*self.history(model.task), model.version])
        return model

    def rollback(self, task: str) -> str:
        """Back to the model before; its version. UserError when only the shipped one is left."""
        history = self.history(task)
        if not history:
            raise UserError(f"{task}: the shipped model is in use", "there is none before it")
        self._remember(task, history[:-1])
        return history[-2] if len(history) > 1 else "shipped"

    def _remember(self, task: str, history: list[str]) -> None:
        path = self._folder / task / "history.json"
        partial = path.with_suffix(f".{os.getpid()}.part")
        partial.write_bytes(msgspec.json.encode(history))
        partial.replace(path)

    def _path(self, task: str, version: str) -> Path:
        return self._folder / task / f"{version}.npz"
