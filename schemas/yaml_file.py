"""Read an operator's YAML file into a pydantic model, with errors that name the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import UserError

Model = TypeVar("Model", bound=BaseModel)


def load_yaml(path: Path, model: type[Model], context: dict[str, Any] | None = None) -> Model:
    """The file as `model`. UserError: `FILE, line N: what is wrong`, the first thing.

    `context` is what its validators check it against: names that other files define.
    """
    found, faults = read_yaml(path, model, context)
    if found is None:
        raise UserError(*faults[0])
    return found


def read_yaml(
    path: Path, model: type[Model], context: dict[str, Any] | None = None
) -> tuple[Model | None, list[tuple[str, str]]]:
    """The file as `model`, or all that is wrong with it, each with its remedy."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        return None, [(f"cannot read {path}: {error.strerror}", "restore the file")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, [(f"{path}, line {line}: not UTF-8", "save the file as UTF-8")]
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if bad := _unreadable(node):
            return None, [(f"{path}, line {bad[0]}: {bad[1]}", "mend that value")]
        data = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [(f"{path}, line {line}: {error.problem}", "mend the YAML")]
    except yaml.YAMLError as error:  # a control character, for one
        return None, [(f"{path}: {str(error).splitlines()[0]}", "mend the YAML")]
    except RecursionError:
        return None, [(f"{path}: too many levels within one another", "mend the YAML")]
    try:
        return model.model_validate(data, context=context), []
    except ValidationError as error:
        faults = []
        for each in error.errors():
            name = ".".join(str(part) for part in each["loc"]) or "the file"
            where = f"{path}, line {_line_of(node, each['loc'])}"
            faults.append((f"{where}: {name}: {each['msg']}", "mend that line"))
        return None, faults


def _unreadable(node: yaml.Node | None) -> tuple[int, str] | None:
    """(line, why) of the first value that YAML takes for a date or a number and that is none,
    as 2026-02-30 (yaml itself raises without saying where), or that is no text ("\\ud83d"), or of
    a key that stands twice in one place (yaml takes the last one, and silently forgets, say, half
    of the people)."""
    seen: set[int] = set()
    scalars = yaml.SafeLoader("")
    waiting = [node] if node else []
    while waiting:
        at = waiting.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        if isinstance(at, yaml.MappingNode):
            keys: set[str] = set()
            for key, _ in at.value:
                if isinstance(key, yaml.ScalarNode) and key.value in keys and key.value != "<<":
                    return key.start_mark.line + 1, f"{key.value!r} stands there twice"
                keys.add(str(key.value))
            waiting += [part for pair in reversed(at.value) for part in reversed(pair)]
        elif isinstance(at, yaml.SequenceNode):
            waiting += reversed(at.value)
        else:
            try:
                at.value.encode()
                scalars.construct_object(at)
            except UnicodeEncodeError:
                return at.start_mark.line + 1, f"{at.value!r}: half of a character"
            except ValueError as error:
                return at.start_mark.line + 1, f"{at.value!r}: {error}"
            # yaml's own faults with a value that its tag does not fit: !!bool x, !!int ""
            except (LookupError, AttributeError, TypeError, OverflowError):
                return at.start_mark.line + 1, f"{at.value!r} is no {at.tag.rpartition(':')[2]}"
    return None


def _line_of(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `loc` that the file has."""
    line = node.start_mark.line if node else 0
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:  # a missing key, or the tag of a union: go on with what is there
                continue
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line
        else:
            continue
    return line + 1
