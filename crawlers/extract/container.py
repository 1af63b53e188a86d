"""The element that holds the article: much weight, little else."""

from __future__ import annotations

from lxml.etree import _Element as Element

from crawlers.extract.blocks import Block


def best_container(found: list[Block]) -> list[Block] | None:
    """The blocks inside the best element, in document order; None when nothing has weight."""
    weights: dict[Element, float] = {}
    sizes: dict[Element, float] = {}
    for block in found:
        weight, size = block.weight, len(block.text)
        for element in block.path:
            weights[element] = weights.get(element, 0.0) + weight
            sizes[element] = sizes.get(element, 0.0) + size
    if not weights or max(weights.values()) <= 0:
        return None
    # weight² / size: a container that takes in twice the text must bring the weight along.
    # Of equals the inner one, which has less around it.
    best = max(weights, key=lambda e: (weights[e] ** 2 / (sizes[e] + 20), len(_depth(e))))
    inside = [block for block in found if best in block.path]
    base = min(block.around for block in inside)
    # Menus anywhere, and frames (recommendations, statements) at the ends.
    kept = [block for block in inside if not block.is_menu]
    while kept and kept[-1].around > base and kept[-1].weight < 30:
        kept.pop()
    return kept


def _depth(element: Element) -> list[Element]:
    return list(element.iterancestors())
