"""The element that holds the article: much weight, little else."""

from __future__ import annotations

from collections import defaultdict

from lxml.etree import _Element as Element

from crawlers.extract.blocks import Block

_ROW = 4  # so many like cards make a list of other articles
_IN_CARD = 0.25


def best_container(found: list[Block]) -> list[Block] | None:
    """The blocks inside the best element, in document order; None when nothing has weight."""
    cards = _cards(found)
    weights: dict[Element, float] = {}
    sizes: dict[Element, float] = {}
    for block in found:
        weight, size = block.weight, len(block.text)
        if weight and cards and not cards.isdisjoint(block.path[-3:]):
            weight *= _IN_CARD
        for element in block.path:
            weights[element] = weights.get(element, 0.0) + weight
            sizes[element] = sizes.get(element, 0.0) + size
    if not weights or max(weights.values()) <= 0:
        return None
    # weight² / size: a container that takes in twice the text must bring the weight along.
    # Of equals the inner one, which has less around it; inner ones come later.
    best = max(
        enumerate(weights),
        key=lambda pair: (weights[pair[1]] ** 2 / (sizes[pair[1]] + 20), pair[0]),
    )[1]
    inside = [block for block in found if best in block.path]
    base = _usual(inside)
    # Menus anywhere, and frames (recommendations, imprints) at the ends.
    kept = [block for block in inside if not block.is_menu]
    while kept and (kept[-1].is_imprint or (kept[-1].around >= base + 1 and kept[-1].weight < 30)):
        kept.pop()
    return kept


def _usual(inside: list[Block]) -> float:
    """How deep in frames most of the text stands: the article itself may be inside one."""
    sizes: dict[float, int] = defaultdict(int)
    for block in inside:
        sizes[block.around] += len(block.text)
    return max(sizes, key=lambda around: sizes[around])


def _cards(found: list[Block]) -> set[Element]:
    """Like siblings with a linked title each: teasers of other articles, whatever their name."""
    rows: dict[tuple[Element | None, str, str], set[Element]] = defaultdict(set)
    for block in found:
        if block.path and block.linked >= 6 and block.is_menu:
            for card in block.path[-2:]:  # the title may stand in a heading of its own
                rows[card.getparent(), card.tag, card.get("class") or ""].add(card)
    return {card for row in rows.values() if len(row) >= _ROW for card in row}
