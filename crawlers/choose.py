"""Which sources a command means: names, YAML files, or all that can start."""

from __future__ import annotations

from pathlib import Path

from crawlers.sources import Source, load_source, load_sources
from schemas.errors import UserError


def chosen_sources(
    names: list[str], everything: bool, folder: Path, places: dict[str, str]
) -> list[Source]:
    if everything == bool(names):
        raise UserError("which sources?", "give names or YAML files, or --all")
    if everything:
        known = load_sources(folder).values()
        # A given address means: that site. Without one, what needs an address is left out.
        ready = [
            s for s in known if s.placeholders <= places.keys() and (s.placeholders or not places)
        ]
        if not ready:
            raise UserError(f"no source in {folder} can start", "give --demo-url or --pages-url")
        return [source.filled(places) for source in ready]
    files = [Path(name) for name in names if name.endswith((".yaml", ".yml"))]
    plain = [name for name in names if not name.endswith((".yaml", ".yml"))]
    chosen = [load_source(path) for path in files]
    if plain:
        known_names = load_sources(folder)
        if missing := [name for name in plain if name not in known_names]:
            raise UserError(
                f"no source {missing[0]} in {folder}", f"one of {', '.join(known_names)}"
            )
        chosen += [known_names[name] for name in plain]
    return [source.filled(places) for source in chosen]
